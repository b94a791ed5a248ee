"""How a booking is paid when it is made: which credit is put aside, and what is to be paid besides. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough, TillOfOtherSeller
from credits.invoice.terms import InvoiceOrder, order_for
from credits.payments.payment import (
    LEAST_CARD_CENTS,
    UNOPENED,
    Payment,
    PaymentMeans,
    PaymentStatus,
    SellerTerms,
)
from credits.wallet.spread import Hold
from reservations.booking.actor import ByPartner, ByRepresentative
from reservations.booking.commands import Book, PayWith
from reservations.booking.facts import Line, Session
from reservations.booking.remaining import Remaining
from reservations.errors import CannotPayWith, SeveralSellers
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal

MEANS = {
    PayWith.CREDIT_THEN_CARD: PaymentMeans.CARD,
    PayWith.CARD: PaymentMeans.CARD,
    PayWith.DESK: PaymentMeans.DESK,
    PayWith.INVOICE: PaymentMeans.INVOICE,
}


class Funding(Struct, frozen=True):
    """Credit that is put aside, and the payment that the rest waits for, until `held_until`.

    What is put on an invoice waits for nothing: `order` is what the seller is asked to invoice.
    """

    holds: Sequence[Hold]
    payment: Payment | None = None
    held_until: datetime | None = None
    order: InvoiceOrder | None = None


def fund(command: Book, lines: Sequence[Line], remaining: Remaining) -> Funding | Refusal:
    """The funding of lines by as much credit as may be. Writes on each line what credit pays.

    The first lines get credit first. Where money is then left for who takes none, or for several sellers, it
    is shared out otherwise: the first seller gets the money of whom that is possible.
    """
    funding = fund_in_order(command, lines, lines, remaining)
    if isinstance(funding, Funding | NotEnough) or command.pay_with is PayWith.CARD:
        return funding
    others = (fund_in_order(command, lines, order, remaining) for order in orders(command, lines, remaining))
    return next((other for other in others if isinstance(other, Funding)), funding)


def orders(command: Book, lines: Sequence[Line], remaining: Remaining) -> Iterator[list[Line]]:
    """For each seller, the lines whose money cannot go there first: those need the credit."""
    sellers = [seller_of(command, line, remaining) for line in lines]
    for seller in dict.fromkeys(filter(None, sellers)):
        others = [line for line, theirs in zip(lines, sellers, strict=True) if theirs != seller]
        yield others + [line for line, theirs in zip(lines, sellers, strict=True) if theirs == seller]


Taker = tuple[UUID, UUID | None]
"""Who sells, and at a desk also whose desk takes the money."""


def seller_of(command: Book, line: Line, remaining: Remaining) -> Taker | None:
    """To whom money for a line goes; None when it cannot be paid for so."""
    session = remaining.sessions[line.session_id]
    is_open = open_until(session, command, remaining.now) is not None
    return taken_by(session, session.terms, command) if session.terms and is_open else None


def taken_by(session: Session, terms: SellerTerms, command: Book) -> Taker:
    """A desk takes money for its own organiser alone, also where one agent sells for several."""
    return terms.seller_id, session.organiser_id if command.pay_with is PayWith.DESK else None


def fund_in_order(
    command: Book, lines: Sequence[Line], order: Sequence[Line], remaining: Remaining
) -> Funding | Refusal:
    """The funding of lines by credit that goes to the first of an order first."""
    holds = credit_for(command, order, remaining)
    price_cents = sum([line.price_cents for line in lines])
    missing = price_cents - sum([hold.cents for hold in holds])
    means = MEANS.get(command.pay_with)
    if missing and means is None:
        has_credit = any(line.wallet_id for line in lines)
        return NotEnough(price_cents) if has_credit else CannotPayWith(lines[0].session_id, command.pay_with)
    write_credit(lines, holds)
    if missing and means is PaymentMeans.CARD:
        if price_cents < LEAST_CARD_CENTS:
            return CannotPayWith(lines[0].session_id, command.pay_with)
        holds = free_credit(holds, max(0, LEAST_CARD_CENTS - missing), paid_anyhow(command, lines, remaining))
        write_credit(lines, holds)
    if not missing or means is None:
        return Funding(holds)
    return fund_remaining(command, lines, holds, remaining)


def credit_for(command: Book, lines: Sequence[Line], remaining: Remaining) -> list[Hold]:
    """As much credit as these lines can be paid with, where credit is to be used."""
    if command.pay_with is PayWith.CARD:
        return []
    return remaining.spread(lines, most_credit(command, lines, remaining))


def most_credit(command: Book, lines: Sequence[Line], remaining: Remaining) -> dict[int, int]:
    """The most that credit may pay of each line: its price, within what somebody may spend for its holder.

    The first lines of a holder use up what may be spent for them.
    """
    if not isinstance(command.by, ByRepresentative | ByPartner):
        return {line.no: line.price_cents for line in lines}
    left: dict[UUID | None, int | None] = {
        each: remaining.spend_cents(command.by, each) for each in {line.holder_id for line in lines}
    }
    most = {}
    for line in lines:
        limit = left[line.holder_id]
        most[line.no] = line.price_cents if limit is None else min(line.price_cents, limit)
        if limit is not None:
            left[line.holder_id] = limit - most[line.no]
    return most


def paid_anyhow(command: Book, lines: Sequence[Line], remaining: Remaining) -> set[int]:
    """The lines whose money goes to who gets money in any case, by their numbers."""
    sellers = {line.no: seller_of(command, line, remaining) for line in lines}
    paid = {sellers[line.no] for line in lines if line.remaining_cents} - {None}
    return {no for no, seller in sellers.items() if seller in paid}


def free_credit(holds: Sequence[Hold], cents: int, freed_first: set[int]) -> list[Hold]:
    """The holds less so many cents, which go to the card: it takes no small amounts.

    Of the last line first, but before others of those that are `freed_first`, so that no seller comes in who
    need not.
    """
    left = sorted(holds, key=lambda hold: (hold.line_no in freed_first, hold.line_no))
    while cents:
        last = left.pop()
        taken = min(cents, last.cents)
        cents -= taken
        if last.cents > taken:
            left.append(replace(last, cents=last.cents - taken))
    return left


def write_credit(lines: Sequence[Line], holds: Sequence[Hold]) -> None:
    paid: dict[int, int] = {}
    for hold in holds:
        paid[hold.line_no] = paid.get(hold.line_no, 0) + hold.cents
    for line in lines:
        line.credit_cents = paid.get(line.no, 0)


def fund_remaining(
    command: Book, lines: Sequence[Line], holds: Sequence[Hold], remaining: Remaining
) -> Funding | Refusal:
    """The funding by a payment of what credit does not pay: to one seller, by one means."""
    now, waiting = remaining.now, find_terms(command, lines, remaining)
    if isinstance(waiting, Refusal):
        return waiting
    payment = payment_for(command, lines, waiting.terms, now)
    if command.sale:
        return Funding(holds, replace(payment, status=PaymentStatus.PAID, paid_at=now))
    if payment.means is not PaymentMeans.INVOICE:
        return Funding(holds, payment, waiting.until)
    customer = remaining.customer(command.invoice_customer_id)
    order = order_for(customer, payment, command.invoice_reference, now)
    return order if isinstance(order, Refusal) else Funding(holds, payment, order=order)


class Waiting(Struct, frozen=True):
    """By whose terms, until when and for whom places wait for money."""

    terms: SellerTerms
    until: datetime
    taken_by: Taker


def find_terms(command: Book, lines: Sequence[Line], remaining: Remaining) -> Waiting | Refusal:
    """How the lines wait that cost money. Refused: a means that a date does not take, a second seller."""
    to_pay = [line for line in lines if line.remaining_cents]
    waiting: list[Waiting] = []
    for line in to_pay:
        session = remaining.sessions[line.session_id]
        until = open_until(session, command, remaining.now)
        if session.terms is None or until is None:
            return not_open(session, command, remaining.now)
        waiting.append(Waiting(session.terms, until, taken_by(session, session.terms, command)))
    if len({each.taken_by for each in waiting}) > 1:
        return SeveralSellers(tuple(sorted({line.seller_id for line in to_pay})))
    return replace(waiting[-1], until=min(each.until for each in waiting))


def not_open(session: Session, command: Book, now: datetime) -> Refusal:
    """Why places of a session cannot wait for money that comes so."""
    terms, sale = session.terms, command.sale
    if sale and terms and terms.holds_on(day_in_flanders(now)):
        return TillOfOtherSeller(terms.seller_id)
    return CannotPayWith(session.id, command.pay_with)


def payment_for(command: Book, lines: Sequence[Line], terms: SellerTerms, now: datetime) -> Payment:
    """The payment of what credit does not pay of these lines."""
    means = MEANS[command.pay_with]
    return Payment(
        id=command.payment_id or command.booking_id,
        seller_id=terms.seller_id,
        mandate_id=terms.mandate_id,
        means=means,
        status=PaymentStatus.PENDING,
        amount_cents=sum(line.remaining_cents for line in lines),
        line_cents=tuple(line.remaining_cents for line in lines),
        account=terms.account if means is PaymentMeans.CARD else None,
        made_at=now,
        return_url=command.return_url,
    )


def open_until(session: Session, command: Book, now: datetime) -> datetime | None:
    """Until when places of a session wait for money that comes as a command says; None when it may not."""
    terms = session.terms
    if terms is None or not terms.holds_on(day_in_flanders(now)):
        return None
    if command.sale:
        return now if terms.seller_id == command.sale.seller_id else None
    match MEANS.get(command.pay_with):
        case PaymentMeans.CARD:
            return now + UNOPENED if terms.card else None
        case PaymentMeans.INVOICE:
            return session.starts_at if terms.invoices else None
        case PaymentMeans.DESK:
            return desk_until(session, terms, now)
        case None:
            return None


def desk_until(session: Session, terms: SellerTerms, now: datetime) -> datetime | None:
    """The organiser's deadline for who pays at the desk; None when it is past, or there is none."""
    if terms.desk_hours is None:
        return None
    latest = session.starts_at - timedelta(minutes=terms.desk_before_minutes)
    until = min(now + timedelta(hours=terms.desk_hours), latest)
    return until if until > now else None
