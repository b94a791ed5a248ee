"""The desk of an organiser for tariffs: for how many, where a name does not say it, and what each asks."""

from functools import partial
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.price_code import code_digest
from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from reservations.tariffs.condition_form import ConditionForm
from reservations.tariffs.condition_form import labels as condition_labels
from reservations.tariffs.condition_form import typed_of as typed_condition
from reservations.tariffs.conditions import AskedPrice, read_price, read_prices, set_condition
from reservations.tariffs.form import TariffForm, labels, typed_of
from reservations.tariffs.waiting import (
    AskedTariff,
    TariffKey,
    answered_tariffs,
    read_tariff,
    set_rule,
    waiting_tariffs,
)
from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other

OWN: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


def notice_after(act: str) -> str | None:
    return {
        "verkocht": _("Bewaard. Dit tarief staat vanaf nu in de verkoop."),
        "niet": _("Bewaard. Dit tarief verkopen we hier niet."),
    }.get(act)


@get("/", opt=OWN)
async def show_tariffs(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    """What waits for the organiser first, and what they said before."""
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        waiting = await waiting_tariffs(connection, *desk.organiser_key, now)
        answered = await answered_tariffs(connection, *desk.organiser_key, now)
        prices = await read_prices(connection, *desk.organiser_key, now)
    return page(
        "reservations/tariffs/tariffs.html",
        **facts,
        own=home_of(desk),
        waiting=waiting,
        answered=answered,
        prices=prices,
        flash=notice_after(gedaan),
    )


@get("/{event_id:uuid}/{code:str}", opt=OWN)
async def show_tariff(
    request: StaffRequest, event_id: FromPath[UUID], code: FromPath[str], services: GivenServices
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        tariff = await tariff_here(connection, services, desk, event_id, code)
    return await form_page(services, desk, tariff, typed_of(tariff))


@post("/{event_id:uuid}/{code:str}", opt=OWN)
async def answer_tariff(
    request: StaffRequest,
    event_id: FromPath[UUID],
    code: FromPath[str],
    data: URLEncodedBody[TariffForm],
    services: GivenServices,
) -> Template | Redirect:
    """Say how it is sold from now on; sent again, it says the same."""
    desk, author = await desk_here(request), await author_here(request)
    rule = data.read()
    if isinstance(rule, dict):
        async with services.database.reading() as connection:
            tariff = await tariff_here(connection, services, desk, event_id, code)
        return await form_page(services, desk, tariff, data, rule)
    sold_by = None if rule == "not_sold" else rule
    async with services.database.transaction() as tx:
        await set_rule(tx, author, TariffKey(desk.organiser_id, event_id, code), sold_by)
    return see_other(f"{home_of(desk)}?gedaan={'niet' if rule == 'not_sold' else 'verkocht'}")


@get("/{event_id:uuid}/{code:str}/voorwaarden", opt=OWN)
async def show_conditions(
    request: StaffRequest, event_id: FromPath[UUID], code: FromPath[str], services: GivenServices
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        key = TariffKey(desk.organiser_id, event_id, code)
        price = await read_price(connection, desk.region.id, key, services.clock.now())
    return await condition_page(services, desk, price, typed_condition(price.asked))


@post("/{event_id:uuid}/{code:str}/voorwaarden", opt=OWN)
async def set_conditions(
    request: StaffRequest,
    event_id: FromPath[UUID],
    code: FromPath[str],
    data: URLEncodedBody[ConditionForm],
    services: GivenServices,
) -> Template | Redirect:
    """Ask this for a price from now on; sent again, it asks the same."""
    desk, author = await desk_here(request), await author_here(request)
    key = TariffKey(desk.organiser_id, event_id, code)
    async with services.database.reading() as connection:
        price = await read_price(connection, desk.region.id, key, services.clock.now())
    digest = partial(code_digest, services.secrets.signing, desk.region.id)
    condition = data.read(price.asked, digest, is_personal=price.is_personal)
    if isinstance(condition, dict):
        return await condition_page(services, desk, price, data, condition)
    async with services.database.transaction() as tx:
        await set_condition(tx, author, key, condition)
    return see_other(f"{desk.home}/activiteiten/{event_id}?gedaan=bewaard")


async def condition_page(
    services: BookingServices,
    desk: OrganiserDesk,
    price: AskedPrice,
    typed: ConditionForm,
    errors: Errors | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
    return page(
        "reservations/tariffs/conditions.html",
        UNPROCESSABLE if errors else 200,
        **facts,
        own=home_of(desk),
        price=price,
        typed=typed,
        errors=errors or {},
        labels=condition_labels(),
    )


def home_of(desk: OrganiserDesk) -> str:
    return f"{desk.home}/tarieven"


async def tariff_here(
    tx: Executor, services: BookingServices, desk: OrganiserDesk, event_id: UUID, code: str
) -> AskedTariff:
    """A tariff of the desk that needs an answer, or has one. Raises NotFound, also for one of others."""
    found = await read_tariff(tx, *desk.organiser_key, services.clock.now(), event_id, code)
    if found is None:
        raise RefusalError(NotFound())
    return found


async def form_page(
    services: BookingServices,
    desk: OrganiserDesk,
    tariff: AskedTariff,
    typed: TariffForm,
    errors: Errors | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
    return page(
        "reservations/tariffs/tariff.html",
        UNPROCESSABLE if errors else 200,
        **facts,
        own=home_of(desk),
        tariff=tariff,
        typed=typed,
        errors=errors or {},
        labels=labels(),
    )


DESK: Final = (show_tariffs, show_tariff, answer_tariff, show_conditions, set_conditions)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/tarieven", route_handlers=DESK, include_in_schema=False)
]
