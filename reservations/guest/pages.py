"""The pages of who booked without a pass: a link manages one booking, and a code joins it to a pass later.

Who lost their link, or shares it with somebody they do not want, asks for another.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from reservations.booking.actor import ByGuest
from reservations.booking.calendar import HEADERS, calendar_of
from reservations.booking.contact import BookingContact, prove_contact, read_contact
from reservations.booking.done import Done, done_of
from reservations.booking.own_booking import (
    OwnBooking,
    cancel_page,
    give_up_chosen,
    take_longer,
    tickets_page,
)
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit, read_visit
from reservations.changes.own_change import change_chosen, change_page, let_go
from reservations.errors import GuestLinkUnknown, NoPassHere
from reservations.guest.claim import claim, read_claimant
from reservations.guest.new_link import ask_new_link, renew_own_link
from reservations.guest.new_link_form import NewLinkForm, labels
from reservations.payment.way_back import ways_back
from uit.core.errors import Refusal, RefusalError
from uit.core.icalendar import MEDIA_TYPE
from uit.core.seal import open_guest
from uit.database.statements import Executor
from uit.identity.authentication import ANYBODY, RESIDENT, AnyRequest, region_here
from uit.web.address import client_address
from uit.web.problem import words_of
from uit.web.response import PRIVATE_HEADERS
from uit.web.shell import EXCEPTION_HANDLERS, with_safe_headers
from uit.web.view import UNPROCESSABLE, language_now, render, see_other

SENT: Final = "nieuwe-link?gedaan=ja"


class ClaimForm(Struct, frozen=True):
    number: str = ""
    code: str = ""


@asynccontextmanager
async def open_guest_booking(
    request: AnyRequest, services: BookingServices, token: str
) -> AsyncIterator[tuple[OwnBooking, BookingContact, Executor]]:
    """The one booking that a link opens, its contact, and the connection that its page reads with.

    Opening the link of a mail proves the address, once. Raises GuestLinkUnknown for a link that is not ours,
    of another region, older than the last, or of a guest whose name and address were erased.
    """
    region = await region_here(request)
    seal = open_guest(services.secrets.signing, token)
    if seal is None or seal.region_id != region.id:
        raise RefusalError(GuestLinkUnknown())
    async with open_visit(request, services) as (here, tx):
        contact = await read_contact(tx, seal.region_id, seal.booking_id)
        if contact is None or contact.link_version != seal.version:
            raise RefusalError(GuestLinkUnknown())
        if seal.mailed and contact.proven_at is None:
            await prove_contact(tx, seal.region_id, seal.booking_id, services.clock.now())
        own, by = here.address("gast", token), ByGuest(str(seal.booking_id))
        yield OwnBooking(here, seal.booking_id, own, by, is_guest=True), contact, tx


async def guest_booking(request: AnyRequest, services: BookingServices, token: str) -> OwnBooking:
    """As `open_guest_booking`, for who does something with it: its connection is free again."""
    async with open_guest_booking(request, services, token) as (mine, _contact, _tx):
        return mine


@get("/{region:str}/gast/{token:str}", opt=ANYBODY)
async def tickets(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    token: FromPath[str],
    vanaf: FromQuery[int] = 0,
    gedaan: FromQuery[str] = "",
) -> Template:
    """The tickets of a guest, as a holder sees theirs."""
    async with open_guest_booking(request, services, token) as (mine, contact, tx):
        is_claimed = await read_claimant(tx, mine.here.region.id, mine.booking_id) is not None
        more = {"contact": contact, "is_claimed": is_claimed}
        shown = await tickets_page(services, tx, mine, vanaf, gedaan, **more)
    if shown.context["to_pay"]:
        shown.cookies.extend(ways_back(services, mine))
    return shown


@get("/{region:str}/gast/{token:str}/agenda.ics", opt=ANYBODY)
async def calendar_file(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Response[str]:
    """Its dates, for a calendar."""
    async with open_guest_booking(request, services, token) as (mine, _contact, tx):
        content = await calendar_of(services, tx, mine)
    return Response(content, media_type=MEDIA_TYPE, headers=HEADERS)


@get("/{region:str}/gast/{token:str}/annuleren", opt=ANYBODY)
async def ask_once(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Template:
    """Before giving up: which tickets go, and what comes back."""
    async with open_guest_booking(request, services, token) as (mine, _contact, tx):
        return await cancel_page(services, tx, mine)


@post("/{region:str}/gast/{token:str}/annuleren", opt=ANYBODY)
async def give_up(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    token: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    mine = await guest_booking(request, services, token)
    return await give_up_chosen(services, mine, data) or see_other(mine.own + done_of(Done.GAVE_BACK))


@post("/{region:str}/gast/{token:str}/langer", opt=ANYBODY)
async def lengthen(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Redirect:
    """More time to pay, once."""
    mine = await guest_booking(request, services, token)
    return see_other(await take_longer(services, mine))


@get("/{region:str}/gast/{token:str}/wijzigen", opt=ANYBODY)
async def ask_change(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Template:
    """What may become of a date of the booking, and what that costs."""
    async with open_guest_booking(request, services, token) as (mine, _contact, tx):
        return await change_page(services, tx, mine, request.query_params)


@post("/{region:str}/gast/{token:str}/wijzigen", opt=ANYBODY)
async def change(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    token: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    mine = await guest_booking(request, services, token)
    answer = await change_chosen(services, mine, data, client_address(request))
    if not isinstance(answer, str):
        return answer
    changed = see_other(answer)
    changed.cookies.extend(ways_back(services, mine))
    return changed


@post("/{region:str}/gast/{token:str}/wijziging-laten-vallen", opt=ANYBODY)
async def stop_change(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Redirect:
    """Let go of a change that waits to be paid: the booking stands as it was."""
    return see_other(await let_go(services, await guest_booking(request, services, token)))


@post("/{region:str}/gast/{token:str}/nieuwe-link", opt=ANYBODY)
async def renew(
    request: AnyRequest, services: NamedDependency[BookingServices], token: FromPath[str]
) -> Redirect:
    """End this link and every other of the booking, since somebody else has it; a new one is mailed."""
    async with open_guest_booking(request, services, token) as (mine, contact, _tx):
        region_id = mine.here.region.id
    refusal = await renew_own_link(services, region_id, contact, client_address(request))
    if refusal:
        raise RefusalError(refusal)
    return see_other(mine.here.address("gast", SENT))


@get("/{region:str}/gast/nieuwe-link", opt=ANYBODY)
async def ask_for_link(
    request: AnyRequest, services: NamedDependency[BookingServices], gedaan: FromQuery[str] = ""
) -> Template:
    """For a guest who lost their link; and the same page for everybody who asked."""
    here = await read_visit(request, services)
    if gedaan:
        return here.page("guest/new_link_sent")
    return here.page("guest/new_link", form=NewLinkForm(), errors={}, labels=labels(), refusal=None)


@post("/{region:str}/gast/nieuwe-link", opt=ANYBODY)
async def send_link(
    request: AnyRequest, services: NamedDependency[BookingServices], data: URLEncodedBody[NewLinkForm]
) -> Template | Redirect:
    """The same answer, whether or not there is such a booking of this address."""
    here, errors = await read_visit(request, services), data.errors()
    refusal = None
    if not errors:
        place = client_address(request)
        refusal = await ask_new_link(services, here.region.id, data.number, data.email, place)
    if errors or refusal:
        status = refusal.status if refusal else UNPROCESSABLE
        again = {"form": data, "errors": errors, "labels": labels(), "refusal": refusal}
        return here.page("guest/new_link", status, **again)
    return see_other(here.address("gast", SENT))


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
    return see_other(here.address("boekingen", claimed) + done_of(Done.CLAIMED))


def answer_refusal(request: AnyRequest, error: RefusalError) -> Response[Any]:
    """As everywhere; of a link that does not work the page says where to ask for another."""
    refusal = error.refusal
    if not isinstance(refusal, GuestLinkUnknown):
        answer: Response[Any] = EXCEPTION_HANDLERS[RefusalError](request, error)
        return answer
    facts = {"refusal": refusal, "words": words_of(refusal, language_now())}
    content = render("reservations/guest/link_unknown.html", slug=request.path_params["region"], **facts)
    return with_safe_headers(Response(content, status_code=refusal.status, media_type=MediaType.HTML))


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
        route_handlers=[
            tickets,
            calendar_file,
            ask_once,
            give_up,
            ask_change,
            change,
            stop_change,
            lengthen,
            renew,
            ask_for_link,
            send_link,
        ],
        include_in_schema=False,
        response_headers=PRIVATE_HEADERS,
        exception_handlers={
            kind: privately(handler)
            for kind, handler in (EXCEPTION_HANDLERS | {RefusalError: answer_refusal}).items()
        },
    ),
    Router("/", route_handlers=[ask_code, claim_booking], include_in_schema=False),
]
