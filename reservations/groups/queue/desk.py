"""A group in a waiting room, at the desk of its partner: one entry for its pass, and a turn to book."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.groups.open_group import OpenGroup, open_group
from reservations.groups.partner_desk import GROUP_WORKER
from reservations.room_errors import RoomUnknown
from reservations.waiting_room.entry import Enter, Entered, Entry, entry_of_group
from reservations.waiting_room.gate import rooms_of
from reservations.waiting_room.rooms import RoomNow
from uit.core.errors import Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.web.view import form_status, see_other

GivenServices = NamedDependency[BookingServices]
WORKER: Final = staff(GROUP_WORKER)
ADDRESS: Final = "/{region:str}/partners/{partner_id:uuid}/groepen/{group_id:uuid}/wachtkamer"


@get("/{session_id:uuid}", opt=WORKER)
async def show(request: StaffRequest, session_id: FromPath[UUID], services: GivenServices) -> Template:
    """Where the group stands, or the way in; with a turn, the way to book."""
    async with services.database.reading() as tx:
        here, room = await room_here(request, tx, session_id)
        entry = await entry_of_group(tx, here.desk.region.id, session_id, here.group.id)
    return queue_page(services, here, room, entry)


@post("/{session_id:uuid}", opt=WORKER)
async def enter(
    request: StaffRequest, session_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    """Enter as the group. Sent twice it is once."""
    async with services.database.transaction() as tx:
        here, room = await room_here(request, tx, session_id)
        await here.desk.author.note(tx, "waiting_room.enter", "group", here.group.id)
    answer = await rooms_of(request).enter(
        Enter(here.desk.region.id, session_id, services.ids.new(), group_id=here.group.id)
    )
    if not isinstance(answer, Entered):
        return queue_page(services, here, room, None, answer)
    return see_other(here.address("wachtkamer", session_id))


async def room_here(request: StaffRequest, tx: Executor, session_id: UUID) -> tuple[OpenGroup, RoomNow]:
    here = await open_group(request, tx)
    room = rooms_of(request).room(here.desk.region.id, session_id)
    if room is None:
        raise RefusalError(RoomUnknown())
    return here, room


def queue_page(
    services: BookingServices,
    here: OpenGroup,
    room: RoomNow,
    entry: Entry | None,
    refusal: Refusal | None = None,
) -> Template:
    session_id = room.room.session_id
    return here.desk.page(
        "groups/queue",
        form_status(refusal),
        who=here.called,
        room=room,
        entry=entry,
        ahead=room.ahead_of(entry) if entry else 0,
        has_turn=entry is not None and entry.has_turn(here.desk.author.now) and entry.booking_id is None,
        address=here.address("wachtkamer", session_id),
        book=here.address("boeken", session_id, services.ids.new()),
        dates=here.address("boeken"),
        refusal=refusal,
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show, enter], include_in_schema=False)
]
