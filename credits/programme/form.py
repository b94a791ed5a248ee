"""The forms of credit: opening a programme, admitting an organiser, granting and reversing credit."""

import re
from typing import Any, Final, get_args
from uuid import UUID

from msgspec import Struct

from credits.programme.programme import Earning, Opening, Rules
from uit.core.formats import euro
from uit.core.translation import gettext as _
from uit.passes.membership.membership import Town
from uit.web.form import Errors, Labels, one_line, only_errors, read_number, text_error

MOST_LETTERS: Final = 80
MOST_CENTS: Final = 100_000_000_00
OLDEST: Final = 120
LONGEST_MONTHS: Final = 60
DOMAINS: Final = ("culture", "sport", "youth", "tourism")
EURO = re.compile(r"€?\s*(\d{1,3}(?:[. ]\d{3})+|\d+)(?:[,.](\d{1,2}))?", re.ASCII)
TOO_MANY_DECIMALS = re.compile(r"€?\s*\d[\d. ]*[,.]\d{3,}", re.ASCII)


def labels() -> Labels:
    return {
        "name": _("Naam"),
        "funder": _("Wie betaalt?"),
        "enterprise_number": _("Ondernemingsnummer van wie betaalt"),
        "budget": _("Budget in euro"),
        "amount": _("Bedrag per persoon in euro"),
        "age_from": _("Vanaf welke leeftijd"),
        "age_to": _("Tot en met welke leeftijd"),
        "refnis": _("Waar wonen ze?"),
        "valid_months": _("Hoeveel maanden kan je het gebruiken?"),
        "earning": _("Wanneer krijgt de organisator het geld?"),
        "organiser": _("Laat een organisator toe"),
    }


class ProgrammeForm(Struct, frozen=True):
    """The fields as sent: amounts in euro; an empty age is no limit, an empty `refnis` the whole region."""

    programme_id: UUID
    name: str = ""
    funder: str = ""
    enterprise_number: str = ""
    budget: str = ""
    amount: str = ""
    age_from: str = ""
    age_to: str = ""
    refnis: str = ""
    social_only: str = ""
    culture: str = ""
    sport: str = ""
    youth: str = ""
    tourism: str = ""
    valid_months: str = "12"
    earning: str = "attendance"

    def read(self, region_id: int, towns: list[Town], *, first: bool) -> Opening | Errors:
        """The programme to open, or the errors. `first`: the form also has the region's legal entity."""
        number = bare_number(self.enterprise_number)
        errors = {
            "name": text_error(self.name, _("Geef het programma een naam."), MOST_LETTERS),
            "funder": text_error(self.funder, _("Schrijf wie dit betaalt."), MOST_LETTERS),
            "enterprise_number": enterprise_error(number) if first else "",
            **self._money_errors(),
            **self._rule_errors(),
            "refnis": refnis_error(self.refnis, towns),
        }
        if wrong := only_errors(errors):
            return wrong
        return Opening(
            region_id=region_id,
            id=self.programme_id,
            name=one_line(self.name),
            funder=one_line(self.funder),
            budget_cents=read_euro(self.budget) or 0,
            rules=self._rules(),
            enterprise_number=number if first else None,
        )

    def _money_errors(self) -> Errors:
        budget, amount = read_euro(self.budget), read_euro(self.amount)
        too_much = budget is not None and amount is not None and amount > budget
        return {
            "budget": euro_error(self.budget, "60.000"),
            "amount": _("Dit is meer dan het budget.") if too_much else euro_error(self.amount, "50"),
        }

    def _rule_errors(self) -> Errors:
        low, high = read_number(self.age_from, OLDEST), read_number(self.age_to, OLDEST)
        swapped = low is not None and high is not None and low > high
        wrong = _("Schrijf een leeftijd tussen 0 en %(most)s, of laat het leeg.", most=OLDEST)
        return {
            "age_from": wrong if self.age_from.strip() and low is None else "",
            "age_to": _("Dit is lager dan de eerste leeftijd.")
            if swapped
            else wrong
            if self.age_to.strip() and high is None
            else "",
            "valid_months": ""
            if read_number(self.valid_months, LONGEST_MONTHS)
            else _("Kies 1 tot %(most)s maanden.", most=LONGEST_MONTHS),
            "earning": ""
            if self.earning in get_args(Earning)
            else _("Kies wanneer de organisator het geld krijgt."),
        }

    def _rules(self) -> Rules:
        earning: Any = self.earning
        return Rules(
            amount_cents=read_euro(self.amount) or 0,
            valid_months=read_number(self.valid_months, LONGEST_MONTHS) or 0,
            earning=earning,
            age_from=read_number(self.age_from, OLDEST),
            age_to=read_number(self.age_to, OLDEST),
            social_only=self.social_only == "true",
            refnis=[self.refnis] if self.refnis else [],
            domains=[name for name in DOMAINS if getattr(self, name) == "true"],
        )


class AdmitForm(Struct, frozen=True):
    """`organiser`: an id, or `all` of the region."""

    organiser: str = ""


class GrantForm(Struct, frozen=True):
    grant_id: UUID
    programme_id: UUID


class ReverseGrantForm(Struct, frozen=True):
    reversal_id: UUID
    release_id: UUID
    reason: str = ""


def refnis_error(refnis: str, towns: list[Town]) -> str:
    return "" if refnis in {"", *(town.refnis for town in towns)} else _("Kies een gemeente.")


def bare_number(typed: str) -> str:
    """An enterprise number as people type it, without spaces, points or its country."""
    return re.sub(r"[ .]|^BE", "", typed.strip().upper())


def enterprise_error(number: str) -> str:
    """The error for an enterprise number; empty when it is right.

    The last two digits are 97 minus the first eight modulo 97 (Crossroads Bank for Enterprises).
    """
    right = re.fullmatch(r"[01]\d{9}", number, re.ASCII) and 97 - int(number[:8]) % 97 == int(number[8:])
    return "" if right else _("Dit ondernemingsnummer klopt niet. Kijk de 10 cijfers na.")


def read_euro(text: str) -> int | None:
    """The cents of an amount as people type it: `60.000`, `12,50` or `12.5`. None if it is not an amount."""
    found = EURO.fullmatch(text.strip())
    if found is None or len(text) > MOST_LETTERS:
        return None
    cents = int(re.sub(r"\D", "", found[1])) * 100 + int((found[2] or "").ljust(2, "0"))
    return cents if 0 < cents <= MOST_CENTS else None


def euro_error(text: str, example: str) -> str:
    """The error for an amount that cannot be read: too many decimals, out of range, or not an amount."""
    if read_euro(text) is not None:
        return ""
    if TOO_MANY_DECIMALS.fullmatch(text.strip()):
        return _("Schrijf hoogstens 2 cijfers na de komma, zoals 12,50.")
    if EURO.fullmatch(text.strip()):
        return _("Kies een bedrag van %(least)s tot %(most)s.", least=euro(1), most=euro(MOST_CENTS))
    return _("Schrijf een bedrag in euro, zoals %(example)s.", example=example)
