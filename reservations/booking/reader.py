"""Bookings as they stand, read for all who ask at once: one statement, where each would have cost its own.

One more reads until when is chosen what becomes of their dates, and one what waits of those that change.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.batcher import Batcher
from reservations.booking.change_rows import with_pending
from reservations.booking.facts import Booking
from reservations.booking.turnstile import read_stored
from uit.core.errors import Busy, DatabaseAway, RefusalError
from uit.database.pool import Database
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
DEPTH = 4096


class WantedBooking(NamedTuple):
    region_id: int
    booking_id: UUID


class DateToChooseFor(Struct, frozen=True):
    """Until when is chosen what becomes of a date that was called off."""

    session_id: UUID
    choose_until: datetime


read_choices = SQL.many("read_choices", DateToChooseFor)


class BookingReader:
    """Reads bookings in batches while `run` runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batcher: Batcher[WantedBooking, Booking | None] = Batcher(
            self._read, region_of, id, DEPTH, name="bookings"
        )

    async def run(self) -> None:
        """Read until cancelled."""
        await self._batcher.run()

    async def read(self, region_id: int, booking_id: UUID) -> Booking | None:
        """A booking of this region as it stands; None when there is none. Raises RefusalError when busy."""
        found = await self._batcher.submit(WantedBooking(region_id, booking_id))
        if isinstance(found, Busy | DatabaseAway):
            raise RefusalError(found)
        return found

    async def _read(self, wanted: Sequence[WantedBooking]) -> Sequence[Booking | None]:
        region_id, ids = wanted[0].region_id, [each.booking_id for each in wanted]
        async with self._database.reading() as connection:
            found = msgspec.json.decode(await read_stored(connection, region_id, ids), type=list[Booking])
            found = await with_choices(connection, region_id, found)
            by_id = {each.id: each for each in await with_pending(connection, region_id, found)}
        return [by_id.get(each) for each in ids]


async def with_choices(tx: Executor, region_id: int, bookings: Sequence[Booking]) -> list[Booking]:
    """The bookings, each with the dates of it that were called off and are chosen for."""
    dates = list({line.session_id for booking in bookings for line in booking.lines})
    until = {each.session_id: each.choose_until for each in await read_choices(tx, region_id, dates)}
    if not until:
        return list(bookings)
    return [
        replace(
            each, choose_until={key: until[key] for line in each.lines if (key := line.session_id) in until}
        )
        for each in bookings
    ]


def region_of(wanted: WantedBooking) -> int:
    return wanted.region_id
