"""At the desk of an organiser: what became of each booking of a date that is another than was booked."""

from typing import Final

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.outcomes.outcomes import PAGE, counted, outcomes_of
from reservations.sessions.organiser_desk import ADDRESS, ORGANISER, desk_facts, desk_here, read_session
from uit.identity.authentication import StaffRequest, author_here
from uit.web.view import page

PATH: Final = "geworden"


@get("/", opt=ORGANISER)
async def show_outcomes(
    request: StaffRequest, services: NamedDependency[BookingServices], na: FromQuery[int] = 0
) -> Template:
    """How many of each first, then by name; those first with whom something is to be done."""
    desk, author, start = await desk_here(request), await author_here(request), max(0, na)
    async with services.database.transaction() as tx:
        facts, session = await desk_facts(tx, desk), await read_session(tx, desk)
        date, listed = await outcomes_of(tx, desk, author.now, texts=services.texter is not None)
        await author.note(tx, "bookings.read", "session", desk.session_id)
    own = f"{desk.address}/{PATH}"
    shown = listed[start : start + PAGE]
    return page(
        "reservations/outcomes/outcomes.html",
        **facts,
        session=session,
        date=date,
        now=author.now,
        counts=counted(listed),
        listed=shown,
        previous_page=f"{own}?na={max(0, start - PAGE)}" if start else None,
        next_page=f"{own}?na={start + PAGE}" if len(listed) > start + PAGE else None,
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(
        f"{ADDRESS}/sessies/{{session_id:uuid}}/{PATH}",
        route_handlers=[show_outcomes],
        include_in_schema=False,
    )
]
