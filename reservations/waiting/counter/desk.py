"""At the counter, for who is there or on the telephone: wait for what is full, answer an offer, or leave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import ByStaff
from reservations.booking.answers import InWaitingList, as_refusal
from reservations.booking.commands import DeclineOffer, LeaveWaitingList, PayWith, WaitingCommand
from reservations.booking.services import BookingServices
from reservations.booking.visit import with_fields
from reservations.counter.at_counter import AtCounter, at_counter, others_of
from reservations.order.who_comes import WHO
from reservations.waiting.join_form import (
    JoinForm,
    as_command,
    fields_for,
    first_join_form,
    join_facts,
    others_asked,
    read_join_form,
)
from reservations.waiting.joining import Joining, WhoAsks, read_joining
from reservations.waiting.offered import Offered, accepting, read_offered
from reservations.waiting.place import (
    PlaceInLine,
    WaitingDate,
    dates_of,
    read_company,
    read_place,
    read_places_of_member,
)
from reservations.waiting_line.errors import WaitingUnknown
from uit.core.errors import Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.passes.registration.counter_desk import CLERK
from uit.web.form import form_id
from uit.web.view import UNPROCESSABLE, see_other

GivenServices = NamedDependency[BookingServices]
ADDRESS: Final = "/{region:str}/balie/personen/{membership_id:uuid}/boekingen/wachtlijst"
HERE: Final = ("boekingen", "wachtlijst")
AT_THE_COUNTER: Final = (PayWith.CREDIT, PayWith.DESK)
"""How an offer is paid from a counter: nobody types a card number for another."""


@get("/", opt=CLERK)
async def show_places(
    request: StaffRequest, membership_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    """Where they stand in line, and what they were offered."""
    return await places_page(request, services, membership_id, gedaan=gedaan)


async def places_page(
    request: StaffRequest,
    services: BookingServices,
    membership_id: UUID,
    refusal: Refusal | None = None,
    gedaan: str = "",
) -> Template:
    now = services.clock.now()
    async with services.database.transaction() as tx:
        here = await at_counter(request, tx, membership_id)
        await here.desk.counter.note(tx, "waiting.read_all", "person", here.open.person.id)
        shown = await read_shown(tx, here, now)
    facts: dict[str, Any] = {
        "shown": shown,
        "own": here.address(*HERE),
        "refusal": refusal,
        "done": bool(gedaan),
    }
    status = refusal.status if refusal else 200
    return here.page("waiting/counter/places", status, **facts)


class ShownPlace(Struct, frozen=True):
    """A place in a line of who is at the counter; `company` are the names of who waits along."""

    place: PlaceInLine
    dates: list[WaitingDate]
    offered: Offered | None
    company: dict[UUID, str]


async def read_shown(tx: Executor, here: AtCounter, now: datetime) -> list[ShownPlace]:
    region_id = here.desk.region.id
    return [
        ShownPlace(
            place,
            await dates_of(tx, region_id, place, now),
            for_counter(await read_offered(tx, region_id, place, now)),
            await read_company(tx, region_id, place),
        )
        for place in await read_places_of_member(tx, region_id, here.id, now)
    ]


def for_counter(offered: Offered | None) -> Offered | None:
    """The offer with the ways in which it can be paid from here."""
    if offered is None:
        return None
    ways = {way: cents for way, cents in offered.remaining_by.items() if way in AT_THE_COUNTER}
    return replace(offered, remaining_by=ways)


@get("/{session_id:uuid}", opt=CLERK)
async def ask_to_wait(
    request: StaffRequest, membership_id: FromPath[UUID], session_id: FromPath[UUID], services: GivenServices
) -> Template:
    """Who comes, which dates are good, and how many places."""
    typed = dict(request.query_params)
    here, joining = await joining_here(request, services, membership_id, session_id, typed)
    return join_page(here, joining, first_join_form(session_id, joining, typed), services.ids.new())


async def joining_here(
    request: StaffRequest,
    services: BookingServices,
    membership_id: UUID,
    session_id: UUID,
    asked: Mapping[str, str],
) -> tuple[AtCounter, Joining]:
    """Raises MayNotAct for somebody for whom who is at the counter may not book."""
    now = services.clock.now()
    async with services.database.reading() as tx:
        here = await at_counter(request, tx, membership_id)
        others, person = await others_of(tx, here), here.open.person
        who, name = asked.get(WHO, ""), here.holder.given_name
        asks = WhoAsks(here.holder, person.id, others, who, name, asked=asked)
        return here, await read_joining(tx, here.desk.region.id, asks, session_id, now)


def join_page(
    here: AtCounter, joining: Joining, form: JoinForm, entry_id: UUID, refusal: Refusal | None = None
) -> Template:
    return here.page(
        "waiting/counter/join",
        refusal.status if refusal else UNPROCESSABLE if form.errors else 200,
        **join_facts(joining, form, entry_id),
        refusal=refusal,
        action=here.address(*HERE, joining.card.session.id),
        own=here.address(*HERE),
    )


@post("/{session_id:uuid}", opt=CLERK)
async def join(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    session_id: FromPath[UUID],
    services: GivenServices,
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Put them on the list, behind who came before. The same form twice puts them there once."""
    here, joining = await joining_here(request, services, membership_id, session_id, data)
    entry_id, form = form_id(data.get("entry_id", ""), services.ids), read_join_form(data, joining)
    if chosen := others_asked(data, joining):
        return see_other(with_fields(here.address(*HERE, session_id), fields_for(chosen, joining, form)))
    if form.errors or data.get("stap") == "wie":
        return join_page(here, joining, form, entry_id)
    command = as_command(here.desk.region.id, entry_id, joining, form)
    answer = await services.turnstile.answer(replace(command, channel="counter", made_by=here.staff_id))
    if not isinstance(answer, InWaitingList):
        return join_page(here, joining, form, entry_id, as_refusal(answer))
    return see_other(here.address(*HERE) + "?gedaan=ja")


