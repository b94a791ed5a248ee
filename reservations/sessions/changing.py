"""What happens to a date: it is called off, postponed, suspended, given another time, or goes on after all.

Each verb takes many dates of one region at once: an organiser's desk passes one, an import what changed. It
locks the pools first, so that no booking is decided on what was so before; it tells every booking in the
outbox, and leaves a row in the audit trail. What is then due for the bookings themselves, the worker does:
see `calling_off`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from reservations.booking.notifications import CHOOSE, MOVED, POSTPONED, RESTORED
from reservations.booking.waiting_rows import CALLED_OFF
from reservations.sessions import task
from reservations.sessions.doors import DOORS_CLOSE_AFTER
from reservations.sessions.task import Decision
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import ActRow, Author

SQL = Statements(__name__)

Status = Literal["scheduled", "sold_elsewhere", "postponed", "suspended", "cancelled"]
ON_SALE: Final = frozenset({"scheduled", "sold_elsewhere"})
MAY_GO_ON: Final = frozenset({"postponed", "suspended", "cancelled"})


class LockedSession(Struct, frozen=True):
    """A date under the locks of its pools. `is_sold_here`: its places are known and it has a price."""

    id: UUID
    organiser_id: UUID
    status: Status
    status_reason: str | None
    starts_at: datetime
    ends_at: datetime
    is_sold_here: bool

    @property
    def status_on_sale(self) -> Status:
        return "scheduled" if self.is_sold_here else "sold_elsewhere"


class NewStatus(Struct, frozen=True):
    id: UUID
    status: Status
    reason: str | None
    choose_until: datetime | None = None


class NewTime(Struct, frozen=True):
    id: UUID
    starts_at: datetime
    ends_at: datetime


class BookedDate(Struct, frozen=True):
    id: UUID
    moved_at: datetime | None


class MovedRow(Struct, frozen=True):
    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: Status


booked_dates = SQL.many("booked_dates", BookedDate)
mark_relocated = SQL.command("mark_relocated")
reset_checkins = SQL.command("reset_checkins")
lock_pools_of = SQL.command("lock_pools_of")
lock_pools_of_events = SQL.command("lock_pools_of_events")
read_locked = SQL.many("read_locked", LockedSession)
count_other_dates = SQL.value("count_other_dates", int)
has_date_at = SQL.value("has_date_at", bool)
change_status = SQL.command("change_status")
move_times = SQL.command("move_times")
tell_bookings = SQL.command("tell_bookings")
end_waiting = SQL.command("end_waiting")
follow_dates = SQL.command("follow_dates")
follow_lines = SQL.command("follow_lines")
write_acts = SQL.command("write_acts")


async def lock_sessions(tx: Executor, region_id: int, session_ids: Sequence[UUID]) -> list[LockedSession]:
    """Lock the pools of these dates, in the order in which bookings lock them, and read the dates then."""
    await lock_pools_of(tx, region_id, session_ids)
    return await read_locked(tx, region_id, session_ids)


async def call_off(
    tx: Executor,
    author: Author,
    sessions: Sequence[LockedSession],
    reasons: Mapping[UUID, str | None],
    choose_until: datetime | None = None,
) -> None:
    """These dates do not take place. Their bookings end one by one; each holder is told what came back.

    With `choose_until` each is told first what they may choose, and what is left ends at that moment. Who
    waits for these dates alone waits no longer.
    """
    wanted = [NewStatus(each.id, "cancelled", reasons.get(each.id), choose_until) for each in sessions]
    await set_status(tx, author, wanted, "session.call_off")
    await end_waiting(tx, author.region_id, [each.id for each in sessions], CALLED_OFF, author.now)
    if choose_until:
        await tell_bookings(tx, author.region_id, [each.id for each in sessions], CHOOSE, author.now)
    await task.decide(tx, author, [each.id for each in sessions], "called_off")


async def postpone(
    tx: Executor, author: Author, sessions: Sequence[LockedSession], reasons: Mapping[UUID, str | None]
) -> None:
    """These dates come later: nothing is sold or earned, and everybody may leave."""
    wanted = [NewStatus(each.id, "postponed", reasons.get(each.id)) for each in sessions]
    await set_status(tx, author, wanted, "session.postpone")
    await tell_bookings(tx, author.region_id, [each.id for each in sessions], POSTPONED, author.now)
    await task.decide(tx, author, [each.id for each in sessions], "postponed")


async def suspend(tx: Executor, author: Author, sessions: Sequence[LockedSession]) -> None:
    """Nobody knows what becomes of these dates: nothing is sold or earned until a person decides."""
    wanted = [NewStatus(each.id, "suspended", None) for each in sessions]
    await set_status(tx, author, wanted, "session.suspend")


async def restore(
    tx: Executor,
    author: Author,
    sessions: Sequence[LockedSession],
    decision: Decision = "goes_on",
    statuses: Mapping[UUID, Status] | None = None,
) -> None:
    """These dates go on as they were. Who was told otherwise is told so; tickets that ended stay ended.

    `statuses`: where they are sold, of those of which it is said; of the others their places and prices tell.
    """
    known = statuses or {}
    wanted = [NewStatus(each.id, known.get(each.id, each.status_on_sale), None) for each in sessions]
    told = [each.id for each in sessions if each.status != "suspended"]
    await set_status(tx, author, wanted, "session.restore")
    await tell_bookings(tx, author.region_id, told, RESTORED, author.now)
    await task.decide(tx, author, [each.id for each in sessions], decision)


async def move(
    tx: Executor, author: Author, sessions: Sequence[LockedSession], times: Sequence[NewTime]
) -> None:
    """These dates have another time, and bookings go along. Who was let in early is not in any more.

    Sale and the limit for cancelling shift as the start does; who booked before may leave until the new
    start.
    """
    ids, by_id = [each.id for each in sessions], {each.id: each for each in sessions}
    rows = [
        MovedRow(each.id, each.starts_at, each.ends_at, status_once_moved(by_id[each.id])) for each in times
    ]
    await move_times(
        tx, author.region_id, as_json(rows), author.now, DOORS_CLOSE_AFTER, author.actor_kind == "staff"
    )
    await follow_dates(tx, author.region_id, ids)
    await follow_lines(tx, author.region_id, ids)
    await reset_checkins(tx, author.region_id, ids, author.now)
    await tell_bookings(tx, author.region_id, ids, MOVED, author.now)
    facts = {
        each.id: {"from": by_id[each.id].starts_at.isoformat(), "to": each.starts_at.isoformat()}
        for each in times
    }
    await note(tx, author, "session.move", facts)
    await task.decide(tx, author, ids, "moved")


async def relocate(tx: Executor, author: Author, event_ids: Sequence[UUID]) -> int:
    """The dates to come of activities are somewhere else: who booked is told, and may leave; how many dates.

    Who booked is read under the locks of the places: who books meanwhile is told, or read where it is.
    Who is told in this transaction that a date moves reads in the same message where it is.
    """
    await lock_pools_of_events(tx, author.region_id, event_ids, author.now)
    dates = await booked_dates(tx, author.region_id, event_ids, author.now)
    ids = [each.id for each in dates if each.moved_at != author.now]
    if ids:
        await mark_relocated(tx, author.region_id, ids, author.now)
        await tell_bookings(tx, author.region_id, ids, MOVED, author.now)
        await note(tx, author, "session.move", {each: {"what": "place"} for each in ids})
    return len(ids)


def status_once_moved(session: LockedSession) -> Status:
    """What was postponed or in doubt is so no more; where a date on sale is sold stays as it was."""
    return session.status if session.status in ON_SALE else session.status_on_sale


async def set_status(tx: Executor, author: Author, wanted: Sequence[NewStatus], act: str) -> None:
    by_hand = author.actor_kind == "staff"
    await change_status(tx, author.region_id, as_json(wanted), author.now, DOORS_CLOSE_AFTER, by_hand)
    await follow_dates(tx, author.region_id, [each.id for each in wanted])
    await follow_lines(tx, author.region_id, [each.id for each in wanted])
    await note(tx, author, act, {each.id: {"status": each.status} for each in wanted})


async def note(tx: Executor, author: Author, act: str, facts: Mapping[UUID, Mapping[str, str]]) -> None:
    """A row in the audit trail for each date."""
    rows = [
        ActRow(
            id=author.ids.new(),
            region_id=author.region_id,
            actor_kind=author.actor_kind,
            actor_id=author.actor_id,
            act=act,
            subject_kind="session",
            subject_id=str(session_id),
            facts=dict(said),
        )
        for session_id, said in facts.items()
    ]
    await write_acts(tx, author.region_id, as_json(rows), author.now)
