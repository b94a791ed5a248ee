"""What a resident reads of their credit: one entry for each outing, with what became of its credit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.wallet.entry import Entry, entries_of
from reservations.booking.tickets import Outing, outings_seen
from reservations.cursor import Cursor
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

LineKey = tuple[UUID | None, int | None]
"""A booking and the number of its line."""


class LineSession(Struct, frozen=True):
    booking_id: UUID
    no: int
    session_id: UUID


class StatementEntry(Struct, frozen=True):
    """An outing and the credit that it took, or a movement of credit for none.

    `outing` is None also for a booking of years ago, which is erased; `what` names its organiser then.
    """

    kind: str
    what: str
    at: datetime
    outing: Outing | None
    is_booking: bool
    change_cents: int
    held_cents: int

    @property
    def day(self) -> datetime:
        """The day that it is told by: that of the outing, else of what happened."""
        return self.outing.starts_at if self.outing else self.at

    @property
    def state(self) -> Literal["held", "spent", "back"]:
        """What became of the credit of an outing: put aside, paid at least in part, or all back."""
        if self.held_cents:
            return "held"
        return "spent" if self.change_cents else "back"


read_sessions_of_lines = SQL.many("read_sessions_of_lines", LineSession)


async def read_entries(
    tx: Executor, region_id: int, person_id: UUID, before: Cursor | None
) -> tuple[list[StatementEntry], Cursor | None]:
    """What happened to the credit of a person in a region, and where the next page begins.

    A page holds what changed last; on it, outings stand by their own day, the latest first.
    """
    place = (before.starts_at, before.id) if before else None
    found, more = await entries_of(tx, region_id, person_id, place)
    booking_ids = list({entry.booking_id for entry in found if entry.booking_id})
    lines = await read_sessions_of_lines(tx, region_id, booking_ids)
    seen = await outings_seen(tx, region_id, booking_ids, None)
    outings = {(each.booking_id, each.session_id): each for each in seen}
    of_line: dict[LineKey, Outing | None] = {
        (line.booking_id, line.no): outings.get((line.booking_id, line.session_id)) for line in lines
    }
    entries = sorted(together(found, of_line), key=lambda entry: entry.day, reverse=True)
    return entries, Cursor(*more) if more else None


def together(found: Sequence[Entry], of_line: Mapping[LineKey, Outing | None]) -> list[StatementEntry]:
    """One entry for the lines of a booking that are for one session."""
    parts: dict[tuple[UUID, UUID | None], list[Entry]] = {}
    for entry in found:
        outing = of_line.get((entry.booking_id, entry.line_no))
        parts.setdefault((entry.id, outing.session_id if outing else None), []).append(entry)
    return [
        as_entry(of_one, of_line.get((of_one[0].booking_id, of_one[0].line_no))) for of_one in parts.values()
    ]


def as_entry(parts: Sequence[Entry], outing: Outing | None) -> StatementEntry:
    first = parts[0]
    return StatementEntry(
        kind=first.kind,
        what=first.what,
        at=first.at,
        outing=outing,
        is_booking=first.booking_id is not None,
        change_cents=sum(part.change_cents for part in parts),
        held_cents=sum(part.held_cents for part in parts),
    )
