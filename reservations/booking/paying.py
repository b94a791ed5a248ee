"""What becomes of a booking when its payment comes in, in time or late. Pure.

A payment in time confirms what waited for it. One that comes after its places lapsed books them anew, if all
of it is still there at the same price and with the same credit. What nothing is left for goes back.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import TillIdTaken, TillOfOtherSeller
from credits.payments.payment import PAID_TWICE, TOO_LATE, Payment, PaymentMeans, PaymentStatus
from credits.till.sale import Sale, SaleOrigin
from credits.wallet.spread import Hold
from reservations.booking.answers import EndedTicket, Paid
from reservations.booking.change_paying import take_in_change
from reservations.booking.commands import Pay, PayAtDesk
from reservations.booking.due import (
    TicketsByLine,
    asked_cents,
    by_line,
    confirmed,
    confirmed_by,
    due_cents,
)
from reservations.booking.ending import end_held
from reservations.booking.facts import STANDING, Booking, Line, Session, Ticket
from reservations.booking.refunding import refund_of, with_payment, with_refunds, with_returned
from reservations.booking.remaining import Remaining
from reservations.errors import BookingUnknown, NothingDue, PaymentDiffers, PaymentUnknown, RemainingChanged
from uit.core.errors import Refusal


def pay(remaining: Remaining, command: Pay) -> Paid | PaymentUnknown | PaymentDiffers:
    """In time it confirms what waits; late it books anew what lapsed; the rest goes back."""
    booking = remaining.booking(command.booking_id)
    payment = booking.payment(command.payment_id) if booking else None
    if booking is None or payment is None:
        return PaymentUnknown(command.booking_id, command.payment_id)
    if payment.paid_at is not None:
        return Paid(booking, payment, new=False)
    asked = sum(asked_cents(booking, payment))
    if not 0 < asked == command.amount_cents:
        return PaymentDiffers(payment.id, asked, command.amount_cents)
    answer = take_in(remaining, command, booking, payment)
    remaining.bookings[booking.id] = answer.booking
    return replace(answer, reference=command.reference)


def take_in(remaining: Remaining, command: Pay, booking: Booking, payment: Payment) -> Paid:
    if payment.id in remaining.change_payments:
        return take_in_change(remaining, booking, payment)
    paid = as_paid(booking, payment, remaining.now)
    if is_paid_otherwise(booking, payment):
        return come_in_twice(booking, paid, remaining.now)
    if payment.is_open and remaining.is_past(booking):
        return come_in_past(remaining, booking, paid)
    found = confirmed_by(booking, payment)
    holds = [] if payment.is_open else book_anew(remaining, command, booking, found)
    return come_in(booking, paid, found, holds, remaining.now)


class DueAtDesk(Struct, frozen=True):
    """What a till may take now for a booking: so many cents, of the payment that it waits for."""

    payment: Payment
    cents: int


def due_at_desk(remaining: Remaining, booking: Booking, origin: Sale | SaleOrigin) -> DueAtDesk | Refusal:
    """What this till may take, or why it takes nothing: what its page says, and what is decided."""
    waiting, refusal = booking.open_payment, remaining.till_refusal(origin)
    if refusal:
        return refusal
    cents = sum(due_cents(booking, waiting)) if waiting else 0
    if waiting is None or not cents or booking.change or remaining.is_past(booking):
        return NothingDue(booking.id)
    if waiting.seller_id != origin.seller_id:
        return TillOfOtherSeller(waiting.seller_id)
    return DueAtDesk(waiting, cents)


def pay_at_desk(remaining: Remaining, command: PayAtDesk) -> Paid | Refusal:
    """A till takes what is due: all of it, for every ticket that waits."""
    booking, sale = remaining.booking(command.booking_id), command.sale
    if booking is None or sale.payment_id is None:
        return BookingUnknown(command.booking_id)
    known = booking.payment(sale.payment_id)
    if known and known.paid_at is not None:
        return Paid(booking, known, new=False)
    due = due_at_desk(remaining, booking, sale)
    if isinstance(due, Refusal):
        return due
    if due.cents != sale.taken_cents:
        return RemainingChanged(sale.taken_cents, due.cents)
    refusal = refuse_ids(remaining, booking, due.payment, sale)
    if refusal:
        return refusal
    answer = take_at_desk(remaining, booking, due.payment, sale)
    remaining.bookings[booking.id] = answer.booking
    remaining.write(sale)
    return answer


def refuse_ids(remaining: Remaining, booking: Booking, waiting: Payment, sale: Sale) -> Refusal | None:
    """A receipt has an id of its own. The payment is the one that waits, or a new one in a page's place."""
    assert sale.payment_id is not None
    by_card = waiting.means is PaymentMeans.CARD
    if booking.payment(sale.payment_id) is not (None if by_card else waiting):
        return PaymentUnknown(booking.id, sale.payment_id)
    is_taken = sale.id in remaining.receipts or (by_card and sale.payment_id in remaining.payments)
    return TillIdTaken(sale.id) if is_taken else None


