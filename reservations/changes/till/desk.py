"""At a till: a booking of who has no pass gets another date or number, and the difference changes hands."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.till.till_desk import ADDRESS, TILL
from reservations.booking.actor import ByStaff
from reservations.booking.answers import Changed
from reservations.booking.done import Done, done_of
from reservations.booking.own_booking import OwnBooking
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.booking.visit import Visit
from reservations.box_office.held import is_sold_by
from reservations.box_office.taking_back.handing_in import WAIVER, read_waiver, waivers
from reservations.box_office.till_page import OpenTill, open_till_here
from reservations.changes.at_till import TillForChange, TillSaid
from reservations.changes.own_change import Ways, change_facts, make_change
from reservations.errors import BookingUnknown, SwapOfPass, TooLate
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, see_other

GivenServices = NamedDependency[BookingServices]


async def booking_here(
    tx: Executor, till: OpenTill, booking_id: UUID, typed: Mapping[str, str]
) -> OwnBooking:
    """A booking that is all of this organiser. Raises the refusal of one that is not, or is on a pass."""
    booking = await read_booking(tx, till.region_id, booking_id)
    if booking is None or not is_sold_by(booking, till.organiser_id):
        raise RefusalError(BookingUnknown(booking_id))
    if any(line.holder_id for line in booking.lines):
        raise RefusalError(SwapOfPass(booking_id), redirect_to=None)
    by = ByStaff(till.desk.worker.staff_id, by_rules=read_waiver(typed) is None)
    here = Visit(till.desk.region, None, None, is_staff=True)
    return OwnBooking(here, booking_id, till.address("terugnemen", booking_id), by)


def ways_here(till: OpenTill, typed: Mapping[str, str]) -> Ways:
    for_change = TillForChange(till.at_work, till.desk.author, till.desk.worker.staff_id)
    return Ways(till=for_change, waiver=read_waiver(typed))


async def change_page(
    services: BookingServices,
    till: OpenTill,
    booking_id: UUID,
    typed: Mapping[str, str],
    answer: Refusal | TillSaid | None = None,
) -> Template:
    waiver = read_waiver(typed)
    async with services.database.reading() as tx:
        mine = await booking_here(tx, till, booking_id, typed)
        status, facts = await change_facts(services, tx, mine, typed, ways_here(till, typed), answer)
    is_late = isinstance(facts["refusal"], TooLate)
    if waiver or is_late:
        facts |= {"waivers": waivers(), "waiver": waiver or ""}
    if is_late:
        late: Errors = {WAIVER: _("Zo ja, kies waarom.")}
        labels = facts["labels"] | {WAIVER: _("Het is te laat volgens de voorwaarden. Mag het toch?")}
        status, facts = UNPROCESSABLE, facts | {"refusal": None, "errors": late, "labels": labels}
    return till.page("changes/till/change", status, **facts)


@get("/{booking_id:uuid}/wijzigen", opt=TILL)
async def ask_change(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template:
    """Another date, more or fewer places: what that costs more or less is said first."""
    till = await open_till_here(request, services, till_session_id)
    return await change_page(services, till, booking_id, request.query_params)


@post("/{booking_id:uuid}/wijzigen", opt=TILL)
async def change(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Change it as it was shown and settle the difference, once for the id of the form."""
    till = await open_till_here(request, services, till_session_id)
    async with services.database.reading() as tx:
        mine = await booking_here(tx, till, booking_id, data)
    answer = await make_change(services, mine, data, ways_here(till, data))
    if isinstance(answer, Changed):
        return see_other(till.address("tickets", booking_id) + done_of(Done.CHANGED))
    return await change_page(services, till, booking_id, data, answer)


DESK: Final = (ask_change, change)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}/terugnemen", route_handlers=DESK, include_in_schema=False)
]
