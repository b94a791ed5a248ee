"""What is scanned or typed at a desk, a door or a program of an organiser: found, and used.

A ticket lets in its people; the code of a booking and a pass let in all that are left, or a part of them.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.acting import helped_members, stored_as
from reservations.booking.services import BookingServices
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.checkin.errors import AlreadyIn, BirthYearMissing, TicketUnknown
from reservations.checkin.find_pass import count_number, find_by_number, find_pass
from reservations.checkin.find_ticket import find_party, find_ticket
from reservations.checkin.party import (
    PartyOfBooking,
    PartyOfPass,
    PartyScan,
    bookings_of,
    check_in_party,
    person_of_holder,
    session_of_line,
)
from reservations.errors import NotYourSession
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.core.seal import PartySeal, open_pass
from uit.database.statements import Executor
from uit.passes.card.number import NumberAndYear, is_valid, read_number_and_year, without_separators


class Shown(Struct, frozen=True):
    """What somebody shows, to whom, under which id, and how many of them come in now if not all.

    `looked`: see `Asked`.
    """

    text: str
    scope: Scope
    by: CheckinActor
    checkin_id: UUID
    places: int | None = None
    looked: bool = True


class Scanned(Struct, frozen=True):
    """What a scan was answered; of who is in, now or since before, by which bookings."""

    answer: CheckedIn | Refusal
    booking_ids: Sequence[UUID] = ()


async def scan(services: BookingServices, shown: Shown) -> Scanned:
    """Let in who shows a ticket or, at a session, a pass: its token, or its number and a birth year."""
    if shown.scope.session_id is None:
        return await scan_ticket(services, shown)
    if read_number_and_year(shown.text) or open_pass(services.secrets.signing, shown.text.strip()):
        return await scan_pass(services, shown)
    done = await scan_ticket(services, shown)
    is_number = isinstance(done.answer, TicketUnknown) and is_valid(without_separators(shown.text))
    return Scanned(BirthYearMissing()) if is_number else done


async def scan_pass(services: BookingServices, shown: Shown) -> Scanned:
    """Let in whom a pass brings to the session of the scope. How often a number is tried is limited."""
    number = read_number_and_year(shown.text)
    too_often = number and await count_number(services.limiter, number, shown.scope, shown.by)
    if too_often:
        return Scanned(too_often)
    async with services.database.transaction() as tx:
        party = await party_of_pass(tx, services, shown, number)
        if isinstance(party, Refusal):
            return Scanned(party)
        assert shown.scope.session_id is not None
        return await scan_party(tx, services, shown, party, shown.scope.session_id)


async def party_of_pass(
    tx: Executor, services: BookingServices, shown: Shown, number: NumberAndYear | None
) -> PartyOfPass | Refusal:
    day = day_in_flanders(services.clock.now())
    found = (
        await find_by_number(tx, number, shown.scope, day)
        if number
        else await find_pass(tx, services.secrets.signing, shown.text.strip(), shown.scope, day)
    )
    if isinstance(found, Refusal):
        return found
    return await with_whom_they_booked_for(tx, shown.scope.region_id, found, day)


async def with_whom_they_booked_for(
    tx: Executor, region_id: int, party: PartyOfPass, day: date
) -> PartyOfPass:
    """A pass also opens what its holder booked for others, as long as they may book for them."""
    person_id = await person_of_holder(tx, region_id, party.holder_id)
    helped = await helped_members(tx, region_id, person_id, day)
    may = tuple(each.membership_id for each in helped if each.powers.book)
    return replace(party, maker=stored_as(person_id), helped_ids=may) if may else party


async def scan_ticket(services: BookingServices, shown: Shown) -> Scanned:
    """Let in whom a ticket brings, or the code of a booking for all its tickets."""
    asked = shown.text, shown.scope, shown.checkin_id, services.secrets.signing
    async with services.database.transaction() as tx:
        whole = await find_party(tx, *asked)
        if whole:
            return await scan_booking(tx, services, shown, whole)
        seal = await find_ticket(tx, *asked)
        if isinstance(seal, Refusal):
            return Scanned(seal)
        ticket = Scan(seal, shown.scope, shown.by, shown.checkin_id, shown.places, shown.looked)
        return scanned(await check_in(tx, ticket, services.clock, services.ids), [seal.booking_id])


async def scan_booking(tx: Executor, services: BookingServices, shown: Shown, whole: PartySeal) -> Scanned:
    session_id: UUID | None = await session_of_line(tx, whole.region_id, whole.booking_id, whole.line_no)
    if session_id is None:
        return Scanned(TicketUnknown())
    if whole.region_id != shown.scope.region_id:
        return Scanned(NotYourSession(session_id))
    return await scan_party(tx, services, shown, PartyOfBooking(whole.booking_id), session_id)


async def scan_party(
    tx: Executor,
    services: BookingServices,
    shown: Shown,
    party: PartyOfPass | PartyOfBooking,
    session_id: UUID,
) -> Scanned:
    asked = PartyScan(party, session_id, shown.scope, shown.by, shown.checkin_id, shown.places, shown.looked)
    answer = await check_in_party(tx, asked, services.clock, services.ids)
    known = await bookings_of(tx, asked) if isinstance(answer, AlreadyIn) else ()
    return scanned(answer, known)


def scanned(answer: CheckedIn | Refusal, known: Sequence[UUID]) -> Scanned:
    """`known`: the bookings behind what was shown, of which a refusal says nothing."""
    if isinstance(answer, CheckedIn):
        return Scanned(answer, list(dict.fromkeys(each.booking_id for each in answer.tickets)))
    return Scanned(answer, known if isinstance(answer, AlreadyIn) else ())
