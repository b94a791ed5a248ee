"""The forms of a till: amounts as people type them, a count of coins and notes, and what stands on paper."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from credits.errors import TerminalReferenceWrong
from credits.till.counting.closing import DrawerCount, TillClosing
from credits.till.movement import Drop
from credits.till.opening import TillOpening
from credits.till.paper import PaperReceipt, VatCode
from credits.till.terminal import read_slip
from credits.till.till import TillSession
from uit.core.formats import euro
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.amount import cash_error, euro_error, read_cash, read_euro
from uit.web.form import Errors, Labels, only_errors, read_day, read_number, text_error

MOST_LETTERS: Final = 80
MOST_REASON: Final = 300
MOST_PIECES: Final = 100_000
MOST_SESSIONS: Final = 1_000_000
MOST_ON_PAPER_CENTS: Final = 10_000_00
OLDEST_PAPER: Final = timedelta(days=366)
PAPER_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9/.-]{0,19}", re.ASCII)
PIECES: Final = (50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Notes and coins, in cents."""
NOTES_FROM: Final = 500
CENTS_IN_EURO: Final = 100


def labels() -> Labels:
    return {
        "name": _("Naam van de kassa"),
        "counted": _("Hoeveel zit er in de lade?"),
        "found": _("Hoeveel ligt er nu in de lade?"),
        "reason": _("Wat is er gebeurd?"),
        "added": _("Hoeveel wisselgeld leg je erbij?"),
        "source": _("Waar komt het wisselgeld vandaan?"),
        "to_safe": _("Hoeveel gaat er naar de kluis?"),
        "code": _("Code van de klant"),
        "paper_no": _("Nummer op het bonnetje"),
        "day": _("Dag op het bonnetje"),
        "words": _("Wat is er verkocht?"),
        "amount": _("Bedrag"),
        "reference": _("Nummer van de zak"),
        "vat_code": _("Btw"),
        "means": _("Hoe is er betaald?"),
        "slip": _("Referentie op het bonnetje van de terminal"),
    }


class TillForm(Struct, frozen=True):
    till_id: UUID
    name: str = ""

    def read(self) -> str | Errors:
        wrong = text_error(self.name, _("Geef de kassa een naam, zoals Kassa inkom."), MOST_LETTERS)
        return {"name": wrong} if wrong else one_line(self.name)


class OpeningForm(Struct, frozen=True):
    """Amounts in euro as typed. `reason` is asked when the last closing left something else.

    `signs`: the number of the last closing whose sums the page said, where it said those of several.
    """

    session_id: UUID
    found: str = "0"
    added: str = "0"
    source: str = "safe"
    reason: str = ""
    signs: str = ""

    def read(self, till_id: UUID) -> TillOpening | Errors:
        found, added = read_cash(self.found), read_cash(self.added)
        errors = {
            "found": cash_error(self.found),
            "added": cash_error(self.added),
            "source": "" if self.source in {"safe", "bank"} else _("Kies de kluis of de bank."),
        }
        if found is None or added is None or any(errors.values()):
            return only_errors(errors)
        source: Any = self.source
        signs_to_no = read_number(self.signs, MOST_SESSIONS)
        reason = reason_of(self.reason)
        return TillOpening(self.session_id, till_id, found, added, source, reason, signs_to_no)


class DropForm(Struct, frozen=True):
    movement_id: UUID
    amount: str = ""
    reference: str = ""

    def read(self, session_id: UUID) -> Drop | Errors:
        cents = read_euro(self.amount)
        if cents is None:
            return {"amount": euro_error(self.amount, "200")}
        return Drop(self.movement_id, session_id, cents, one_line(self.reference)[:MOST_LETTERS] or None)


class CountForm(Struct, frozen=True):
    """One amount, or how many there are of each coin and note: `pieces` by their cents, as typed."""

    counted: str
    pieces: dict[int, str]

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "CountForm":
        typed = {each: fields.get(f"pieces-{each}", "").strip()[:MOST_LETTERS] for each in PIECES}
        return cls(
            fields.get("counted", "")[:MOST_LETTERS], {each: text for each, text in typed.items() if text}
        )

    def read(self, session_id: UUID) -> DrawerCount | Errors:
        """The count, or what is wrong; an amount beside coins and notes must be their sum."""
        numbers = {each: read_number(text, MOST_PIECES) for each, text in self.pieces.items()}
        errors = {
            f"pieces-{each}": _("Vul een aantal in, zoals 3.")
            for each, number in numbers.items()
            if number is None
        }
        if errors:
            return errors
        pieces = {str(each): number for each, number in numbers.items() if number is not None}
        total = sum(int(each) * number for each, number in pieces.items())
        if not pieces:
            cents = read_cash(self.counted)
            return {"counted": cash_error(self.counted)} if cents is None else DrawerCount(session_id, cents)
        if self.counted.strip() and read_cash(self.counted) != total:
            return {"counted": _("Je munten en biljetten samen zijn %(total)s. Kijk na.", total=euro(total))}
        return DrawerCount(session_id, total, pieces)


