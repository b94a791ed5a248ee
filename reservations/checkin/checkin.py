"""Check-in: a ticket is used once, at its own session; a repeat under the same id gets the same answer.

It is possible from five hours before the start, as with UiTPAS.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from reservations.booking.rows import OutboxRow
from reservations.errors import (
    AlreadyIn,
    CheckinTakenBack,
    NotYourSession,
    OtherSession,
    SessionCancelled,
    SessionPostponed,
    TicketNotValid,
    TicketUnknown,
    TooEarlyToCheckIn,
)
from reservations.sessions.doors import CHECK_IN_BEFORE
from uit.core.clock import Clock
from uit.core.errors import Refusal
from uit.core.ids import Ids
from uit.core.seal import TicketSeal
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
    """A ticket that is shown, or was. `checkin_id` is chosen by who asks: a repeat gets the same answer."""

    seal: TicketSeal
    scope: Scope
    by: CheckinActor
    checkin_id: UUID


class LockedTicket(Struct, frozen=True):
    """A ticket, under the lock. `party`: all whom its booking brings to this session.

    `checkin_id` is the check-in by which it is in; `taken_back` says that the one that is asked was undone.
    """

    status: str
    people: int
    attended_at: datetime | None
    checkin_id: UUID | None
    taken_back: bool
    session_id: UUID
    organiser_id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    session_status: str
    party: int
    party_inside: int
    label: str


class CheckedIn(Struct, frozen=True):
    """Come in: `people` on this ticket; of the `party` of its booking, `party_inside` are in now. No names.

    `label`: the tariff that the ticket names, if any.
    `new`: this ask did it, and was not the repeat of one that did.
    """

    booking_id: UUID
    session_id: UUID
    event: str
    starts_at: datetime
    people: int
    party: int
    party_inside: int
    label: str
    used_at: datetime
    checkin_id: UUID
    new: bool


lock_booking = SQL.command("lock_booking")
read_ticket = SQL.maybe("read_ticket", LockedTicket)
use_ticket = SQL.command("use_ticket")
write_outbox = SQL.command("write_outbox")


async def check_in(tx: Executor, scan: Scan, clock: Clock, ids: Ids) -> CheckedIn | Refusal:
    """Use a ticket, under the lock of its booking: the lock that the turnstile takes to cancel it.

    Refused: TicketUnknown, NotYourSession, OtherSession, SessionCancelled, SessionPostponed, AlreadyIn,
    TicketNotValid, CheckinTakenBack, TooEarlyToCheckIn.
    """
    found = await find(tx, scan)
    if isinstance(found, Refusal):
        return found
    now = clock.now()
    refused = refusal(found, scan.checkin_id, now)
    if refused:
        return refused
    if found.attended_at is not None:
        return checked_in(found, scan, found.attended_at, new=False)
    await use_ticket(tx, *key_of(scan.seal), now, scan.checkin_id)
    await tell(tx, scan, "ticket.attended", now)
    await record(tx, act(scan, "ticket.check_in"), ids.new(), now)
    return checked_in(found, scan, now, new=True)


async def find(tx: Executor, scan: Scan) -> LockedTicket | Refusal:
    """The ticket under the lock of its booking, when the asker may do something with it."""
    scope, seal = scan.scope, scan.seal
    await lock_booking(tx, seal.region_id, seal.booking_id)
    found = await read_ticket(tx, *key_of(seal), scan.checkin_id)
    if found is None:
        return TicketUnknown()
    if seal.region_id != scope.region_id or found.organiser_id not in scope.organiser_ids:
        return NotYourSession(found.session_id)
    if scope.session_id not in {None, found.session_id}:
        return OtherSession(found.session_id, found.event, found.starts_at, found.ends_at)
    return found


def refusal(found: LockedTicket, checkin_id: UUID, now: datetime) -> Refusal | None:
    """Why this ticket may not be used: first what happened to it, then for when it is."""
    if found.session_status == "cancelled":
        return SessionCancelled(found.session_id)
    if found.session_status == "postponed":
        return SessionPostponed(found.session_id)
    if found.attended_at is not None:
        return None if found.checkin_id == checkin_id else AlreadyIn(found.attended_at)
    if found.status != "confirmed":
        return TicketNotValid()
    if found.taken_back:
        return CheckinTakenBack()
    opens_at = found.starts_at - CHECK_IN_BEFORE
    early = TooEarlyToCheckIn(found.session_id, found.starts_at, found.ends_at, opens_at)
    return early if now < opens_at else None


def checked_in(found: LockedTicket, scan: Scan, used_at: datetime, *, new: bool) -> CheckedIn:
    inside = found.party_inside + (found.people if new else 0)
    return CheckedIn(
        booking_id=scan.seal.booking_id,
        session_id=found.session_id,
        event=found.event,
        starts_at=found.starts_at,
        people=found.people,
        party=found.party,
        party_inside=inside,
        label=found.label,
        used_at=used_at,
        checkin_id=scan.checkin_id,
        new=new,
    )


def key_of(seal: TicketSeal) -> tuple[int, UUID, int, int]:
    return seal.region_id, seal.booking_id, seal.line_no, seal.ticket_no


async def tell(tx: Executor, scan: Scan, topic: str, now: datetime) -> None:
    """Whoever follows tickets hears of it after the commit."""
    row = OutboxRow(topic, scan.seal.booking_id)
    await write_outbox(tx, scan.seal.region_id, as_json([row]), now)


def act(scan: Scan, verb: str) -> Act:
    seal, by = scan.seal, scan.by
    facts: dict[str, str | int | bool | None] = {"line_no": seal.line_no, "ticket_no": seal.ticket_no}
    return Act(seal.region_id, by.kind, by.id, verb, "booking", str(seal.booking_id), facts)
