"""A resident changes a booking of theirs: another date, more or fewer places, who comes."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.own_booking import open_own_booking, own_booking
from reservations.booking.services import BookingServices
from reservations.changes.own_change import change_chosen, change_page, let_go
from uit.identity.authentication import RESIDENT, AnyRequest
from uit.web.address import client_address
from uit.web.view import see_other


@get("/{region:str}/boekingen/{booking_id:uuid}/wijzigen", opt=RESIDENT)
async def ask_change(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Template:
    """What may become of a date of the booking, and what that costs: said before it is done."""
    async with open_own_booking(request, services, booking_id) as (mine, tx):
        return await change_page(services, tx, mine, request.query_params)


@post("/{region:str}/boekingen/{booking_id:uuid}/wijzigen", opt=RESIDENT)
async def change(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    mine = await own_booking(request, services, booking_id)
    answer = await change_chosen(services, mine, data, client_address(request))
    return see_other(answer) if isinstance(answer, str) else answer


@post("/{region:str}/boekingen/{booking_id:uuid}/wijziging-laten-vallen", opt=RESIDENT)
async def stop_change(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Redirect:
    """Let go of a change that waits to be paid: the booking stands as it was."""
    return see_other(await let_go(services, await own_booking(request, services, booking_id)))


PAGES: Final = (ask_change, change, stop_change)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