class ClosingForm(Struct, frozen=True):
    to_safe: str = "0"
    reference: str = ""
    reason: str = ""

    def read(self, session: TillSession) -> TillClosing | Errors:
        assert session.counted_cents is not None
        to_safe, reason = read_cash(self.to_safe), reason_of(self.reason)
        too_much = to_safe is not None and to_safe > session.counted_cents
        errors = {
            "reason": _("Schrijf wat je denkt dat er gebeurd is.")
            if session.difference_cents and not reason
            else "",
            "to_safe": _("Dit is meer dan je telde.") if too_much else cash_error(self.to_safe),
        }
        if to_safe is None or any(errors.values()):
            return only_errors(errors)
        return TillClosing(session.id, to_safe, one_line(self.reference)[:MOST_LETTERS] or None, reason)


class CodeForm(Struct, frozen=True):
    """A code to look up; with `payout_id`, the clerk saw the amount and gives it."""

    code: str = ""
    payout_id: UUID | None = None


class PaperForm(Struct, frozen=True):
    receipt_id: UUID
    paper_no: str = ""
    day: str = ""
    words: str = ""
    vat_code: str = ""
    amount: str = ""
    means: str = "cash"
    slip: str = ""

    def read(self, session_id: UUID, codes: list[VatCode], today: date) -> PaperReceipt | Errors:
        """What stands on the paper. Its slip says what a terminal took then: none is asked again."""
        number, day, cents = self.paper_no.strip().upper(), read_day(self.day), read_euro(self.amount)
        slip = read_slip(self.slip) if self.means == "terminal" else ""
        errors = {
            "paper_no": "" if PAPER_NUMBER.fullmatch(number) else _("Typ het nummer over, zoals 0042."),
            "day": paper_day_error(day, today),
            "words": text_error(self.words, _("Schrijf wat er verkocht is."), MOST_LETTERS),
            "vat_code": "" if self.vat_code in {code.code for code in codes} else _("Kies de btw."),
            "amount": paper_amount_error(self.amount),
            "means": "" if self.means in {"cash", "terminal"} else _("Kies cash of kaart."),
            "slip": slip_error() if isinstance(slip, TerminalReferenceWrong) else "",
        }
        if day is None or cents is None or isinstance(slip, TerminalReferenceWrong) or any(errors.values()):
            return only_errors(errors)
        words = one_line(self.words)
        return PaperReceipt(
            self.receipt_id, session_id, number, day, words, self.vat_code, cents, slip or None
        )


def reason_of(text: str) -> str | None:
    """The reason on one line; None when there is none."""
    return one_line(text)[:MOST_REASON] or None


def paper_day_error(day: date | None, today: date) -> str:
    if day is None:
        return _("Vul de dag in, zoals 17/05/2026.")
    return "" if today - OLDEST_PAPER <= day <= today else _("Deze dag kan niet. Kijk hem na.")


def paper_amount_error(text: str) -> str:
    if (read_euro(text) or 0) > MOST_ON_PAPER_CENTS:
        return _("Dit is te veel voor één bonnetje. Kijk het na.")
    return euro_error(text, "12,50")


def slip_error() -> str:
    return _("Typ de korte referentie over. Nooit het nummer van een kaart.")


class PieceField(Struct, frozen=True):
    """The field for one note or coin, with what was typed."""

    name: str
    label: str
    typed: str


def piece_fields(form: CountForm) -> tuple[list[PieceField], list[PieceField]]:
    """The fields for notes and for coins, the largest first."""
    fields = [
        (each, PieceField(f"pieces-{each}", piece_label(each), form.pieces.get(each, ""))) for each in PIECES
    ]
    return [field for cents, field in fields if cents >= NOTES_FROM], [
        field for cents, field in fields if cents < NOTES_FROM
    ]


def piece_label(cents: int) -> str:
    if cents >= CENTS_IN_EURO:
        return _("%(number)s euro", number=cents // CENTS_IN_EURO)
    return _("%(number)s cent", number=cents)
