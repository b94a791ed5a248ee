"""The pages of a waiting room: entering it, one's own place, and what lets anybody check the draw.

None of them asks the database for who only looks.
"""

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Stream, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.booking.turns import as_entered
from reservations.booking.visit import Visit
from reservations.errors import NoPassHere
from reservations.room_errors import RoomUnknown
from reservations.waiting_room.entry import (
    MOST_LENGTHENED,
    Enter,
    Entered,
    Entry,
    leave,
    prove,
    read_entry,
    stand_at_the_end,
    take_longer,
)
from reservations.waiting_room.form import EnterForm, labels
from reservations.waiting_room.gate import LINK, own_place, room_address, rooms_of, turn_cookie
from reservations.waiting_room.room import read_drawn
from reservations.waiting_room.rooms import RoomNow, WaitingRooms
from reservations.waiting_room.waiting_page import make_page, only_waits, waiting_page
from uit.core.errors import Refusal, RefusalError
from uit.core.seal import QueueSeal, open_queue
from uit.identity.authentication import ANYBODY, AnyRequest, recognise, region_here
from uit.identity.visitor import Resident
from uit.services.limit import Limit
from uit.web.address import client_address
from uit.web.connection import Connection, services_of
from uit.web.form import Errors
from uit.web.form_token import NO_FORM
from uit.web.from_memory import FROM_MEMORY
from uit.web.public import BUDGETED
from uit.web.response import PRIVATE_HEADERS, EncodedResponse
from uit.web.view import UNPROCESSABLE, render, see_other

GivenServices = NamedDependency[BookingServices]
MAILS_TO_ADDRESS: Final = Limit("waiting room mails", 5, 3600)
MAILS_FROM_PLACE: Final = Limit("waiting room mails from place", 60, 3600)


async def visit_here(request: AnyRequest) -> Visit:
    """Who looks, as far as it is known without the database."""
    region, visitor = await region_here(request), await recognise(request)
    return Visit(region, visitor.person_id if isinstance(visitor, Resident) else None, None)


async def room_here(request: AnyRequest, session_id: UUID) -> tuple[Visit, RoomNow]:
    here = await visit_here(request)
    room = rooms_of(request).room(here.region.id, session_id)
    if room is None:
        raise RefusalError(RoomUnknown())
    return here, room


def room_page(
    here: Visit, room: RoomNow, form: EnterForm, errors: Errors, refusal: Refusal | None = None
) -> Template:
    status = refusal.status if refusal else UNPROCESSABLE if errors else 200
    return here.page(
        "waiting_room/room",
        status,
        room=room,
        form=form,
        errors=errors,
        labels=labels(),
        refusal=refusal,
        asks_email=here.person_id is None or isinstance(refusal, NoPassHere),
        own=room_address(here.region, room.room.session_id),
    )


@get("/{region:str}/sessies/{session_id:uuid}/wachtkamer", opt={**ANYBODY, **BUDGETED})
async def show_room(request: AnyRequest, session_id: FromPath[UUID], gedaan: FromQuery[str] = "") -> Template:
    """What a waiting room is, how many are in it, what checks its draw, and the way in."""
    here, room = await room_here(request, session_id)
    if gedaan:
        return here.page("waiting_room/mailed", room=room)
    return room_page(here, room, EnterForm(), {})


@post("/{region:str}/sessies/{session_id:uuid}/wachtkamer", opt=ANYBODY)
async def enter(
    request: AnyRequest, services: GivenServices, session_id: FromPath[UUID], data: URLEncodedBody[EnterForm]
) -> Template | Redirect:
    """Enter by one's pass, or by an address that the mail proves. A repeat changes nothing."""
    here, room = await room_here(request, session_id)
    by_mail = here.person_id is None or bool(data.email)
    if by_mail and (errors := data.errors()):
        return room_page(here, room, data, errors)
    email = as_entered(data.email) if by_mail else None
    refusal = await too_many_mails(request, services, email) if email else None
    person_id = None if email else here.person_id
    asked = Enter(here.region.id, session_id, services.ids.new(), person_id=person_id, email=email)
    answer = refusal or await rooms_of(request).enter(asked)
    if not isinstance(answer, Entered):
        return room_page(here, room, data, {}, answer)
    if email:
        return see_other(f"{room_address(here.region, session_id)}?gedaan=ja")
    seal = QueueSeal(here.region.id, session_id, answer.entry_id)
    return see_other(own_place(services.secrets.signing, here.region, seal))


