"""Choosing one's own seats: what was chosen, what is wrong with it, and the hall as one sees it."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import RequestedLine
from reservations.most_places import MOST_OF_GROUP
from reservations.seats.best import FreeSeats
from reservations.seats.companions import sits_apart
from reservations.seats.facts import Seating
from reservations.seats.plan import LONGEST_SEAT, Seat, SeatKind, SeatPlan
from uit.core.seat_format import seats as in_words
from uit.core.translation import gettext as _
from uit.web.form import Labels

SEATS: Final = "stoelen"
"""The field of an address or form with the seats that were chosen, between commas."""
BOX: Final = "stoel"
WHEELCHAIRS: Final = "rolstoel"


def seat_labels() -> Labels:
    """What the field of seats is called."""
    return {WHEELCHAIRS: _("Hoeveel daarvan met een rolstoel?")}


def read_seats(text: str) -> tuple[str, ...]:
    """The seats of a field, each once; more than anybody may book are none at all."""
    found = tuple(dict.fromkeys(each for each in text.split(",") if 0 < len(each) <= LONGEST_SEAT))
    return found if len(found) <= MOST_OF_GROUP else ()


class Comers(Struct, frozen=True):
    """How many people come by a price, and whether they come `along` with somebody who needs them."""

    people: int
    along: bool


def with_seats(
    lines: Sequence[RequestedLine], comers: Sequence[Comers], seats: Sequence[str], wheelchairs: int
) -> tuple[RequestedLine, ...]:
    """The lines with the seats that were chosen, or with their wheelchairs, in their order.

    `comers` are those of each. Seats for another number are left out: then the best are chosen.
    """
    said = shared_out(comers, seats, wheelchairs)
    return tuple(
        replace(line, seats=theirs, wheelchairs=count)
        for line, (theirs, count) in zip(lines, said, strict=True)
    )


def shared_out(
    comers: Sequence[Comers], seats: Sequence[str], wheelchairs: int
) -> list[tuple[tuple[str, ...], int]]:
    """The seats of each of these, or how many wheelchairs they have, in their order.

    Nobody who comes along is in a wheelchair while somebody else may be.
    """
    if len(seats) == sum(each.people for each in comers):
        left = iter(seats)
        return [(tuple(islice(left, each.people)), 0) for each in comers]
    counts = [0] * len(comers)
    for no in sorted(range(len(comers)), key=lambda no: comers[no].along):
        counts[no] = min(comers[no].people, wheelchairs)
        wheelchairs -= counts[no]
    return [((), count) for count in counts]


class Hall(Struct, frozen=True):
    """The hall of a session as somebody sees who books."""

    plan: SeatPlan
    gone: frozenset[str]

    @property
    def free(self) -> list[str]:
        return [key for key in self.plan.seats if key not in self.gone]

    @property
    def has_wheelchairs(self) -> bool:
        """Whether a place for a wheelchair is free."""
        return any(self.plan.seats[key].kind is SeatKind.WHEELCHAIR for key in self.free)

    @property
    def has_kinds(self) -> bool:
        """Whether not all seats are alike, so that a legend helps."""
        return any(seat.kind is not SeatKind.ORDINARY for seat in self.plan.seats.values())

    def error_of(self, chosen: Sequence[str], places: int) -> str | None:
        """What is wrong with the seats that somebody ticked for so many places."""
        lost = [key for key in chosen if key not in self.free]
        if lost:
            return _("Intussen bezet: %(seats)s. Kies een andere.", seats=in_words(lost))
        if len(chosen) == places:
            return None
        if places == 1:
            return _("Kies één stoel. Je koos er %(chosen)s.", chosen=len(chosen))
        return _("Kies %(places)s stoelen. Je koos er %(chosen)s.", places=places, chosen=len(chosen))

    def hints_of(self, chosen: Sequence[str]) -> list[str]:
        """What somebody may want to know of the seats that they chose, which they may keep all the same."""
        seats = [self.plan.seats[key] for key in chosen if key in self.free]
        kept = [each.key for each in seats if each.kind is SeatKind.WHEELCHAIR]
        others = [key for key in self.free if self.plan.seats[key].kind is SeatKind.ORDINARY]
        hints = []
        if kept and {*others} - {*chosen}:
            hint = _(
                "Voor wie met een rolstoel komt: %(seats)s. Komt zo niemand mee? Kies dan een andere stoel.",
                seats=in_words(kept),
            )
            hints.append(hint)
        if sits_apart(self.plan, chosen):
            hints.append(_("Zo zit wie meekomt niet naast de plaats voor een rolstoel."))
        if self.leaves_alone(seats):
            hints.append(_("Zo blijft er een stoel alleen over. Kan je een stoel opschuiven?"))
        return hints

    def leaves_alone(self, seats: Sequence[Seat]) -> bool:
        """Whether a single seat is left between others once these are taken, that was not alone before."""
        free, rows = FreeSeats(self.plan, self.gone), self.plan.bits.of_seats
        in_rows: dict[int, list[Seat]] = {}
        for each in seats:
            in_rows.setdefault(rows[each.key].row, []).append(each)
        return any(free.alone_after(row, taken) for row, taken in in_rows.items())


def hall_of(seating: Seating) -> Hall | None:
    """The hall of the one session of a page; None where seats are not numbered."""
    for each in seating.sessions:
        return Hall(seating.plans[each.plan_id], each.gone)
    return None
