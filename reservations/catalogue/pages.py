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
from organisers.event_picture import read_words
from reservations.booking.member import regions_of_person
from reservations.booking.services import BookingServices
from reservations.booking.tickets import coming_outings
from reservations.booking.to_pay import read_awaited
from reservations.booking.visit import Visit, next_page, open_visit, read_others, viewer_here, with_fields
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
from reservations.measures.shown import read_shown
from reservations.order.course_card import read_course_cards
from reservations.order.form import first_form
from reservations.order.offer import read_offer
from reservations.order.order import Order, prices_for_others
from reservations.order.total import Total
from reservations.order.turn_card_order import TurnCardOrder, own_cards
from reservations.order.who_comes import all_who_may_come
from reservations.turn_card_sales.on_sale import read_offers, shown_as_card
from reservations.waiting.place import read_line
from reservations.waiting_room.rooms import WaitingRooms
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import AnyRequest, open_page, recognise
from uit.identity.visitor import Resident
from uit.web.public import SHOWS_PLACES, public_page
from uit.web.public_reading import public_reading
from uit.web.reading_language import READING, own_name
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


@public_page("/{region:str}", **SHOWS_PLACES)
async def start(request: AnyRequest, services: NamedDependency[BookingServices]) -> Template:
    """The start page of a region: for a resident their credit, next outing and sessions nearby."""
    now = services.clock.now()
    async with open_visit(request, services, public_reading(request)) as (here, connection):
        refnis = here.member.refnis if here.member else None
        cards = await this_week(
            connection, here.region.id, here.member, now, refnis or "", language=here.language
        )
        near = here.member.town if here.member and refnis and cards else None
        if not cards:
            cards = await this_week(connection, here.region.id, here.member, now, language=here.language)
        further = agenda_address(here, after_this_week(day_in_flanders(now)))
        if here.member is None or here.person_id is None:
            return here.page("catalogue/welcome", cards=cards, further=further)
        credit = await read_credit(connection, here.person_id, [here.region.id], now)
        viewer = await viewer_here(connection, here, now)
        coming = await coming_outings(connection, here.region.id, viewer, now, most=1, language=here.language)
        awaited = await read_awaited(connection, here.region.id, coming, viewer, now)
    about: dict[str, Any] = {"member": here.member, "credit": credit, "coming": coming, "awaited": awaited}
    return here.page("catalogue/start", cards=cards, near=near, further=further, **about)


@public_page("/{region:str}/agenda", **SHOWS_PLACES)
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
        query = DayQuery(here.region.id, wanted, now)
        cards = await read_day_cards(connection, query, shown, here.member, language=here.language)
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


@public_page("/{region:str}/evenementen/{event_id:uuid}", **SHOWS_PLACES)
async def event(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    event_id: FromPath[UUID],
) -> Template:
    """An event with its prices, contact and dates; the date that `sessie` names, or one of `dag`, leads."""
    now, choice = services.clock.now(), read_choice(request.query_params)
    async with open_visit(request, services, public_reading(request)) as (here, connection):
        viewed = ViewedEvent(here.region.id, event_id, here.member, now, here.language)
        found = await read_event(connection, here.region.id, event_id, now, here.language)
        if found is None:
            raise RefusalError(NotFound())
        dates = await read_dates(connection, viewed, choice)
        order = await order_of_a_place(connection, here, dates.first, now) if dates.first else None
        courses = await read_course_cards(
            connection, here.region.id, event_id, here.member, now, language=here.language
        )
        turn_cards = await read_offers(
            connection, here.region.id, event_id, here.member, now, language=here.language
        )
        prices = await read_prices(connection, viewed, dates.first) if dates.first else []
        picture = await read_words(connection, here.region.id, event_id, here.language)
        line = await read_line(connection, here.region.id, event_id) if is_full(dates.first) else None
        session_id = dates.first.session.id if dates.first else None
        measure = await read_shown(connection, here.region.id, session_id) if session_id else None
        as_card = await shown_as_card(connection, here.region.id, session_id, now, language=here.language)
    links: dict[str, Any] = {
        "own": here.address("evenementen", event_id),
        "next": next_page(here.address("evenementen", event_id), {}, dates.more),
        "kept": choice.after.as_text() if choice.after else "",
    }
    facts: dict[str, Any] = {"dates": dates, "prices": prices, "choice": choice, "picture": picture}
    facts["courses"], facts["turn_cards"], facts["as_card"] = courses, turn_cards, as_card
    others = [code for code in READING if code in found.languages and code != found.language]
    facts["languages"] = [(code, own_name(code)) for code in others]
    facts["measure"] = measure
    facts["room"] = waits_for_turn(request, here, dates.first)
    is_open = dates.first is not None and dates.first.availability is Availability.OPEN
    held = own_cards(order.offer.facts, order.own_ids, order.offer.session, now) if order else []
    facts["held_cards"] = held
    if order and held and not as_card:
        order = replace(order, turns=TurnCardOrder(held, held[0]))
    facts["cost"] = cost_of_own_place(order, now) if order and is_open else None
    facts["has_pass"] = here.member is not None
    facts["waiting"] = line.waiting if line else 0
    facts["for_others"] = prices_for_others(order) if order else []
    status = 422 if choice.is_misread else 200
    return here.page(
        "catalogue/event", status, event=found, contact=contact_of(found), now=now, **facts, **links
    )


def waits_for_turn(request: AnyRequest, here: Visit, card: SessionCard | None) -> str | None:
    """The waiting room of a date, where one needs a turn to book it."""
    rooms: WaitingRooms = request.app.state["rooms"]
    if card is None or not rooms.needs_turn(here.region.id, card.session.id):
        return None
    return here.address("sessies", card.session.id, "wachtkamer")


async def order_of_a_place(tx: Executor, here: Visit, card: SessionCard, now: datetime) -> Order | None:
    """A place for whoever looks and for each for whom they may book; None where nothing can be booked.

    What is gone for whoever looks, or was never for them, may be there for another.
    """
    if card.availability not in {Availability.OPEN, Availability.FULL}:
        return None
    others = await read_others(tx, here, now)
    if card.availability is Availability.FULL and not others:
        return None
    found = all_who_may_come(here.member.id if here.member else None, others)
    offer = await read_offer(tx, here.region.id, found, card.session.id)
    return Order(here.region.id, found, card.session.id, card, offer, person_id=here.person_id)


def is_full(card: SessionCard | None) -> bool:
    return card is not None and card.availability is Availability.FULL


def cost_of_own_place(order: Order, now: datetime) -> Total | None:
    """What a place costs whoever looks, and how it can be paid."""
    own = [choice for choice in order.offer.choices if choice.holder_id in order.own_ids]
    return order.total(first_form(own), now)


def agenda_address(here: Visit, wanted: Search, after: SearchCursor | None = None) -> str:
    return with_fields(here.address("agenda"), {**wanted.typed, "na": after.as_text() if after else ""})


PAGES: Final = (home, start, agenda, event)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
