"""Check-in: a ticket is used once, at its own session; a repeat under the same id gets the same answer."""

import re
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.batch import OutboxRow
from reservations.errors import (
    AlreadyIn,
    NotYourSession,
    OtherSession,
    SessionCancelled,
    TicketNotValid,
    TicketUnknown,
)
from uit.ground.audit import Act, record
from uit.ground.clock import Clock
from uit.ground.errors import Refusal
from uit.ground.foreign import read_tickets_of
from uit.ground.ids import Ids
from uit.ground.seal import TicketSeal, open_ticket
from uit.ground.sql import Executor, Statements

SQL = Statements("reservations", "checkin")
NUMBER = re.compile(r"([0-9a-f]{4})[\s-]*([0-9a-f]{4})(?:[^0-9a-z]+([0-9]{1,4})\.([0-9]{1,4}))?")
"""As in `ticket.Pass.number`: the end of the booking's id, then line and ticket."""
DOORS_OPEN_BEFORE = timedelta(hours=2)
DOORS_CLOSE_AFTER = timedelta(hours=4)
"""Before a session starts and after it ends. Who was not seen when the doors close, did not come."""


class Scope(Struct, frozen=True):
    """What the asker may check in: sessions of these organisers; with `session_id`, at that door only."""

    region_id: int
    organiser_ids: frozenset[UUID]
    session_id: UUID | None = None


class By(Struct, frozen=True):
    """Who checks in, for the audit trail."""

    kind: Literal["staff", "door", "client"]
    id: str


class Scan(Struct, frozen=True):
    """A ticket that is shown. `checkin_id` is chosen by who asks: a repeat with it gets the same answer."""

    seal: TicketSeal
    scope: Scope
    by: By
    checkin_id: UUID


class Found(Struct, frozen=True):
    """A ticket, under the lock. `party`: all whom its booking brings to this session."""

    status: str
    people: int
    attended_at: datetime | None
    checkin_id: UUID | None
    session_id: UUID
    organiser_id: UUID
    event: str
    starts_at: datetime
    cancelled: bool
    party: int
    party_inside: int


class CheckedIn(Struct, frozen=True):
    """Come in: `people` on this ticket; of the `party` of its booking, `party_inside` are in now. No names.

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


class TicketKey(Struct, frozen=True):
    booking_id: UUID
    line_no: int
    ticket_no: int


lock_booking = SQL.command("lock_booking")
read_ticket = SQL.maybe("read_ticket", Found)
use_ticket = SQL.command("use_ticket")
tell_attended = SQL.command("tell_attended")
ticket_of_number = SQL.maybe("ticket_of_number", TicketKey)


async def check_in(tx: Executor, scan: Scan, clock: Clock, ids: Ids) -> CheckedIn | Refusal:
    """Use a ticket, under the lock of its booking: the lock that the turnstile takes to cancel it.

    Refused: TicketUnknown, NotYourSession, OtherSession, SessionCancelled, AlreadyIn, TicketNotValid.
    """
    seal = scan.seal
    key = seal.region_id, seal.booking_id, seal.line_no, seal.ticket_no
    await lock_booking(tx, seal.region_id, seal.booking_id)
    found = await read_ticket(tx, *key)
    if found is None:
        return TicketUnknown()
    refused = refusal(found, scan)
    if refused:
        return refused
    if found.attended_at is not None:
        return checked_in(found, found.attended_at, scan.checkin_id, new=False)
    now = clock.now()
    await use_ticket(tx, *key, now, scan.checkin_id)
    told = OutboxRow(seal.region_id, ids.new(), "ticket.attended", seal.booking_id)
    await tell_attended(tx, msgspec.json.encode([told]).decode(), now)
    await record(tx, act(scan), ids.new(), now)
    return checked_in(found, now, scan.checkin_id, new=True)


def refusal(found: Found, scan: Scan) -> Refusal | None:
    """Why this ticket may not be used here: first whose it is, then for when, then what happened to it."""
    scope = scan.scope
    if scan.seal.region_id != scope.region_id or found.organiser_id not in scope.organiser_ids:
        return NotYourSession(found.session_id)
    if scope.session_id not in {None, found.session_id}:
        return OtherSession(found.session_id, found.event, found.starts_at)
    if found.attended_at is not None:
        return None if found.checkin_id == scan.checkin_id else AlreadyIn(found.attended_at)
    if found.cancelled:
        return SessionCancelled(found.session_id)
    return None if found.status == "confirmed" else TicketNotValid()


def checked_in(found: Found, used_at: datetime, checkin_id: UUID, *, new: bool) -> CheckedIn:
    inside = found.party_inside + (found.people if new else 0)
    return CheckedIn(
        session_id=found.session_id,
        event=found.event,
        starts_at=found.starts_at,
        people=found.people,
        party=found.party,
        party_inside=inside,
        used_at=used_at,
        checkin_id=checkin_id,
        new=new,
    )


def act(scan: Scan) -> Act:
    seal, by = scan.seal, scan.by
    facts: dict[str, str | int | bool | None] = {"line_no": seal.line_no, "ticket_no": seal.ticket_no}
    return Act(seal.region_id, by.kind, by.id, "ticket.check_in", "booking", str(seal.booking_id), facts)


async def find_ticket(
    tx: Executor, typed: str, scope: Scope, checkin_id: UUID, signing_key: bytes
) -> TicketSeal | TicketUnknown:
    """The ticket behind what was scanned or typed.

    By its seal, at a door also by the number printed under it, or by a barcode that another system gave it.
    """
    given = typed.strip()
    return (
        open_ticket(signing_key, given)
        or await find_by_number(tx, given, scope, checkin_id)
        or await find_by_barcode(tx, given, scope.region_id)
        or TicketUnknown()
    )


async def find_by_number(tx: Executor, given: str, scope: Scope, checkin_id: UUID) -> TicketSeal | None:
    """Half a number means the first ticket of the booking not used yet; in a repeat, the one used then."""
    number = NUMBER.fullmatch(given.lower())
    if number is None or scope.session_id is None:
        return None
    line_no, no = (int(part) if part else None for part in number.groups()[2:])
    tail = number[1] + number[2]
    key = await ticket_of_number(tx, scope.region_id, scope.session_id, tail, line_no, no, checkin_id)
    return None if key is None else TicketSeal(scope.region_id, *msgspec.structs.astuple(key))


async def find_by_barcode(tx: Executor, given: str, region_id: int) -> TicketSeal | None:
    """None as well when two systems gave the same barcode: nobody can tell which of them is meant."""
    if not given.isprintable():
        return None
    tickets = await read_tickets_of(tx, region_id, given)
    if len(tickets) != 1:
        return None
    ticket = tickets[0]
    return TicketSeal(region_id, ticket.owner, ticket.line_no, ticket.ticket_no)
