"""At the desk of an organiser: a booking goes to another date of the activity, or gets fewer places."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.answers import Changed, as_refusal
from reservations.booking.changing import Changing
from reservations.booking.services import BookingServices
from reservations.organiser_booking.changing.changing import (
    as_command,
    as_said,
    is_done,
    planned,
    read_changeable,
    told,
)
from reservations.organiser_booking.organiser_booking import address_of, read_listed
from reservations.sessions.organiser_desk import (
    ADDRESS,
    ORGANISER,
    OrganiserDesk,
    desk_facts,
    desk_here,
    read_session,
)
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.web.form import form_id
from uit.web.view import Page, form_status, page, see_other

GivenServices = NamedDependency[BookingServices]
CHANGE: Final = "reservations/organiser_booking/changing/change.html"


@get("/", opt=ORGANISER)
async def ask_change(request: StaffRequest, booking_id: FromPath[UUID], services: GivenServices) -> Template:
    """Which date and how many places; and once that was chosen, what it comes to."""
    desk, typed = await desk_here(request), request.query_params
    async with services.database.reading() as tx:
        return await change_page(tx, services, desk, booking_id, request.user.staff_id, typed)


async def change_page(  # noqa: PLR0913, PLR0917  whose booking, who asks, and what was typed and said
    tx: Executor,
    services: BookingServices,
    desk: OrganiserDesk,
    booking_id: UUID,
    staff_id: UUID,
    typed: Mapping[str, str],
    refusal: Refusal | None = None,
) -> Page:
    facts, session = await desk_facts(tx, desk), await read_session(tx, desk)
    listed = await read_listed(tx, desk, booking_id)
    now = services.clock.now()
    changeable = await read_changeable(tx, desk, booking_id, typed, now)
    form = changeable.form
    asks = form.is_chosen and not form.errors and not form.is_same(desk.session_id)
    plan = planned(changeable, staff_id, now) if asks else None
    refusal = refusal or (plan if isinstance(plan, Refusal) else None)
    status = form_status(refusal, form.errors)
    shown: dict[str, Any] = {
        "session": session,
        "listed": listed,
        "session_id": str(desk.session_id),
        "own": address_of(desk, booking_id),
        "dates": changeable.dates,
        "form": form,
        "typed": typed,
        "labels": changeable.labels,
        "least": changeable.least,
        "plan": plan if isinstance(plan, Changing) else None,
        "change_id": services.ids.new(),
    }
    return page(CHANGE, status, **facts, **shown, refusal=refusal)


@post("/", opt=ORGANISER)
async def change(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Change it as it was shown, once for the id of the form. Who booked is told."""
    desk, staff_id = await desk_here(request), request.user.staff_id
    typed, change_id = {**data, "stap": "bekijk"}, form_id(data.get("change_id", ""), services.ids)
    done = see_other(f"{desk.address}/boekingen?gedaan=gewijzigd")
    async with services.database.reading() as tx:
        await read_session(tx, desk)
        if await is_done(tx, desk.region.id, change_id, booking_id):
            return done
        await read_listed(tx, desk, booking_id)
        changeable = await read_changeable(tx, desk, booking_id, typed, services.clock.now())
        plan = planned(changeable, staff_id, services.clock.now())
        if changeable.form.errors or isinstance(plan, Refusal) or changeable.form.is_same(desk.session_id):
            return await change_page(tx, services, desk, booking_id, staff_id, typed)
    command = as_command(changeable, staff_id)
    answer = await services.turnstile.answer(as_said(command, plan, change_id))
    if isinstance(answer, Changed):
        return done
    async with services.database.reading() as tx:
        refusal = told(as_refusal(answer), booking_id)
        return await change_page(tx, services, desk, booking_id, staff_id, typed, refusal)


ROUTES: list[ControllerRouterHandler] = [
    Router(
        f"{ADDRESS}/sessies/{{session_id:uuid}}/boekingen/{{booking_id:uuid}}/wijzigen",
        route_handlers=[ask_change, change],
        include_in_schema=False,
    )
]
