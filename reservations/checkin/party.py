"""Several come in at once: by a pass, or by the code of a booking for all its tickets.

A pass opens what its holder has for this session, all that is left or so many people as are at the door.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.checkin.checkin import (
    CheckedIn,
    CheckinActor,
    Scope,
    checked_in,
    refuse_elsewhere,
    use,
)
from reservations.checkin.decide import (
    Asked,
    CheckinTicket,
    DateAtDoor,
    LockedTicket,
    decide,
    people_of,
)
from reservations.checkin.errors import ComingDate, NothingHere, NumberOpensNothing, TicketNotValid
from reservations.errors import SessionUnknown
from uit.core.clock import Clock
from uit.core.errors import Refusal
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.passes.membership.membership import read_membership
from uit.services.audit import Act, record
from uit.services.look import Look, ServiceKind, write_looks

SQL = Statements(__name__)

MOST_NAMED: Final = 5
"""So many other dates a refusal names at most."""


class PartyOfPass(Struct, frozen=True):
    """What the holder of a pass has. `by_number`: it was typed with a birth year, which proves nothing.

    `maker` is how a booking knows them that they made for others, of whom these are the `helped_ids`.
    """

    holder_id: UUID
    by_number: bool = False
    maker: str | None = None
    helped_ids: tuple[UUID, ...] = ()


class PartyOfBooking(Struct, frozen=True):
    """All that a booking brings to a session."""

    booking_id: UUID


class PartyScan(Struct, frozen=True):
    """Who is shown at a session, and how many of them come in now: all that are left, without `places`.

    `checkin_id` is chosen by who asks: a repeat gets the same answer. `looked`: see `Asked`.
    """

    party: PartyOfPass | PartyOfBooking
    session_id: UUID
    scope: Scope
    by: CheckinActor
    checkin_id: UUID
    places: int | None = None
    looked: bool = True

    @property
    def asked(self) -> Asked:
        return Asked(self.checkin_id, self.places, self.looked)

    @property
    def holder_id(self) -> UUID | None:
        return self.party.holder_id if isinstance(self.party, PartyOfPass) else None

    @property
    def opened(self) -> tuple[UUID | None, str | None, list[UUID]]:
        """By which pass and for whom tickets are opened; without one, all of a booking."""
        if isinstance(self.party, PartyOfBooking):
            return None, None, []
        return self.party.holder_id, self.party.maker, list(self.party.helped_ids)


person_of_holder = SQL.value("person_of_holder", UUID)
session_of_line = SQL.value("session_of_line", UUID)
bookings_of_holder = SQL.value("bookings_of_holder", list[UUID])
lock_bookings = SQL.command("lock_bookings")
read_date = SQL.maybe("read_date", DateAtDoor)
read_tickets = SQL.many("read_tickets", LockedTicket)
coming_of_holder = SQL.many("coming_of_holder", ComingDate)


async def check_in_party(tx: Executor, scan: PartyScan, clock: Clock, ids: Ids) -> CheckedIn | Refusal:
    """Use the tickets of a party, under the locks of their bookings, as the turnstile does to cancel them.

    Refused: SessionUnknown, NotYourSession, OtherSession, SessionCancelled, SessionPostponed, NothingHere,
    NumberOpensNothing, CheckinIdTaken, AlreadyIn, NotPaidYet, TicketNotValid, CheckinTakenBack,
    TooEarlyToCheckIn, FewerLeft, TicketNotSplit, LookFirst.
    """
    region_id, booking_ids = scan.scope.region_id, await bookings_of(tx, scan)
    await lock_bookings(tx, region_id, booking_ids)
    date = await read_date(tx, region_id, scan.session_id, scan.checkin_id, booking_ids)
    if date is None:
        return SessionUnknown(scan.session_id)
    elsewhere = refuse_elsewhere(date, scan.scope)
    if elsewhere:
        return elsewhere
    key = booking_ids, scan.session_id, scan.checkin_id
    tickets, now = await read_tickets(tx, region_id, *key, *scan.opened), clock.now()
    chosen = (
        decide(date, tickets, scan.asked, now) if tickets else await nothing_here(tx, scan, date, ids, now)
    )
    if isinstance(chosen, Refusal):
        return chosen
    if chosen[0].attended_at is None:
        await use(tx, region_id, chosen, now, scan.checkin_id)
        await record(tx, act(scan, chosen), ids.new(), now)
    answer = checked_in(date, chosen, party_of(tickets), scan.asked, now)
    return replace(answer, by_pass=isinstance(scan.party, PartyOfPass))


async def bookings_of(tx: Executor, scan: PartyScan) -> list[UUID]:
    if isinstance(scan.party, PartyOfBooking):
        return [scan.party.booking_id]
    return await bookings_of_holder(tx, scan.scope.region_id, scan.session_id, *scan.opened)


async def nothing_here(tx: Executor, scan: PartyScan, date: DateAtDoor, ids: Ids, now: datetime) -> Refusal:
    """With a pass that was shown: what its holder has with this organiser, and when. That is a look at it."""
    if isinstance(scan.party, PartyOfBooking):
        return TicketNotValid()
    if scan.party.by_number:
        return NumberOpensNothing()
    asked = scan.scope.region_id, date.organiser_id, date.session_id, now, MOST_NAMED
    coming = await coming_of_holder(tx, *asked, *scan.opened)
    await record(tx, act(scan, ()), ids.new(), now)
    await note_look(tx, scan, scan.party.holder_id, date, ids.new(), now)
    return NothingHere(date.session_id, date.event, date.starts_at, date.ends_at, tuple(coming))


async def note_look(  # noqa: PLR0913, PLR0917  who looked at whom, where and when
    tx: Executor, scan: PartyScan, holder_id: UUID, date: DateAtDoor, look_id: UUID, now: datetime
) -> None:
    """That a program, or the organiser of a date, saw what a holder has with that organiser."""
    region_id, by_client = scan.scope.region_id, scan.by.kind == "client"
    holder = await read_membership(tx, region_id, holder_id)
    if holder is not None:
        service: ServiceKind = "client" if by_client else "organiser"
        key = scan.by.id if by_client else str(date.organiser_id)
        seen = Look(look_id, holder.person_id, now, service, key, "ticket")
        await write_looks(tx, region_id, [seen])


def party_of(tickets: Sequence[LockedTicket]) -> tuple[int, int]:
    """How many people they bring, and how many of those were in before."""
    inside = people_of([each for each in tickets if each.status == "attended"])
    return inside + people_of([each for each in tickets if each.status == "confirmed"]), inside


def act(scan: PartyScan, chosen: Sequence[CheckinTicket]) -> Act:
    """One act, however many come in; with none it is a look at what a pass opens."""
    facts: dict[str, str | int | bool | None] = {"session_id": str(scan.session_id)}
    if chosen:
        facts |= {"checkin_id": str(scan.checkin_id), "people": people_of(chosen)}
    if isinstance(scan.party, PartyOfBooking):
        named = "ticket.check_in", "booking", str(scan.party.booking_id)
    else:
        verb = "pass.check_in" if chosen else "pass.look"
        named = verb, "membership", str(scan.party.holder_id)
    return Act(scan.scope.region_id, scan.by.kind, scan.by.id, *named, facts)
