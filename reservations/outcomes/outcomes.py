"""What became of each booking of a date that was called off, postponed or moved, for its organiser.

It is worked out from the tickets and the changes of bookings, and kept nowhere else. Nothing here says a
status, a tariff that tells one, credit or an amount.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking_list.booking_list import NamedBooking
from reservations.errors import SessionUnknown
from reservations.sessions.organiser_desk import OrganiserDesk
from reservations.writing.readers import unreached
from uit.core.errors import RefusalError
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
PAGE: Final = 50


class BookingOutcome(StrEnum):
    """In the order in which an organiser reads them: first those with whom something is to be done."""

    UNREACHED = "unreached"
    UNANSWERED = "unanswered"
    OTHER_DATE = "other_date"
    SCREEN = "screen"
    BACK = "back"
    KEPT = "kept"


class ChangedDate(Struct, frozen=True):
    """`told_at`: since when it is another than was booked; None while it is not.

    `choose_promised`: until when one could choose at first, where that is longer by now.
    """

    status: str
    told_at: datetime | None
    choose_until: datetime | None
    choose_promised: datetime | None
    longer_reason: str | None
    moved_from: datetime | None

    def is_choosing(self, now: datetime) -> bool:
        """Whether who booked it may still choose what becomes of it."""
        return self.status == "cancelled" and self.choose_until is not None and self.choose_until > now


class TouchedBooking(Struct, frozen=True):
    """So many of its `places` are `standing` in the date, and where it went instead."""

    booking_id: UUID
    name: str
    places: int
    standing: int
    to_starts_at: datetime | None
    to_ends_at: datetime | None
    to_attendance: str | None


class ListedOutcome(NamedBooking, frozen=True):
    """A booking and what became of it. `starts_at` to `ends_at`: the date to which it went."""

    places: int
    standing: int
    outcome: BookingOutcome
    starts_at: datetime | None
    ends_at: datetime | None


read_date = SQL.maybe("read_date", ChangedDate)
read_outcomes = SQL.many("read_outcomes", TouchedBooking)


async def outcomes_of(
    tx: Executor, desk: OrganiserDesk, now: datetime, *, texts: bool
) -> tuple[ChangedDate, list[ListedOutcome]]:
    """All of them, those first with whom something is to be done. Raises SessionUnknown."""
    date = await read_changed_date(tx, desk)
    found = await read_outcomes(tx, *desk.key)
    missed = await unreached(tx, desk.region.id, desk.session_id, now, texts=texts)
    return date, as_listed(found, missed, is_off=date.status == "cancelled")


async def read_changed_date(tx: Executor, desk: OrganiserDesk) -> ChangedDate:
    """How it stands with the date of a desk. Raises SessionUnknown."""
    date = await read_date(tx, *desk.key)
    if date is None:
        raise RefusalError(SessionUnknown(desk.session_id))
    return date


def counted(listed: Sequence[ListedOutcome]) -> dict[BookingOutcome, int]:
    """How many bookings there are of each, in their order; what is nought is left out."""
    counts = Counter(each.outcome for each in listed)
    return {each: counts[each] for each in BookingOutcome if counts[each]}


def as_listed(
    found: Sequence[TouchedBooking], missed: Collection[UUID], *, is_off: bool
) -> list[ListedOutcome]:
    order = list(BookingOutcome)
    listed = [
        ListedOutcome(
            each.booking_id,
            each.name,
            each.places,
            each.standing,
            outcome_of(each, is_missed=each.booking_id in missed, is_off=is_off),
            each.to_starts_at,
            each.to_ends_at,
        )
        for each in found
    ]
    return sorted(listed, key=lambda each: order.index(each.outcome))


def outcome_of(booking: TouchedBooking, *, is_missed: bool, is_off: bool) -> BookingOutcome:
    """What became of it: what stands of it comes first, and of what does not, where it went."""
    if booking.standing:
        if is_missed:
            return BookingOutcome.UNREACHED
        return BookingOutcome.UNANSWERED if is_off else BookingOutcome.KEPT
    if booking.to_starts_at is None:
        return BookingOutcome.BACK
    return BookingOutcome.SCREEN if booking.to_attendance == "online" else BookingOutcome.OTHER_DATE
