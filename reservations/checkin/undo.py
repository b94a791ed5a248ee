"""A check-in that was a mistake is taken back, until credit was earned by it or the doors have closed."""

from credits.settlement.settlement import was_earned_by_coming
from reservations.checkin.checkin import Scan, act, find, key_of, tell
from reservations.errors import CheckinEarned, DoorsClosed, OtherCheckin
from reservations.sessions.doors import DOORS_CLOSE_AFTER
from uit.core.clock import Clock
from uit.core.errors import Refusal
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.services.audit import record

SQL = Statements(__name__)

free_ticket = SQL.command("free_ticket")


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
    now, closed_at = clock.now(), found.ends_at + DOORS_CLOSE_AFTER
    if closed_at <= now:
        return DoorsClosed(closed_at)
    if await was_earned_by_coming(tx, scan.seal.region_id, scan.seal.booking_id, scan.seal.line_no):
        return CheckinEarned()
    await free_ticket(tx, *key_of(scan.seal), scan.checkin_id)
    await tell(tx, scan, "ticket.taken_back", now)
    await record(tx, act(scan, "ticket.take_back"), ids.new(), now)
    return None
