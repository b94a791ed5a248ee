"""The desk of an organiser: its sessions, their occupancy, and the capacity of their pools."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.region_desk import region_facts
from reservations.booking.commands import Resize
from reservations.booking.services import BookingServices
from reservations.cursor import read_cursor
from reservations.errors import PoolUnknown
from reservations.event_settings.settings import read_settings
from reservations.places.pool import MOST_PLACES
from reservations.sessions import changing, occupancy
from reservations.sessions.change_form import first_form, labels, typed_in
from reservations.sessions.changing import ON_SALE, lock_sessions
from reservations.sessions.organiser_desk import (
    ADDRESS,
    DECIDER,
    ORGANISER,
    VERBS,
    OrganiserDesk,
    desk_facts,
    desk_here,
    is_organiser,
    may_try,
    read_session,
    session_facts,
)
from reservations.sessions.task import (
    tasks_of_organiser,
    tasks_of_region,
    was_decided_by,
)
from reservations.sessions.wanted import apply, errors_of, is_so_already, refusal_of, wanted_in
from reservations.tariffs.waiting import waiting_tariffs
from reservations.writing.readers import count_reach
from uit.core.clock import day_in_flanders, start_of_day
from uit.core.errors import NotAllowed, NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.identity.message.kind import CALLED_OFF
from uit.services.region import Region
from uit.web.form import number_wanted, read_number
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

LET_CHOOSE: Final = "laten-kiezen"
CHANGE: Final = "reservations/sessions/change.html"

GivenServices = NamedDependency[BookingServices]


def notice_after(verb: str) -> str | None:
    """What the page of a date says after an act."""
    return {
        "afgelasten": _("Afgelast. Alles wat betaald werd, gaat terug. Wie boekte, krijgt bericht."),
        LET_CHOOSE: _(
            "Afgelast. Wie boekte, kiest wat het wordt, en krijgt bericht. Wat iedereen koos, lees je bij"
            " Wat werd het?"
        ),
        "uitstellen": _("Uitgesteld. Wie boekte, krijgt bericht."),
        "verplaatsen": _("Verplaatst. Wie boekte, krijgt bericht."),
        "hervatten": _("Het gaat door. Wie iets anders had gehoord, krijgt bericht."),
        "plaatsen": _("Het aantal plaatsen is aangepast."),
        "deur": _("De deur is dicht. Met die link komt niemand meer binnen."),
        "terug": _("De check-in is teruggenomen. Wie zo binnenkwam, kan opnieuw binnen."),
    }.get(verb)


class PlacesForm(Struct, frozen=True):
    places: str = ""


@get("/", opt=ORGANISER)
async def show_sessions(request: StaffRequest, services: GivenServices, na: FromQuery[str] = "") -> Template:
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        sessions, more = await occupancy.coming_sessions(
            connection, *desk.organiser_key, now, read_cursor(na)
        )
        found = await tasks_of_organiser(connection, *desk.organiser_key, now)
        waiting = await waiting_tariffs(connection, *desk.organiser_key, now) if desk.keeps_books else []
    tomorrow = start_of_day(day_in_flanders(now) + timedelta(days=1))
    return page(
        "reservations/sessions/sessions.html",
        **facts,
        now=now,
        region=desk.region,
        found=found,
        waiting_tariffs=waiting,
        today=[each for each in sessions if each.starts_at < tomorrow],
        later=[each for each in sessions if each.starts_at >= tomorrow],
        from_start=not na,
        next_page=f"{desk.home}?na={more.as_text()}" if more else None,
    )


@get("/sessies/{session_id:uuid}", opt=ORGANISER)
async def show_session(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk = await desk_here(request)
    facts = await session_facts(request, services, desk)
    return page("reservations/sessions/session.html", **facts | {"flash": notice_after(gedaan)})


@get("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=ORGANISER)
async def show_places(request: StaffRequest, pool_id: FromPath[UUID], services: GivenServices) -> Template:
    facts = await places_facts(services, await desk_here(request), pool_id)
    return page("reservations/sessions/places.html", **facts, places=facts["pool"].capacity)


@post("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=ORGANISER)
async def change_places(
    request: StaffRequest,
    pool_id: FromPath[UUID],
    data: URLEncodedBody[PlacesForm],
    services: GivenServices,
) -> Template | Redirect:
    desk, typed = await desk_here(request), data.places.strip()
    facts, places = await places_facts(services, desk, pool_id), read_number(typed, MOST_PLACES)
    if places is None:
        pool = facts["pool"]
        errors = {"places": number_wanted(pool.taken + pool.held, pool.licensed_capacity)}
        return page("reservations/sessions/places.html", 422, **facts, errors=errors, places=typed)
    resize = Resize(desk.region.id, desk.session_id, pool_id, places, request.user.staff_id)
    answer = await services.turnstile.answer(resize)
    if isinstance(answer, Refusal):
        return form_again("reservations/sessions/places.html", answer, **facts, places=typed)
    return see_other(f"{desk.address}?gedaan=plaatsen")


# A date that changes


@get("/sessies/{session_id:uuid}/wijzigen/{verb:str}", opt=DECIDER)
async def show_change(
    request: StaffRequest, verb: FromPath[str], services: GivenServices
) -> Template | Redirect:
    """Whom it touches, before anything happens. What makes no sense now leads back to the date."""
    desk = await desk_here(request)
    facts = await change_facts(request, services, desk, verb)
    if not may_try(verb, facts["session"], services.clock.now()):
        return see_other(facts["back"])
    return page(CHANGE, **facts, refusal=None)


@post("/sessies/{session_id:uuid}/wijzigen/{verb:str}", opt=DECIDER)
async def change_date(
    request: StaffRequest,
    verb: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Change it, and tell everybody who booked. A form that is sent twice changes nothing more."""
    desk, form = await desk_here(request), typed_in(data)
    if not await is_organiser(request):
        async with services.database.reading() as connection:
            staff_id = request.user.staff_id
            if await was_decided_by(connection, desk.region.id, desk.session_id, staff_id):
                return see_other(f"{tasks_address(desk.region)}?gedaan={verb}")
    facts = await change_facts(request, services, desk, verb)
    author = await author_here(request)
    wanted = wanted_in(verb, form, author.now)
    if isinstance(wanted, dict):
        again = facts | {"errors": wanted, "typed": form, "refusal": None}
        return page(CHANGE, UNPROCESSABLE, **again)
    async with services.database.transaction() as tx:
        [locked] = await lock_sessions(tx, desk.region.id, [desk.session_id])
        is_so = is_so_already(verb, locked, wanted)
        refusal = None if is_so else refusal_of(verb, locked, author.now)
        errors = {} if is_so or refusal else await errors_of(tx, desk.region.id, locked, wanted)
        if not (is_so or refusal or errors):
            await apply(tx, author, verb, locked, wanted)
    again = facts | {"typed": form}
    if errors:
        return page(CHANGE, UNPROCESSABLE, **again | {"errors": errors, "refusal": None})
    if refusal:
        return form_again(CHANGE, refusal, **again)
    return see_other(f"{facts['back']}?gedaan={LET_CHOOSE if wanted.choose_until else verb}")


