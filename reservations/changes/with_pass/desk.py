"""At a till of an organiser: who shows a pass changes a booking. It says *in orde*, or what changes hands."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.till.till_desk import ADDRESS, OWN_STAFF
from reservations.booking.answers import Changed, as_refusal
from reservations.booking.change_rows import find_changes
from reservations.booking.changing import Changing
from reservations.booking.commands import AtTill
from reservations.booking.done import Done, done_of
from reservations.booking.services import BookingServices
from reservations.box_office.payment_form import labels
from reservations.box_office.till_page import note_found, open_till_here
from reservations.box_office.with_pass.shown import shown_here, without_own_price
from reservations.changes.at_till import TillSaid, difference_facts, settle
from reservations.changes.change_view import turns_back
from reservations.changes.with_pass.pass_change import PassChange, read_pass_change
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.web.form import form_id
from uit.web.view import form_status, see_other

GivenServices = NamedDependency[BookingServices]
BOOKING: Final = "/{permission_id:uuid}/boekingen/{booking_id:uuid}/wijzigen"


async def change_here(
    request: StaffRequest, services: BookingServices, path: tuple[UUID, UUID, UUID], typed: Mapping[str, str]
) -> PassChange:
    till_session_id, permission_id, booking_id = path
    till = await open_till_here(request, services, till_session_id)
    async with services.database.reading() as tx:
        shown = await shown_here(tx, till, permission_id)
        return await read_pass_change(services, tx, shown, booking_id, typed)


def change_page(
    services: BookingServices, here: PassChange, answer: Refusal | TillSaid | None = None
) -> Template:
    """What one may choose, and what changes hands: never a price, what credit pays, or what is left of it."""
    planned, form = here.planned(services.clock.now()), here.chosen.form
    said = answer if isinstance(answer, TillSaid) else TillSaid()
    refusal = next((each for each in (answer, planned) if isinstance(each, Refusal)), None)
    refusal = without_own_price(refusal) if refusal else None
    facts: dict[str, Any] = {"difference": None}
    if isinstance(planned, Changing):
        facts["difference"] = difference_facts(here.till, planned, here.typed, said)
    wrong = {
        each.field: error
        for each in here.places
        for row in each.rows
        if (error := form.errors.get(row.field))
    }
    return here.shown.till.page(
        "changes/with_pass/change",
        form_status(refusal, wrong or said.errors),
        name=here.shown.name,
        outing=here.chosen.outing,
        dates=here.chosen.dates,
        to=here.chosen.to,
        places=here.places,
        typed=here.typed,
        change_id=services.ids.new(),
        own=here.own,
        back=here.shown.address(),
        errors=wrong,
        labels={each.field: each.label for each in here.places} | dict(labels()),
        refusal=refusal,
        turns=here.chosen.turns,
        turns_back=turns_back(here.chosen, planned),
        slip=here.typed.get("slip"),
        **facts,
    )


@get(BOOKING, opt=OWN_STAFF)
async def ask_change(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    permission_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template:
    """Another date, more or fewer places: whether that is in order is said before anything changes."""
    path = till_session_id, permission_id, booking_id
    here = await change_here(request, services, path, request.query_params)
    await note_found(services, here.shown.till, booking_id)
    return change_page(services, here)


@post(BOOKING, opt=OWN_STAFF)
async def change(  # noqa: PLR0913, PLR0917  three of them are the address
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    permission_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Change it as it was shown and settle the difference, once for the id of the form."""
    path = till_session_id, permission_id, booking_id
    here = await change_here(request, services, path, data)
    answer = await make_change(services, here, data)
    if isinstance(answer, Changed):
        return see_other(here.shown.till.address("tickets", booking_id) + done_of(Done.CHANGED))
    here = await change_here(request, services, path, data)
    return change_page(services, here, answer)


async def make_change(
    services: BookingServices, here: PassChange, typed: Mapping[str, str]
) -> Changed | Refusal | TillSaid | None:
    """None where nothing was shown yet."""
    change_id = form_id(typed.get("change_id", ""), services.ids)
    async with services.database.reading() as tx:
        at_till = await at_till_before(tx, here, change_id)
    if at_till is None:
        planned = here.planned(services.clock.now())
        if not isinstance(planned, Changing):
            return planned
        settled = await settle(services, here.till, planned, typed, here.chosen.outing.name)
        if not isinstance(settled, AtTill):
            return settled
        at_till = settled
    answer = await services.turnstile.answer(here.bound(change_id, at_till))
    return answer if isinstance(answer, Changed) else as_refusal(answer)


async def at_till_before(tx: Executor, here: PassChange, change_id: UUID) -> AtTill | None:
    """For a form that was sent before: what it told is answered by the change that is there."""
    found = await find_changes(tx, here.shown.till.region_id, [change_id], [])
    return AtTill(here.origin, 0) if found else None


DESK: Final = (ask_change, change)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}/pas", route_handlers=DESK, include_in_schema=False)
]
