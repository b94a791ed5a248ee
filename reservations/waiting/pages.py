"""The pages of who waits: stand in the line of an activity, and one link to accept, decline or leave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from reservations.booking.answers import Accepted, InWaitingList, as_refusal
from reservations.booking.commands import (
    DeclineOffer,
    LeaveWaitingList,
    PayWith,
)
from reservations.booking.contact import guest_path
from reservations.booking.price_code import CODES_FROM_ADDRESS, code_digest, code_limit
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.booking.visit import Visit, open_visit, read_others, with_fields
from reservations.guest.limit import guest_limit
from reservations.order.had import without_hint
from reservations.order.who_comes import WHO
from reservations.payment.opening import open_payment
from reservations.payment.way_back import way_back
from reservations.waiting.join_form import (
    JoinForm,
    as_command,
    fields_for,
    first_join_form,
    join_facts,
    others_asked,
    read_join_form,
)
from reservations.waiting.joining import Joining, WhoAsks, as_if_booked, read_joining
from reservations.waiting.offered import accepting, read_offered
from reservations.waiting.place import (
    PATH,
    PlaceInLine,
    dates_of,
    place_path,
    read_company,
    read_place,
)
from reservations.waiting_line.errors import WaitingUnknown
from uit.core.errors import Refusal, RefusalError
from uit.core.seal import open_waiting
from uit.database.statements import Executor
from uit.identity.authentication import ANYBODY, AnyRequest
from uit.web.address import client_address
from uit.web.form import form_id, read_number
from uit.web.public import BUDGETED
from uit.web.reading_language import chosen_language
from uit.web.response import PRIVATE_HEADERS
from uit.web.view import see_other

GivenServices = NamedDependency[BookingServices]
MOST_CENTS: Final = 999_999_999


def join_page(
    here: Visit, joining: Joining, form: JoinForm, entry_id: UUID, refusal: Refusal | None = None
) -> Template:
    status = refusal.status if refusal else 422 if form.errors else 200
    return here.page(
        "waiting/join",
        status,
        **join_facts(joining, form, entry_id),
        refusal=refusal,
        is_guest=not joining.comers,
        action=here.address("sessies", joining.card.session.id, "wachtlijst"),
    )


async def joining_here(
    request: AnyRequest, services: BookingServices, session_id: UUID, asked: Mapping[str, str]
) -> tuple[Visit, Joining]:
    """What whoever looks may wait for. Raises MayNotAct for somebody for whom they may not book."""
    now = services.clock.now()
    async with open_visit(request, services) as (here, tx):
        others, who = await read_others(tx, here, now), asked.get(WHO, "")
        asks = WhoAsks(here.member, here.person_id, others, who, language=here.language, asked=asked)
        return here, await read_joining(tx, here.region.id, asks, session_id, now)


@get("/{region:str}/sessies/{session_id:uuid}/wachtlijst", opt={**ANYBODY, **BUDGETED})
async def ask_to_wait(request: AnyRequest, services: GivenServices, session_id: FromPath[UUID]) -> Template:
    """Who comes, which dates are good, how many places, and how many wait already."""
    typed = dict(request.query_params)
    here, joining = await joining_here(request, services, session_id, typed)
    form = first_join_form(session_id, joining, typed)
    return join_page(here, joining, form, services.ids.new())


@post("/{region:str}/sessies/{session_id:uuid}/wachtlijst", opt=ANYBODY)
async def join(
    request: AnyRequest,
    services: GivenServices,
    session_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Stand in the line. The same form sent twice stands there once."""
    here, joining = await joining_here(request, services, session_id, data)
    entry_id, form = form_id(data.get("entry_id", ""), services.ids), read_join_form(data, joining)
    if chosen := others_asked(data, joining):
        own = here.address("sessies", session_id, "wachtlijst")
        return see_other(with_fields(own, fields_for(chosen, joining, form)))
    if form.errors or data.get("stap") == "wie":
        return join_page(here, joining, form, entry_id)
    typed = code_digest(services.secrets.signing, here.region.id, form.code)
    command = as_command(here.region.id, entry_id, joining, form, typed)
    refusal: Refusal | None = await code_limit(
        services.limiter, CODES_FROM_ADDRESS, client_address(request), form.code
    )
    if not refusal and not joining.comers:
        refusal = await guest_limit(services, request, as_if_booked(command))
    answer = refusal or await services.turnstile.answer(command)
    if not isinstance(answer, InWaitingList):
        async with services.database.reading() as tx:
            told = await without_hint(tx, here.region.id, joining.helped, as_refusal(answer))
        return join_page(here, joining, form, entry_id, joining.as_told(told))
    path = place_path(services.secrets.signing, here.region.id, answer.entry.id)
    return see_other(here.address(path))


async def open_place(
    tx: Executor, request: AnyRequest, services: BookingServices, here: Visit, token: str
) -> PlaceInLine:
    """The place in a line that a link opens. Raises WaitingUnknown for a link that is not ours."""
    seal = open_waiting(services.secrets.signing, token)
    own = here.language if here.person_id else None
    language = chosen_language(request, services.settings) or own
    place = await read_place(tx, here.region.id, seal.entry_id, language) if seal else None
    if seal is None or place is None or seal.region_id != here.region.id:
        raise RefusalError(WaitingUnknown())
    return place


