"""At a till: taking the money that a booking waits for."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.till.books.receipt import receipt_of_booking
from credits.till.sale import Paid
from credits.till.till_desk import ADDRESS, TILL
from reservations.booking.answers import Paid as PaidAtDesk
from reservations.booking.answers import as_refusal
from reservations.booking.commands import PayAtDesk
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.box_office.held import (
    DueBooking,
    booking_of_number,
    held_booking,
    is_sold_by,
    why_not_due,
)
from reservations.box_office.payment_form import Change, PaymentForm, read_change_or_payment
from reservations.box_office.till_page import (
    FindForm,
    OpenTill,
    note_found,
    open_till_here,
)
from reservations.box_office.with_pass.shown import permit_shown
from reservations.errors import AlreadyPaid, NothingDue, NumberUnknown, RemainingChanged
from uit.core.errors import Refusal, RefusalError
from uit.core.seal import open_pass
from uit.identity.authentication import StaffRequest
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, see_other

GivenServices = NamedDependency[BookingServices]


@get("/", opt=TILL)
async def show_finding(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template:
    """The field for a number, when the answer to one is loaded again."""
    till = await open_till_here(request, services, till_session_id)
    return till.page("held", held=None, number="", paid_id=None, change_cents=None)


@post("/", opt=TILL)
async def find_booking(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[FindForm],
    services: GivenServices,
) -> Template | Redirect:
    """The booking that somebody names by its number, or by the code of a ticket that is scanned.

    Of a booking of this organiser that waits for no money it says so. A pass that is scanned here leads to
    what is booked for who has it.

    What was typed or scanned stands in no address: whoever has the code of a ticket may enter with it.
    """
    till, key = await open_till_here(request, services, till_session_id), services.secrets.signing
    if open_pass(key, data.nummer.strip()) and not till.desk.worker.at_counter:
        shown = await permit_shown(services, till, data.nummer.strip(), services.ids.new())
        return find_again(till, "", shown) if isinstance(shown, Refusal) else see_other(shown)
    async with services.database.reading() as connection:
        where = till.region_id, till.organiser_id
        found = await booking_of_number(connection, key, where, data.nummer, till.desk.author.now)
        booking = await read_booking(connection, till.region_id, found) if found else None
    if booking is None or not is_sold_by(booking, till.organiser_id):
        return find_again(till, data.nummer, NumberUnknown())
    await note_found(services, till, booking.id)
    if booking.open_payment is None:
        return find_again(till, data.nummer, why_not_due(booking), booking.id)
    return see_other(till.address("boeking", booking.id))


def find_again(till: OpenTill, typed: str, refusal: Refusal, booking_id: UUID | None = None) -> Template:
    """The field for a number again; `booking_id`: what it is of, where its tickets can be taken back."""
    paid_id = booking_id if isinstance(refusal, AlreadyPaid) else None
    facts = {"held": None, "number": typed, "paid_id": paid_id, "change_cents": None, "refusal": refusal}
    return till.page("held", refusal.status, **facts)


@get("/{booking_id:uuid}", opt=TILL)
async def show_held(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template:
    """What is due of a booking, and how it is paid."""
    till = await open_till_here(request, services, till_session_id)
    held = await held_here(services, till, booking_id)
    return till.page("held", held.refusal.status if held.refusal else 200, **held_facts(till, held))


async def find_here(services: BookingServices, till: OpenTill, booking_id: UUID) -> DueBooking | None:
    async with services.database.reading() as connection:
        origin = till.origin(booking_id)
        now = services.clock.now()
        return await held_booking(connection, till.region_id, till.organiser_id, origin, now)


async def held_here(services: BookingServices, till: OpenTill, booking_id: UUID) -> DueBooking:
    held = await find_here(services, till, booking_id)
    if held is None:
        raise RefusalError(NothingDue(booking_id))
    return held


def held_facts(till: OpenTill, held: DueBooking, form: PaymentForm | None = None) -> dict[str, Any]:
    facts = till.payment_facts(form, held.lines, held.credit_cents)
    return {"held": held, "number": "", "refusal": held.refusal, **facts}


@post("/{booking_id:uuid}", opt=TILL)
async def take_money(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[PaymentForm],
    services: GivenServices,
) -> Template | Redirect:
    """Take what is due, once for a form: the booking is confirmed and its receipt written together."""
    till = await open_till_here(request, services, till_session_id)
    held = await find_here(services, till, booking_id)
    if held is None:
        return await to_receipt(services, till, booking_id, data)
    if held.refusal:
        return held_again(till, held, data, held.refusal)
    if data.due_cents != held.due_cents:
        refusal = RemainingChanged(data.due_cents or 0, held.due_cents)
        return held_again(till, held, data, refusal)
    paid = await read_change_or_payment(data, held.due_cents, held.credit_cents, services.terminal)
    if not isinstance(paid, Paid):
        return not_yet_taken(till, held, data, paid)
    payment_id = data.payment_id if held.by_card else held.payment_id
    sale = till.sale(data, booking_id, held.lines, paid, payment_id)
    answer = await services.turnstile.answer(PayAtDesk(till.region_id, booking_id, sale))
    if isinstance(answer, PaidAtDesk):
        return await to_receipt(services, till, booking_id, data)
    return held_again(till, await held_here(services, till, booking_id), data, as_refusal(answer))


def not_yet_taken(till: OpenTill, held: DueBooking, data: PaymentForm, said: Errors | Change) -> Template:
    """The page again, with what is wrong in its form or with what goes back of what the customer gives."""
    facts = held_facts(till, held, data)
    if isinstance(said, Change):
        return till.page("held", **facts | {"change_cents": said.cents})
    return till.page("held", UNPROCESSABLE, **facts | {"errors": said})


def held_again(till: OpenTill, held: DueBooking, data: PaymentForm, refusal: Refusal) -> Template:
    facts = held_facts(till, held, till.anew(data, refusal))
    return till.page("held", refusal.status, **facts | {"refusal": refusal})


async def to_receipt(
    services: BookingServices, till: OpenTill, booking_id: UUID, data: PaymentForm
) -> Redirect:
    """On to the receipt of a form, also when it is sent again.

    Raises NothingDue when it has none: another till took the money first.
    """
    async with services.database.reading() as connection:
        written = await receipt_of_booking(connection, till.region_id, booking_id)
    if written != data.receipt_id:
        raise RefusalError(NothingDue(booking_id))
    return see_other(till.desk.address("bonnen", data.receipt_id))


DESK: Final = (show_finding, find_booking, show_held, take_money)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}/boeking", route_handlers=DESK, include_in_schema=False)
]
