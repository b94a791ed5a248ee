"""A check-in that was a mistake is taken back, until credit was earned by it or the doors have closed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.settlement.settlement import was_earned_by_coming
from reservations.checkin.checkin import CheckinActor, Scan, Scope, act, find, key_of, tell
from reservations.checkin.decide import CheckinTicket, people_of
from reservations.checkin.errors import CheckinEarned, DoorsClosed, OtherCheckin
from reservations.checkin.party import lock_bookings
from reservations.sessions.doors import DOORS_CLOSE_AFTER
from uit.core.clock import Clock
from uit.core.errors import Refusal
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.services.audit import Act, record

SQL = Statements(__name__)


class WholeCheckin(Struct, frozen=True):
    """A check-in to take back, whatever it let in at the session of the scope, and who asks."""

    scope: Scope
    by: CheckinActor
    checkin_id: UUID


class UsedTicket(CheckinTicket, frozen=True):
    """A ticket that a check-in let in, for a date that ends then."""

    ends_at: datetime


free_ticket = SQL.command("free_ticket")
free_checkin = SQL.command("free_checkin")
used_by_checkin = SQL.many("used_by_checkin", UsedTicket)


async def undo_checkin(tx: Executor, scan: Scan, clock: Clock, ids: Ids) -> Refusal | None:
    """Make a ticket valid again that was checked in by mistake; None when that is so, also in a repeat.

    What was taken back is kept, so that a late repeat of that check-in does not use the ticket again.
    Refused: TicketUnknown, NotYourSession, OtherSession, OtherCheckin, DoorsClosed, CheckinEarned.
    """
    found = await find(tx, scan)
    if isinstance(found, Refusal):
        return found
    if found.taken_back and found.attended_at is None:
        return None
    if found.checkin_id != scan.checkin_id:
        return OtherCheckin()
    seal, now = scan.seal, clock.now()
    refused = await too_late(tx, seal.region_id, found.ends_at, [(seal.booking_id, seal.line_no)], now)
    if refused:
        return refused
    await free_ticket(tx, *key_of(seal), scan.checkin_id)
    await tell(tx, seal.region_id, [seal.booking_id], "ticket.taken_back", now)
    await record(tx, act(scan, "ticket.take_back"), ids.new(), now)
    return None


async def undo_whole_checkin(tx: Executor, whole: WholeCheckin, clock: Clock, ids: Ids) -> Refusal | None:
    """Make all tickets valid again that one check-in used: one of them, or what a pass let in.

    None when that is so, also in a repeat. Refused: DoorsClosed, CheckinEarned.
    """
    scope = whole.scope
    key = scope.region_id, whole.checkin_id, scope.session_id, list(scope.organiser_ids)
    booking_ids = sorted({each.booking_id for each in await used_by_checkin(tx, *key)})
    await lock_bookings(tx, scope.region_id, booking_ids)
    used = [each for each in await used_by_checkin(tx, *key) if each.booking_id in booking_ids]
    if not used:
        return None
    now, lines = clock.now(), sorted({(each.booking_id, each.line_no) for each in used})
    refused = await too_late(tx, scope.region_id, used[0].ends_at, lines, now)
    if refused:
        return refused
    await free_checkin(tx, scope.region_id, whole.checkin_id, booking_ids)
    await tell(tx, scope.region_id, booking_ids, "ticket.taken_back", now)
    await record(tx, act_of_whole(whole, used), ids.new(), now)
    return None


async def too_late(
    tx: Executor, region_id: int, ends_at: datetime, lines: Sequence[tuple[UUID, int]], now: datetime
) -> Refusal | None:
    """Why it is settled who came on these lines, of a date that ends then."""
    closed_at = ends_at + DOORS_CLOSE_AFTER
    if closed_at <= now:
        return DoorsClosed(closed_at)
    return CheckinEarned() if await was_earned_by_coming(tx, region_id, lines) else None


def act_of_whole(whole: WholeCheckin, used: Sequence[CheckinTicket]) -> Act:
    scope, by = whole.scope, whole.by
    facts: dict[str, str | int | bool | None] = {
        "checkin_id": str(whole.checkin_id),
        "people": people_of(used),
    }
    return Act(scope.region_id, by.kind, by.id, "ticket.take_back", "session", str(scope.session_id), facts)