async def place_page(
    request: AnyRequest, services: BookingServices, token: str, refusal: Refusal | None = None
) -> Template:
    """How it stands: their place in the line, the offer with its price and the ways to pay, or its end."""
    now = services.clock.now()
    async with open_visit(request, services) as (here, tx):
        place = await open_place(tx, request, services, here, token)
        offered = await read_offered(tx, here.region.id, place, now)
        dates = await dates_of(tx, here.region.id, place, now)
        company = await read_company(tx, here.region.id, place)
        due_by = await pays_until(tx, here, place)
    facts: dict[str, Any] = {"place": place, "offered": offered, "dates": dates, "company": company}
    facts["own"] = here.address("wachtlijst", token)
    facts["booking"] = own_booking(services, here, place)
    facts["signs_in"], facts["due_by"] = not opens_own(here, place), due_by
    return here.page("waiting/place", refusal.status if refusal else 200, refusal=refusal, **facts)


async def pays_until(tx: Executor, here: Visit, place: PlaceInLine) -> datetime | None:
    """Until when what they took is still to be paid; None when nothing is."""
    if place.state != "accepted" or place.booking_id is None:
        return None
    booking = await read_booking(tx, here.region.id, place.booking_id)
    return booking.held_until if booking else None


def own_booking(services: BookingServices, here: Visit, place: PlaceInLine) -> str | None:
    """Where they find what they accepted."""
    if place.booking_id is None:
        return None
    if place.membership_id:
        return here.address("boekingen", place.booking_id)
    return here.address(guest_path(services.secrets.signing, here.region.id, place.booking_id))


def opens_own(here: Visit, place: PlaceInLine) -> bool:
    """Whether the page of what they accepted opens to them as they are: a link signs no member in."""
    return place.membership_id is None or here.person_id == place.person_id


@get("/{region:str}/wachtlijst/{token:str}", opt=ANYBODY)
async def show(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Template:
    """What the link of a message opens: it shows, and does nothing."""
    return await place_page(request, services, token)


@post("/{region:str}/wachtlijst/{token:str}/ja", opt=ANYBODY)
async def accept(
    request: AnyRequest, services: GivenServices, token: FromPath[str], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Take the offer, and on to the payment page where there is one, or else to what they have now.

    Who has the link alone stays here, where it says what they took: their booking would ask who they are.
    """
    async with open_visit(request, services) as (here, tx):
        place = await open_place(tx, request, services, here, token)
        offered = await read_offered(tx, here.region.id, place, services.clock.now())
    if offered is None:
        return await place_page(request, services, token)
    way = offered.way(data.get("betaal", "")) or PayWith.CREDIT
    opens, own = opens_own(here, place), own_booking(services, here, place)
    if read_number(data.get("gezien", ""), MOST_CENTS) != offered.credit_cents:
        return await place_page(request, services, token)
    command = replace(
        accepting(here.region.id, place, services.ids.new()),
        pay_with=way,
        remaining_seen_cents=offered.remaining_by.get(way, 0),
        return_url=own if place.membership_id and opens else None,
    )
    answer = await services.turnstile.answer(command)
    if not isinstance(answer, Accepted):
        return await place_page(request, services, token, as_refusal(answer))
    booking = await open_payment(services, answer.booking)
    payment = booking.open_payment
    after = own if own and opens else here.address(PATH, token)
    response = see_other(payment.url if payment and payment.url else after)
    if own and not place.membership_id:
        response.cookies.append(way_back(here.region.slug, own, secure=services.settings.secure))
    return response


@post("/{region:str}/wachtlijst/{token:str}/nee", opt=ANYBODY)
async def decline(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Template | Redirect:
    """Decline the offer: its places go to the next in the same moment."""
    async with open_visit(request, services) as (here, tx):
        place = await open_place(tx, request, services, here, token)
    if place.booking_id and place.state == "offered":
        answer = await services.turnstile.answer(DeclineOffer(here.region.id, place.booking_id, place.by))
        if isinstance(answer, Refusal):
            return await place_page(request, services, token, answer)
    return see_other(here.address("wachtlijst", token))


@post("/{region:str}/wachtlijst/{token:str}/weg", opt=ANYBODY)
async def leave(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Template | Redirect:
    """Stand in the line no longer."""
    async with open_visit(request, services) as (here, tx):
        place = await open_place(tx, request, services, here, token)
    if place.state == "waiting":
        command = LeaveWaitingList(here.region.id, place.id, place.event_id)
        answer = await services.turnstile.answer(command)
        if isinstance(answer, Refusal):
            return await place_page(request, services, token, answer)
    return see_other(here.address("wachtlijst", token))


ROUTES: list[ControllerRouterHandler] = [
    Router("/", route_handlers=[ask_to_wait, join], include_in_schema=False),
    Router(
        "/",
        route_handlers=[show, accept, decline, leave],
        include_in_schema=False,
        response_headers=PRIVATE_HEADERS,
    ),
]
