"""How bookings are paid, said slowly: what is to be paid, what comes in, and what of it goes back.

It shares with `reservations.booking` what goes in and what comes out, and nothing of what lies between.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from credits.errors import (
    AboveInvoiceLimit,
    CustomerElsewhere,
    CustomerEnded,
    CustomerUnknown,
    NotEnough,
    TillOfOtherSeller,
)
from credits.invoice.terms import CustomerTerms, InvoiceOrder
from credits.payments.payment import (
    Payment,
    PaymentMeans,
    PaymentStatus,
    Refund,
    RefundStatus,
    RefundWay,
    SellerTerms,
)
from credits.till.sale import Sale
from reservations import errors
from reservations.booking.answers import ConfirmedTicket, EndedTicket, PaymentRefund
from reservations.booking.commands import Book, RequestedLine
from reservations.booking.facts import Booking, Line, Session, Ticket, TicketStatus
from reservations.booking.tariff import Tariff
from uit.core.errors import Refusal

Priced = tuple[Session, Tariff, RequestedLine]
Most = tuple[int, tuple[int, ...]]
"""A bill, and what each purse may pay of it at most."""

HAS_A_PLACE = ("held", "confirmed", "attended", "no_show")
ANY_ID = UUID(int=0)
LEAST_BY_CARD = 50
CARD_WAITS = timedelta(minutes=10)
LONGER = timedelta(minutes=14)
MEANS = {
    "card": PaymentMeans.CARD,
    "credit_then_card": PaymentMeans.CARD,
    "desk": PaymentMeans.DESK,
    "invoice": PaymentMeans.INVOICE,
}
WAYS = {"card": RefundWay.CARD, "desk": RefundWay.CASH, "invoice": RefundWay.CREDIT_NOTE}


def in_whole_cents(cents: int, parts: Sequence[int]) -> list[int]:
    """Share out in proportion: each gets cents as long as those so far have a whole one coming to them."""
    given: list[int] = []
    for at in range(len(parts)):
        due = Fraction(cents * sum(parts[: at + 1]), sum(parts) or 1)
        mine = 0
        while sum(given) + mine + 1 <= due:
            mine += 1
        given.append(mine)
    return given


# What is to be paid


class Funded(NamedTuple):
    """How a booking is paid: what credit pays of each line, and the payment of the rest, if there is any."""

    credit: list[int]
    payment: Payment | None = None
    held_until: datetime | None = None
    order: InvoiceOrder | None = None


def most_covered(bills: Sequence[Most], left: Sequence[int]) -> int:
    """The most that purses can pay of bills together.

    Some purses are emptied, and of the others each bill takes all that it may: the tightest such choice is
    the limit, and it can be reached (Ford and Fulkerson, 1956).
    """
    purses = range(len(left))
    return min(
        sum(left[purse] for purse in emptied)
        + sum(min(cents, sum(may[purse] for purse in purses if purse not in emptied)) for cents, may in bills)
        for size in range(len(left) + 1)
        for emptied in combinations(purses, size)
    )


def funded(
    command: Book,
    priced: Sequence[Priced],
    credit: list[int],
    now: datetime,
    customers: Sequence[CustomerTerms],
) -> Funded | Refusal:
    """With as much credit as may be for each line, or why it cannot be paid so."""
    prices = [tariff.price_cents * line.places for _, tariff, line in priced]
    if sum(credit) == sum(prices):
        return Funded(credit)
    if command.pay_with == "credit":
        nobodys = all(line.holder is None for _, _, line in priced)
        return errors.CannotPayWith(priced[0][0].id, "credit") if nobodys else NotEnough(sum(prices))
    means = MEANS[command.pay_with]
    if means == "card" and sum(prices) < LEAST_BY_CARD:
        return errors.CannotPayWith(priced[0][0].id, command.pay_with)
    if means == "card":
        credit = leave_enough(command, priced, prices, credit, now)
    rest = tuple(price - cents for price, cents in zip(prices, credit, strict=True))
    payment = asked_for(command, [session for session, _, _ in priced], rest, now)
    if isinstance(payment, Refusal):
        return payment
    if command.sale:
        return Funded(credit, replace(payment, status=PaymentStatus.PAID, paid_at=now))
    if means == "invoice":
        order = ordered(command, payment, now, customers)
        return order if isinstance(order, Refusal) else Funded(credit, payment, None, order)
    waits = [
        waits_until(session, command, now)
        for (session, _, _), cents in zip(priced, rest, strict=True)
        if cents
    ]
    return Funded(credit, payment, min(each for each in waits if each))


def ordered(
    command: Book, payment: Payment, now: datetime, customers: Sequence[CustomerTerms]
) -> InvoiceOrder | Refusal:
    """What the seller invoices to a customer of its own, during their agreement and up to its limit."""
    found = [each for each in customers if each.id == command.invoice_customer_id]
    if not found:
        return CustomerUnknown()
    if found[0].seller_id != payment.seller_id:
        return CustomerElsewhere(payment.seller_id)
    day = now.astimezone(ZoneInfo("Europe/Brussels")).date()
    in_order = [found[0].starts_on, day, found[0].ends_on or day]
    if in_order != sorted(in_order):
        return CustomerEnded(found[0].starts_on, found[0].ends_on)
    if found[0].limit_cents - found[0].open_cents < payment.amount_cents:
        return AboveInvoiceLimit(payment.amount_cents)
    return InvoiceOrder(found[0].id, command.invoice_reference, day + timedelta(days=found[0].term_days))


def leave_enough(
    command: Book, priced: Sequence[Priced], prices: Sequence[int], credit: Sequence[int], now: datetime
) -> list[int]:
    """Cent by cent less credit, until a card takes what is left.

    From the last line, but first of those whose money goes to who gets money anyhow.
    """
    sellers = [paid_to(command, session, now) for session, _, _ in priced]
    anyhow = {seller for seller, price, cents in zip(sellers, prices, credit, strict=True) if price > cents}
    left = list(credit)
    while sum(prices) - sum(left) < LEAST_BY_CARD:
        able = [at for at, cents in enumerate(left) if cents]
        left[max(able, key=lambda at: (sellers[at] is not None and sellers[at] in anyhow, at))] -= 1
    return left


def asked_for(
    command: Book, sessions: Sequence[Session], to_pay: tuple[int, ...], now: datetime
) -> Payment | Refusal:
    """One payment to one seller, where each date that needs money takes it this way."""
    means = MEANS[command.pay_with]
    paid = [session for session, cents in zip(sessions, to_pay, strict=True) if cents]
    for session in paid:
        if paid_to(command, session, now) is None:
            other = command.sale and session.terms and sells_on(session.terms, now)
            refused = errors.CannotPayWith(session.id, command.pay_with)
            return TillOfOtherSeller(session.terms.seller_id) if other and session.terms else refused
    terms = [session.terms for session in paid if session.terms]
    if len({each.seller_id for each in terms}) > 1:
        return errors.SeveralSellers(tuple(sorted({session.organiser_id for session in paid})))
    if means == "desk" and any(each.organiser_id != paid[0].organiser_id for each in paid):
        return errors.SeveralSellers(tuple(sorted({session.organiser_id for session in paid})))
    return Payment(
        command.payment_id or command.booking_id, terms[-1].seller_id, terms[-1].mandate_id, means,
        PaymentStatus.PENDING, sum(to_pay), to_pay, terms[-1].account if means == "card" else None, now,
        command.return_url,
    )  # fmt: skip


def paid_to(command: Book, session: Session, now: datetime) -> tuple[UUID, UUID | None] | None:
    """Who gets the money for a date when it comes this way; nobody when it may not come so.

    At a desk it goes to its organiser, whoever sells.
    """
    if session.terms is None or waits_until(session, command, now) is None:
        return None
    return session.terms.seller_id, session.organiser_id if command.pay_with == "desk" else None


def sells_on(terms: SellerTerms, now: datetime) -> bool:
    """Who sells for another does so up to the last day of the mandate."""
    today = now.astimezone(ZoneInfo("Europe/Brussels")).date()
    return terms.mandate_ends_on is None or terms.mandate_ends_on >= today


def waits_until(session: Session, command: Book, now: datetime) -> datetime | None:
    """Until when its places wait for money that comes so; None when it may not come so.

    A till takes money for its own seller, at once.
    """
    terms, means = session.terms, MEANS.get(command.pay_with)
    if terms is None or not sells_on(terms, now):
        return None
    if command.sale:
        return now if command.sale.seller_id == terms.seller_id else None
    if means == "card" and terms.card:
        return now + CARD_WAITS
    if means == "invoice" and terms.invoices:
        return session.starts_at
    if means == "desk" and terms.desk_hours is not None:
        deadline = session.starts_at - timedelta(minutes=terms.desk_before_minutes)
        until = min(deadline, now + timedelta(hours=terms.desk_hours))
        return until if now < until else None
    return None


# What came in, and what of it goes back


def own(line: Line) -> dict[int, int]:
    """What each ticket of a line cost beside its credit, by its number."""
    shares = in_whole_cents(line.price_cents - line.credit_cents, [each.weight for each in line.tickets])
    return {ticket.no: cents for ticket, cents in zip(line.tickets, shares, strict=True)}


def that_counts(booking: Booking) -> Payment | None:
    """The payment that paid for the tickets: the first that came in, and not all of it went back."""
    there = [each for each in booking.payments if counts(each)]
    return min(there, key=lambda each: counts_since(each) or each.made_at, default=None)


def is_open(payment: Payment) -> bool:
    return payment.status == "pending" and payment.means != "invoice"


def counts(payment: Payment) -> bool:
    """Whether its money is there: paid, or owed on an invoice; what was refunded is not."""
    return payment.status == "paid" or (payment.status == "pending" and payment.means == "invoice")


def counts_since(payment: Payment) -> datetime | None:
    return payment.made_at if payment.means == "invoice" else payment.paid_at


def fee(line: Line, ticket: Ticket) -> int:
    """What the organiser keeps of a ticket: only who gives up pays it, of their own money."""
    return min(line.cancel_fee_cents, own(line)[ticket.no]) if ticket.end == "given_up" else 0


def would_confirm(booking: Booking, payment: Payment) -> list[tuple[Line, Ticket]]:
    """What waits for a payment, or lapsed without it; nothing when it counts already."""
    status = "held" if is_open(payment) else "lapsed"
    return [
        (line, ticket)
        for line in booking.lines
        for ticket in line.tickets
        if ticket.status == status and not counts(payment)
    ]


def asked(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """What is to come in for each line: at a desk for what it would confirm, otherwise all of it."""
    if payment.means != "desk":
        return payment.line_cents
    due = would_confirm(booking, payment)
    return tuple(
        sum(own(line)[ticket.no] for of, ticket in due if of.no == line.no) for line in booking.lines
    )


def came_back(line: Line, payment: Payment | None, tickets: Sequence[Ticket]) -> list[int]:
    """What comes back of the money of tickets that have just ended."""
    there = payment is not None and payment.line_cents[line.no - 1] > 0
    return [own(line)[ticket.no] - fee(line, ticket) if there else 0 for ticket in tickets]


def give_back(payment: Payment, line: Line, cents: int, reason: str, now: datetime) -> list[PaymentRefund]:
    """Write it on a payment, the way that it came."""
    if not cents:
        return []
    refund = Refund(ANY_ID, line.no, cents, WAYS[payment.means], RefundStatus.DUE, reason, None, now)
    payment.refunds = (*payment.refunds, refund)
    return [PaymentRefund(payment.id, refund)]


def confirm(tickets: Iterable[tuple[Line, Ticket]]) -> tuple[ConfirmedTicket, ...]:
    confirmed = []
    for line, ticket in tickets:
        confirmed.append(ConfirmedTicket(line.no, ticket.no, ticket.status))
        ticket.status, ticket.end, ticket.ended_at = TicketStatus.CONFIRMED, None, None
        ticket.returned_cents = 0
    return tuple(confirmed)


def nothing_is_due(booking: Booking) -> list[tuple[Line, Ticket]]:
    """What waits for a payment of which nothing is due any more."""
    waiting = [
        each for payment in booking.payments if is_open(payment) for each in would_confirm(booking, payment)
    ]
    return [] if any(own(line)[ticket.no] for line, ticket in waiting) else waiting


def stop(booking: Booking, status: PaymentStatus) -> tuple[Payment, ...]:
    """Nothing comes of what is open when nothing is held for it."""
    stopped = [payment for payment in booking.payments if is_open(payment) and booking.held_until is None]
    for payment in stopped:
        payment.status = status
    return tuple(deepcopy(stopped))


def pay_instead(waiting: Payment, sale: Sale, now: datetime) -> Payment:
    """The payment at a till in the place of one that waits on a page."""
    assert sale.payment_id
    return Payment(
        sale.payment_id, waiting.seller_id, waiting.mandate_id, PaymentMeans.DESK, PaymentStatus.PENDING,
        waiting.amount_cents, waiting.line_cents, None, now,
    )  # fmt: skip


def mark_paid(booking: Booking, payment: Payment, now: datetime) -> None:
    """So much came in, now."""
    cents = asked(booking, payment)
    payment.status, payment.paid_at = PaymentStatus.PAID, now
    payment.amount_cents, payment.line_cents = sum(cents), cents


def too_late(paid_for: Iterable[tuple[Line, Ticket]]) -> list[tuple[EndedTicket, int]]:
    """The tickets that have no place any more, each with the money that comes back by it in the end."""
    late = []
    for line, ticket in paid_for:
        cents = own(line)[ticket.no]
        if ticket.end and cents and ticket.status not in HAS_A_PLACE:
            ticket.returned_cents += cents
            late.append(
                (EndedTicket(line.no, ticket.no, ticket.status, ticket.end, ticket.returned_cents), cents)
            )
    return late


# What must hold


def check_money(booking: Booking) -> None:
    """What came in for a line is what its tickets keep and what goes back; nothing goes back that did not."""
    for payment in booking.payments:
        ids = [refund.id for refund in payment.refunds if refund.id != ANY_ID]
        assert len(set(ids)) == len(ids)
        assert sum(payment.line_cents) == payment.amount_cents
        for line in booking.lines:
            back = sum(refund.amount_cents for refund in payment.refunds if refund.line_no == line.no)
            assert back <= payment.line_cents[line.no - 1]
            if payment == that_counts(booking):
                assert payment.line_cents[line.no - 1] == back + kept(line, counts_since(payment))


def kept(line: Line, since: datetime | None) -> int:
    """The money of tickets that have a place, and the fees of those that were given up after it came."""
    standing = sum(own(line)[each.no] for each in line.tickets if each.status in HAS_A_PLACE)
    left = [each for each in line.tickets if since and each.ended_at and each.ended_at > since]
    return standing + sum(fee(line, each) for each in left)


def nameless(booking: Booking) -> Booking:
    """A booking without the ids and codes of its refunds, which are any; refunds and credit have no order."""
    booking = deepcopy(booking)
    booking.credit.sort(key=lambda part: part.hold_id)
    for payment in booking.payments:
        refunds = [replace(each, id=ANY_ID, code=None) for each in payment.refunds]
        payment.refunds = tuple(sorted(refunds, key=lambda each: (each.decided_at, each.line_no)))
    return booking
