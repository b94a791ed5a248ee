"""What a booking still waits for, as its page says it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.payments.payment import Payment, PaymentMeans
from reservations.booking.due import asked_cents
from reservations.booking.facts import Booking, Facts, TicketStatus
from reservations.booking.tickets import Outing
from reservations.booking.turnstile import read_without_locks
from reservations.booking.viewer import Viewer
from uit.core.formats import enterprise
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Vendor(Struct, frozen=True):
    """Who sells, as a page names it. An association may have no number."""

    name: str
    number: str | None

    @property
    def full_name(self) -> str:
        return f"{self.name} ({enterprise(self.number)})" if self.number else self.name


class ToPay(Struct, frozen=True):
    """An open payment: how much, to whom, until when. `url` is its page, None while there is none.

    `vendor` sells: the organiser, or its agent. `desk` is whose desk takes money: the organiser's own,
    also where an agent sells.
    """

    amount_cents: int
    means: PaymentMeans
    url: str | None
    held_until: datetime
    vendor: Vendor
    desk: str
    can_lengthen: bool


class Awaited(Struct, frozen=True):
    """What is still to be paid of a booking, as a list says it: how much, by which means, until when."""

    amount_cents: int
    means: PaymentMeans
    url: str | None
    held_until: datetime


read_vendor = SQL.one("read_vendor", Vendor)


async def read_to_pay(tx: Executor, booking: Booking, now: datetime) -> dict[str, Any]:
    """The facts for `to_pay.html`."""
    payment = booking.open_payment
    if payment is None or booking.held_until is None or booking.held_until <= now:
        return {"to_pay": None}
    vendor, desk_id = await read_vendor(tx, booking.region_id, payment.seller_id), desk_of(booking, payment)
    desk = vendor if desk_id == payment.seller_id else await read_vendor(tx, booking.region_id, desk_id)
    page_is_open = payment.means is PaymentMeans.CARD and payment.opened_at is not None
    to_pay = ToPay(
        sum(asked_cents(booking, payment)),
        payment.means,
        payment.url,
        booking.held_until,
        vendor,
        desk.name,
        page_is_open and not booking.lengthened,
    )
    return {"to_pay": to_pay}


async def read_awaited(
    tx: Executor, region_id: int, outings: Sequence[Outing], viewer: Viewer, now: datetime
) -> dict[UUID, Awaited]:
    """What the bookings of these outings wait for, by their ids: of those that wait for whoever looks."""
    ids = list({each.booking_id for each in outings if each.status is TicketStatus.HELD})
    if not ids:
        return {}
    facts = msgspec.json.decode(await read_without_locks(tx, region_id, [], ids), type=Facts)
    found = {}
    for booking in facts.bookings:
        if viewer.part_of(booking) is not booking:
            continue
        payment, until = booking.open_payment, booking.held_until
        if payment and until and until > now:
            cents = sum(asked_cents(booking, payment))
            found[booking.id] = Awaited(cents, payment.means, payment.url, until)
    return found


def never_opened(booking: Booking) -> bool:
    """Whether it waited for a payment page that nobody could have opened."""
    last = booking.payments[-1] if booking.payments else None
    return last is not None and last.means is PaymentMeans.CARD and not (last.opened_at or last.paid_at)


def desk_of(booking: Booking, payment: Payment) -> UUID:
    """The organiser at whose desk money is paid: that of the first date which it is for, whoever sells."""
    paid = (line.seller_id for line in booking.lines if payment.of_line(line.no))
    return next(paid, booking.lines[0].seller_id)


async def read_vendor_of_booking(tx: Executor, booking: Booking) -> Vendor | None:
    """To whom the money of a booking was paid, the organiser or its agent; None where credit paid all."""
    payment = next((each for each in booking.payments if each.stands), None)
    return await read_vendor(tx, booking.region_id, payment.seller_id) if payment else None
