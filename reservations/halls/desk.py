"""The seat plans of an organiser: a table of rows, its drawing, and saving it as the plan of a hall."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from reservations.booking.services import BookingServices
from reservations.halls.plan import StoredHallPlan, list_plans, list_venues, read_plan, save_plan
from reservations.halls.plan_form import (
    MORE_LINES,
    MOST_LINES,
    PlanForm,
    empty_form,
    explained,
    form_of,
    heads,
    read_plan_form,
    without_company,
)
from reservations.seats.errors import SeatPlanUnknown
from reservations.seats.plan import SeatPlan
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from uit.core.errors import RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import form_id
from uit.web.view import page, see_other

STAFF: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


@get("/zaalplannen", opt=STAFF)
async def show_plans(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        plans = await list_plans(connection, *desk.organiser_key, services.clock.now())
    flash = _("Het zaalplan is bewaard. Datums die al een plan hebben, houden het hunne.") if gedaan else None
    return page("reservations/halls/plans.html", **facts, region=desk.region, plans=plans, flash=flash)


@get("/zaalplannen/nieuw", opt=STAFF)
async def new_plan(request: StaffRequest, services: GivenServices) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await plan_facts(connection, desk)
    return plan_page(facts, empty_form(), services.ids.new(), None)


@get("/zaalplannen/{plan_id:uuid}", opt=STAFF)
async def show_plan(request: StaffRequest, plan_id: FromPath[UUID], services: GivenServices) -> Template:
    """A plan to look at, and to make the next one of its hall from."""
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await plan_facts(connection, desk)
        plan = await plan_here(connection, desk, plan_id)
    return plan_page(facts, form_of(plan), services.ids.new(), plan)


@post("/zaalplannen/nieuw", opt=STAFF)
async def save_new(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Redirect | Template:
    return await save(request, services, data, None)


@post("/zaalplannen/{plan_id:uuid}", opt=STAFF)
async def save_next(
    request: StaffRequest,
    plan_id: FromPath[UUID],
    services: GivenServices,
    data: URLEncodedBody[dict[str, str]],
) -> Redirect | Template:
    return await save(request, services, data, plan_id)


async def save(
    request: StaffRequest, services: BookingServices, data: dict[str, str], of_id: UUID | None
) -> Redirect | Template:
    """Keep it as the plan of its hall; or draw it, or show more lines, when that was pressed."""
    desk, author = await desk_here(request), await author_here(request)
    form, plan_id = read_plan_form(data), form_id(data.get("plan", ""), services.ids)
    async with services.database.transaction() as tx:
        facts = await plan_facts(tx, desk)
        before = await plan_here(tx, desk, of_id) if of_id else None
        if data.get("stap") == "meer":
            shown = min(form.shown + MORE_LINES, MOST_LINES)
            return plan_page(facts, replace(form, shown=shown, errors={}), plan_id, before)
        if form.errors or data.get("stap") != "bewaar":
            return plan_page(facts, form, plan_id, before)
        plan = form.as_plan(
            plan_id, before.hall_id if before else None, [each.id for each in facts["venues"]]
        )
        await save_plan(tx, author, desk.organiser_id, plan)
    return see_other(f"{desk.home}/zaalplannen?gedaan=ja")


async def plan_facts(tx: Executor, desk: OrganiserDesk) -> dict[str, Any]:
    venues = await list_venues(tx, *desk.organiser_key)
    places = [("", _("Overal")), *((str(each.id), each.name) for each in venues)]
    return {**await desk_facts(tx, desk), "region": desk.region, "venues": venues, "places": places}


async def plan_here(tx: Executor, desk: OrganiserDesk, plan_id: UUID) -> StoredHallPlan:
    """Raises SeatPlanUnknown, also for a plan of another organiser."""
    plan = await read_plan(tx, *desk.organiser_key, plan_id)
    if plan is None:
        raise RefusalError(SeatPlanUnknown(plan_id))
    return plan


def plan_page(facts: dict[str, Any], form: PlanForm, plan_id: UUID, of: StoredHallPlan | None) -> Template:
    is_good = form.lines and not form.errors
    drawing = SeatPlan(plan_id, form.lines, form.best_row) if is_good else None
    action = f"{facts['home']}/zaalplannen/{of.id if of else 'nieuw'}"
    columns = {"heads": heads(), "explained": explained()}
    shown = {"form": form, "errors": form.errors, "plan_id": plan_id, "of": of, **columns}
    return page(
        "reservations/halls/plan.html",
        422 if form.errors else 200,
        **facts,
        **shown,
        drawing=drawing,
        alone=without_company(drawing) if drawing else [],
        action=action,
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[show_plans, new_plan, show_plan, save_new, save_next],
        include_in_schema=False,
    )
]
