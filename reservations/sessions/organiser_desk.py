"""The desk of an organiser that an address names, and the facts that its pages share."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.services import BookingServices
from reservations.errors import SessionUnknown
from reservations.sessions import occupancy
from reservations.sessions.changing import MAY_GO_ON, ON_SALE
from reservations.sessions.doors import CHECK_IN_BEFORE, DOORS_CLOSE_AFTER
from reservations.sessions.occupancy import FIRST, Attendance
from reservations.sessions.sold_as_card import ALSO_CARDS, find_sold_as_card
from reservations.turn_card.errors import SoldAsTurnCard
from uit.core.clock import day_in_flanders
from uit.core.errors import RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, region_here, roles_here, staff
from uit.identity.door import door_link
from uit.services.region import Region
from uit.web.connection import services_of

ORGANISER: Final = staff("organiser", "box_office")
DECIDER: Final = staff("organiser", "programme_officer")
"""Who may change a date: its organiser, and for a date that waits too long for a decision, its region."""
VERBS: Final = ("hervatten", "verplaatsen", "uitstellen", "afgelasten")
ADDRESS: Final = "/{region:str}/organisaties/{organiser_id:uuid}"


class OrganiserDesk(Struct, frozen=True):
    """An organiser of a region and, on most pages, one of its sessions.

    `keeps_books`: whether its menu leads to money, which is for the organiser's own staff.
    """

    region: Region
    organiser_id: UUID
    session_id: UUID
    keeps_books: bool

    @property
    def home(self) -> str:
        return f"/{self.region.slug}/organisaties/{self.organiser_id}"

    @property
    def address(self) -> str:
        return f"{self.home}/sessies/{self.session_id}"

    @property
    def organiser_key(self) -> tuple[int, UUID]:
        return self.region.id, self.organiser_id

    @property
    def key(self) -> tuple[int, UUID, UUID]:
        return self.region.id, self.organiser_id, self.session_id


async def desk_here(request: StaffRequest) -> OrganiserDesk:
    """The desk that the address of a request names.

    Raises SoldAsTurnCard for what is sold as cards of turns, where the page is not one of ALSO_CARDS.
    """
    path = request.path_params
    session_id = path.get("session_id", FIRST)
    desk = OrganiserDesk(
        await region_here(request), path["organiser_id"], session_id, await is_organiser(request)
    )
    is_of_one = "session_id" in path or "event_id" in path
    if is_of_one and not ALSO_CARDS.keys() & request.route_handler.opt.keys():
        await refuse_card(request, desk, path.get("event_id"))
    return desk


async def refuse_card(request: StaffRequest, desk: OrganiserDesk, event_id: UUID | None) -> None:
    """Leads from a card to the page where its organiser sells it, and who sells tickets to who has one."""
    async with services_of(request).database.reading() as connection:
        found = await find_sold_as_card(connection, *desk.organiser_key, desk.session_id, event_id)
    if found is None:
        return
    card_id = found.session_id
    at_cards = f"{desk.home}/activiteiten/{found.for_event_id}/beurtenkaarten#kaart-{card_id}"
    page = at_cards if desk.keeps_books else f"{desk.home}/sessies/{card_id}/boekingen"
    raise RefusalError(SoldAsTurnCard(card_id), redirect_to=page)


async def session_facts(
    request: StaffRequest, services: BookingServices, desk: OrganiserDesk
) -> dict[str, Any]:
    """The facts for the page of a session.

    Its forms set `answer`, `to_confirm`, `parties`, `errors` and `link`.
    """
    now = services.clock.now()
    async with services.database.reading() as connection:
        session = await read_session(connection, desk)
        shown = {
            **await desk_facts(connection, desk),
            "session": session,
            "session_id": desk.session_id,
            "opens_at": session.starts_at - CHECK_IN_BEFORE,
            "is_door_time": is_door_time(session, now),
            "is_over": is_over(session, now),
            "pools": await occupancy.read_pools(connection, *desk.key),
            "tariffs": await occupancy.shown_tariffs(connection, *desk.key, now),
            "doors": await door_link.links_of(connection, *desk.key, now),
        }
    new = {"checkin_id": services.ids.new(), "door_id": services.ids.new(), "now": now}
    verbs = [verb for verb in VERBS if may_try(verb, session, now)] if await is_organiser(request) else []
    changes = {"verbs": verbs, "flash": None}
    none: dict[str, Any] = {"answer": None, "to_confirm": None, "parties": [], "errors": {}, "link": None}
    return {**none, **changes, **shown, **new}


async def desk_facts(tx: Executor, desk: OrganiserDesk) -> dict[str, Any]:
    organiser = await occupancy.read_organiser(tx, *desk.organiser_key)
    return {
        "home": desk.home,
        "address": desk.address,
        "organiser": organiser,
        "keeps_books": desk.keeps_books,
    }


async def read_session(tx: Executor, desk: OrganiserDesk) -> Attendance:
    """The session of the desk. Raises SessionUnknown, also for a session of another organiser."""
    session = await occupancy.read_attendance(tx, *desk.key)
    if session is None:
        raise RefusalError(SessionUnknown(desk.session_id))
    return session


def is_door_time(session: Attendance, now: datetime) -> bool:
    """Whether people are let in today: then that comes first on the page of a date."""
    first, last = session.starts_at - CHECK_IN_BEFORE, session.ends_at
    return session.takes_place and day_in_flanders(first) <= day_in_flanders(now) <= day_in_flanders(last)


def is_over(session: Attendance, now: datetime) -> bool:
    """Whether it took place and its doors are closed: then its page says what became of it."""
    return session.takes_place and now >= session.ends_at + DOORS_CLOSE_AFTER


def may_try(verb: str, session: Attendance, now: datetime) -> bool:
    """Whether a desk offers this: what a date is not yet, and while it is not over."""
    if verb == "hervatten":
        return session.status in MAY_GO_ON
    over = session.ends_at <= now and session.status in ON_SALE
    return (
        not over and session.status != "cancelled" and (verb != "uitstellen" or session.status != "postponed")
    )


async def is_organiser(request: StaffRequest) -> bool:
    """Whether they are here as the organiser's own staff, who may change its dates."""
    return any(role.role == "organiser" for role in await roles_here(request))
