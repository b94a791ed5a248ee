"""The seats of a date at the desk of its organiser: the plan, who sits where, what is blocked, and moving."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.seating import plans_of
from reservations.booking.services import BookingServices
from reservations.errors import SessionUnknown
from reservations.halls.dates import sitting
from reservations.halls.dates.clearing import clear, relocations, sitting_on
from reservations.halls.dates.form import (
    block_errors,
    destinations_in,
    labels,
    seats_for,
    seats_in,
)
from reservations.halls.dates.moving import move as move_ticket
from reservations.halls.dates.sitting import SeatedDate, read_seated_date
from reservations.halls.plan import list_plans, read_plan
from reservations.halls.usual import (
    ActivityAndPlace,
    ForDates,
    Kind,
    PlanOfHall,
    hang_for,
    read_activity_and_place,
    read_usual,
    take_down_for,
)
from reservations.seats.errors import SeatPlanUnknown
from reservations.sessions import occupancy
from reservations.sessions.organiser_desk import (
    ADDRESS,
    ORGANISER,
    OrganiserDesk,
    desk_facts,
    desk_here,
    read_session,
)
from reservations.waiting.due import serve_due_lines
from uit.core.errors import Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import read_id
from uit.web.view import form_again, page, see_other

STAFF: Final = staff("organiser")
NONE: Final = "geen"
"""What the field of the plan says where a date has none any more."""
REACHES: Final[dict[str, Kind]] = {"activiteit": "event", "plek": "venue"}
"""For which dates a plan is meant besides the one of the page, by what its field says."""
GivenServices = NamedDependency[BookingServices]


def notice_after(verb: str) -> str | None:
    """What the page says after an act."""
    return {
        "plan": _("Het zaalplan hangt aan deze datum. Wie al geboekt had, kreeg een stoel."),
        "overal": _("Het zaalplan hangt aan alle datums die er nog geen hadden. Nieuwe krijgen het vanzelf."),
        "weg": _("Deze datum heeft geen zaalplan meer."),
        "dicht": _("Die stoelen worden niet meer verkocht."),
        "open": _("Die stoelen worden weer verkocht."),
        "verplaatst": _("Verplaatst. Tickets en codes blijven wat ze zijn. We laten het hun weten."),
        "ontruimd": _("Die stoelen worden niet meer verkocht. Wie er zat, zit nu elders en krijgt bericht."),
    }.get(verb)


@get("/stoelen", opt=ORGANISER)
async def show_seats(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await seat_facts(connection, services, desk)
    return page("reservations/halls/dates/seats.html", **facts, flash=notice_after(gedaan))


@post("/stoelen/plan", opt=STAFF)
async def hang(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Redirect | Template:
    """Hang a plan at this date, or another in its stead, or none; where that was asked, also at others."""
    desk, author = await desk_here(request), await author_here(request)
    chosen, reach = data.get("zaal", ""), REACHES.get(data.get("voor", ""))
    async with services.database.transaction() as tx:
        await read_session(tx, desk)
        here = await read_activity_and_place(tx, *desk.organiser_key, desk.session_id)
        of_id = here.id_of(reach) if reach else None
        others = ForDates(desk.organiser_id, reach, of_id) if reach and of_id else None
        if chosen == NONE:
            refusal, verb = await take_down_for(tx, author, desk.session_id, others), "weg"
        else:
            hall, verb = await plan_named(tx, desk, chosen), "overal" if others else "plan"
            refusal = await hang_for(tx, author, desk.session_id, hall, others)
    return await done(services, desk, refusal, verb)


async def plan_named(tx: Executor, desk: OrganiserDesk, text: str) -> PlanOfHall:
    """A plan of this organiser by its id. Raises SeatPlanUnknown."""
    plan_id = read_id(text)
    stored = await read_plan(tx, *desk.organiser_key, plan_id) if plan_id else None
    if stored is None:
        raise RefusalError(SeatPlanUnknown(plan_id or UUID(int=0)))
    plans = await plans_of(tx, desk.region.id, [stored.id])
    return PlanOfHall(stored.hall_id, plans[stored.id])


@post("/stoelen", opt=STAFF)
async def close_or_open(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Redirect | Template:
    """Block the seats that were ticked and those of a row, with a reason; or sell them again."""
    desk, author = await desk_here(request), await author_here(request)
    reason = None if data.get("stap") == "open" else one_line(data.get("waarom", ""))
    async with services.database.transaction() as tx:
        date = await seated_date(tx, desk)
        seats = seats_in(data, date)
        if errors := block_errors(seats, reason):
            facts = await seat_facts(tx, services, desk)
            again = {"errors": errors, "ticked": seats}
            return page("reservations/halls/dates/seats.html", 422, **facts | again)
        if reason is not None and sitting_on(date, seats):
            return clear_page(await seat_facts(tx, services, desk), date, seats, reason)
        refusal = None
        if reason is None:
            await sitting.unblock(tx, author, desk.session_id, seats)
        else:
            refusal = await sitting.block(tx, author, desk.session_id, seats, reason)
    return await done(services, desk, refusal, "open" if reason is None else "dicht")


@post("/stoelen/ontruimen", opt=STAFF)
async def clear_seats(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Redirect | Template:
    """Move who sits on these seats to where the page said, and sell the seats no more."""
    desk, author = await desk_here(request), await author_here(request)
    reason, to = one_line(data.get("waarom", "")), destinations_in(data)
    async with services.database.transaction() as tx:
        date = await seated_date(tx, desk)
        seats = [key for key in data.get("stoelen", "").split(",") if key in date.plan.seats]
        if errors := block_errors(seats, reason):
            facts = await seat_facts(tx, services, desk)
            return page("reservations/halls/dates/seats.html", 422, **facts | {"errors": errors})
        refusal = await clear(tx, author, desk.session_id, seats, reason, to)
    if refusal is None:
        return await done(services, desk, None, "ontruimd")
    async with services.database.reading() as connection:
        facts, date = await seat_facts(connection, services, desk), await seated_date(connection, desk)
    return clear_page(facts, date, seats, reason, refusal)


def clear_page(
    facts: dict[str, Any], date: SeatedDate, seats: list[str], reason: str, refusal: Refusal | None = None
) -> Template:
    """Whom it concerns to block these seats, and where they would go. Nothing has happened yet."""
    shown = {"seats": seats, "reason": reason, "moves": relocations(date, seats), "refusal": refusal}
    status = refusal.status if refusal else 200
    return page("reservations/halls/dates/clear.html", status, **facts | shown)


@get("/stoelen/{ticket:str}", opt=ORGANISER)
async def show_ticket(request: StaffRequest, ticket: FromPath[str], services: GivenServices) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await ticket_facts(connection, desk, ticket)
    return page("reservations/halls/dates/ticket.html", **facts)


@post("/stoelen/{ticket:str}", opt=ORGANISER)
async def move(
    request: StaffRequest,
    ticket: FromPath[str],
    services: GivenServices,
    data: URLEncodedBody[dict[str, str]],
) -> Redirect | Template:
    """Let somebody sit elsewhere, or two change places."""
    desk, author, to = await desk_here(request), await author_here(request), data.get("naar", "")
    async with services.database.transaction() as tx:
        facts = await ticket_facts(tx, desk, ticket)
        if not to:
            errors = {"naar": _("Kies een stoel.")}
            return page("reservations/halls/dates/ticket.html", 422, **facts | {"errors": errors})
        may_sit_apart = data.get("apart") == "true"
        refusal = await move_ticket(tx, author, desk.session_id, ticket, to, may_sit_apart=may_sit_apart)
    if refusal:
        return form_again("reservations/halls/dates/ticket.html", refusal, **facts)
    await serve_due_lines(services, desk.region.id)
    return see_other(f"{desk.address}/stoelen?gedaan=verplaatst")


async def done(
    services: BookingServices, desk: OrganiserDesk, refusal: Refusal | None, verb: str
) -> Redirect | Template:
    """On to the page that says so, or the page again with what stood in the way.

    After the transaction of what was done: who waits is served by another.
    """
    if refusal is None:
        await serve_due_lines(services, desk.region.id)
        return see_other(f"{desk.address}/stoelen?gedaan={verb}")
    async with services.database.reading() as connection:
        facts = await seat_facts(connection, services, desk)
    return form_again("reservations/halls/dates/seats.html", refusal, **facts)


async def seated_date(tx: Executor, desk: OrganiserDesk) -> SeatedDate:
    """Raises SessionUnknown, also for a date of another organiser and for one without a plan."""
    await read_session(tx, desk)
    date = await read_seated_date(tx, desk.region.id, desk.session_id)
    if date is None:
        raise RefusalError(SessionUnknown(desk.session_id))
    return date


async def seat_facts(tx: Executor, services: BookingServices, desk: OrganiserDesk) -> dict[str, Any]:
    session = await read_session(tx, desk)
    date = await read_seated_date(tx, desk.region.id, desk.session_id)
    plans = await list_plans(tx, *desk.organiser_key, services.clock.now())
    return {
        **await desk_facts(tx, desk),
        "region": desk.region,
        "session": session,
        "date": date,
        "pools": await occupancy.read_pools(tx, *desk.key),
        "labels": labels(),
        "plans": plans,
        "halls": [(each.id, each.name) for each in plans],
        "usual": await read_usual(tx, *desk.organiser_key, desk.session_id),
        "reaches": reaches_of(await read_activity_and_place(tx, *desk.organiser_key, desk.session_id)),
        "rows": [("", _("Geen")), *((row.name, row.name) for row in date.plan.rows)] if date else [],
        "errors": {},
        "ticked": [],
    }


def reaches_of(here: ActivityAndPlace) -> list[tuple[str, str]]:
    """For which dates a plan may be meant, in words."""
    found = [
        ("datum", _("Alleen deze datum")),
        ("activiteit", _("Alle datums van deze activiteit, ook nieuwe")),
    ]
    words = _("Alles wat jullie in %(place)s doen, ook nieuwe datums", place=here.venue)
    return [*found, ("plek", words)] if here.venue else found


async def ticket_facts(tx: Executor, desk: OrganiserDesk, ticket_key: str) -> dict[str, Any]:
    session, date = await read_session(tx, desk), await seated_date(tx, desk)
    ticket = date.ticket(ticket_key)
    if ticket is None:
        raise RefusalError(SessionUnknown(desk.session_id))
    return {
        **await desk_facts(tx, desk),
        "region": desk.region,
        "session": session,
        "ticket": ticket,
        "seats": seats_for(date, ticket),
        "labels": {"naar": _("Naar")},
        "errors": {},
    }


ROUTES: list[ControllerRouterHandler] = [
    Router(
        f"{ADDRESS}/sessies/{{session_id:uuid}}",
        route_handlers=[show_seats, hang, close_or_open, clear_seats, show_ticket, move],
        include_in_schema=False,
    )
]
