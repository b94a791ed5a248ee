"""A booking for a pass that was shown, before it is made, and how a till takes what credit does not pay."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough
from credits.till.rounding import cash_rounding
from credits.till.sale import Paid, Sale, SaleLine, SaleOrigin, compose_sale
from reservations.booking.commands import Book, PayWith
from reservations.booking.turnstile import read_booking
from reservations.box_office.payment_form import PaymentForm, ways
from reservations.box_office.selling.selling import enrolled_lines, sale_refusal, sold_lines
from reservations.box_office.till_at_work import TillAtWork
from reservations.order.form import Form
from reservations.order.order import Order
from reservations.order.total import Total, compute_total
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.services.audit import Author


class OrderAtTill(Struct, frozen=True):
    """What is booked for whom, by which member of staff, and the till at which they take money, if any.

    `seats` were chosen where they are numbered, or so many places for `wheelchairs` asked.
    """

    order: Order
    till: TillAtWork | None
    author: Author
    staff_id: UUID
    channel: str
    seats: tuple[str, ...] = ()
    wheelchairs: int = 0

    def seated(self, form: Form) -> "OrderAtTill":
        """The same with what a form says of seats."""
        return replace(self, seats=form.seats, wheelchairs=form.wheelchairs)

    def with_code(self, code_digest: str | None) -> "OrderAtTill":
        """The same with the code that was typed for a price."""
        return replace(self, order=replace(self.order, code_digest=code_digest))

    def command(self, places: Mapping[str, int]) -> Book:
        """The booking, with credit alone."""
        command = self.order.as_command(places, self.seats, self.wheelchairs)
        at_counter = self.channel == "counter"
        return replace(command, channel=self.channel, clerk_id=self.staff_id, types_code=at_counter)

    def total(self, places: Mapping[str, int], now: datetime) -> "TillTotal":
        total = compute_total(self.order.offer, self.command(places), places, now)
        due_cents, refusal = total.remaining_cents, total.refusal
        if due_cents and isinstance(refusal, NotEnough | None):
            refusal = self.why_unpaid(places, total, now)
        takes_money = bool(due_cents and self.till and not refusal)
        return TillTotal(total, due_cents, refusal, takes_money)

    def why_unpaid(self, places: Mapping[str, int], total: Total, now: datetime) -> Refusal | None:
        """Why what credit does not pay cannot be paid here, nor later at the box office."""
        if self.till is None:
            return None if PayWith.DESK in total.ways else NotEnough(total.price_cents)
        typed = PaymentForm(self.author.ids.new(), self.author.ids.new())
        tried = self.paid_command(places, typed, Paid(credit_cents=total.credit_cents))
        return sale_refusal(self.order.offer.facts, tried, now)

    def lines(self, places: Mapping[str, int]) -> tuple[SaleLine, ...]:
        if self.order.course is None:
            return sold_lines(self.order.card.session.name, self.order.offer_as_paid(places), places)
        return enrolled_lines(self.order.course, self.order.offer, places)

    def paid_command(self, places: Mapping[str, int], typed: PaymentForm, paid: Paid) -> Book:
        """The booking with what credit does not pay taken at the till, in the same moment."""
        sale = self.sale(places, typed, paid)
        command = replace(self.command(places), price_seen_cents=sale.total_cents, pay_with=PayWith.DESK)
        return replace(command, payment_id=typed.payment_id, sale=sale)

    def sale(self, places: Mapping[str, int], typed: PaymentForm, paid: Paid) -> Sale:
        assert self.till is not None
        origin = SaleOrigin(
            self.till.seller_id,
            self.till.id,
            self.staff_id,
            self.author.today,
            self.order.booking_id,
            typed.payment_id,
        )
        return compose_sale(typed.receipt_id, origin, self.lines(places), paid, self.author.ids)


async def is_booked(tx: Executor, at_till: OrderAtTill, places: Mapping[str, int]) -> bool:
    """Whether this form has booked these places already: it was sent again, however things stand now."""
    order = at_till.order
    booking = await read_booking(tx, order.region_id, order.booking_id)
    return booking is not None and booking.digest == at_till.command(places).digest


class TillTotal(Struct, frozen=True):
    """What it comes to. `due_cents` is paid here where `takes_money`, else held for the box office."""

    total: Total
    due_cents: int
    refusal: Refusal | None
    takes_money: bool

    def payment_facts(self, typed: PaymentForm) -> dict[str, Any]:
        """What the part of a page needs on which money is taken."""
        rounding_cents = cash_rounding(self.total.price_cents, self.due_cents)
        return {
            "due_cents": self.due_cents,
            "cash_cents": self.due_cents + rounding_cents,
            "ways": ways(self.due_cents),
            "payment": typed,
        }
