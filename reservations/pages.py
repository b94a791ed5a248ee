"""What a resident sees and does: what is on, booking it, their tickets, and giving them up again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import replace

from credits.statement import read_statement
from reservations.agenda import (
    by_day,
    contact_of,
    read_event,
    read_towns,
    search,
    sessions_of_event,
    show,
    this_week,
)
from reservations.ask import Booked, Cancel, Closed
from reservations.basket import Form, Order, look, read_counts, read_form
from reservations.errors import BookingUnknown, OtherRegion, SessionUnknown
from reservations.house import BookingHouse
from reservations.member import Member, read_member, regions_of_person
from reservations.search import (
    FIELDS,
    LABELS,
    Found,
    Search,
    after_this_week,
    beside,
    read_cursor,
    read_search,
)
from reservations.ticket import (
    TICKETS_SHOWN,
    Outing,
    as_pass,
    coming_outings,
    described,
    outings_of,
    past_outings,
    read_tickets,
)
from uit.ground.clock import day_in_flanders
from uit.ground.errors import NotFound, Refusal, Refused
from uit.ground.form import read_id
from uit.ground.region import Region
from uit.ground.web.view import page, see_other
from uit.identity.entry import (
    ANYBODY,
    RESIDENT,
    AnyRequest,
    ResidentRequest,
    open_page,
    recognise,
    region_here,
)
from uit.identity.visitor import Resident, Staff

MOST_TICKETS: Final = 10_000


class Visit(Struct, frozen=True):
    """Who looks at which region. `member` is None for strangers, and for residents without a pass of it."""

    region: Region
    person_id: UUID | None
    member: Member | None
    is_staff: bool = False

    def page(self, template: str, status: int = 200, **facts: object) -> Template:
        who = {"signed_in": self.person_id is not None, "is_staff": self.is_staff}
        return page(f"reservations/{template}.html", status, region=self.region, **who, **facts)

    def address(self, *parts: object) -> str:
        return "/".join(["", self.region.slug, *map(str, parts)])

    def agenda(self, wanted: Search | None) -> str | None:
        return with_fields(self.address("agenda"), wanted.typed) if wanted else None


async def greet(request: AnyRequest, house: BookingHouse) -> Visit:
    region, visitor = await region_here(request), await recognise(request)
    if not isinstance(visitor, Resident):
        return Visit(region, None, None, is_staff=isinstance(visitor, Staff))
    async with house.database.reading() as connection:
        return Visit(region, visitor.person_id, await read_member(connection, region.id, visitor.person_id))


# What is on


@get("/", opt=ANYBODY)
async def home(request: AnyRequest, house: NamedDependency[BookingHouse]) -> Template | Redirect:
    """Choose a region; a resident of one goes straight to it."""
    visitor = await recognise(request)
    async with house.database.reading() as connection:
        own = await regions_of_person(connection, visitor.person_id) if isinstance(visitor, Resident) else []
        towns = {each.region_id: each.names for each in await read_towns(connection)}
    regions = await house.regions.every()
    theirs = [region for region in regions if region.id in own]
    if len(theirs) == 1:
        return see_other(f"/{theirs[0].slug}")
    return await open_page(request, "reservations/home.html", regions=theirs or regions, towns=towns)


@get("/{region:str}", opt=ANYBODY)
async def start(request: AnyRequest, house: NamedDependency[BookingHouse]) -> Template:
    """For a resident: their credit, their next outing and what is near. For anybody else: what is on."""
    here, now = await greet(request, house), house.clock.now()
    town = here.member.town if here.member else None
    async with house.database.reading() as connection:
        cards = await this_week(connection, here.region.id, here.member, now, town or "")
        near = town if town and cards else None
        if not cards:
            cards = await this_week(connection, here.region.id, here.member, now)
        further = here.agenda(after_this_week(day_in_flanders(now)))
        if here.member is None or here.person_id is None:
            return here.page("welcome", cards=cards, further=further)
        credit = await read_statement(connection, here.person_id, here.region.id, None, now)
        coming = await coming_outings(connection, here.region.id, here.person_id, now, most=1)
    about: dict[str, Any] = {"member": here.member, "credit": credit, "coming": coming}
    return here.page("start", cards=cards, near=near, further=further, **about)


@get("/{region:str}/agenda", opt=ANYBODY)
async def agenda(request: AnyRequest, house: NamedDependency[BookingHouse]) -> Template:
    """Find by day, place and kind. Wrong days come back as they were typed, with what is wrong."""
    here, now = await greet(request, house), house.clock.now()
    typed = {name: request.query_params.get(name, "") for name in FIELDS}
    wanted = read_search(typed, day_in_flanders(now))
    if not isinstance(wanted, Search):
        return here.page("agenda", 422, labels=LABELS, typed=typed, errors=wanted)
    async with house.database.reading() as connection:
        found, more = await search(connection, here.region.id, wanted, now)
        cards = await show(connection, here.region.id, found, here.member, now)
    earlier, later = beside(wanted, day_in_flanders(now))
    ways: dict[str, Any] = {
        "earlier": here.agenda(earlier),
        "later": here.agenda(later),
        "any_day": here.agenda(replace(wanted, from_day=day_in_flanders(now), to_day=None)),
        "next": next_page(here.address("agenda"), wanted.typed, more),
    }
    form: dict[str, Any] = {"labels": LABELS, "typed": wanted.typed, "errors": {}}
    return here.page("agenda", wanted=wanted, days=by_day(cards), **form, **ways)


@get("/{region:str}/evenementen/{event_id:uuid}", opt=ANYBODY)
async def event(
    request: AnyRequest,
    house: NamedDependency[BookingHouse],
    event_id: FromPath[UUID],
    sessie: FromQuery[str] = "",
    na: FromQuery[str] = "",
) -> Template:
    """What it is, whom to ask, what it costs, and when one can go: first the date that `sessie` chose."""
    here, now = await greet(request, house), house.clock.now()
    async with house.database.reading() as connection:
        found = await read_event(connection, here.region.id, event_id)
        if found is None:
            raise Refused(NotFound())
        sessions, more = await sessions_of_event(connection, here.region.id, event_id, now, read_cursor(na))
        cards = await show(connection, here.region.id, sessions, here.member, now)
        named = read_id(sessie)
        wanted = await show(connection, here.region.id, [named], here.member, now) if named else []
    chosen = next((card for card in wanted if card.is_to_come(event_id, now)), None)
    kept = {"sessie": str(chosen.session.id)} if chosen else {}
    further = next_page(here.address("evenementen", event_id), kept, more)
    dates: dict[str, Any] = {"chosen": chosen, "cards": cards, "next": further}
    return here.page("event", event=found, contact=contact_of(found), now=now, **dates)


def next_page(address: str, typed: Mapping[str, str], more: Found | None) -> str | None:
    return with_fields(address, {**typed, "na": more.as_text()}) if more else None


def with_fields(address: str, typed: Mapping[str, str]) -> str:
    kept = {name: text for name, text in typed.items() if text}
    return f"{address}?{urlencode(kept)}"


# Booking


async def open_order(
    request: AnyRequest, house: BookingHouse, session_id: UUID, booking_id: UUID
) -> tuple[Visit, Order]:
    here, now = await greet(request, house), house.clock.now()
    if here.member is None:
        raise Refused(OtherRegion(session_id))
    async with house.database.reading() as connection:
        cards = await show(connection, here.region.id, [session_id], here.member, now)
        if not cards:
            raise Refused(SessionUnknown(session_id))
        sight = await look(connection, here.member, session_id)
    return here, Order(here.member, booking_id, cards[0], sight)


def order_page(
    here: Visit, order: Order, form: Form, now: datetime, refusal: Refusal | None = None
) -> Template:
    """The form with what was filled in, the sum of it, and above them why it did not or will not go through.

    `refusal`: why a booking was refused. That a sum says beforehand that it will be, is no refusal yet.
    """
    total = order.total(form, now)
    status = refusal.status if refusal else 422 if form.errors else 200
    return here.page(
        "booking",
        status,
        order=order,
        form=form,
        total=total,
        now=now,
        errors=form.errors,
        refusal=refusal or (total.refusal if total else None),
        action=order_address(here, order),
    )


def order_address(here: Visit, order: Order) -> str:
    return here.address("sessies", order.card.session.id, "boeken", order.booking_id)


def sum_page(here: Visit, order: Order, form: Form) -> Redirect:
    """To the sum of what was filled in: a page of its own, to which a browser can go back.

    Its address says how many places, and whether the button that books asked for them; nothing else.
    """
    fields = form.counts | ({"stap": "boek"} if form.books else {})
    return see_other(f"{order_address(here, order)}?{urlencode(fields)}")


def unseen(here: Visit, order: Order, form: Form, now: datetime) -> Template | Redirect:
    """For who books a sum that they did not see: the sum, or why it cannot be booked at all."""
    total = order.total(form, now)
    refusal = total.refusal if total else None
    if form.errors or refusal:
        return order_page(here, order, form, now, refusal)
    return sum_page(here, order, form)


@get("/{region:str}/sessies/{session_id:uuid}/boeken", opt=RESIDENT)
async def begin(
    request: AnyRequest, house: NamedDependency[BookingHouse], session_id: FromPath[UUID]
) -> Redirect:
    """A booking gets its id here, so that however often its form is sent, it is made once."""
    region = await region_here(request)
    return see_other(f"/{region.slug}/sessies/{session_id}/boeken/{house.ids.new()}")


@get("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt=RESIDENT)
async def fill_in(
    request: AnyRequest,
    house: NamedDependency[BookingHouse],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template | Redirect:
    """The sum of the places in the address, at first one. Who comes back after booking, sees the booking."""
    here, order = await open_order(request, house, session_id, booking_id)
    if await own_outings(house, here, booking_id):
        return see_other(here.address("boekingen", booking_id))
    form = read_counts(dict(request.query_params), order.sight.choices)
    return order_page(here, order, form, house.clock.now())


@post("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt=RESIDENT)
async def book(
    request: AnyRequest,
    house: NamedDependency[BookingHouse],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Add up, or book what was added up: nobody pays a sum that they did not see."""
    here, order = await open_order(request, house, session_id, booking_id)
    form, now = read_form(data, order.sight.choices), house.clock.now()
    if not form.books:
        return sum_page(here, order, form)
    if form.seen_cents is None:
        return unseen(here, order, form, now)
    answer = await house.turnstile.ask(order.as_take(form.places, form.seen_cents))
    if isinstance(answer, Booked):
        return see_other(here.address("boekingen", booking_id))
    assert isinstance(answer, Refusal)
    here, order = await open_order(request, house, session_id, booking_id)
    return order_page(here, order, form, house.clock.now(), answer)


