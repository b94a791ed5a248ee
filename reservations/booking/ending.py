"""How tickets end: what becomes of them, of the credit and of the money. Pure.

A ticket ends, not a booking. All the credit that stands for its line goes back first, put aside or settled;
what the tickets that stay need is put aside anew from the same purses, also from one that lapsed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import PaymentMeans, PaymentStatus
from reservations.booking.answers import ConfirmedTicket, Ended, EndedTicket, PaymentRefund
from reservations.booking.due import by_line, confirmed, confirmed_by, due_cents
from reservations.booking.facts import (
    STANDING,
    Booking,
    Line,
    LineCredit,
    Ticket,
    TicketEnd,
    TicketStatus,
)
from reservations.booking.planned import CreditHold
from reservations.booking.refunding import ended_without, fee_cents, money_back, with_refunds


class EndingLine(Struct, frozen=True):
    """Tickets of one line that end together, and how; those of `given_up` by their numbers end as that."""

    line: Line
    tickets: Sequence[Ticket]
    end: TicketEnd
    given_up: frozenset[int] = frozenset()

    def end_of(self, ticket: Ticket) -> TicketEnd:
        return TicketEnd.GIVEN_UP if ticket.no in self.given_up else self.end


def takes_part_of_open(booking: Booking, ending: Sequence[EndingLine]) -> bool:
    """Whether a part would end of what a payment page asks the whole amount for."""
    payment = booking.open_payment
    if payment is None or payment.means is not PaymentMeans.CARD:
        return False
    held = sum(ticket.status is TicketStatus.HELD for line in booking.lines for ticket in line.tickets)
    return 0 < sum(len(each.tickets) for each in ending) < held


def ends_all(booking: Booking, ending: Sequence[EndingLine]) -> bool:
    """Whether nothing of a booking would stand."""
    standing = sum(ticket.status in STANDING for line in booking.lines for ticket in line.tickets)
    return sum(len(each.tickets) for each in ending) == standing


def end_lines(
    booking: Booking,
    ending: Sequence[EndingLine],
    now: datetime,
    stopped: PaymentStatus = PaymentStatus.EXPIRED,
    *,
    confirms: bool = True,
) -> Ended:
    """The booking without these tickets, and the credit and money that move because of it.

    Where nothing is due any more, what is still held is confirmed, if it `confirms`. Where nothing is held
    any more, a payment that it waited for ends as `stopped` says.
    """
    ending = [each for each in ending if each.tickets]
    tickets: list[EndedTicket] = []
    undone: list[LineCredit] = []
    holds: list[CreditHold] = []
    extensions: dict[UUID, datetime] = {}
    refunds: list[PaymentRefund] = []
    for each in ending:
        parts = [part for part in booking.credit if part.line_no == each.line.no]
        returned_cents = to_return(each.line, each.tickets, parts)
        back = money_back(booking, without_tickets(each, now), each.end.value, now)
        tickets += ended_tickets(each, returned_cents, sum(one.refund.amount_cents for one in back))
        refunds += back
        if returned_cents:
            kept = keep(parts, sum(part.cents for part in parts) - returned_cents)
            undone += parts
            holds += kept
            extensions |= extended(parts, kept, now) if each.end.extends_credit else {}
    after = with_refunds(with_ended(booking, tickets, {part.hold_id for part in undone}, now), refunds)
    after, paid = confirm_paid(after) if tickets and confirms else (after, ())
    after, payments = (after, ()) if after.held_until else ended_without(after, stopped)
    after, change_id = without_change(after)
    return Ended(
        after,
        tuple(tickets),
        tuple(undone),
        tuple(holds),
        extensions,
        refunds=tuple(refunds),
        stopped=payments,
        confirmed=paid,
        stopped_change=change_id,
    )


def without_change(booking: Booking) -> tuple[Booking, UUID | None]:
    """A copy of a booking without the change that waited, once nothing is held for it any more."""
    if booking.change is None or booking.held_until:
        return booking, None
    return replace(booking, change=None), booking.change.id


def end_held(booking: Booking, now: datetime, stopped: PaymentStatus = PaymentStatus.EXPIRED) -> Ended:
    """The booking without what it holds; the payment that it waited for ends as `stopped` says."""
    held = by_line(booking, lambda _, ticket: ticket.status is TicketStatus.HELD)
    ending = [EndingLine(line, tickets, TicketEnd.LAPSED) for line, tickets in held]
    return end_lines(booking, ending, now, stopped=stopped)


def confirm_paid(booking: Booking) -> tuple[Booking, tuple[ConfirmedTicket, ...]]:
    """A copy of a booking in which what is held for a payment is confirmed, where nothing is due for it."""
    payment = booking.open_payment
    if payment is None or any(due_cents(booking, payment)):
        return booking, ()
    return confirmed(booking, confirmed_by(booking, payment))


def to_return(line: Line, ending: Sequence[Ticket], parts: Sequence[LineCredit]) -> int:
    """The credit that comes back: all that stands for the line, less what the tickets that stay paid."""
    gone = {ticket.no for ticket in ending}
    stay = [each.no for each in line.tickets if each.status in STANDING and each.no not in gone]
    standing_cents, paid = sum(part.cents for part in parts), line.shares(line.credit_cents)
    return standing_cents - min(standing_cents, sum(paid[no] for no in stay))


def ended_tickets(ending: EndingLine, credit_cents: int, money_cents: int) -> list[EndedTicket]:
    """Each ticket with its part of what comes back, in proportion to what it had cost, right to the cent."""
    line, own_cents = ending.line, ending.line.own_cents
    by_credit_of = line.shares(line.credit_cents)
    credit = share_out(credit_cents, [by_credit_of[ticket.no] for ticket in ending.tickets])
    own = [(ending.end_of(ticket), own_cents[ticket.no]) for ticket in ending.tickets]
    money = share_out(money_cents, [cents - fee_cents(line, end, cents) for end, cents in own])
    return [
        EndedTicket(line.no, ticket.no, ticket.status, ending.end_of(ticket), by_credit + by_money)
        for ticket, by_credit, by_money in zip(ending.tickets, credit, money, strict=True)
    ]


def share_out(cents: int, costs: Sequence[int]) -> list[int]:
    total, cost_so_far, so_far = sum(costs), 0, 0
    shares = []
    for cost in costs:
        cost_so_far += cost
        upto = cents * cost_so_far // total if total else 0
        shares.append(upto - so_far)
        so_far = upto
    return shares


def without_tickets(ending: EndingLine, now: datetime) -> Line:
    """The line as it is once these tickets have ended, as far as money goes by it."""
    gone = {ticket.no for ticket in ending.tickets}
    tickets = [
        replace(ticket, status=ending.end.status, end=ending.end_of(ticket), ended_at=now)
        if ticket.no in gone
        else ticket
        for ticket in ending.line.tickets
    ]
    return replace(ending.line, tickets=tickets)


def keep(parts: Sequence[LineCredit], cents: int) -> list[CreditHold]:
    """Put so much of these aside anew, soonest to lapse first: what comes back can be spent for longest."""
    kept: dict[UUID, CreditHold] = {}
    for part in sorted(parts, key=lambda each: (each.lapses_at, each.purse_id)):
        taken = min(cents, part.cents)
        cents -= taken
        if taken:
            before = kept[part.purse_id].cents if part.purse_id in kept else 0
            kept[part.purse_id] = CreditHold(
                part.line_no, part.purse_id, part.held_account_id, part.payee_id, before + taken
            )
    return list(kept.values())


def extended(parts: Iterable[LineCredit], kept: Iterable[CreditHold], now: datetime) -> dict[UUID, datetime]:
    """Until when each purse can be spent that gets something back, where that is later than it was."""
    back: dict[UUID, int] = {}
    until: dict[UUID, datetime] = {}
    for part in parts:
        back[part.purse_id] = back.get(part.purse_id, 0) + part.cents
        late = now + timedelta(days=part.extension_days)
        if late > part.lapses_at:
            until[part.purse_id] = late
    for hold in kept:
        back[hold.purse_id] -= hold.cents
    return {purse_id: late for purse_id, late in until.items() if back[purse_id]}


def with_ended(booking: Booking, ended: Iterable[EndedTicket], undone: set[UUID], now: datetime) -> Booking:
    """A copy of a booking in which these tickets have ended. Held places that are left keep their term."""
    by_key: Mapping[tuple[int, int], EndedTicket] = {(each.line_no, each.ticket_no): each for each in ended}
    lines = [
        replace(
            line, tickets=[with_end(ticket, by_key.get((line.no, ticket.no)), now) for ticket in line.tickets]
        )
        for line in booking.lines
    ]
    is_held = any(ticket.status == "held" for line in lines for ticket in line.tickets)
    credit = [part for part in booking.credit if part.hold_id not in undone]
    return replace(booking, lines=lines, credit=credit, held_until=booking.held_until if is_held else None)


def with_end(ticket: Ticket, ended: EndedTicket | None, now: datetime) -> Ticket:
    """A copy of a ticket that has ended so; as it is where it has not."""
    if ended is None:
        return ticket
    return replace(
        ticket,
        status=ended.end.status,
        attended_at=None,
        end=ended.end,
        ended_at=now,
        returned_cents=ended.returned_cents,
    )
