"""The public pages of the agenda, and the start page of a resident with their credit."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from credits.wallet.statement import read_credit
from reservations.booking.member import regions_of_person
from reservations.booking.services import BookingServices
from reservations.booking.tickets import coming_outings
from reservations.booking.to_pay import read_awaited
from reservations.booking.visit import Visit, next_page, open_visit, with_fields
from reservations.catalogue.agenda import (
    Availability,
    SessionCard,
    by_day,
    contact_of,
    read_event,
    read_towns,
)
from reservations.catalogue.cursor import Closeness, SearchCursor
from reservations.catalogue.days import DayQuery, read_day_cards, search, starting_and_running, this_week
from reservations.catalogue.event import ViewedEvent, read_choice, read_dates, read_prices
from reservations.catalogue.search import (
    FIELDS,
    Search,
    after_this_week,
    labels,
    read_search,
)
from reservations.order.form import first_form
from reservations.order.offer import read_offer
from reservations.order.order import Order, Total
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import AnyRequest, open_page, recognise
from uit.identity.visitor import Resident
from uit.web.public import public_page
from uit.web.public_reading import public_reading
from uit.web.view import see_other


@public_page("/")
async def home(request: AnyRequest, services: NamedDependency[BookingServices]) -> Template | Redirect:
    """The choice of a region; a resident of one region is redirected to it."""
    visitor = await recognise(request)
    async with public_reading(request) as connection:
        own = await regions_of_person(connection, visitor.person_id) if isinstance(visitor, Resident) else []
        towns = {each.region_id: each.names for each in await read_towns(connection)}
    regions = await services.regions.every()
    own_regions = [region for region in regions if region.id in own]
    if len(own_regions) == 1:
        return see_other(f"/{own_regions[0].slug}")
    return await open_page(
        request, "reservations/catalogue/home.html", regions=own_regions or regions, towns=towns
    )


@public_page("/{region:str}")
async def start(request: AnyRequest, services: NamedDependency[BookingServices]) -> Template:
    """The start page of a region: for a resident their credit, next outing and sessions nearby."""
    now = services.clock.now()
    async with open_visit(request, services, public_reading(request)) as (here, connection):
        refnis = here.member.refnis if here.member else None
        cards = await this_week(connection, here.region.id, here.member, now, refnis or "")
        near = here.member.town if here.member and refnis and cards else None
        if not cards:
            cards = await this_week(connection, here.region.id, here.member, now)
        further = agenda_address(here, after_this_week(day_in_flanders(now)))
        if here.member is None or here.person_id is None:
            return here.page("catalogue/welcome", cards=cards, further=further)
        credit = await read_credit(connection, here.person_id, [here.region.id], now)
        coming = await coming_outings(connection, here.region.id, here.person_id, now, most=1)
        awaited = await read_awaited(connection, here.region.id, coming, now)
    about: dict[str, Any] = {"member": here.member, "credit": credit, "coming": coming, "awaited": awaited}
    return here.page("catalogue/start", cards=cards, near=near, further=further, **about)


@public_page("/{region:str}/agenda")
async def agenda(request: AnyRequest, services: NamedDependency[BookingServices]) -> Template:
    """The agenda, searched by day, place and kind. Wrong days are shown as typed, with the errors."""
    now = services.clock.now()
    typed = {name: request.query_params.get(name, "") for name in FIELDS}
    wanted = read_search(typed, day_in_flanders(now))
    async with open_visit(request, services, public_reading(request)) as (here, connection):
        if not isinstance(wanted, Search):
            return here.page("catalogue/agenda", 422, labels=labels(), typed=typed, errors=wanted)
        found = await search(connection, here.region.id, wanted, now)
        shown = [*found.days, *found.running]
        cards = await read_day_cards(connection, DayQuery(here.region.id, wanted, now), shown, here.member)
    starting, running = starting_and_running(cards, wanted.from_day)
    links: dict[str, Any] = {
        "any_day": agenda_address(
            here, replace(wanted, from_day=day_in_flanders(now), to_day=None, after=None)
        ),
        "all_running": agenda_address(here, replace(wanted, is_running=True)) if found.more_running else None,
        "next": agenda_address(here, wanted, found.next) if found.next else None,
        "first": agenda_address(here, wanted),
    }
    facts: dict[str, Any] = {"wanted": wanted, "days": by_day(starting), "running": running}
    facts["is_misspelled"] = found.closeness is Closeness.NEAR
    form: dict[str, Any] = {"labels": labels(), "typed": wanted.typed, "errors": {}}
    return here.page("catalogue/agenda", today=day_in_flanders(now), **facts, **form, **links)


@public_page("/{region:str}/evenementen/{event_id:uuid}")
async def event(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    event_id: FromPath[UUID],
) -> Template:
    """An event with its prices, contact and dates; the date that `sessie` names, or one of `dag`, leads."""
    now, choice = services.clock.now(), read_choice(request.query_params)
    async with open_visit(request, services, public_reading(request)) as (here, connection):
        viewed = ViewedEvent(here.region.id, event_id, here.member, now)
        found = await read_event(connection, here.region.id, event_id, now)
        if found is None:
            raise RefusalError(NotFound())
        dates = await read_dates(connection, viewed, choice)
        cost = await cost_of_a_place(connection, here, dates.first, now) if dates.first else None
        prices = await read_prices(connection, viewed, dates.first) if dates.first else []
    links: dict[str, Any] = {
        "own": here.address("evenementen", event_id),
        "next": next_page(here.address("evenementen", event_id), {}, dates.more),
        "kept": choice.after.as_text() if choice.after else "",
    }
    facts: dict[str, Any] = {"dates": dates, "cost": cost, "prices": prices, "choice": choice}
    status = 422 if choice.is_misread else 200
    return here.page(
        "catalogue/event", status, event=found, contact=contact_of(found), now=now, **facts, **links
    )


async def cost_of_a_place(tx: Executor, here: Visit, card: SessionCard, now: datetime) -> Total | None:
    """What a place costs whoever looks, and how it can be paid; None where nothing can be booked."""
    if card.availability is not Availability.OPEN:
        return None
    offer = await read_offer(tx, here.region.id, here.member, card.session.id)
    order = Order(here.region.id, here.member, card.session.id, card, offer)
    return order.total(first_form(offer.choices), now)


def agenda_address(here: Visit, wanted: Search, after: SearchCursor | None = None) -> str:
    return with_fields(here.address("agenda"), {**wanted.typed, "na": after.as_text() if after else ""})


PAGES: Final = (home, start, agenda, event)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
