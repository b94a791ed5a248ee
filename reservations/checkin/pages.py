"""A volunteer at a door: opens a link on their own device, and checks tickets for one evening."""

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scope
from reservations.checkin.form import OK, UNREADABLE, TicketForm, WholeForm
from reservations.checkin.scan import scan
from reservations.checkin.undo import WholeCheckin, undo_whole_checkin
from reservations.sessions import occupancy
from uit.core.errors import Refusal
from uit.identity.authentication import ANYBODY, DOOR, AnyRequest, DoorRequest, device_secret, door_cookie
from uit.identity.door import door_link
from uit.identity.visitor import Door
from uit.web.view import form_again, page, see_other

GivenServices = NamedDependency[BookingServices]


@get("/{token:str}", opt=ANYBODY)
async def show_door(token: FromPath[str]) -> Template:
    """Only looks: who previews a link that was sent in a chat does not take it from the volunteer."""
    return page("reservations/checkin/door_open.html", token=token)


@post("/{token:str}", opt=ANYBODY)
async def open_door(
    request: AnyRequest, token: FromPath[str], services: GivenServices
) -> Template | Redirect:
    secret = device_secret(request)
    async with services.database.transaction() as tx:
        opened = await door_link.open_door(tx, token, secret, services.clock.now())
    if isinstance(opened, Refusal):
        return form_again("reservations/checkin/door_open.html", opened, token=token)
    answer = see_other("/deur")
    answer.cookies.append(door_cookie(services.settings, token, secret))
    return answer


@get("/", opt=DOOR)
async def stand_at_door(request: DoorRequest, services: GivenServices) -> Template:
    return await door_page(services, request.user)


@post("/", opt=DOOR, status_code=OK)
async def scan_at_door(
    request: DoorRequest, data: URLEncodedBody[TicketForm], services: GivenServices
) -> Template:
    volunteer = request.user
    if data.errors:
        return await door_page(services, volunteer, UNREADABLE, errors=data.errors)
    done = await scan(services, data.shown(*at_door(volunteer), services.ids))
    answered = {"answer": done.answer, "to_confirm": data.to_confirm(done.answer)}
    return await door_page(services, volunteer, status_of(done.answer), **answered)


@post("/terug", opt=DOOR, status_code=OK)
async def undo_at_door(
    request: DoorRequest, data: URLEncodedBody[WholeForm], services: GivenServices
) -> Template:
    """Who was let in by mistake at this door may come in again, with all whom that check-in let in."""
    volunteer = request.user
    whole = WholeCheckin(*at_door(volunteer), data.id(services.ids))
    async with services.database.transaction() as tx:
        refused = await undo_whole_checkin(tx, whole, services.clock, services.ids)
    if refused:
        return await door_page(services, volunteer, refused.status, answer=refused)
    return await door_page(services, volunteer, is_undone=True)


def at_door(volunteer: Door) -> tuple[Scope, CheckinActor]:
    """What a device may check in, and as whom."""
    scope = Scope(volunteer.region_id, frozenset({volunteer.organiser_id}), volunteer.session_id)
    return scope, CheckinActor("door", str(volunteer.link_id))


def status_of(answer: CheckedIn | Refusal) -> int:
    return answer.status if isinstance(answer, Refusal) else OK


async def door_page(services: BookingServices, volunteer: Door, status: int = OK, **more: object) -> Template:
    """`more`: the answer to what was scanned, or what else led here."""
    key = volunteer.region_id, volunteer.organiser_id, volunteer.session_id
    async with services.database.reading() as connection:
        session = await occupancy.read_attendance(connection, *key)
    facts = {"session": session, "link_id": volunteer.link_id, "checkin_id": services.ids.new()}
    none: dict[str, object] = {"answer": None, "to_confirm": None, "is_undone": False, "errors": {}}
    return page("reservations/checkin/door.html", status, now=services.clock.now(), **facts, **none | more)


ROUTES: list[ControllerRouterHandler] = [
    Router(
        "/deur",
        route_handlers=[stand_at_door, scan_at_door, undo_at_door, show_door, open_door],
        include_in_schema=False,
    )
]
