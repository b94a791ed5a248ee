"""Who sits where on a date, and what a desk changes of it: its plan, blocked seats, and who sits elsewhere.

Each verb locks the pools of the date first, as bookings do, so that none is decided on what was so before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from uuid import UUID

from msgspec import Struct

from reservations.booking.seating import TicketSeatRow, plans_of, write_seats
from reservations.booking.tickets import number_of
from reservations.seats.best import FreeSeats
from reservations.seats.companions import is_for_wheelchair, sits_apart
from reservations.seats.errors import SeatsNotInPlan, SeatsSold, SeatsTaken, WheelchairsLost
from reservations.seats.plan import SeatPlan, as_text, seats_in
from reservations.sessions.changing import lock_sessions
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)


class SeatedTicket(Struct, frozen=True):
    """A ticket that stands, and where they sit who come by it; None where there was no room for them.

    `first_name`: of who comes, where the organiser asks for it.
    """

    booking_id: UUID
    line_no: int
    no: int
    seat: str | None
    weight: int
    first_name: str | None

    @property
    def number(self) -> str:
        """What people say of the booking."""
        return number_of(self.booking_id)

    @property
    def key(self) -> str:
        """What names the ticket in a form."""
        return f"{self.booking_id}.{self.line_no}.{self.no}"

    @property
    def seats(self) -> tuple[str, ...]:
        return seats_in(self.seat)

    def at(self, seats: Iterable[str]) -> TicketSeatRow:
        return TicketSeatRow(self.booking_id, self.line_no, self.no, as_text(seats))


class Blocked(Struct, frozen=True):
    seat: str
    reason: str


class SeatedDate(Struct, frozen=True):
    """A date with its plan, who sits where, and which seats are blocked and why."""

    plan: SeatPlan
    name: str
    sitting: Sequence[SeatedTicket]
    blocked: Mapping[str, str]

    @property
    def by_seat(self) -> dict[str, SeatedTicket]:
        return {seat: each for each in self.sitting for seat in each.seats}

    @property
    def in_order(self) -> list[SeatedTicket]:
        """From front to back; who has no seat comes first."""
        order = {key: no for no, key in enumerate(self.plan.seats, start=1)}
        return sorted(self.sitting, key=lambda each: order.get(next(iter(each.seats), ""), 0))

    @property
    def unseated(self) -> list[SeatedTicket]:
        """Tickets that have no seat, such as of somebody who booked before there was a plan that is full."""
        return [each for each in self.sitting if each.seat is None]

    @property
    def free(self) -> list[str]:
        """The seats where nobody sits and that are not blocked, from front to back."""
        taken = self.by_seat
        return [key for key in self.plan.seats if key not in taken and key not in self.blocked]

    @property
    def for_sale(self) -> int:
        """How many seats are not blocked."""
        return len(self.plan.seats) - len([key for key in self.blocked if key in self.plan.seats])

    def apart_after(self, rows: Iterable[TicketSeatRow]) -> set[UUID]:
        """The bookings in which, with these seats, nobody would be beside a wheelchair who is there now."""
        seats = {(each.booking_id, each.line_no, each.no): each.seats for each in self.sitting}
        changed = {(row.booking_id, row.line_no, row.no): seats_in(row.seat) for row in rows}
        after = seats | changed
        return {
            booking_id
            for booking_id in {row.booking_id for row in rows}
            if self._apart(after, booking_id) > self._apart(seats, booking_id)
        }

    def _apart(self, seats: Mapping[tuple[UUID, int, int], Sequence[str]], booking_id: UUID) -> int:
        theirs = [key for ticket, keys in seats.items() if ticket[0] == booking_id for key in keys]
        return sits_apart(self.plan, theirs)

    def ticket(self, key: str) -> SeatedTicket | None:
        return next((each for each in self.sitting if each.key == key), None)


class HungPlan(Struct, frozen=True):
    plan_id: UUID
    name: str


read_hung = SQL.maybe("read_hung", HungPlan)
read_sitting = SQL.many("read_sitting", SeatedTicket)
read_blocked = SQL.many("read_blocked", Blocked)
hang_plan = SQL.command("hang_plan")
take_plan_down = SQL.command("take_plan_down")
block_seats = SQL.command("block_seats")
unblock_seats = SQL.command("unblock_seats")


async def read_seated_date(tx: Executor, region_id: int, session_id: UUID) -> SeatedDate | None:
    """The date with its seats; None when they are not numbered."""
    hung = await read_hung(tx, region_id, session_id)
    if hung is None:
        return None
    plans = await plans_of(tx, region_id, [hung.plan_id])
    blocked = await read_blocked(tx, region_id, session_id)
    return SeatedDate(
        plans[hung.plan_id],
        hung.name,
        await read_sitting(tx, region_id, session_id),
        {each.seat: each.reason for each in blocked},
    )


async def hang(tx: Executor, author: Author, session_id: UUID, plan: SeatPlan) -> Refusal | None:
    """Number the seats of a date. Who booked already keeps their seat, or gets the best that is free."""
    await lock_sessions(tx, author.region_id, [session_id])
    sitting = await read_sitting(tx, author.region_id, session_id)
    lost = [seat for each in sitting for seat in each.seats if seat not in plan.seats]
    if lost:
        return SeatsNotInPlan(session_id, tuple(lost))
    before = await read_hung(tx, author.region_id, session_id)
    if before:
        plans = await plans_of(tx, author.region_id, [before.plan_id])
        if lacking := wheelchairs_lost(plans[before.plan_id], plan, sitting):
            return WheelchairsLost(session_id, tuple(lacking))
    blocked = {each.seat for each in await read_blocked(tx, author.region_id, session_id)}
    rows = seats_for(plan, sitting, blocked)
    if await hang_plan(tx, author.region_id, session_id, plan.id, author.now):
        await author.note(tx, "seat_plan.hang", "session", session_id, plan=str(plan.id), seated=len(rows))
    if rows:
        await write_seats(tx, author.region_id, as_json(rows))
    return None


def wheelchairs_lost(before: SeatPlan, after: SeatPlan, sitting: Sequence[SeatedTicket]) -> list[str]:
    """The places for a wheelchair that are none on another plan, or beside which nobody sits then."""
    found = []
    for party in parties_of(sitting).values():
        seats = [key for each in party for key in each.seats]
        theirs = [key for key in seats if key in before.seats and is_for_wheelchair(before.seats[key])]
        lost = [key for key in theirs if not is_for_wheelchair(after.seats[key])]
        found += lost or (theirs if sits_apart(after, seats) > sits_apart(before, seats) else [])
    return found


def parties_of(sitting: Iterable[SeatedTicket]) -> dict[UUID, list[SeatedTicket]]:
    """Who booked together, by their booking."""
    parties: dict[UUID, list[SeatedTicket]] = {}
    for each in sitting:
        parties.setdefault(each.booking_id, []).append(each)
    return parties


async def take_down(tx: Executor, author: Author, session_id: UUID) -> Refusal | None:
    """Let nobody have a seat of their own on a date any more. Refused once somebody has one."""
    await lock_sessions(tx, author.region_id, [session_id])
    seated = [each for each in await read_sitting(tx, author.region_id, session_id) if each.seat]
    if seated:
        return SeatsSold(session_id, len(seated))
    if await take_plan_down(tx, author.region_id, session_id):
        await author.note(tx, "seat_plan.take_down", "session", session_id)
    return None


def seats_for(
    plan: SeatPlan, sitting: Sequence[SeatedTicket], blocked: Collection[str]
) -> list[TicketSeatRow]:
    """Seats for tickets that have none: who booked together sits together, the largest party first."""
    free = FreeSeats(plan, {*blocked, *(seat for each in sitting for seat in each.seats)})
    parties = parties_of(each for each in sitting if each.seat is None)
    rows = []
    for party in sorted(parties.values(), key=people_in, reverse=True):
        found = [seat.key for seat in free.best(people_in(party)) or []]
        free.take(found)
        left = iter(found)
        rows += [ticket.at(islice(left, ticket.weight)) for ticket in party if found]
    return rows


def people_in(party: Iterable[SeatedTicket]) -> int:
    return sum(each.weight for each in party)


async def block(
    tx: Executor, author: Author, session_id: UUID, seats: Sequence[str], reason: str
) -> Refusal | None:
    """Sell these seats no more. One where somebody sits is refused: they go elsewhere first."""
    await lock_sessions(tx, author.region_id, [session_id])
    sitting = await read_sitting(tx, author.region_id, session_id)
    taken = {seat for each in sitting for seat in each.seats}
    sold = [seat for seat in seats if seat in taken]
    if sold:
        return SeatsTaken(session_id, tuple(sold), ())
    before = {each.seat for each in await read_blocked(tx, author.region_id, session_id)}
    new = [seat for seat in seats if seat not in before]
    if new:
        await block_seats(tx, author.region_id, session_id, new, reason, author.now)
        await author.note(tx, "seat.block", "session", session_id, seats=", ".join(new))
    return None


async def unblock(tx: Executor, author: Author, session_id: UUID, seats: Sequence[str]) -> None:
    await lock_sessions(tx, author.region_id, [session_id])
    if await unblock_seats(tx, author.region_id, session_id, list(seats)):
        await author.note(tx, "seat.unblock", "session", session_id, seats=", ".join(seats))
