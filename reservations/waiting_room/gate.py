"""Who may come to the pages on which one books, where one needs a turn: known without asking the database.

Looking at one's place gives the browser a sealed cookie for as long as the turn lasts. Whether it is true is
decided when one books, under a lock (`reservations/booking/turns.py`).
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from reservations.booking.services import BookingServices
from reservations.room_errors import NotYourTurn
from reservations.waiting_room.entry import Entry
from reservations.waiting_room.rooms import WaitingRooms
from uit.core.errors import RefusalError
from uit.core.seal import QueueSeal, open_turn, seal_queue, seal_turn
from uit.identity.authentication import OWN_COOKIES, AnyRequest, build_cookie, cookie_name, region_here
from uit.services.region import Region
from uit.web.connection import Connection
from uit.web.cookie import Cookie

LINK: Final = "wachtkamer"


def rooms_of(connection: Connection) -> WaitingRooms:
    rooms: WaitingRooms = connection.app.state["rooms"]
    return rooms


def room_address(region: Region, session_id: UUID) -> str:
    return f"/{region.slug}/sessies/{session_id}/{LINK}"


def own_place(key: bytes, region: Region, entry: QueueSeal) -> str:
    """The address of somebody's own place in a waiting room."""
    return f"/{region.slug}/{LINK}/{seal_queue(key, entry)}"


def turn_cookie(services: BookingServices, seal: QueueSeal, entry: Entry, now: datetime) -> Cookie | None:
    """What lets a browser come to the pages on which one books; None without a turn."""
    if not entry.has_turn(now) or entry.turn_until is None:
        return None
    seconds = max(1, int((entry.turn_until - now).total_seconds()))
    sealed = seal_turn(services.secrets.signing, seal, int(entry.turn_until.timestamp()))
    return build_cookie(turn_name(seal.session_id), sealed, seconds, services.settings)


def turn_name(session_id: UUID) -> str:
    return f"{OWN_COOKIES}turn_{session_id.hex[:12]}"


def has_turn(request: AnyRequest, services: BookingServices, region_id: int, session_id: UUID) -> bool:
    kept = request.cookies.get(cookie_name(turn_name(session_id), services.settings))
    turn = open_turn(services.secrets.signing, kept) if kept else None
    if turn is None:
        return False
    seal, until = turn
    key = seal.region_id, seal.session_id
    return key == (region_id, session_id) and services.clock.now().timestamp() < until


async def refuse_without_turn(request: AnyRequest, services: BookingServices, session_id: UUID) -> None:
    """Lead who has no turn to the waiting room of a session; nobody where there is none."""
    region = await region_here(request)
    if not rooms_of(request).needs_turn(region.id, session_id):
        return
    if not has_turn(request, services, region.id, session_id):
        raise RefusalError(NotYourTurn(session_id, None), redirect_to=room_address(region, session_id))
