"""The desk of an organiser for tariffs of which nobody can read for how many they are."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
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
    return page(
        "reservations/tariffs/tariffs.html",
        **facts,
        own=home_of(desk),
        waiting=waiting,
        answered=answered,
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


DESK: Final = (show_tariffs, show_tariff, answer_tariff)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/tarieven", route_handlers=DESK, include_in_schema=False)
]
