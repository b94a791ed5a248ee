"""Whom a message to who booked a session reaches, and how many by which way; never at which address."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.identity.message.kind import CALLED_OFF, MessageKind
from uit.identity.message.way import Reachable, Way, way_to

SQL = Statements(__name__)
REACHED = frozenset({Way.EMAIL, Way.SMS, Way.LETTER})


class Reader(Struct, frozen=True):
    """Who is told of a booking: a person we know, a guest with an address alone, or nobody.

    Of one that is for a group, the so many `workers` of its partner.
    """

    booking_id: UUID
    person_id: UUID | None
    email: str | None
    phone: str | None
    address_kind: str | None
    reached_by: str | None
    chosen: str | None
    is_group: bool
    workers: int

    def way(self, kind: MessageKind, *, texts: bool) -> Way:
        if self.is_group:
            return Way.EMAIL if self.workers else Way.OFF
        if self.person_id is None:
            return Way.EMAIL if self.email else Way.OFF
        known = Reachable(
            self.person_id, self.email, self.phone, self.address_kind, self.reached_by, self.chosen
        )
        return way_to(known, kind, texts=texts)


class Reach(Struct, frozen=True):
    """How many bookings a message is for, `groups` of them of a group, and how it gets there."""

    bookings: int
    groups: int
    by_email: int
    by_sms: int
    by_letter: int

    @property
    def missed(self) -> int:
        return self.bookings - self.by_email - self.by_sms - self.by_letter


read_readers = SQL.many("read_readers", Reader)


async def count_reach(
    tx: Executor, where: tuple[int, UUID], kind: MessageKind, now: datetime, *, texts: bool
) -> Reach:
    """How a message gets to the bookings of a session. `texts`: whether text messages can be sent."""
    readers = await read_readers(tx, *where, kind.name, now)
    ways = Counter(each.way(kind, texts=texts) for each in readers)
    groups = sum(each.is_group for each in readers)
    return Reach(len(readers), groups, ways[Way.EMAIL], ways[Way.SMS], ways[Way.LETTER])


async def unreached(
    tx: Executor, region_id: int, session_id: UUID, now: datetime, *, texts: bool
) -> frozenset[UUID]:
    """The bookings of which nobody can be told, but at a counter, that their date is another."""
    readers = await read_readers(tx, region_id, session_id, CALLED_OFF.name, now)
    return frozenset(each.booking_id for each in readers if each.way(CALLED_OFF, texts=texts) not in REACHED)
