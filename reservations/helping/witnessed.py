"""What a clerk writes down of who may act for somebody: a signed paper as witness, or an order of a court."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.helping.form import EXAMPLE, POWERS, day_error
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.identity.person.representation import insert_given
from uit.passes.card.number import is_valid, without_separators
from uit.passes.counter import Counter
from uit.web.amount import euro_error, read_euro
from uit.web.form import Errors, Labels, only_errors, past_day_error, read_day, text_error

SQL = Statements(__name__)
KINDS: Final = ("trusted", "administrator")
LONGEST_ORDER: Final = 60

SIGNED_PAPER: Final = "signed_paper"


class Witnessed(Struct, frozen=True):
    """`proof`: the paper that was signed, or the number and the day of the order."""

    kind: str
    card_number: str
    powers: list[str]
    limit_cents: int | None
    proof: str
    ends_on: date | None


class NumberHolder(Struct, frozen=True):
    person_id: UUID


find_holder_of_number = SQL.maybe("find_holder_of_number", NumberHolder)


def labels() -> Labels:
    """The labels of the fields of the form."""
    return {
        "soort": _("Op grond waarvan?"),
        "pas": _("Pasnummer van wie helpt"),
        "see": _("Krediet zien, en waar die persoon naartoe gaat"),
        "book": _("Boeken"),
        "pay": _("Betalen met krediet"),
        "bedrag": _("Hoeveel euro hoogstens, per boeking"),
        "tot": _("Tot en met welke dag?"),
        "vonnis": _("Nummer van de beschikking"),
        "dag": _("Dag van de beschikking"),
    }


def read_witnessed(typed: Mapping[str, str], today: date) -> Witnessed | Errors:
    """What was signed or ordered, or by field what has to change.

    An order may give no powers, no limit and no end; a paper is for twelve months at most.
    """
    kind, amount = typed.get("soort", ""), typed.get("bedrag", "")
    by_order, powers = kind == "administrator", [each for each in POWERS if typed.get(each)]
    ends_on, number = read_day(typed.get("tot", "")), without_separators(typed.get("pas", ""))
    asks_amount = "pay" in powers and (amount.strip() or not by_order)
    may_not_book = "pay" in powers and "book" not in powers
    errors = only_errors(
        {
            "soort": "" if kind in KINDS else _("Kies een van de twee."),
            "pas": "" if is_valid(number) else _("Vul het nummer van de pas in."),
            "see": "" if powers or by_order else _("Kies minstens één ding dat deze persoon mag doen."),
            "pay": _("Wie betaalt, moet ook mogen boeken.") if may_not_book else "",
            "bedrag": euro_error(amount, EXAMPLE) if asks_amount else "",
            "tot": "" if by_order else day_error(ends_on, today),
        }
        | (order_errors(typed, today) if by_order else {})
    )
    if errors:
        return errors
    proof = f"{one_line(typed['vonnis'])}, {read_day(typed['dag'])}" if by_order else SIGNED_PAPER
    return Witnessed(kind, number, powers, read_euro(amount) if "pay" in powers else None, proof, ends_on)


def order_errors(typed: Mapping[str, str], today: date) -> Errors:
    """What is wrong with the number and the day of an order."""
    return {
        "vonnis": text_error(typed.get("vonnis", ""), _("Vul het nummer in."), LONGEST_ORDER),
        "dag": past_day_error(read_day(typed.get("dag", "")), today),
    }


async def write_witnessed(
    tx: Executor, counter: Counter, person_id: UUID, given_id: UUID, witnessed: Witnessed
) -> Errors:
    """Write it down under the id of the form, with the clerk as witness in the trail; or what is wrong."""
    helper = await find_holder_of_number(tx, counter.region_id, witnessed.card_number)
    if helper is None or helper.person_id == person_id:
        return {"pas": _("Met dit nummer is er geen andere pas die werkt.")}
    new = await insert_given(
        tx, given_id, witnessed.kind, person_id, helper.person_id, witnessed.powers, witnessed.limit_cents,
        witnessed.proof, counter.today, witnessed.ends_on, counter.now,
    )  # fmt: skip
    if new:
        await counter.note(tx, "help.witness", "person", person_id, kind=witnessed.kind, given=str(given_id))
    return {}
