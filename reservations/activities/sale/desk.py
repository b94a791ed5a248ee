"""How an activity is sold: its prices, its places, and until when one books or cancels.

What is said of an imported one goes before its source, until it is let go.
"""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.uitdatabank.field import in_language
from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts, home_of, notice_after
from reservations.activities.here import lock_to_complete
from reservations.activities.sale import places_form, prices_form
from reservations.activities.sale.places_form import SaleForm, places_of
from reservations.activities.sale.prices_form import PricesForm, prices_of, typed_prices, whom_choices
from reservations.activities.sale.sale import following_social_cents
from reservations.activities.sale.source import (
    let_go_places,
    let_go_prices,
    lock_to_sell,
    own_tariffs,
    read_source,
    sale_at_source,
    sell_at,
    sell_places,
    shown_sale,
)
from reservations.booking.services import BookingServices
from reservations.importing.plan import seat_prices
from reservations.sessions.organiser_desk import OrganiserDesk, desk_here
from uit.identity.authentication import StaffRequest, author_here
from uit.web.view import UNPROCESSABLE, page, see_other

PRICES: Final = "reservations/activities/sale/prices.html"
PLACES: Final = "reservations/activities/sale/places.html"
GivenServices = NamedDependency[BookingServices]


@get("/{event_id:uuid}/prijzen", opt=OWN)
async def show_prices(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        known = await own_tariffs(connection, desk.region.id, event_id, services.clock.now())
    return page(
        PRICES, **await price_facts(services, desk, event_id, prices_of(known)), flash=notice_after(gedaan)
    )


@post("/{event_id:uuid}/prijzen", opt=OWN)
async def save_prices(
    request: StaffRequest,
    event_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    desk, author, typed = await desk_here(request), await author_here(request), typed_prices(data)
    tariffs = typed.read()
    if isinstance(tariffs, dict):
        facts = await price_facts(services, desk, event_id, typed)
        return page(PRICES, UNPROCESSABLE, **facts | {"errors": tariffs})
    async with services.database.transaction() as tx:
        await sell_at(tx, author, await lock_to_sell(tx, *desk.organiser_key, event_id), tariffs)
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=bewaard")


@post("/{event_id:uuid}/prijzen/terug", opt=OWN)
async def follow_prices(request: StaffRequest, event_id: FromPath[UUID], services: GivenServices) -> Redirect:
    """Take its prices over from its source again; what is not said here already stays as it is."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await let_go_prices(tx, author, await lock_to_complete(tx, *desk.organiser_key, event_id))
    return see_other(f"{home_of(desk)}/{event_id}/prijzen?gedaan=terug")


async def price_facts(
    services: BookingServices, desk: OrganiserDesk, event_id: UUID, typed: PricesForm
) -> dict[str, Any]:
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        source = await read_source(connection, desk.region.id, event_id)
        now = services.clock.now()
        own = await own_tariffs(connection, desk.region.id, event_id, now)
        social_cents = await following_social_cents(connection, desk.region.id, event_id, own, now)
    is_seen = facts["activity"].made_here or facts["activity"].published
    return {
        **facts,
        "social_cents": social_cents,
        "codes": [each.code for each in own if is_seen],
        "typed": typed,
        "errors": {},
        "labels": prices_form.labels(len(typed.rows)),
        "choices": whom_choices(),
        "at_source": [(in_language(each.name), each.price_cents) for each in seat_prices(source)]
        if source
        else [],
    }


@get("/{event_id:uuid}/plaatsen", opt=OWN)
async def show_sale(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        known = await shown_sale(connection, desk.region.id, event_id, services.clock.now())
    return page(
        PLACES, **await place_facts(services, desk, event_id, places_of(known)), flash=notice_after(gedaan)
    )


@post("/{event_id:uuid}/plaatsen", opt=OWN)
async def save_sale(
    request: StaffRequest, event_id: FromPath[UUID], data: URLEncodedBody[SaleForm], services: GivenServices
) -> Template | Redirect:
    desk, author, sale = await desk_here(request), await author_here(request), data.read()
    if isinstance(sale, dict):
        facts = await place_facts(services, desk, event_id, data)
        return page(PLACES, UNPROCESSABLE, **facts | {"errors": sale})
    async with services.database.transaction() as tx:
        await sell_places(tx, author, await lock_to_sell(tx, *desk.organiser_key, event_id), sale)
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=bewaard")


@post("/{event_id:uuid}/plaatsen/terug", opt=OWN)
async def follow_places(request: StaffRequest, event_id: FromPath[UUID], services: GivenServices) -> Redirect:
    """Take its places over from its source again; what is not said here already stays as it is."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await let_go_places(tx, author, await lock_to_complete(tx, *desk.organiser_key, event_id))
    return see_other(f"{home_of(desk)}/{event_id}/plaatsen?gedaan=terug")


async def place_facts(
    services: BookingServices, desk: OrganiserDesk, event_id: UUID, typed: SaleForm
) -> dict[str, Any]:
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        source = await read_source(connection, desk.region.id, event_id)
    return {
        **facts,
        "typed": typed,
        "errors": {},
        "labels": places_form.labels(),
        "at_source": sale_at_source(source, services.clock.now()) if source else None,
    }


DESK: Final = (show_prices, save_prices, follow_prices, show_sale, save_sale, follow_places)

ROUTES: list[ControllerRouterHandler] = [Router(ACTIVITIES, route_handlers=DESK, include_in_schema=False)]
