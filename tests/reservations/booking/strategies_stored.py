"""Bookings as they are stored, with their tickets, payments and credit."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from credits.payments.payment import (
    Payment,
    PaymentMeans,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from credits.wallet.spread import Purse
from reservations.booking.facts import (
    Booking,
    Line,
    LineCredit,
    Session,
    Ticket,
    TicketEnd,
    TicketStatus,
)
from tests.reservations.booking.model_ending import costs
from tests.reservations.booking.model_paying import (
    HAS_A_PLACE,
    WAYS,
    counts,
    counts_since,
    fee,
    kept,
    own,
)
from tests.reservations.booking.strategies_basics import (
    BEFORE,
    EITHER,
    ENDED,
    MAKERS,
    MEMBERS,
    MOSTLY_TRUE,
    NEAR,
    ORGANISERS,
    PAYMENTS,
    POOLS,
    PROGRAMMES,
    STORED,
    STORED_DIGEST,
    STRANGER,
    USUALLY_TRUE,
    Draw,
    choice,
    mostly,
    number,
    pick,
    rarely,
)


def stored_booking(
    draw: Draw,
    booking_id: UUID,
    sessions: Sequence[Session],
    purses: Sequence[Purse],
    parties: st.SearchStrategy[list[Any]],
) -> Booking:
    """A booking that waits or stands, given up or used in part, with the credit that stands for each line."""
    made = Booking(1, booking_id, STORED_DIGEST, "api", draw(choice(*MAKERS)), BEFORE, None, [])
    for no in range(1, draw(number(1, 2)) + 1):
        line = stored_line(draw, no, pick(draw, sessions), parties)
        own = [each for each in purses if each.wallet_id == line.wallet_id]
        made.lines.append(line)
        made.credit += standing(draw, booking_id, line, own or [outside(line.wallet_id)])
    if any(ticket.status == "held" for line in made.lines for ticket in line.tickets):
        made.held_until = draw(choice(*NEAR, NEAR[-1]))
        made.lengthened = draw(rarely(False, True))  # noqa: FBT003
    if any(line.price_cents > line.credit_cents for line in made.lines):
        payment = stored_payment(draw, made, PAYMENTS[STORED.index(booking_id)])
        made.payments = [*on_a_page_before(draw, made, payment), payment]
    return made


def stored_line(draw: Draw, no: int, where: Session, parties: st.SearchStrategy[list[Any]]) -> Line:
    """A line whose ended tickets gave back their credit.

    It may be in other pools than its session now, and cost something else; what credit does not pay is money.
    """
    pool_ids = draw(mostly(where.pool_ids, tuple(POOLS), tuple(POOLS[:1])))
    holder_id = draw(choice(*MEMBERS, *MEMBERS, STRANGER, None))
    wallet_id = draw(mostly(holder_id, MEMBERS[0], None)) if holder_id else None
    tickets = stored_tickets(draw, parties)
    cents = draw(number(0, 12)) if wallet_id else 0
    price_cents = cents + draw(choice(0, 0, 5, 7, 50))
    base = where.tariff("base")
    if base and draw(MOSTLY_TRUE):
        price_cents = base.price_cents * len(tickets)
        cents = min(cents, price_cents)
    code = draw(mostly("base", "social"))
    line = Line(
        no, where.id, code, 0, holder_id, wallet_id, None, where.organiser_id, len(tickets),
        price_cents, cents, "exempt", pool_ids, tickets, draw(choice(2, 60, 0, 9, 1, 60)),
    )  # fmt: skip
    for ticket in tickets:
        ticket.returned_cents = costs(line)[ticket.no] if ticket.end else 0
    return line


def stored_tickets(draw: Draw, parties: st.SearchStrategy[list[Any]]) -> list[Ticket]:
    tickets = []
    for no, (face, weight) in enumerate(draw(parties), start=1):
        end = face if isinstance(face, TicketEnd) else None
        status = ENDED[face] if isinstance(face, TicketEnd) else face
        attended_at = BEFORE if status == "attended" else None
        ended_at = draw(choice(*ENDED_AT)) if end else None
        tickets.append(Ticket(no, status, weight, attended_at, end, ended_at))
    return tickets


PAID_AT = BEFORE + timedelta(hours=2)
ENDED_AT = [PAID_AT - timedelta(hours=1), PAID_AT + timedelta(hours=1)]


def party(usual: TicketStatus, *used: TicketStatus) -> st.SearchStrategy[list[Any]]:
    """One to three tickets: mostly the usual, some used, some that ended before."""
    return st.lists(st.tuples(choice(*[usual] * 8, *ENDED, *used), rarely(1, 2, 3)), min_size=1, max_size=3)


WAITING_PARTY = party(TicketStatus.HELD)
PARTY = party(TicketStatus.CONFIRMED, *[TicketStatus.ATTENDED] * 2, *[TicketStatus.NO_SHOW] * 2)


def stored_payment(draw: Draw, booking: Booking, payment_id: UUID) -> Payment:
    """What credit does not pay: open where tickets wait for it, and otherwise as it may have ended."""
    cents = tuple(line.price_cents - line.credit_cents for line in booking.lines)
    means = draw(choice(*PaymentMeans))
    payment = Payment(
        payment_id, ORGANISERS[0], None, means, PaymentStatus.PENDING, sum(cents), cents,
        "acct_1" if means == "card" else None, BEFORE,
    )  # fmt: skip
    statuses = {ticket.status for line in booking.lines for ticket in line.tickets}
    if means == "card" and draw(USUALLY_TRUE):
        payment.opened_at = BEFORE
    if "held" not in statuses:
        all_ended = statuses.isdisjoint(HAS_A_PLACE)
        ways_to_end = OWED if means == "invoice" else NEVER_PAID if all_ended else ONCE_PAID
        payment.status = draw(choice(*ways_to_end))
    if payment.status in {"paid", "refunded"}:
        payment.paid_at = PAID_AT
        payment.line_cents = came_in(booking, payment)
        payment.amount_cents = sum(payment.line_cents)
    if counts(payment):
        refund_what_ended(draw, booking, payment)
    return payment


def on_a_page_before(draw: Draw, booking: Booking, payment: Payment) -> list[Payment]:
    """Who paid at a desk may have had a page open before, that was closed then."""
    if payment.means != "desk" or payment.paid_at is None or draw(EITHER):
        return []
    cents = tuple(line.price_cents - line.credit_cents for line in booking.lines)
    page = Payment(
        UUID(int=payment.id.int + 100), ORGANISERS[0], None, PaymentMeans.CARD, PaymentStatus.EXPIRED,
        sum(cents), cents, "acct_1", BEFORE, opened_at=BEFORE,
    )  # fmt: skip
    return [page]


NEVER_PAID = [PaymentStatus.EXPIRED, PaymentStatus.EXPIRED, PaymentStatus.FAILED, PaymentStatus.PAID]
OWED = [PaymentStatus.PENDING, PaymentStatus.PENDING, PaymentStatus.PAID, PaymentStatus.REFUNDED]
ONCE_PAID = [*[PaymentStatus.PAID] * 5, PaymentStatus.REFUNDED]


def came_in(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """At a desk for the tickets that had not ended by then."""
    if payment.means != "desk":
        return payment.line_cents
    return tuple(
        sum(own(line)[each.no] for each in line.tickets if not each.ended_at or each.ended_at > PAID_AT)
        for line in booking.lines
    )


def refund_what_ended(draw: Draw, booking: Booking, payment: Payment) -> None:
    """What came in and is not kept went back, or is on its way."""
    since = counts_since(payment)
    for line in booking.lines:
        cents = payment.line_cents[line.no - 1] - kept(line, since)
        if cents:
            refund_id = UUID(int=payment.id.int << 8 | line.no)
            status = draw(choice(*RefundStatus))
            way = WAYS[payment.means]
            refund = Refund(refund_id, line.no, cents, way, status, "given_up", None, ENDED_AT[1])
            payment.refunds = (*payment.refunds, refund)
        for ticket in line.tickets:
            late = payment.means == "desk" and ticket.ended_at == ENDED_AT[0]
            if ticket.ended_at and not late:
                kept_of_it = fee(line, ticket) if since and ticket.ended_at > since else 0
                ticket.returned_cents += own(line)[ticket.no] - kept_of_it


def standing(draw: Draw, booking_id: UUID, line: Line, purses: Sequence[Purse]) -> list[LineCredit]:
    """The credit that stands for a line, in one or two parts, each put aside or settled.

    When it was settled, part of it may have been released for who did not come.
    """
    cost = costs(line)
    cents = sum(cost[each.no] for each in line.tickets if each.status in HAS_A_PLACE)
    released = draw(number(0, sum(cost[each.no] for each in line.tickets if each.status == "no_show")))
    second = draw(number(0, cents - released))
    parts = []
    for n, part in enumerate([cents - released - second, second]):
        if part:
            paid_by, settled = pick(draw, purses), bool(released) or draw(EITHER)
            parts.append(line_credit(booking_id, line, n, paid_by, part, settled=settled))
    return parts


def outside(wallet_id: UUID | None) -> Purse:
    """A purse that no command of the batch can spend from."""
    purse_id = UUID(int=7 << 64 | (STRANGER if wallet_id is None else wallet_id).int & 0xFF | 16)
    return Purse(
        purse_id, UUID(int=purse_id.int + 1000), wallet_id or STRANGER, PROGRAMMES[0], 0, BEFORE,
        frozenset(), frozenset(), None,
    )  # fmt: skip


def line_credit(
    booking_id: UUID, line: Line, n: int, paid_by: Purse, cents: int, *, settled: bool
) -> LineCredit:
    """Each purse has its own term for what comes back: none, shorter than it has left, or longer."""
    hold_id = UUID(int=booking_id.int << 8 | line.no << 4 | n)
    return LineCredit(
        hold_id, line.no, paid_by.id, paid_by.held_account_id, line.seller_id, cents,
        UUID(int=hold_id.int << 1) if settled else None, paid_by.lapses_at, (90, 2, 0)[paid_by.id.int % 3],
    )  # fmt: skip
