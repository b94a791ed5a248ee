"""The pages of who booked without a pass: a link manages one booking, and a code joins it to a pass later."""

from collections.abc import Callable
from typing import Any, Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from reservations.booking.commands import ByGuest
from reservations.booking.contact import prove_contact, read_contact
from reservations.booking.own_booking import (
    OwnBooking,
    cancel_page,
    give_up_chosen,
    take_longer,
    tickets_page,
)
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, read_visit
from reservations.errors import GuestLinkUnknown, NoPassHere
from reservations.guest.claim import claim
from uit.core.errors import Refusal, RefusalError
from uit.core.seal import GuestSeal, open_guest
from uit.identity.authentication import ANYBODY, RESIDENT, AnyRequest, region_here
from uit.web.shell import EXCEPTION_HANDLERS
from uit.web.view import see_other

PRIVATE_HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
"""The address of these pages is a key: no other page may learn it, and no search engine may keep it."""


class ClaimForm(Struct, frozen=True):
    number: str = ""
    code: str = ""


async def guest_booking(request: AnyRequest, services: BookingServices, token: str) -> OwnBooking:
    """The one booking that a link opens. Opening the link of a mail proves the address, once.

    Raises GuestLinkUnknown for a link that is not ours, of another region, older than the last, or of a
    guest whose name and address were erased.
    """
    region = await region_here(request)
    seal = open_guest(services.secrets.signing, token)
    if seal is None or seal.region_id != region.id or not await is_current(services, seal):
        raise RefusalError(GuestLinkUnknown())
    here = await read_visit(request, services)
    own, by = here.address("gast", token), ByGuest(str(seal.booking_id))
    return OwnBooking(here, seal.booking_id, own, by, is_guest=True)


async def is_current(services: BookingServices, seal: GuestSeal) -> bool:
    """Whether this is the last link of its booking; by the one of a mail, the address is proven."""
    async with services.database.reading() as connection:
        contact = await read_contact(connection, seal.region_id, seal.booking_id)
    if contact is None or contact.link_version != seal.version:
        return False
    if seal.mailed and contact.proven_at is None:
        async with services.database.transaction() as tx:
            await prove_contact(tx, seal.region_id, seal.booking_id, services.clock.now())
    return True


@get("/{region:str}/gast/{token:str}", opt=ANYBODY)
async def tickets(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    token: FromPath[str],
    vanaf: FromQuery[int] = 0,
) -> Template:
    """The tickets of a guest, as a holder sees theirs."""
    return await tickets_page(services, await guest_booking(request, services, token), vanaf)


@get("/{region:str}/gast/{token:str}/annuleren", opt=ANYBODY)
async def ask_once(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Template:
    """Before giving up: which tickets go, and what comes back."""
    return await cancel_page(services, await guest_booking(request, services, token))


@post("/{region:str}/gast/{token:str}/annuleren", opt=ANYBODY)
async def give_up(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    token: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    mine = await guest_booking(request, services, token)
    return await give_up_chosen(services, mine, data) or see_other(mine.own)


@post("/{region:str}/gast/{token:str}/langer", opt=ANYBODY)
async def lengthen(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Redirect:
    """More time to pay, once."""
    mine = await guest_booking(request, services, token)
    await take_longer(services, mine)
    return see_other(mine.own)


async def member_here(request: AnyRequest, services: BookingServices) -> Visit:
    """A resident with a pass of this region. Raises NoPassHere for one without."""
    here = await read_visit(request, services)
    if here.member is None:
        raise RefusalError(NoPassHere())
    return here


@get("/{region:str}/mijn-boekingen/toevoegen", opt=RESIDENT)
async def ask_code(request: AnyRequest, services: NamedDependency[BookingServices]) -> Template:
    here = await member_here(request, services)
    return here.page("guest/claim", form=ClaimForm(), refusal=None)


@post("/{region:str}/mijn-boekingen/toevoegen", opt=RESIDENT)
async def claim_booking(
    request: AnyRequest, services: NamedDependency[BookingServices], data: URLEncodedBody[ClaimForm]
) -> Template | Redirect:
    """Join a booking that one made as a guest: it then stands among one's own."""
    here = await member_here(request, services)
    assert here.member is not None
    claimed = await claim(services, here.region.id, here.member.id, data.number, data.code)
    if isinstance(claimed, Refusal):
        return here.page("guest/claim", claimed.status, form=data, refusal=claimed)
    return see_other(here.address("boekingen", claimed))


Handler = Callable[[Any, Any], Response[Any]]


def privately(handler: Handler) -> Handler:
    """The same answer to what went wrong, with PRIVATE_HEADERS: its page has the same address."""

    def answer(request: AnyRequest, error: Exception) -> Response[Any]:
        response = handler(request, error)
        response.headers.update(PRIVATE_HEADERS)
        return response

    return answer


ROUTES: list[ControllerRouterHandler] = [
    Router(
        "/",
        route_handlers=[tickets, ask_once, give_up, lengthen],
        include_in_schema=False,
        response_headers=PRIVATE_HEADERS,
        exception_handlers={kind: privately(handler) for kind, handler in EXCEPTION_HANDLERS.items()},
    ),
    Router("/", route_handlers=[ask_code, claim_booking], include_in_schema=False),
]