# What was booked


async def own_outings(house: BookingHouse, here: Visit, booking_id: UUID) -> list[Outing]:
    """The outings of a booking of the visitor in this region; none when it is not theirs or not here."""
    if here.person_id is None:
        return []
    async with house.database.reading() as connection:
        return await outings_of(connection, here.region.id, here.person_id, booking_id)


async def own_booking(
    request: AnyRequest, house: BookingHouse, booking_id: UUID
) -> tuple[Visit, dict[str, Any]]:
    here, now = await greet(request, house), house.clock.now()
    outings = await own_outings(house, here, booking_id)
    if not outings:
        raise Refused(BookingUnknown(booking_id))
    return here, described(booking_id, outings, now)


@get("/{region:str}/boekingen/{booking_id:uuid}", opt=RESIDENT)
async def tickets(
    request: AnyRequest,
    house: NamedDependency[BookingHouse],
    booking_id: FromPath[UUID],
    vanaf: FromQuery[int] = 0,
) -> Template:
    """The tickets with their QR. The page holds all it needs: saved or printed, it works offline."""
    here, facts = await own_booking(request, house, booking_id)
    first = max(0, min(vanaf, MOST_TICKETS))
    async with house.database.reading() as connection:
        found = await read_tickets(connection, here.region.id, booking_id, TICKETS_SHOWN, first)
    key = house.secrets.signing
    passes = [as_pass(key, here.region.id, booking_id, ticket) for ticket in found]
    in_all = sum(outing.places for outing in facts["outings"])
    return here.page("ticket", passes=passes, first=first, shown=TICKETS_SHOWN, in_all=in_all, **facts)


