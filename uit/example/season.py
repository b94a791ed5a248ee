"""What is on, who went and who will go: events through the import, bookings through the turnstile."""

from asyncio import gather
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from math import ceil
from typing import Final
from uuid import UUID

from organisers.example import example_events
from organisers.example.dender import STAGE
from organisers.example.sketch import write_event_at
from organisers.uitdatabank.record import Record
from reservations.booking.commands import Book, Booked, ByMembership, RequestedPlaces, bound_to
from reservations.booking.facts import Booking
from reservations.booking.services import BookingServices
from reservations.catalogue import listing as catalogue
from reservations.catalogue.listing import SessionDocument
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.importing.importer import open_importer
from uit.core.clock import SetClock, day_in_flanders
from uit.core.seal import TicketSeal
from uit.example.enrol import membership_id
from uit.example.handout import TIME_TO_BOOK
from uit.example.people import ORGANISER, RESIDENTS, YASMINE, Inhabitant
from uit.example.town import DENDER, TOWNS, named

# The dates of what opened the season are over by now: the last comes five weeks after it was announced.
BEGAN_BEFORE: Final = timedelta(weeks=6)
OPENED_WITH: Final = "Soep en film"
VISITORS: Final = 5
DOORS_OPEN: Final = timedelta(minutes=20)
STAGE_IN: Final = timedelta(hours=1)
HALF_AN_HOUR: Final = 30 * 60

# Who goes where in the weeks to come. The evening of 1 euro and the table for three keep all their places.
UPCOMING: Final = ("Het gewicht van water", "Blaasmuziek op de kaai", "Strijkkwartet bij kaarslicht")
FOR_YASMINE: Final = "De grote dorpsquiz"


async def bring_in(services: BookingServices, only: Collection[str] = ()) -> None:
    """Import the events of both regions as they are announced today; with `only`, those with these names."""
    importer = await open_importer(services.database, services.clock, services.ids)
    today = day_in_flanders(services.clock.now())
    for town in TOWNS:
        for number, event in enumerate(example_events(town.slug, today), 1):
            if not only or event["name"] in [{"nl": name} for name in only]:
                await importer.add(Record(f"{town.slug}, item {number}", event, 1.0))
    report = await importer.finish()
    assert not report.refused, report.refused


async def relive(services: BookingServices, clock: SetClock, organisers: dict[str, UUID]) -> None:
    """The evenings that opened the season: some came, Yasmine at the first; the clock stands at the last."""
    visitors = cycle(RESIDENTS[DENDER.slug][1:])
    for evening in await upcoming(services, organisers, OPENED_WITH):
        guests = [*islice(visitors, VISITORS)]
        booked = await gather(*(book(services, guest, evening) for guest in [YASMINE, *guests]))
        clock.set(evening.starts_at - DOORS_OPEN)
        for booking in booked[:-1]:
            await let_in(services, booking, evening)


async def book_ahead(services: BookingServices, organisers: dict[str, UUID]) -> None:
    """What people look forward to."""
    guests = iter(RESIDENTS[DENDER.slug][1:])
    for name in UPCOMING:
        session = (await upcoming(services, organisers, name))[0]
        await gather(*(book(services, guest, session) for guest in islice(guests, VISITORS)))
    quiz = (await upcoming(services, organisers, FOR_YASMINE))[0]
    await book(services, YASMINE, quiz, "kansentarief")


async def set_the_stage(services: BookingServices, organisers: dict[str, UUID]) -> None:
    """See to it that something starts in an hour or so, whose tickets can be booked and checked in now."""
    now = services.clock.now()
    if any(each.starts_at >= now + TIME_TO_BOOK for each in await upcoming(services, organisers, STAGE.name)):
        return
    event = write_event_at(STAGE, DENDER.slug, half_past(now + STAGE_IN))
    importer = await open_importer(services.database, services.clock, services.ids)
    await importer.add(Record(f"{DENDER.slug}, on stage", event, 1.0))
    report = await importer.finish()
    assert not report.refused, report.refused


def half_past(at: datetime) -> datetime:
    """The next half or whole hour."""
    return datetime.fromtimestamp(ceil(at.timestamp() / HALF_AN_HOUR) * HALF_AN_HOUR, UTC)


async def upcoming(
    services: BookingServices, organisers: dict[str, UUID], name: str
) -> Sequence[SessionDocument]:
    """The sessions to come of an event in the Dender, soonest first."""
    wanted = catalogue.ListingQuery(
        DENDER.region_id, tuple(organisers.values()), services.clock.now(), words=name
    )
    async with services.database.reading() as connection:
        return (await catalogue.sessions(connection, wanted)).sessions


async def book(
    services: BookingServices, who: Inhabitant, session: SessionDocument, tariff: str = "base"
) -> Booking:
    booking_id = named("booking", who.email, session.session_id.hex)
    take = Book(
        region_id=DENDER.region_id,
        booking_id=booking_id,
        digest=bound_to("example", booking_id),
        holder=ByMembership(DENDER.region_id, membership_id(DENDER, who)),
        wanted=(RequestedPlaces(session.session_id, tariff, 1),),
        channel="page",
        booked_by=who.person_id,
    )
    answer = await services.turnstile.answer(take)
    assert isinstance(answer, Booked), answer
    return answer.booking


async def let_in(services: BookingServices, booking: Booking, session: SessionDocument) -> None:
    scan = Scan(
        TicketSeal(booking.region_id, booking.id, line_no=1, ticket_no=1),
        Scope(booking.region_id, frozenset({session.organiser_id})),
        CheckinActor("staff", str(ORGANISER.staff_id)),
        named("checkin", booking.id.hex),
    )
    async with services.database.transaction() as tx:
        answer = await check_in(tx, scan, services.clock, services.ids)
    assert isinstance(answer, CheckedIn), answer
