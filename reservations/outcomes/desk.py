"""At the desk of an organiser: what became of each booking of a date that is another than was booked."""

from typing import Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.outcomes.errors import ChoiceOver
from reservations.outcomes.longer import LongerForm, days_of, labels, lengthen
from reservations.outcomes.outcomes import PAGE, counted, outcomes_of, read_changed_date
from reservations.sessions.organiser_desk import ADDRESS, ORGANISER, desk_facts, desk_here, read_session
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import form_status, page, see_other

PATH: Final = "geworden"
GivenServices = NamedDependency[BookingServices]


@get("/", opt=ORGANISER)
async def show_outcomes(
    request: StaffRequest, services: GivenServices, na: FromQuery[int] = 0, gedaan: FromQuery[str] = ""
) -> Template:
    """How many of each first, then by name; those first with whom something is to be done."""
    told = _("Wie nog kiest, heeft langer de tijd en krijgt bericht.")
    return await outcomes_page(
        request, services, start=max(0, na), flash=told if gedaan == "langer" else None
    )


@post("/langer", opt=staff("organiser"))
async def give_longer(
    request: StaffRequest, data: URLEncodedBody[LongerForm], services: GivenServices
) -> Template | Redirect:
    """Give them longer to choose, once: the same form again finds it so, and tells nobody."""
    desk, author = await desk_here(request), await author_here(request)
    done = see_other(f"{desk.address}/{PATH}?gedaan=langer")
    async with services.database.transaction() as tx:
        changed = await read_changed_date(tx, desk)
        read = data.read(changed)
        if data.is_so(changed):
            return done
        if not isinstance(read, dict) and await lengthen(tx, author, desk, read):
            return done
    if isinstance(read, dict) and changed.is_choosing(author.now):
        return await outcomes_page(request, services, typed=data, errors=read)
    return await outcomes_page(request, services, typed=data, refusal=ChoiceOver(desk.session_id))


async def outcomes_page(  # noqa: PLR0913  each is what the page may show
    request: StaffRequest,
    services: BookingServices,
    *,
    start: int = 0,
    flash: str | None = None,
    typed: LongerForm | None = None,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> Template:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts, session = await desk_facts(tx, desk), await read_session(tx, desk)
        date, listed = await outcomes_of(tx, desk, author.now, texts=services.texter is not None)
        await author.note(tx, "bookings.read", "session", desk.session_id)
    own = f"{desk.address}/{PATH}"
    shown = listed[start : start + PAGE]
    return page(
        "reservations/outcomes/outcomes.html",
        form_status(refusal, errors),
        **facts,
        flash=flash,
        own=own,
        longer=days_of(date) if desk.keeps_books else None,
        typed=typed or LongerForm(),
        errors=errors or {},
        refusal=refusal,
        labels=labels(),
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
        route_handlers=[show_outcomes, give_longer],
        include_in_schema=False,
    )
]
