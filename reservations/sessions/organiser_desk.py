"""An organiser's desk: where an address leads, and what its pages show of an organiser and a session."""

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.services import BookingServices
from reservations.errors import SessionUnknown
from reservations.sessions import occupancy
from reservations.sessions.doors import CHECK_IN_BEFORE
from reservations.sessions.occupancy import FIRST, Attendance
from uit.core.errors import RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, region_here, staff
from uit.identity.door import door_link
from uit.services.region import Region

ORGANISER: Final = staff("organiser", "box_office")
DECIDER: Final = staff("organiser", "programme_officer")
"""Who may change a date: its organiser, and for a date that waits too long for a decision, its region."""
ADDRESS: Final = "/{region:str}/organisaties/{organiser_id:uuid}"


class OrganiserDesk(Struct, frozen=True):
    """Where the address leads: an organiser of a region, and mostly one session of it."""

    region: Region
    organiser_id: UUID
    session_id: UUID

    @property
    def home(self) -> str:
        return f"/{self.region.slug}/organisaties/{self.organiser_id}"

    @property
    def address(self) -> str:
        return f"{self.home}/sessies/{self.session_id}"

    @property
    def key(self) -> tuple[int, UUID, UUID]:
        return self.region.id, self.organiser_id, self.session_id


async def desk_here(request: StaffRequest) -> OrganiserDesk:
    """The desk that an address names. Who may stand at it, the route says."""
    path = request.path_params
    return OrganiserDesk(await region_here(request), path["organiser_id"], path.get("session_id", FIRST))


async def session_facts(services: BookingServices, where: OrganiserDesk) -> dict[str, Any]:
    """All about one session, for its page; `answer`, `party` and `link` are what just happened there."""
    now = services.clock.now()
    async with services.database.reading() as connection:
        session = await read_session(connection, where)
        shown = {
            **await desk_facts(connection, where),
            "session": session,
            "opens_at": session.starts_at - CHECK_IN_BEFORE,
            "pools": await occupancy.read_pools(connection, *where.key),
            "tariffs": await occupancy.read_tariffs(connection, where.region.id, where.session_id),
            "doors": await door_link.links_of(connection, *where.key, now),
        }
    new = {"checkin_id": services.ids.new(), "door_id": services.ids.new(), "now": now}
    changes = {"may_change": False, "verbs": [], "flash": None}
    return {"answer": None, "party": None, "link": None, **changes, **shown, **new}


async def desk_facts(tx: Executor, where: OrganiserDesk) -> dict[str, Any]:
    organiser = await occupancy.read_organiser(tx, *where.key[:2])
    return {"home": where.home, "address": where.address, "organiser": organiser}


async def read_session(tx: Executor, where: OrganiserDesk) -> Attendance:
    """The session, when it is of the organiser in the address."""
    session = await occupancy.read_attendance(tx, *where.key)
    if session is None:
        raise RefusalError(SessionUnknown(where.session_id))
    return session