async def too_many_mails(request: AnyRequest, services: BookingServices, email: str) -> Refusal | None:
    place = client_address(request)
    return await services.limiter.count(MAILS_TO_ADDRESS, email) or await services.limiter.count(
        MAILS_FROM_PLACE, place
    )


@get(
    "/{region:str}/sessies/{session_id:uuid}/wachtkamer/lijst.csv",
    opt={**ANYBODY, **BUDGETED},
    media_type=MediaType.TEXT,
)
async def list_drawn(
    request: AnyRequest, services: GivenServices, session_id: FromPath[UUID]
) -> Response[str]:
    """The entries that were drawn, in order: what a seed is checked with."""
    here, _room = await room_here(request, session_id)
    async with services.public_database.reading() as connection:
        drawn = await read_drawn(connection, here.region.id, session_id)
    lines = ["place,id", *(f"{place},{each}" for place, each in enumerate(drawn, 1))]
    return Response("\r\n".join([*lines, ""]), media_type="text/csv")


# Somebody's own place


async def own_entry(
    request: AnyRequest, services: BookingServices, token: str
) -> tuple[Visit, RoomNow, Entry, QueueSeal]:
    """The entry of a link. Opening the link of a mail proves its address, once."""
    here = await visit_here(request)
    seal = open_queue(services.secrets.signing, token)
    room = rooms_of(request).room(seal.region_id, seal.session_id) if seal else None
    if seal is None or room is None or seal.region_id != here.region.id:
        raise RefusalError(RoomUnknown())
    entry = await rooms_of(request).entry(room, seal.entry_id)
    if entry and entry.proven_at is None:
        async with services.database.transaction() as tx:
            entry = await prove(tx, seal.region_id, seal.session_id, seal.entry_id, services.clock.now())
    if entry is None:
        raise RefusalError(RoomUnknown())
    rooms_of(request).put(seal.region_id, entry)
    return here, room, entry, seal


def look(connection: Connection) -> EncodedResponse | None:
    """Where somebody stands who waits, as this process remembers it; None for anything else."""
    slug, token = connection.path_params["region"], connection.path_params["token"]
    seal = open_queue(services_of(connection).secrets.signing, token)
    room = rooms_of(connection).room(seal.region_id, seal.session_id) if seal else None
    entry = room.entries.get(seal.entry_id) if seal and room else None
    made = room.pages.get(slug) if room else None
    if room is None or entry is None or made is None or not only_waits(room, entry):
        return None
    return waiting_page(made, room, entry, f"/{slug}/{LINK}/{token}")


@get("/{region:str}/wachtkamer/{token:str}", opt={**ANYBODY, **BUDGETED, FROM_MEMORY: look})
async def show_place(
    request: AnyRequest, services: GivenServices, token: FromPath[str]
) -> Template | EncodedResponse:
    """Where somebody stands; with a turn, the way to book."""
    here, room, entry, seal = await own_entry(request, services, token)
    if only_waits(room, entry):
        return waiting_page(make_page(room, here.region), room, entry, here.address(LINK, token))
    return place_page(services, here, room, entry, seal, token)


