"""A change at a desk with a till: the difference is taken there, or given from its drawer, in one with it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from credits.errors import DrawerTooLow
from credits.till.rounding import difference_rounding
from credits.till.sale import Paid, SaleLine, SaleOrigin, compose_sale
from credits.till.till import read_drawer
from reservations.booking.change_errors import DifferenceChanged
from reservations.booking.changing import Changing
from reservations.booking.commands import AtTill
from reservations.booking.services import BookingServices
from reservations.box_office.payment_form import (
    Change,
    PaymentForm,
    labels,
    payment_form_in,
    read_change_or_payment,
    read_difference,
    ways,
)
from reservations.box_office.till_at_work import TillAtWork
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.services.audit import Author
from uit.web.form import Errors

SEEN: Final = "verschil"
"""The field with the difference that the page showed, in cents; below zero it goes to the customer."""


class TillForChange(Struct, frozen=True):
    """The till at which who changes a booking for somebody takes or gives the difference."""

    till: TillAtWork
    author: Author
    staff_id: UUID

    @property
    def seller_id(self) -> UUID:
        return self.till.seller_id

    def origin(self, booking_id: UUID, payment_id: UUID | None = None) -> SaleOrigin:
        return SaleOrigin(
            self.till.seller_id, self.till.id, self.staff_id, self.author.today, booking_id, payment_id
        )

    def at_till(self, planned: Changing, typed: PaymentForm, paid: Paid, event: str) -> AtTill:
        """What changes hands, as the turnstile is told: with a receipt where something is paid."""
        origin, due_cents = (
            self.origin(planned.booking.id, typed.payment_id),
            planned.due_cents(self.seller_id),
        )
        lines = sale_lines(planned, event)
        if not lines:
            rounding_cents = difference_rounding(due_cents, due_cents)
            return AtTill(origin, due_cents, rounding_cents=rounding_cents)
        sale = compose_sale(typed.receipt_id, origin, lines, paid, self.author.ids)
        return AtTill(origin, due_cents, sale)


class TillSaid(Struct, frozen=True):
    """What the form of a till says before anything changes: what is wrong, or what goes back in hand."""

    errors: Errors = {}
    change_cents: int | None = None


def sale_lines(planned: Changing, event: str) -> tuple[SaleLine, ...]:
    """What is paid besides, as the receipt names it: never whose price it is, nor what it was before."""
    payment = planned.funding.payment
    to_pay = [(line, payment.of_line(line.no)) for line in planned.lines] if payment else []
    return tuple(
        SaleLine(
            no=no,
            words=_("%(event)s · bijbetaald", event=event),
            vat_code=line.vat_code,
            amount_cents=cents,
            places=1,
            booking_line_no=line.no,
        )
        for no, (line, cents) in enumerate(((line, cents) for line, cents in to_pay if cents), start=1)
    )


def difference_facts(
    till: TillForChange, planned: Changing, typed: Mapping[str, str], said: TillSaid
) -> dict[str, Any]:
    """What the part of a page needs on which the difference is taken or given."""
    ids, due_cents = till.author.ids, planned.due_cents(till.seller_id)
    form = payment_form_in(typed) if "receipt_id" in typed else PaymentForm(ids.new(), ids.new())
    return {
        "till": till.till.till,
        "due_cents": due_cents,
        "given_cents": planned.given_cents(till.seller_id),
        "cash_cents": due_cents + difference_rounding(due_cents, due_cents),
        "ways": ways(due_cents),
        "form": form,
        "labels": labels(),
        "errors": said.errors,
        "change_cents": said.change_cents,
    }


async def settle(
    services: BookingServices,
    till: TillForChange,
    planned: Changing,
    typed: Mapping[str, str],
    event: str,
) -> AtTill | TillSaid | Refusal:
    """How the difference that the page showed is paid or given; refused where it is another by now."""
    due_cents, seen = planned.due_cents(till.seller_id), read_difference(typed.get(SEEN, ""))
    if seen != due_cents:
        return DifferenceChanged(seen or 0, due_cents)
    form, paid = payment_form_in(typed), Paid(set_against_cents=planned.given_cents(till.seller_id))
    if due_cents > 0:
        asked = await read_change_or_payment(form, due_cents, 0, services.terminal)
        if isinstance(asked, Change):
            return TillSaid(change_cents=asked.cents)
        if not isinstance(asked, Paid):
            return TillSaid(errors=asked)
        paid = Paid(0, asked.terminal_cents, asked.reference, paid.set_against_cents)
    elif await is_drawer_too_low(services, till, -due_cents):
        return DrawerTooLow(-due_cents)
    return till.at_till(planned, form, paid, event)


async def is_drawer_too_low(services: BookingServices, till: TillForChange, cents: int) -> bool:
    async with services.database.reading() as tx:
        return cents > await read_drawer(tx, till.author.region_id, till.till.id)
