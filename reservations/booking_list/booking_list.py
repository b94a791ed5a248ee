"""Who booked a session, for its organiser: by the name that it asks for, and never by what they paid it with.

Nothing here says a status, a tariff that tells one, credit, a balance or a birth date.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.due import to_pay_cents
from reservations.booking.facts import Booking, Facts
from reservations.booking.tickets import number_of
from reservations.booking.turnstile import read_without_locks
from reservations.sessions.organiser_desk import OrganiserDesk
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
PAGE: Final = 50
ALL: Final = 100_000
AT_ONCE: Final = 256
"""So many bookings are read at once for what is still to be paid of them."""


class FoundBooking(Struct, frozen=True):
    """`name` is what the organiser asks: all of it, first names, or nothing. `is_owed`: a payment waits.

    `course`: in which they are enrolled for it; empty where they booked it by itself. `seats`: of those that
    are numbered. `is_before_names`: it was made before its organiser asked any.
    """

    booking_id: UUID
    name: str
    places: int
    inside: int
    is_held: bool
    is_owed: bool
    note: str
    course: str
    seats: list[str]
    is_before_names: bool


class NamedBooking(Struct, frozen=True):
    """A booking by what its organiser calls it; `name` is what that asks, and may be empty."""

    booking_id: UUID
    name: str

    @property
    def number(self) -> str:
        return number_of(self.booking_id)

    @property
    def called(self) -> str:
        """By which a desk knows it: the name, or the number where no name is asked."""
        return self.name or self.number


class PriceLabel(Struct, frozen=True):
    """What a door looks at for so many `people` of a booking: the public name of their price."""

    booking_id: UUID
    label: str
    people: int


class ListedBooking(NamedBooking, frozen=True):
    """A booking in a list. `to_pay_cents` is for this session alone; `is_held`: nothing is sure yet."""

    places: int
    inside: int
    is_held: bool
    to_pay_cents: int
    note: str
    course: str
    seats: Sequence[str] = ()
    is_before_names: bool = False


list_bookings = SQL.many("list_bookings", FoundBooking)
read_labels = SQL.many("read_labels", PriceLabel)


async def page_of_bookings(
    tx: Executor, desk: OrganiserDesk, after: UUID | None
) -> tuple[list[ListedBooking], UUID | None]:
    """A page of the list, and after which booking the next one begins."""
    found = await list_bookings(tx, *desk.key, after, "", "", PAGE + 1)
    shown = await with_what_is_due(tx, desk, found[:PAGE])
    return shown, shown[-1].booking_id if len(found) > PAGE else None


async def all_bookings(tx: Executor, desk: OrganiserDesk) -> list[ListedBooking]:
    return await with_what_is_due(tx, desk, await list_bookings(tx, *desk.key, None, "", "", ALL))


async def labels_of_bookings(tx: Executor, desk: OrganiserDesk) -> dict[UUID, list[PriceLabel]]:
    """By booking, what a door says of its prices; those without a name are not in it."""
    labels: dict[UUID, list[PriceLabel]] = {}
    for each in await read_labels(tx, desk.region.id, desk.session_id):
        labels.setdefault(each.booking_id, []).append(each)
    return labels


async def names_of_bookings(tx: Executor, desk: OrganiserDesk) -> dict[UUID, str]:
    """By id, what the desk calls each booking that has a place now."""
    found = await list_bookings(tx, *desk.key, None, "", "", ALL)
    return {each.booking_id: each.name or number_of(each.booking_id) for each in found}


async def find_bookings(tx: Executor, desk: OrganiserDesk, typed: str) -> tuple[list[ListedBooking], bool]:
    """Those with this in their name or number, and whether there are more than one page of them."""
    number = "".join(typed.split()).replace("-", "").upper()
    found = await list_bookings(tx, *desk.key, None, " ".join(typed.split()), number, PAGE + 1)
    return await with_what_is_due(tx, desk, found[:PAGE]), len(found) > PAGE


async def with_what_is_due(
    tx: Executor, desk: OrganiserDesk, rows: Sequence[FoundBooking]
) -> list[ListedBooking]:
    due: dict[UUID, int] = {}
    owed = [each.booking_id for each in rows if each.is_owed]
    for start in range(0, len(owed), AT_ONCE):
        document = await read_without_locks(tx, desk.region.id, [], owed[start : start + AT_ONCE])
        bookings = msgspec.json.decode(document, type=Facts).bookings
        due |= {each.id: due_for(each, desk.session_id) for each in bookings}
    return [
        ListedBooking(
            each.booking_id,
            each.name,
            each.places,
            each.inside,
            each.is_held,
            due.get(each.booking_id, 0),
            each.note,
            each.course,
            each.seats,
            each.is_before_names,
        )
        for each in rows
    ]


def due_for(booking: Booking, session_id: UUID) -> int:
    """What is still to be paid of a booking, for its places in one session."""
    cents = zip(booking.lines, to_pay_cents(booking), strict=True)
    return sum(due for line, due in cents if line.session_id == session_id)
