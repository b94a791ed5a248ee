"""On paper a booking is made, given up, called off, paid, and lapses."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import timedelta
from uuid import UUID

from reservations.booking.actor import ByStaff
from reservations.booking.commands import (
    Book,
    CallOff,
    Expire,
    GiveUp,
    Lengthen,
    Pay,
    PayWith,
    Resize,
    StopPayment,
)
from tests.reservations.all_verbs.paper import Paper
from tests.reservations.all_verbs.records import Booking, Line, Payment, Ticket, Wanted
from tests.reservations.all_verbs.seen import Seen

LEAST_BY_CARD = 50
UNOPENED, LONGER = timedelta(minutes=10), timedelta(minutes=14)
NOT_ENOUGH, CANNOT_PAY = "credits.not_enough", "reservations.cannot_pay_with"
Ends = Sequence[tuple[Line, Ticket, str]]
STATUS = {"lapsed": "lapsed"}


def book(paper: Paper, command: Book, wanted: Sequence[Wanted], seen: Seen) -> str:
    if command.booking_id in paper.bookings:
        return "Booked"
    lines = [paper.line_of(no, each, command.channel) for no, each in enumerate(wanted, start=1)]
    refused = (
        paper.refused_of(wanted)
        or ("reservations.sold_out" if paper.lacks(lines) else None)
        or paper.not_seated(wanted)
        or unpaid(paper, command.pay_with, lines)
    )
    if refused:
        return refused
    booking = Booking(command.booking_id, command.by, command.channel, paper.now, lines)
    paper.adopt_seats(lines, wanted, seen, booking.id)
    fund(paper, booking, command.pay_with, command.payment_id, seen)
    paper.bookings[booking.id] = booking
    return "Booked"


def by_credit(paper: Paper, pay_with: PayWith, lines: Sequence[Line]) -> int:
    """How much of these lines credit pays: all that there is, but for what a card takes at least."""
    price, holder_id = sum(each.price_cents for each in lines), lines[0].holder_id
    if pay_with is PayWith.CARD or holder_id is None:
        return 0
    cents = min(price, paper.credit.get(holder_id, 0))
    return cents if cents == price else min(cents, max(0, price - LEAST_BY_CARD))


def unpaid(paper: Paper, pay_with: PayWith, lines: Sequence[Line]) -> str | None:
    price, holder_id = sum(each.price_cents for each in lines), lines[0].holder_id
    if pay_with is not PayWith.CREDIT:
        return None
    if holder_id is None:
        return CANNOT_PAY if price else None
    return NOT_ENOUGH if price > paper.credit.get(holder_id, 0) else None


def fund(paper: Paper, booking: Booking, pay_with: PayWith, payment_id: UUID | None, seen: Seen) -> None:
    """Credit is put aside; what it does not pay is a payment, and all of it is held meanwhile."""
    credit = by_credit(paper, pay_with, booking.lines)
    if booking.lines[0].holder_id and credit:
        paper.credit[booking.lines[0].holder_id] -= credit
    paper.adopt_credit(booking.lines, credit, seen, booking.id)
    rest = sum(each.price_cents for each in booking.lines) - credit
    booking.held_until = paper.now + UNOPENED if rest else None
    if rest:
        assert payment_id
        booking.payments = [Payment(payment_id, rest)]
    for _, ticket in booking.standing:
        ticket.status = "held" if rest else "confirmed"


# Ending


def end(
    paper: Paper, booking: Booking, ends: Ends, *, keeps_money: int = 0, stopped: str = "expired"
) -> None:
    """Tickets end; their credit comes back, and of money that had come in all but what is kept."""
    back = 0
    for line, ticket, ending in ends:
        was = ticket.status
        ticket.status, ticket.ending = STATUS.get(ending, "cancelled"), ending
        if line.holder_id and ticket.credit:
            paper.credit[line.holder_id] += ticket.credit
        back += line.money_back(ticket, ending) if was == "confirmed" else 0
    give_back(booking, back - keeps_money)
    payment = booking.open_payment
    if payment and booking.held and booking.change is None and not any(each.card for _, each in booking.held):
        for _, ticket in booking.held:
            ticket.status = "confirmed"
    if not booking.held:
        booking.held_until, booking.change = None, None
        for each in booking.payments:
            each.status = stopped if each.status == "pending" else each.status


def give_back(booking: Booking, cents: int) -> None:
    """From the last payment that came in to the first; which one it was nobody minds."""
    booking_cents = cents
    for each in reversed(booking.payments):
        if each.status == "paid":
            part = min(booking_cents, each.cents - each.back_cents)
            each.back_cents += part
            booking_cents -= part
    assert booking_cents == 0


def give_up(paper: Paper, command: GiveUp) -> str:
    booking = paper.bookings.get(command.booking_id)
    if booking is None:
        return "reservations.booking_unknown"
    chosen = {each.line_no: each.ticket_nos for each in command.chosen}
    tickets = [
        (line, ticket)
        for line, ticket in booking.standing
        if not chosen or (line.no in chosen and (not chosen[line.no] or ticket.no in chosen[line.no]))
    ]
    ends: list[tuple[Line, Ticket, str]] = []
    for line, ticket in tickets:
        ending = ending_of(paper, booking, line, by_staff=isinstance(command.by, ByStaff))
        if ending is None:
            return "reservations.too_late"
        ends.append((line, ticket, ending))
    if booking.change and len(ends) < len(booking.standing):
        return "reservations.change_pending"
    if booking.open_payment and 0 < len(ends) < len(booking.held):
        return "reservations.payment_open"
    end(paper, booking, ends)
    return "Ended"


def ending_of(paper: Paper, booking: Booking, line: Line, *, by_staff: bool) -> str | None:
    """What it is called when a ticket is given up now; None when it is too late for that."""
    date, moved_at = paper.dates[line.session_id], paper.moved_at.get(line.session_id)
    if line.session_id in paper.called_off:
        return "called_off"
    if by_staff:
        return "withdrawn"
    if moved_at and booking.made_at < moved_at and paper.now < date.starts_at:
        return "moved_away"
    return None if paper.now > date.cancel_until else "given_up"


def call_off(paper: Paper, command: CallOff) -> str:
    """All tickets of the date end; what a change holds that is about it lapses too."""
    booking = find(paper, command.booking_id)
    if booking is None:
        return ended_or_unknown(paper, command.booking_id)
    if command.session_id not in paper.called_off:
        return "Ended"
    ends: list[tuple[Line, Ticket, str]] = [
        (line, ticket, "called_off")
        for line, ticket in booking.standing
        if line.session_id == command.session_id
    ]
    if booking.change:
        ending = [id(ticket) for ticket, _ in booking.change.ends]
        of_old = {line.session_id for line, ticket in booking.tickets if id(ticket) in ending}
        if command.session_id in of_old | {line.session_id for line, _ in booking.held}:
            ends += [
                (line, ticket, "lapsed")
                for line, ticket in booking.held
                if line.session_id != command.session_id
            ]
    end(paper, booking, ends)
    return "Ended"


def expire(paper: Paper, command: Expire) -> str:
    booking = find(paper, command.booking_id)
    if booking is None:
        return ended_or_unknown(paper, command.booking_id)
    if booking.held_until and booking.held_until <= paper.now:
        end(paper, booking, [(line, ticket, "lapsed") for line, ticket in booking.held])
    return "Ended"


def find(paper: Paper, booking_id: UUID) -> Booking | None:
    """A booking, also one that keeps places for somebody."""
    return next((each for each in paper.every_booking() if each.id == booking_id), None)


def ended_or_unknown(paper: Paper, booking_id: UUID) -> str:
    """What was kept for somebody, and let go, is there still; other bookings stand on paper for good."""
    return "Ended" if booking_id in paper.kept_ids else "reservations.booking_unknown"


def resize(paper: Paper, command: Resize) -> str:
    pool = paper.pools[command.pool_id]
    if pool.kind in {"allotment", "shared"}:
        return "reservations.pool_unknown"
    if command.capacity < paper.taken(command.pool_id) + paper.apart(command.pool_id):
        return "reservations.below_taken"
    if command.capacity > pool.licensed:
        return "reservations.above_licence"
    paper.capacities[command.pool_id] = command.capacity
    return "Resized"


# Paying


def stop_payment(paper: Paper, command: StopPayment) -> str:
    booking = paper.bookings[command.booking_id]
    payment = next(each for each in booking.payments if each.id == command.payment_id)
    if payment.status == "pending":
        ends = [(line, ticket, "lapsed") for line, ticket in booking.held]
        end(paper, booking, ends, stopped=command.status.value)
    return "Ended"


def lengthen(paper: Paper, command: Lengthen) -> str:
    """Once, and only where the page to pay is open and time is left."""
    booking = paper.bookings.get(command.booking_id)
    if booking is None:
        return "reservations.booking_unknown"
    if booking.lengthened:
        return "Lengthened"
    payment = booking.open_payment
    if not (payment and payment.is_opened and booking.held_until and booking.held_until > paper.now):
        return "reservations.cannot_lengthen"
    booking.held_until, booking.lengthened = booking.held_until + LONGER, True
    return "Lengthened"


def pay(paper: Paper, command: Pay, seen: Seen) -> str:
    """In time it confirms what is held; late it books that anew, or all of it goes back."""
    booking = paper.bookings[command.booking_id]
    payment = next(each for each in booking.payments if each.id == command.payment_id)
    if payment.status == "paid":
        return "Paid"
    is_open, payment.status = payment.status == "pending", "paid"
    if payment.id in paper.of_changes:
        return pay_change(paper, booking, payment, seen, is_open=is_open)
    if any(each.status == "paid" for each in booking.payments if each is not payment):
        payment.back_cents = payment.cents
        return "Paid"
    found = booking.held if is_open else [each for each in booking.tickets if each[1].ending == "lapsed"]
    if found and (is_open or book_anew(paper, found)):
        for _, ticket in found:
            ticket.status, ticket.ending = "confirmed", None
        booking.held_until = None
    else:
        found = []
    payment.back_cents = payment.cents - sum(ticket.card for _, ticket in found)
    return "Paid"


def book_anew(paper: Paper, found: Sequence[tuple[Line, Ticket]]) -> bool:
    """Take what lapsed again, with its credit, if all of it is there."""
    lines = {line.no: line for line, _ in found}.values()
    asked = [
        Line(**vars(line) | {"tickets": [deepcopy(ticket) for of, ticket in found if of is line]})
        for line in lines
    ]
    credit = sum(ticket.credit for _, ticket in found)
    holder_id = asked[0].holder_id
    if any(paper.not_on_sale(each.session_id) for each in asked) or paper.lacks(asked):
        return False
    for line, ticket in found:
        if ticket.seat and ticket.seat not in paper.free_seats(paper.dates[line.session_id]):
            return False
    if credit and (holder_id is None or credit > paper.credit.get(holder_id, 0)):
        return False
    if holder_id and credit:
        paper.credit[holder_id] -= credit
    return True


def pay_change(paper: Paper, booking: Booking, payment: Payment, seen: Seen, *, is_open: bool) -> str:
    """In time the old ends and the new stands; else the money goes back, and the old booking is as it was."""
    change = booking.change
    if not is_open or change is None or not can_be_done(paper, change.ends, change.new):
        payment.back_cents = payment.cents
        if is_open:
            end(paper, booking, [(line, ticket, "lapsed") for line, ticket in booking.held])
        return "Paid"
    for _, ticket in booking.held:
        ticket.status = "confirmed"
    booking.held_until, booking.change = None, None
    credit = sum(each.credit_cents for each in change.new) + change.back_cents
    end(paper, booking, with_lines(booking, change.ends), keeps_money=change.moved_cents)
    if change.back_cents:
        holder_id = change.new[0].holder_id
        assert holder_id
        paper.credit[holder_id] -= change.back_cents
    paper.adopt_credit(change.new, credit, seen, booking.id)
    return "Paid"


def can_be_done(paper: Paper, ends: Sequence[tuple[Ticket, str]], new: Sequence[Line]) -> bool:
    return all(ticket.stands for ticket, _ in ends) and not any(
        line.session_id in paper.called_off for line in new
    )


def with_lines(booking: Booking, ends: Sequence[tuple[Ticket, str]]) -> list[tuple[Line, Ticket, str]]:
    found = {id(ticket): ending for ticket, ending in ends}
    return [(line, ticket, found[id(ticket)]) for line, ticket in booking.tickets if id(ticket) in found]
