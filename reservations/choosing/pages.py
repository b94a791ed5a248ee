"""The pages of a link by which somebody chooses what becomes of a date that is another than they booked."""

from collections.abc import Mapping

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from reservations.booking.services import BookingServices
from reservations.changes.own_change import change_chosen, change_page
from reservations.choosing.choosing import (
    OpenChoice,
    choice_facts,
    open_choice_page,
    take_back,
    with_room,
)
from reservations.payment.way_back import ways_back
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import ANYBODY, AnyRequest
from uit.web.address import client_address
from uit.web.form import form_id
from uit.web.response import PRIVATE_HEADERS
from uit.web.view import Page, see_other

GivenServices = NamedDependency[BookingServices]


@get("/", opt=ANYBODY)
async def show(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Template:
    """What there is to choose, until when, and what comes of no choice. Opening it does nothing."""
    async with open_choice_page(request, services, token) as (choice, tx):
        return await choice_page(services, tx, choice)


async def choice_page(
    services: BookingServices, tx: Executor, choice: OpenChoice, refusal: Refusal | None = None
) -> Page:
    facts = await choice_facts(services, tx, choice)
    open_dates = with_room(facts["dates"], facts["outing"].live_places)
    status = refusal.status if refusal else 200
    return choice.mine.here.page("choosing/choose", status, **facts, open_dates=open_dates, refusal=refusal)


@post("/terug", opt=ANYBODY)
async def give_back(
    request: AnyRequest, services: GivenServices, token: FromPath[str], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """All of it back; the same form sent twice gives it back once."""
    async with open_choice_page(request, services, token) as (choice, _tx):
        pass
    refusal = await take_back(services, choice, form_id(data.get("cancellation_id", ""), services.ids))
    if refusal is None:
        return see_other(choice.mine.own)
    async with services.database.reading() as tx:
        return await choice_page(services, tx, choice, refusal)


@get("/wijzigen", opt=ANYBODY)
async def ask_change(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Template:
    """Another date: what it costs is said first."""
    async with open_choice_page(request, services, token) as (choice, tx):
        return await change_page(services, tx, choice.mine, of_date(choice, request.query_params))


@post("/wijzigen", opt=ANYBODY)
async def change(
    request: AnyRequest, services: GivenServices, token: FromPath[str], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    async with open_choice_page(request, services, token) as (choice, _tx):
        pass
    place = client_address(request)
    answer = await change_chosen(services, choice.mine, of_date(choice, data), place)
    if not isinstance(answer, str):
        return answer
    changed = see_other(answer)
    changed.cookies.extend(ways_back(services, replace(choice.mine, own=choice.booking_address)))
    return changed


def of_date(choice: OpenChoice, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, for the date of the link and no other."""
    return {**typed, "sessie": str(choice.session_id)}


ROUTES: list[ControllerRouterHandler] = [
    Router(
        "/{region:str}/keuze/{token:str}",
        route_handlers=[show, give_back, ask_change, change],
        include_in_schema=False,
        response_headers=PRIVATE_HEADERS,
    )
]
