"""The forms of the seats of a date: what they ask, what was chosen, and what is wrong with it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from reservations.halls.dates.clearing import TO
from reservations.halls.dates.moving import elsewhere
from reservations.halls.dates.sitting import SeatedDate, SeatedTicket
from uit.core.seat_format import seat as seat_words
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, text_error

LONGEST_REASON: Final = 100
BOX: Final = "stoel-"
"""How the name of the box of a seat begins."""


def labels() -> Labels:
    """What the fields of the page are called, in their order."""
    return {"rij": _("Hele rij"), "waarom": _("Waarom")}


def seats_in(data: Mapping[str, str], date: SeatedDate) -> list[str]:
    """The seats that were ticked and those of a row, each once, as they stand in the hall."""
    return [
        seat.key for seat in date.plan.seats.values() if BOX + seat.key in data or seat.row == data.get("rij")
    ]


def block_errors(seats: Sequence[str], reason: str | None) -> Errors:
    """What is wrong with seats to block for a reason, or to sell again without one."""
    errors = {} if seats else {"rij": _("Kies minstens één stoel, of een rij.")}
    wrong = text_error(reason, _("Zeg waarom."), LONGEST_REASON) if reason is not None else None
    return {**errors, "waarom": wrong} if wrong else errors


def destinations_in(data: Mapping[str, str]) -> dict[str, str]:
    """Where each ticket goes, by its key."""
    return {name.removeprefix(TO): text for name, text in data.items() if name.startswith(TO)}


def seats_for(date: SeatedDate, ticket: SeatedTicket) -> list[tuple[str, str]]:
    """Where a ticket may go, in words: what is free, and where others sit who would change with them."""
    found = [("", _("Kies een stoel"))]
    for each in elsewhere(date, ticket):
        words = seat_words(each.seats)
        if each.other:
            words = _("%(seat)s, wissel met %(number)s", seat=words, number=each.other.number)
        found.append((each.seats, words))
    return found