@get("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def ask_once(
    request: AnyRequest, house: NamedDependency[BookingHouse], booking_id: FromPath[UUID]
) -> Template:
    """Before giving up: what goes, and what comes back."""
    here, facts = await own_booking(request, house, booking_id)
    return here.page("cancel", refusal=None, **facts)


@post("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def give_up(
    request: AnyRequest, house: NamedDependency[BookingHouse], booking_id: FromPath[UUID]
) -> Template | Redirect:
    here, _ = await own_booking(request, house, booking_id)
    assert here.member is not None
    answer = await house.turnstile.ask(Cancel(booking_id, holder_id=here.member.id))
    if isinstance(answer, Closed):
        return see_other(here.address("boekingen", booking_id))
    assert isinstance(answer, Refusal)
    _, facts = await own_booking(request, house, booking_id)
    return here.page("cancel", answer.status, refusal=answer, **facts)


@get("/{region:str}/mijn-boekingen", opt=RESIDENT)
async def bookings(
    request: ResidentRequest, house: NamedDependency[BookingHouse], na: FromQuery[str] = ""
) -> Template:
    """What is coming, and under it what was given up and what was: the latest first, a page at a time."""
    here, now = await greet(request, house), house.clock.now()
    region_id, person_id = here.region.id, request.user.person_id
    before = read_cursor(na)
    async with house.database.reading() as connection:
        coming = [] if before else await coming_outings(connection, region_id, person_id, now)
        past, more = await past_outings(connection, region_id, person_id, now, before)
    further = next_page(here.address("mijn-boekingen"), {}, more)
    lists = {
        "coming": coming,
        "given_up": [outing for outing in past if outing.is_given_up(now)],
        "past": [outing for outing in past if not outing.is_given_up(now)],
    }
    return here.page("bookings", lists=lists, next=further, continued=before is not None)


PAGES: Final = (home, start, agenda, event, begin, fill_in, book, tickets, ask_once, give_up, bookings)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
