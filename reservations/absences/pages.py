"""The page of one link: whether somebody comes to a date, or gives their place on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.absences.asking import COMES, GIVEN_UP, AskedConfirmation, give_on, read_asked, write_answer
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.seal import open_confirmation
from uit.identity.authentication import ANYBODY, AnyRequest, region_here
from uit.web.response import PRIVATE_HEADERS
from uit.web.view import see_other


@asynccontextmanager
async def open_asked(
    request: AnyRequest, services: BookingServices, token: str
) -> AsyncIterator[tuple[Visit, AskedConfirmation]]:
    """What a link asks. Raises NotFound for one that is not whole, and where nothing is asked any more."""
    region, seal = await region_here(request), open_confirmation(services.secrets.signing, token)
    if seal is None or seal.region_id != region.id:
        raise RefusalError(NotFound())
    async with open_visit(request, services) as (here, tx):
        asked = await read_asked(tx, region.id, seal.asked_id)
        if asked is None:
            raise RefusalError(NotFound())
        yield here, asked


@get("/{region:str}/kom-je/{token:str}", opt=ANYBODY)
async def show(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Template:
    async with open_asked(request, services, token) as (here, asked):
        return asked_page(services, here, asked, token)


@post("/{region:str}/kom-je/{token:str}", opt=ANYBODY)
async def answer(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    token: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Say that one comes, or give the place on. The first answer holds, and a repeat changes nothing."""
    async with open_asked(request, services, token) as (here, asked):
        pass
    if not asked.is_open(services.clock.now()) or data.get("kom") not in {"ja", "nee"}:
        return see_other(here.address("kom-je", token))
    comes = data["kom"] == "ja"
    refusal = None if comes else await give_on(services, here.region.id, asked.booking_id, asked.session_id)
    if refusal:
        return asked_page(services, here, asked, token, refusal)
    async with services.database.transaction() as tx:
        await write_answer(tx, here.region.id, asked.id, COMES if comes else GIVEN_UP)
    return see_other(here.address("kom-je", token))


def asked_page(
    services: BookingServices,
    here: Visit,
    asked: AskedConfirmation,
    token: str,
    refusal: Refusal | None = None,
) -> Template:
    return here.page(
        "absences/asked",
        refusal.status if refusal else 200,
        asked=asked,
        is_open=asked.is_open(services.clock.now()),
        refusal=refusal,
        action=here.address("kom-je", token),
    )


PAGES: Final = (show, answer)

ROUTES: list[ControllerRouterHandler] = [
    Router("/", route_handlers=PAGES, include_in_schema=False, response_headers=PRIVATE_HEADERS)
]
