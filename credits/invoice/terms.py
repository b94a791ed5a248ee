"""What a seller agreed with an organisation that books on an invoice, and whether it may now. Pure."""

from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from credits.errors import AboveInvoiceLimit, CustomerElsewhere, CustomerEnded, CustomerUnknown
from credits.payments.payment import Payment
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal


class CustomerTerms(Struct):
    """An agreement between its two days, `ends_on` included. Amounts are in cents.

    `open_cents` of its invoices is not paid and not credited. No booking brings that above `limit_cents`; who
    lowers the limit can. It changes while a batch is decided.
    """

    id: UUID
    seller_id: UUID
    term_days: int
    limit_cents: int
    starts_on: date
    ends_on: date | None
    open_cents: int


class InvoiceOrder(Struct, frozen=True):
    """What a seller is asked to invoice to whom; `reference` is what the customer itself calls it."""

    customer_id: UUID
    reference: str | None
    due_on: date


def order_for(
    terms: CustomerTerms | None, payment: Payment, reference: str | None, now: datetime
) -> InvoiceOrder | Refusal:
    """The order for a payment, or why this customer cannot put it on an invoice.

    Refused are no customer, one of another seller, outside the days of its agreement, and above its limit.
    """
    today = day_in_flanders(now)
    if terms is None:
        return CustomerUnknown()
    if terms.seller_id != payment.seller_id:
        return CustomerElsewhere(payment.seller_id)
    if today < terms.starts_on or (terms.ends_on and terms.ends_on < today):
        return CustomerEnded(terms.starts_on, terms.ends_on)
    if terms.open_cents + payment.amount_cents > terms.limit_cents:
        return AboveInvoiceLimit(payment.amount_cents)
    return InvoiceOrder(terms.id, reference, today + timedelta(days=terms.term_days))