@post("/{entry_id:uuid}/ja", opt=CLERK)
async def accept(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    entry_id: FromPath[UUID],
    services: GivenServices,
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Take the offer for them, with their credit, or to be paid at the desk of the organiser."""
    here, place, offered = await place_here(request, services, membership_id, entry_id)
    way = offered.way(data.get("betaal", "")) if offered else None
    if offered is None or way is None:
        return see_other(here.address(*HERE))
    command = replace(
        accepting(here.desk.region.id, place, services.ids.new()),
        by=ByStaff(here.staff_id),
        pay_with=way,
        remaining_seen_cents=offered.remaining_by[way],
    )
    return await done_or_again(request, services, here, command)


@post("/{entry_id:uuid}/nee", opt=CLERK)
async def decline(
    request: StaffRequest, membership_id: FromPath[UUID], entry_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    """Decline the offer for them."""
    here, place, _offered = await place_here(request, services, membership_id, entry_id)
    if place.state != "offered" or place.booking_id is None:
        return see_other(here.address(*HERE))
    command = DeclineOffer(here.desk.region.id, place.booking_id, ByStaff(here.staff_id))
    return await done_or_again(request, services, here, command)


@post("/{entry_id:uuid}/weg", opt=CLERK)
async def leave(
    request: StaffRequest, membership_id: FromPath[UUID], entry_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    """Take them off the list."""
    here, place, _offered = await place_here(request, services, membership_id, entry_id)
    if place.state != "waiting":
        return see_other(here.address(*HERE))
    command = LeaveWaitingList(here.desk.region.id, place.id, place.event_id, here.staff_id)
    return await done_or_again(request, services, here, command)


async def done_or_again(
    request: StaffRequest, services: BookingServices, here: AtCounter, command: WaitingCommand
) -> Template | Redirect:
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Refusal):
        return await places_page(request, services, here.id, answer)
    return see_other(here.address(*HERE) + "?gedaan=ja")


async def place_here(
    request: StaffRequest, services: BookingServices, membership_id: UUID, entry_id: UUID
) -> tuple[AtCounter, PlaceInLine, Offered | None]:
    """Their place in a line. Raises WaitingUnknown for that of anybody else."""
    now = services.clock.now()
    async with services.database.reading() as tx:
        here = await at_counter(request, tx, membership_id)
        place = await read_place(tx, here.desk.region.id, entry_id, None)
        if place is None or here.id not in place.holder_ids:
            raise RefusalError(WaitingUnknown())
        return here, place, for_counter(await read_offered(tx, here.desk.region.id, place, now))


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[show_places, ask_to_wait, join, accept, decline, leave],
        include_in_schema=False,
    )
]