async def change_facts(
    request: StaffRequest, services: BookingServices, desk: OrganiserDesk, verb: str
) -> dict[str, Any]:
    """What the page of a change shows. A region's officer sees it only for what waits too long."""
    if verb not in VERBS:
        raise RefusalError(NotFound())
    now, may = services.clock.now(), await is_organiser(request)
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        session = await read_session(connection, desk)
        touched = await occupancy.read_touched(connection, desk.region.id, desk.session_id)
        texts = services.texter is not None
        reach = await count_reach(connection, (desk.region.id, desk.session_id), CALLED_OFF, now, texts=texts)
        others = await changing.count_other_dates(connection, *desk.key, now) if verb == "afgelasten" else 0
        waiting = [] if may else await tasks_of_region(connection, desk.region.id, now)
    if not may and desk.session_id not in {each.session_id for each in waiting}:
        raise RefusalError(NotAllowed())
    typed = first_form(session.starts_at, session.ends_at, now, has_moment=session.status in ON_SALE)
    form: dict[str, Any] = {"labels": labels(), "errors": {}, "typed": typed}
    own = {
        "home": facts["home"] if may else None,
        "back": desk.address if may else tasks_address(desk.region),
    }
    date = {"session": session, "touched": touched, "reach": reach, "verb": verb, "others": others}
    return {**facts, **own, **form, **date}


def tasks_address(region: Region) -> str:
    return f"/{region.slug}/taken"


@get("/{region:str}/taken", opt=staff("programme_officer"), include_in_schema=False)
async def show_tasks(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    """What organisers of the region did not decide in three days."""
    region = await region_here(request)
    async with services.database.reading() as connection:
        found = await tasks_of_region(connection, region.id, services.clock.now())
    flash = notice_after(gedaan)
    facts = await region_facts(request)
    return page("reservations/sessions/region_tasks.html", **facts, found=found, flash=flash)


async def places_facts(services: BookingServices, desk: OrganiserDesk, pool_id: UUID) -> dict[str, Any]:
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        session = await read_session(connection, desk)
        pools = await occupancy.read_pools(connection, *desk.key)
        settings = await read_settings(connection, desk.region.id, desk.session_id)
    pool = next((each for each in pools if each.id == pool_id), None)
    if pool is None:
        raise RefusalError(PoolUnknown(pool_id))
    more = f"{desk.home}/activiteiten/{settings.event_id}/plaatsen"
    is_raised = desk.keeps_books and pool.kind == "room"
    return {**facts, "session": session, "pool": pool, "more_at": more if is_raised else None}


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[
            show_sessions,
            show_session,
            show_places,
            change_places,
            show_change,
            change_date,
        ],
        include_in_schema=False,
    ),
    show_tasks,
]
