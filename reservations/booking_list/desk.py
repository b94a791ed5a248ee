"""The list of who booked a session: to search, to export and to print for a door."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.bookkeeping.spreadsheet import BYTE_ORDER_MARK, lines
from reservations.booking.services import BookingServices
from reservations.booking_list.booking_list import (
    all_bookings,
    find_bookings,
    labels_of_bookings,
    page_of_bookings,
)
from reservations.booking_list.spreadsheet import rows_of
from reservations.event_settings.settings import read_settings
from reservations.sessions.organiser_desk import (
    ADDRESS,
    ORGANISER,
    OrganiserDesk,
    desk_facts,
    desk_here,
    read_session,
)
from reservations.sessions.sold_as_card import ALSO_CARDS
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here
from uit.web.view import page

GivenServices = NamedDependency[BookingServices]
LIST: Final = "reservations/booking_list/list.html"
FILE_NAME: Final = "boekingen.csv"
OK: Final = 200


class FindBookingForm(Struct, frozen=True):
    wie: str = ""


@get("/", opt=ORGANISER | ALSO_CARDS)
async def show_list(
    request: StaffRequest,
    services: GivenServices,
    na: FromQuery[UUID | None] = None,
    gedaan: FromQuery[str] = "",
) -> Template:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await list_facts(tx, desk)
        found, more = await page_of_bookings(tx, desk, na)
        await author.note(tx, "bookings.read", "session", desk.session_id)
    next_page = f"{desk.address}/boekingen?na={more}" if more else None
    flash = {
        "geannuleerd": _("Die tickets gelden niet meer. Wie boekte, krijgt bericht."),
        "gewijzigd": _("De boeking is gewijzigd. Wie boekte, krijgt bericht."),
    }.get(gedaan)
    return page(LIST, **facts, bookings=found, next_page=next_page, wie="", more=False, flash=flash)


@post("/", opt=ORGANISER | ALSO_CARDS, status_code=OK)
async def search(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[FindBookingForm]
) -> Template:
    """By a part of a name or a number. A form that is posted: a name is not for an address."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await list_facts(tx, desk)
        found, more = await find_bookings(tx, desk, data.wie)
        await author.note(tx, "bookings.search", "session", desk.session_id, found=len(found))
    return page(LIST, **facts, bookings=found, next_page=None, wie=data.wie, more=more)


async def list_facts(tx: Executor, desk: OrganiserDesk) -> dict[str, Any]:
    """What the list and its paper share. Raises SessionUnknown, also for another organiser's session."""
    facts, session = await desk_facts(tx, desk), await read_session(tx, desk)
    settings = await read_settings(tx, desk.region.id, desk.session_id)
    return {**facts, "session": session, "asks": settings.asks}


@get("/boekingen.csv", opt=ORGANISER | ALSO_CARDS)
async def send_file(request: StaffRequest, services: GivenServices) -> Response[str]:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        session = await read_session(tx, desk)
        settings = await read_settings(tx, desk.region.id, desk.session_id)
        found = await all_bookings(tx, desk)
        await author.note(tx, "bookings.export", "session", desk.session_id, bookings=len(found))
    headers = {
        "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
        "Cache-Control": "no-store",
    }
    content = BYTE_ORDER_MARK + lines(rows_of(found, settings.asks, session))
    return Response(content, media_type="text/csv", headers=headers)


@get("/deurlijst", opt=ORGANISER)
async def show_door_list(request: StaffRequest, services: GivenServices) -> Template:
    """Everybody on paper, for a door without a phone."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await list_facts(tx, desk)
        found = await all_bookings(tx, desk)
        labels = await labels_of_bookings(tx, desk)
        await author.note(tx, "bookings.print", "session", desk.session_id, bookings=len(found))
    shown: dict[str, Any] = {"bookings": found, "labels_of": labels, "now": author.now}
    return page("reservations/booking_list/door_list.html", **facts, **shown)


ROUTES: list[ControllerRouterHandler] = [
    Router(
        f"{ADDRESS}/sessies/{{session_id:uuid}}/boekingen",
        route_handlers=[show_list, search, send_file, show_door_list],
        include_in_schema=False,
    )
]
