"""The events and bookings of the example: events by the import, bookings by the turnstile."""

from asyncio import gather
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from math import ceil
from typing import Final
from uuid import UUID

from organisers.example import example_events
from organisers.example.dender import STARTING_SOON
from organisers.example.sketch import write_event_at
from organisers.uitdatabank.record import Record
from reservations.booking.actor import ByHolder, MembershipProof
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, RequestedLine, bound_to
from reservations.booking.facts import Booking
from reservations.booking.services import BookingServices
from reservations.catalogue import listing as catalogue
from reservations.catalogue.listing import SessionDocument
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.importing.importer import open_importer
from uit.core.clock import SetClock, day_in_flanders
from uit.core.seal import TicketSeal
from uit.example.enrol import membership_id
from uit.example.handout import BOOKABLE_FOR
from uit.example.people import ORGANISER, RESIDENTS, THIBO, YASMINE, Inhabitant
from uit.example.town import DENDER, TOWNS, stable_id

# The last date of PAST_EVENT is five weeks after its import, so all its dates are over by now.
SEASON_AGE: Final = timedelta(weeks=6)
PAST_EVENT: Final = "Soep en film"
VISITORS: Final = 5
CHECK_IN_BEFORE_START: Final = timedelta(minutes=20)
STARTS_IN: Final = timedelta(hours=1)
HALF_AN_HOUR: Final = 30 * 60

# The events with bookings. The sessions at 1 euro and with three places have none.
UPCOMING: Final = ("Het gewicht van water", "Blaasmuziek op de kaai", "Strijkkwartet bij kaarslicht")
FOR_YASMINE: Final = "De grote dorpsquiz"


async def import_example_events(services: BookingServices, only: Collection[str] = ()) -> None:
    """Import the events of both regions with the dates of today; `only`: those with these names."""
    importer = await open_importer(services.database, services.clock, services.ids)
    today = day_in_flanders(services.clock.now())
    for town in TOWNS:
        for number, event in enumerate(example_events(town.slug, today), 1):
            if not only or event["name"] in [{"nl": name} for name in only]:
                await importer.add(Record(f"{town.slug}, item {number}", event, 1.0))
    report = await importer.finish()
    assert not report.refused, report.refused


async def replay_past_sessions(
    services: BookingServices, clock: SetClock, organisers: dict[str, UUID]
) -> None:
    """Book past sessions, and check in all but one ticket of each; the clock goes to the last of them."""
    visitors = cycle(others())
    for session in await upcoming(services, organisers, PAST_EVENT):
        visitors_of_session = [*islice(visitors, VISITORS)]
        booked = await gather(*(book(services, guest, session) for guest in [YASMINE, *visitors_of_session]))
        clock.set(session.starts_at - CHECK_IN_BEFORE_START)
        for booking in booked[:-1]:
            await check_in_booking(services, booking, session)


async def book_upcoming_sessions(services: BookingServices, organisers: dict[str, UUID]) -> None:
    """Book places at coming sessions."""
    residents = iter(others())
    for name in UPCOMING:
        session = (await upcoming(services, organisers, name))[0]
        await gather(*(book(services, resident, session) for resident in islice(residents, VISITORS)))
    session_for_yasmine = (await upcoming(services, organisers, FOR_YASMINE))[0]
    await book(services, YASMINE, session_for_yasmine, "kansentarief")


async def add_session_starting_soon(services: BookingServices, organisers: dict[str, UUID]) -> None:
    """Import a session that starts in about an hour, unless there is one that can still be booked."""
    now = services.clock.now()
    if any(
        each.starts_at >= now + BOOKABLE_FOR
        for each in await upcoming(services, organisers, STARTING_SOON.name)
    ):
        return
    event = write_event_at(STARTING_SOON, DENDER.slug, next_half_hour(now + STARTS_IN))
    importer = await open_importer(services.database, services.clock, services.ids)
    await importer.add(Record(f"{DENDER.slug}, on stage", event, 1.0))
    report = await importer.finish()
    assert not report.refused, report.refused


def next_half_hour(at: datetime) -> datetime:
    """A time rounded up to the half or whole hour."""
    return datetime.fromtimestamp(ceil(at.timestamp() / HALF_AN_HOUR) * HALF_AN_HOUR, UTC)


def others() -> list[Inhabitant]:
    """Who goes out a lot: not those by whose sign-in one tries the example."""
    return [each for each in RESIDENTS[DENDER.slug] if each not in {YASMINE, THIBO}]


async def upcoming(
    services: BookingServices, organisers: dict[str, UUID], name: str
) -> Sequence[SessionDocument]:
    """The coming sessions of an event in the Dender, soonest first."""
    now = services.clock.now()
    wanted = catalogue.ListingQuery(DENDER.region_id, tuple(organisers.values()), now, now, words=name)
    async with services.database.reading() as connection:
        found = (await catalogue.sessions(connection, wanted)).sessions
    return [each for each in found if each.starts_at > now]


async def book(
    services: BookingServices, who: Inhabitant, session: SessionDocument, tariff: str = "base"
) -> Booking:
    booking_id = stable_id("booking", who.email, session.session_id.hex)
    member = membership_id(DENDER, who)
    command = Book(
        region_id=DENDER.region_id,
        booking_id=booking_id,
        digest=bound_to("example", booking_id),
        by=ByHolder(member),
        lines=(RequestedLine(session.session_id, tariff, 1, MembershipProof(member)),),
        channel="page",
    )
    answer = await services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    return answer.booking


async def check_in_booking(services: BookingServices, booking: Booking, session: SessionDocument) -> None:
    scan = Scan(
        TicketSeal(booking.region_id, booking.id, line_no=1, ticket_no=1),
        Scope(booking.region_id, frozenset({session.organiser_id})),
        CheckinActor("staff", str(ORGANISER.staff_id)),
        stable_id("checkin", booking.id.hex),
    )
    async with services.database.transaction() as tx:
        answer = await check_in(tx, scan, services.clock, services.ids)
    assert isinstance(answer, CheckedIn), answer