def take_at_desk(remaining: Remaining, booking: Booking, waiting: Payment, sale: Sale) -> Paid:
    """What waits is confirmed; a payment page that waited for it makes way."""
    payment, replaced = waiting, {}
    if waiting.means is PaymentMeans.CARD:
        assert sale.payment_id is not None
        booking, payment = instead_of(remaining, booking, waiting, sale.payment_id)
        replaced = {"opened": payment, "stopped": (booking.payment(waiting.id),)}
    paid = as_paid(booking, payment, remaining.now)
    answer = come_in(booking, paid, confirmed_by(booking, payment), [], remaining.now)
    return replace(answer, reference=str(sale.id), sale=sale, **replaced)


def instead_of(
    remaining: Remaining, booking: Booking, waiting: Payment, payment_id: UUID
) -> tuple[Booking, Payment]:
    """The booking with a payment at a desk, for which the page that is open makes way."""
    payment = Payment(
        id=payment_id,
        seller_id=waiting.seller_id,
        mandate_id=waiting.mandate_id,
        means=PaymentMeans.DESK,
        status=PaymentStatus.PENDING,
        amount_cents=waiting.amount_cents,
        line_cents=waiting.line_cents,
        account=None,
        made_at=remaining.now,
    )
    booking = with_payment(booking, replace(waiting, status=PaymentStatus.EXPIRED))
    return replace(booking, payments=[*booking.payments, payment]), payment


def book_anew(
    remaining: Remaining, command: Pay, booking: Booking, found: TicketsByLine
) -> list[Hold] | None:
    """Take the places that lapsed again; the credit for them, or None when it is not all there as it was."""
    lines = [line for line, _ in found]
    sessions = [remaining.sessions.get(line.session_id) for line in lines]
    on_sale = all(session and not remaining.sale_refusal(session) for session in sessions)
    if not found or not on_sale or not all(map(same_price, lines, sessions)):
        return None
    cents = {line.no: credit_of(line, tickets) for line, tickets in found}
    theirs = [line for line in lines if line.wallet_id in command.wallets]
    holds = remaining.spread(theirs, cents)
    anew = [replace(line, tickets=tickets) for line, tickets in found]
    limited = remaining.limits.refusal_in(booking.id, anew, remaining.sessions, remaining.groups)
    took_turns = any(remaining.turn_cards.has_paid(booking.id, line.no) for line in lines)
    if limited or took_turns or not remaining.personal.has_room(anew, remaining.sessions):
        return None
    if remaining.lacking(found) or sum(hold.cents for hold in holds) != sum(cents.values()):
        return None
    remaining.take(found, holds)
    remaining.personal.take(booking.id, anew, remaining.sessions)
    remaining.limits.take(booking.id, anew, remaining.sessions)
    return holds


def same_price(line: Line, session: Session | None) -> bool:
    """Whether the places of a line still cost what they did."""
    tariff = session.tariff(line.tariff_code) if session else None
    return tariff is not None and tariff.price_cents * line.places == line.price_cents


def credit_of(line: Line, tickets: Sequence[Ticket]) -> int:
    """The credit that had paid for these tickets of a line."""
    shares = line.shares(line.credit_cents)
    return sum(shares[ticket.no] for ticket in tickets)


