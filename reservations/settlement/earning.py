"""What organisers have earned: credit put aside is settled by the rule of the programme that gave it.

`reservations.open_holds` says from when a hold is earned; how much of it, is said here. It happens while the
booking is locked, as it is for a cancellation and a check-in.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from credits.settlement.settlement import Earned, settle_holds
from reservations.checkin.checkin import DOORS_CLOSE_AFTER
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.services.services import Services

SQL = Statements(__name__)
AT_ONCE = 500


class BookingKey(Struct, frozen=True):
    region_id: int
    id: UUID


class DueHold(Struct, frozen=True):
    """Credit put aside for a line: `attended` and `missed` count the people on its tickets."""

    region_id: int
    id: UUID
    booking_id: UUID
    line_no: int
    amount_cents: int
    earning: str
    no_show_percent: int
    lapses_at: datetime
    attended: int
    missed: int
    earned_at: datetime


lock_due = SQL.many("lock_due", BookingKey)
read_open_holds = SQL.many("read_open_holds", DueHold)
mark_no_shows = SQL.command("mark_no_shows")
mark_settled = SQL.command("mark_settled")


async def settle_earned(services: Services, now: datetime, at_once: int = AT_ONCE) -> int:
    """Settle what is earned by now and close the sessions that are over; how many holds and tickets changed.

    Several workers may do this beside each other: each takes the bookings that no other has.
    """
    changed = 0
    while True:
        async with services.database.transaction() as tx:
            settled = await settle_some(tx, services.ids, now, at_once)
        if not settled:
            break
        changed += settled
    async with services.database.transaction() as tx:
        await mark_settled(tx, now, DOORS_CLOSE_AFTER)
    return changed


async def settle_some(tx: Executor, ids: Ids, now: datetime, at_once: int) -> int:
    """One batch of bookings: their earned holds are settled, and who was not seen is a no-show."""
    due = await lock_due(tx, now, DOORS_CLOSE_AFTER, at_once)
    if not due:
        return 0
    keys = [each.region_id for each in due], [each.id for each in due]
    holds = await read_open_holds(tx, *keys, DOORS_CLOSE_AFTER)
    earned = list(shares(hold for hold in holds if hold.earned_at <= now))
    settled = await settle_holds(tx, earned, ids, now) if earned else 0
    return settled + await mark_no_shows(tx, *keys, now, DOORS_CLOSE_AFTER)


def shares(holds: Iterable[DueHold]) -> Iterator[Earned]:
    """What each payee earned. Holds that pay for one line under one rule are rounded together, once."""
    for _, together in groupby(sorted(holds, key=rule), key=rule):
        yield from spread_earned(list(together))


def rule(hold: DueHold) -> tuple[int, UUID, int, str, int]:
    return hold.region_id, hold.booking_id, hold.line_no, hold.earning, hold.no_show_percent


def spread_earned(holds: Sequence[DueHold]) -> Iterator[Earned]:
    """What was earned comes from the first holds; what is released goes back to those that lapse last."""
    left = earned_cents(holds[0], sum(hold.amount_cents for hold in holds))
    for hold in holds:
        cents = min(left, hold.amount_cents)
        left -= cents
        yield Earned(hold.region_id, hold.id, cents)


def earned_cents(hold: DueHold, cents: int) -> int:
    """The part of a line's credit that is earned, rounded half up: who came, and what staying away costs."""
    if hold.earning != "attendance":
        return cents
    people = hold.attended + hold.missed
    parts = hold.attended * 100 + hold.missed * hold.no_show_percent
    return (2 * cents * parts + people * 100) // (2 * people * 100) if people else 0