@get("/{region:str}/wachtkamer/{token:str}/live", opt={**ANYBODY, **BUDGETED, **NO_FORM})
async def follow_place(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Stream:
    """Where somebody stands, as it changes; that the page is to be loaded again when it is another page."""
    _here, room, entry, _seal = await own_entry(request, services, token)
    return Stream(events(rooms_of(request), room, entry.id), media_type="text/event-stream")


async def events(rooms: WaitingRooms, room: RoomNow, entry_id: UUID) -> AsyncIterator[str]:
    yield "retry:5000\n\n"
    async for standing in rooms.follow(room, entry_id):
        words = render("reservations/waiting_room/standing.html", **standing) if standing else None
        yield f"data:{msgspec.json.encode(words).decode()}\n\n"


def place_page(  # noqa: PLR0913, PLR0917  what a place is made of
    services: BookingServices,
    here: Visit,
    room: RoomNow,
    entry: Entry,
    seal: QueueSeal,
    token: str,
    refusal: Refusal | None = None,
) -> Template:
    now = services.clock.now()
    answer = here.page(
        "waiting_room/place",
        refusal.status if refusal else 200,
        room=room,
        entry=entry,
        ahead=room.ahead_of(entry),
        has_turn=entry.has_turn(now) and entry.booking_id is None,
        may_lengthen=entry.lengthened < MOST_LENGTHENED,
        own=here.address("wachtkamer", token),
        refusal=refusal,
    )
    cookie = turn_cookie(services, seal, entry, now)
    if cookie:
        answer.cookies.append(cookie)
    return answer


@post("/{region:str}/wachtkamer/{token:str}/langer", opt=ANYBODY)
async def lengthen(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Template | Redirect:
    """More time for one's turn, twice at most."""
    here, room, entry, seal = await own_entry(request, services, token)
    async with services.database.transaction() as tx:
        answer = await take_longer(tx, room.room, entry.id, services.clock.now())
    if isinstance(answer, Refusal):
        return place_page(services, here, room, entry, seal, token, answer)
    return again(request, here, token, answer)


@post("/{region:str}/wachtkamer/{token:str}/opnieuw", opt=ANYBODY)
async def stand_again(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Redirect:
    """Behind all others, for who missed their turn."""
    here, _room, entry, seal = await own_entry(request, services, token)
    async with services.database.transaction() as tx:
        answer = await stand_at_the_end(tx, seal.region_id, seal.session_id, entry.id, services.clock.now())
    return again(request, here, token, answer)


@get("/{region:str}/wachtkamer/{token:str}/weg", opt={**ANYBODY, **BUDGETED})
async def ask_to_go(
    request: AnyRequest, services: GivenServices, token: FromPath[str]
) -> Template | Redirect:
    """Who leaves says so twice; who waits no more has nothing to leave."""
    here, room, entry, _seal = await own_entry(request, services, token)
    if not only_waits(room, entry):
        return see_other(here.address("wachtkamer", token))
    return here.page("waiting_room/leave", room=room, own=here.address("wachtkamer", token))


@post("/{region:str}/wachtkamer/{token:str}/weg", opt=ANYBODY)
async def go(request: AnyRequest, services: GivenServices, token: FromPath[str]) -> Redirect:
    """Wait no more."""
    here, _room, entry, seal = await own_entry(request, services, token)
    async with services.database.transaction() as tx:
        await leave(tx, seal.region_id, seal.session_id, entry.id, services.clock.now())
        answer = await read_entry(tx, seal.region_id, seal.session_id, entry.id)
    return again(request, here, token, answer)


def again(request: AnyRequest, here: Visit, token: str, entry: Entry | None) -> Redirect:
    """The page of the place, which shows at once what became of it."""
    if entry:
        rooms_of(request).put(here.region.id, entry)
    return see_other(here.address("wachtkamer", token))


OWN: Final[list[Any]] = [show_place, follow_place, lengthen, stand_again, ask_to_go, go]

ROUTES: list[ControllerRouterHandler] = [
    Router("/", route_handlers=[show_room, enter, list_drawn], include_in_schema=False),
    Router("/", route_handlers=OWN, include_in_schema=False, response_headers=PRIVATE_HEADERS),
]