def is_paid_otherwise(booking: Booking, payment: Payment) -> bool:
    """Whether another payment came in instead, as when somebody pays at a desk and on the page as well."""
    return not payment.stands and any(each.stands for each in booking.payments)


def as_paid(booking: Booking, payment: Payment, now: datetime) -> Payment:
    """A payment that came in now, for all that was asked."""
    cents = asked_cents(booking, payment)
    return replace(payment, status=PaymentStatus.PAID, paid_at=now, amount_cents=sum(cents), line_cents=cents)


def come_in_twice(booking: Booking, paid: Payment, now: datetime) -> Paid:
    """The booking as it was: what came in once more goes back, all of it."""
    cents = ((line.no, paid.of_line(line.no)) for line in booking.lines)
    refunds = [refund_of(paid, no, part, PAID_TWICE, now) for no, part in cents if part]
    after = with_refunds(with_payment(booking, paid), refunds)
    return Paid(after, paid, new=True, refunds=tuple(refunds))


def come_in_past(remaining: Remaining, booking: Booking, paid: Payment) -> Paid:
    """The booking as if it had lapsed before: nobody could use what it held, so credit and money go back."""
    ended = end_held(booking, remaining.now)
    remaining.give_back(ended)
    keys = {(each.line_no, each.ticket_no) for each in ended.tickets}
    lapsed = by_line(ended.booking, lambda line, ticket: (line.no, ticket.no) in keys)
    answer = come_in(ended.booking, paid, lapsed, None, remaining.now)
    back = {(each.line_no, each.ticket_no): each for each in answer.late}
    tickets = [
        replace(each, returned_cents=back[key].returned_cents) if key in back else each
        for key, each in ((each.key, each) for each in ended.tickets)
    ]
    before = tuple(each for key, each in back.items() if key not in keys)
    ended = replace(ended, booking=answer.booking, tickets=tuple(tickets), stopped=())
    return replace(answer, late=before, ended=ended)


def come_in(
    booking: Booking, paid: Payment, found: TicketsByLine, holds: Sequence[Hold] | None, now: datetime
) -> Paid:
    """The booking once its payment came in for `found`; without `holds` their places are gone."""
    after, tickets = confirmed(with_payment(booking, paid), [] if holds is None else found)
    late = too_late(after, paid, [] if tickets else found)
    refunds = [
        refund_of(paid, line.no, sum(back for _, back in ended), TOO_LATE, now) for line, ended in late
    ]
    given_back = [late_ticket(line, ticket, back) for line, ended in late for ticket, back in ended]
    return Paid(
        with_refunds(with_returned(after, given_back), refunds),
        paid,
        new=True,
        tickets=tickets,
        holds=tuple(holds or ()),
        late=tuple(given_back),
        refunds=tuple(refunds),
    )


def too_late(
    booking: Booking, paid: Payment, left: TicketsByLine
) -> list[tuple[Line, list[tuple[Ticket, int]]]]:
    """The tickets that money came in for and that have ended, each with what of it goes back.

    At a desk those `left`, by card any of them. What was owed on an invoice gave back what it had to when
    they ended.
    """
    if paid.means is PaymentMeans.INVOICE:
        return []
    ended = by_line(booking, lambda _, ticket: ticket.status not in STANDING)
    late = left if paid.means is PaymentMeans.DESK else ended
    found = [(line, money_of(line, tickets, paid.standing_cents(line.no))) for line, tickets in late]
    return [(line, tickets) for line, tickets in found if tickets]


def money_of(line: Line, tickets: Sequence[Ticket], came_in_cents: int) -> list[tuple[Ticket, int]]:
    """The own money of each ticket, as far as it came in: never more than that goes back."""
    found, left = [], came_in_cents
    for ticket in tickets:
        back = min(line.own_cents[ticket.no], left)
        if back:
            found.append((ticket, back))
        left -= back
    return found


def late_ticket(line: Line, ticket: Ticket, back_cents: int) -> EndedTicket:
    assert ticket.end is not None
    returned_cents = ticket.returned_cents + back_cents
    return EndedTicket(line.no, ticket.no, ticket.status, ticket.end, returned_cents)
