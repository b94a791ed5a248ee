"""A group in a waiting room, at the desk of its partner: one entry for its pass, and a turn to book."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.groups.partner_desk import GROUP_WORKER, PartnerDesk, desk_here, group_of
from reservations.room_errors import RoomUnknown
from reservations.waiting_room.entry import Enter, Entered, Entry, entry_of_group
from reservations.waiting_room.gate import rooms_of
from reservations.waiting_room.rooms import RoomNow
from uit.core.errors import Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.passes.group.group import GroupPass
from uit.web.view import see_other

GivenServices = NamedDependency[BookingServices]
WORKER: Final = staff(GROUP_WORKER)
ADDRESS: Final = "/{region:str}/partners/{partner_id:uuid}/groepen/{group_id:uuid}/wachtkamer"


@get("/{session_id:uuid}", opt=WORKER)
async def show(
    request: StaffRequest, group_id: FromPath[UUID], session_id: FromPath[UUID], services: GivenServices
) -> Template:
    """Where the group stands, or the way in; with a turn, the way to book."""
    async with services.database.reading() as tx:
        desk, group, room = await room_here(request, tx, group_id, session_id)
        entry = await entry_of_group(tx, desk.region.id, session_id, group_id)
    return queue_page(services, desk, group, room, entry)


@post("/{session_id:uuid}", opt=WORKER)
async def enter(
    request: StaffRequest, group_id: FromPath[UUID], session_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    """Enter as the group. Sent twice it is once."""
    async with services.database.transaction() as tx:
        desk, group, room = await room_here(request, tx, group_id, session_id)
        await desk.author.note(tx, "waiting_room.enter", "group", group_id)
    answer = await rooms_of(request).enter(
        Enter(desk.region.id, session_id, services.ids.new(), group_id=group_id)
    )
    if not isinstance(answer, Entered):
        return queue_page(services, desk, group, room, None, answer)
    return see_other(own_address(desk, group, room))


async def room_here(
    request: StaffRequest, tx: Executor, group_id: UUID, session_id: UUID
) -> tuple[PartnerDesk, GroupPass, RoomNow]:
    desk = await desk_here(request, tx)
    group = await group_of(tx, desk, group_id)
    room = rooms_of(request).room(desk.region.id, session_id)
    if room is None:
        raise RefusalError(RoomUnknown())
    return desk, group, room


def own_address(desk: PartnerDesk, group: GroupPass, room: RoomNow) -> str:
    return desk.address("groepen", group.id, "wachtkamer", room.room.session_id)


def queue_page(  # noqa: PLR0913, PLR0917  whose place it is, in which room, at which desk
    services: BookingServices,
    desk: PartnerDesk,
    group: GroupPass,
    room: RoomNow,
    entry: Entry | None,
    refusal: Refusal | None = None,
) -> Template:
    dates = desk.address("groepen", group.id, "boeken")
    return desk.page(
        "groups/queue",
        refusal.status if refusal else 200,
        who=group.name,
        room=room,
        entry=entry,
        ahead=room.ahead_of(entry) if entry else 0,
        has_turn=entry is not None and entry.has_turn(desk.author.now) and entry.booking_id is None,
        address=own_address(desk, group, room),
        book=f"{dates}/{room.room.session_id}/{services.ids.new()}",
        dates=dates,
        refusal=refusal,
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show, enter], include_in_schema=False)
]
