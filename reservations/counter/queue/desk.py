"""At the counter, who is there enters a waiting room, and a clerk sees where they stand."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.counter.at_counter import AtCounter, at_counter
from reservations.room_errors import RoomUnknown
from reservations.waiting_room.entry import Enter, Entered, Entry, entry_of_member
from reservations.waiting_room.gate import rooms_of
from reservations.waiting_room.rooms import RoomNow
from uit.core.errors import Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.passes.registration.counter_desk import CLERK
from uit.web.view import see_other

GivenServices = NamedDependency[BookingServices]
ADDRESS: Final = "/{region:str}/balie/personen/{membership_id:uuid}/wachtkamer"


@get("/{session_id:uuid}", opt=CLERK)
async def show(
    request: StaffRequest, membership_id: FromPath[UUID], session_id: FromPath[UUID], services: GivenServices
) -> Template:
    """Where they stand, or the way in; with a turn, the way to book."""
    async with services.database.transaction() as tx:
        here, room = await room_at_counter(request, tx, membership_id, session_id)
        await here.desk.counter.note(tx, "person.read", "person", here.open.person.id)
        entry = await entry_of_member(tx, here.desk.region.id, session_id, here.id)
    return queue_page(services, here, room, entry)


@post("/{session_id:uuid}", opt=CLERK)
async def enter(
    request: StaffRequest, membership_id: FromPath[UUID], session_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    """Enter for who is there, with the share that is kept for counters. Sent twice it is once."""
    async with services.database.transaction() as tx:
        here, room = await room_at_counter(request, tx, membership_id, session_id)
        await here.desk.counter.note(tx, "waiting_room.enter", "person", here.open.person.id)
    asked = Enter(here.desk.region.id, session_id, services.ids.new(), membership_id=here.id)
    answer = await rooms_of(request).enter(asked)
    if not isinstance(answer, Entered):
        return queue_page(services, here, room, None, answer)
    return see_other(here.address("wachtkamer", session_id))


async def room_at_counter(
    request: StaffRequest, tx: Executor, membership_id: UUID, session_id: UUID
) -> tuple[AtCounter, RoomNow]:
    here = await at_counter(request, tx, membership_id)
    room = rooms_of(request).room(here.desk.region.id, session_id)
    if room is None:
        raise RefusalError(RoomUnknown())
    return here, room


def queue_page(
    services: BookingServices,
    here: AtCounter,
    room: RoomNow,
    entry: Entry | None,
    refusal: Refusal | None = None,
) -> Template:
    session_id, now = room.room.session_id, services.clock.now()
    return here.page(
        "queue/queue",
        refusal.status if refusal else 200,
        room=room,
        entry=entry,
        ahead=room.ahead_of(entry) if entry else 0,
        has_turn=entry is not None and entry.has_turn(now) and entry.booking_id is None,
        own=here.address("wachtkamer", session_id),
        book=here.address("boeken", session_id, services.ids.new()),
        dates=here.address("boeken"),
        refusal=refusal,
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show, enter], include_in_schema=False)
]
