"""Check-in: a ticket is used once, at its own session; a repeat under the same id gets the same answer.

It is possible from five hours before the start, as with UiTPAS. What lets in several at once is in `party`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from reservations.booking.rows import OutboxRow
from reservations.checkin.decide import (
    Asked,
    CheckinTicket,
    DateAtDoor,
    LockedTicket,
    decide,
    people_of,
)
from reservations.checkin.errors import OtherSession, TicketUnknown
from reservations.errors import NotYourSession
from uit.core.clock import Clock
from uit.core.errors import Refusal
from uit.core.ids import Ids
from uit.core.seal import TicketSeal
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Act, record

SQL = Statements(__name__)


class Scope(Struct, frozen=True):
    """What the asker may check in: sessions of these organisers; with `session_id`, at that door only."""

    region_id: int
    organiser_ids: frozenset[UUID]
    session_id: UUID | None = None


class CheckinActor(Struct, frozen=True):
    """Who checks in, for the audit trail."""

    kind: Literal["staff", "door", "client"]
    id: str


class Scan(Struct, frozen=True):
    """A ticket that is shown, or was. `checkin_id` is chosen by who asks: a repeat gets the same answer.

    `places`: how many people come in, where somebody says so. `looked`: see `Asked`.
    """

    seal: TicketSeal
    scope: Scope
    by: CheckinActor
    checkin_id: UUID
    places: int | None = None
    looked: bool = True

    @property
    def asked(self) -> Asked:
        return Asked(self.checkin_id, self.places, self.looked)


class TicketAndDate(LockedTicket, frozen=True):
    """A ticket with its date. `party`: all whom its booking brings to this session.

    `id_taken`: the check-in that is asked let in another ticket.
    """

    session_id: UUID
    organiser_id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    session_status: str
    id_taken: bool
    party: int
    party_inside: int

    @property
    def date(self) -> DateAtDoor:
        return DateAtDoor(
            self.session_id,
            self.organiser_id,
            self.event,
            self.starts_at,
            self.ends_at,
            self.session_status,
            self.id_taken,
        )


class CheckedIn(Struct, frozen=True):
    """Come in: `people` by these tickets; of the `party`, `party_inside` are in now. No names.

    The party are all whom the booking brings; with a pass, all for whom its holder has tickets.
    `new`: this ask did it, and was not the repeat of one that did.
    """

    session_id: UUID
    event: str
    starts_at: datetime
    people: int
    party: int
    party_inside: int
    used_at: datetime
    checkin_id: UUID
    new: bool
    tickets: Sequence[CheckinTicket]
    by_pass: bool = False

    @property
    def labels(self) -> list[str]:
        """The tariffs that the tickets name, each once."""
        return list(dict.fromkeys(each.label for each in self.tickets if each.label))

    @property
    def seats(self) -> list[str]:
        """Where they sit, where seats are numbered."""
        return [each.seat for each in self.tickets if each.seat]


lock_booking = SQL.command("lock_booking")
read_ticket = SQL.maybe("read_ticket", TicketAndDate)
use_tickets = SQL.command("use_tickets")


async def check_in(tx: Executor, scan: Scan, clock: Clock, ids: Ids) -> CheckedIn | Refusal:
    """Use a ticket, under the lock of its booking: the lock that the turnstile takes to cancel it.

    Refused: TicketUnknown, NotYourSession, OtherSession, SessionCancelled, SessionPostponed, CheckinIdTaken,
    AlreadyIn, NotPaidYet, TicketNotValid, CheckinTakenBack, TooEarlyToCheckIn, FewerLeft, TicketNotSplit,
    LookFirst.
    """
    found = await find(tx, scan)
    if isinstance(found, Refusal):
        return found
    now = clock.now()
    chosen = decide(found.date, [found], scan.asked, now)
    if isinstance(chosen, Refusal):
        return chosen
    if found.attended_at is None:
        await use(tx, scan.seal.region_id, chosen, now, scan.checkin_id)
        await record(tx, act(scan, "ticket.check_in"), ids.new(), now)
    return checked_in(found.date, chosen, (found.party, found.party_inside), scan.asked, now)


async def find(tx: Executor, scan: Scan) -> TicketAndDate | Refusal:
    """The ticket under the lock of its booking, when the asker may do something with it."""
    scope, seal = scan.scope, scan.seal
    await lock_booking(tx, seal.region_id, seal.booking_id)
    found = await read_ticket(tx, *key_of(seal), scan.checkin_id)
    if found is None:
        return TicketUnknown()
    if seal.region_id != scope.region_id:
        return NotYourSession(found.session_id)
    return refuse_elsewhere(found.date, scope) or found


def refuse_elsewhere(date: DateAtDoor, scope: Scope) -> Refusal | None:
    """Why the asker may do nothing at this session."""
    if date.organiser_id not in scope.organiser_ids:
        return NotYourSession(date.session_id)
    if scope.session_id not in {None, date.session_id}:
        return OtherSession(date.session_id, date.event, date.starts_at, date.ends_at)
    return None


async def use(
    tx: Executor, region_id: int, chosen: Sequence[CheckinTicket], now: datetime, checkin_id: UUID
) -> None:
    await use_tickets(
        tx,
        region_id,
        [each.booking_id for each in chosen],
        [each.line_no for each in chosen],
        [each.no for each in chosen],
        now,
        checkin_id,
    )
    await tell(tx, region_id, [each.booking_id for each in chosen], "ticket.attended", now)


def checked_in(
    date: DateAtDoor, chosen: Sequence[LockedTicket], party: tuple[int, int], asked: Asked, now: datetime
) -> CheckedIn:
    """`party`: how many they are, and how many of them were inside before."""
    used_at = chosen[0].attended_at
    people, (in_all, inside) = people_of(chosen), party
    return CheckedIn(
        session_id=date.session_id,
        event=date.event,
        starts_at=date.starts_at,
        people=people,
        party=in_all,
        party_inside=inside + people if used_at is None else inside,
        used_at=used_at or now,
        checkin_id=asked.checkin_id,
        new=used_at is None,
        tickets=chosen,
    )


def key_of(seal: TicketSeal) -> tuple[int, UUID, int, int]:
    return seal.region_id, seal.booking_id, seal.line_no, seal.ticket_no


async def tell(tx: Executor, region_id: int, booking_ids: Sequence[UUID], topic: str, now: datetime) -> None:
    """Whoever follows tickets of these bookings hears of it after the commit."""
    rows = [OutboxRow(topic, booking_id) for booking_id in dict.fromkeys(booking_ids)]
    await write_outbox(tx, region_id, as_json(rows), now)


def act(scan: Scan, verb: str) -> Act:
    seal, by = scan.seal, scan.by
    facts: dict[str, str | int | bool | None] = {"line_no": seal.line_no, "ticket_no": seal.ticket_no}
    return Act(seal.region_id, by.kind, by.id, verb, "booking", str(seal.booking_id), facts)
