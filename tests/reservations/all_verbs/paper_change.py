"""On paper a booking changes: what is the same stays, the rest makes place, and no cent is lost."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from uuid import UUID

from reservations.booking.actor import ByStaff
from reservations.booking.commands import ChangeBooking, PayWith
from tests.reservations.all_verbs.paper import Paper
from tests.reservations.all_verbs.paper_booking import (
    CANNOT_PAY,
    LEAST_BY_CARD,
    NOT_ENOUGH,
    UNOPENED,
    end,
    ending_of,
    with_lines,
)
from tests.reservations.all_verbs.records import Booking, Line, Payment, Pending, Ticket, Wanted
from tests.reservations.all_verbs.seen import Seen

Place = tuple[UUID, str, UUID | None]


@dataclass(frozen=True)
class Money:
    """Of what is new: what credit and money of the old pay, more credit, and what a card has to."""

    back: int
    moved: int
    more: int
    to_pay: int


def change(paper: Paper, command: ChangeBooking, wanted: Sequence[Wanted], seen: Seen) -> str:
    booking = paper.bookings.get(command.booking_id)
    if booking is None:
        return "reservations.booking_unknown"
    if command.change_id in paper.changes:
        same = paper.changes[command.change_id] == command.digest
        return "Changed" if same else "reservations.change_id_taken"
    if booking.held_until:
        return "reservations.change_pending" if booking.change else "reservations.payment_open"
    if not any(ticket.stands or ticket.ending == "called_off" for _, ticket in booking.tickets):
        return "reservations.nothing_to_change"
    gone, new = compare(booking, wanted)
    ends = named(paper, command, booking, gone, sum(each.places for each in new))
    if ends is None:
        return "reservations.too_late"
    freed = without(paper, booking, ends)
    refused = freed.refused_of(new) or beside(freed, command, booking, new, seats_last=True)
    if refused:
        return refused
    lines = lines_of(paper, command, booking, new)
    money = fund(paper, command, booking, lines, ends)
    if isinstance(money, str):
        return money
    if money.to_pay and (refused := beside(paper, command, booking, new, seats_last=False)):
        return refused
    paper.changes[command.change_id] = command.digest
    do(paper, command, booking, Change(new, lines, ends, money), seen)
    return "Changed"


def compare(booking: Booking, wanted: Sequence[Wanted]) -> tuple[list[tuple[Line, Ticket]], list[Wanted]]:
    """The tickets that make place, in order, and what is new."""
    together: dict[Place, tuple[int, tuple[str, ...]]] = {}
    for each in wanted:
        key = each.session_id, each.tariff, each.holder_id
        places, seats = together.get(key, (0, ()))
        together[key] = places + each.places, seats + each.seats
    gone, new = list[tuple[Line, Ticket]](), list[Wanted]()
    stays: dict[int, list[Ticket]] = {line.no: [] for line in booking.lines}
    for key, (places, seats) in together.items():
        anywhere = places - len(seats)
        for line in booking.lines:
            if (line.session_id, line.tariff, line.holder_id) == key:
                again = [ticket for ticket in line.standing if ticket.seat in seats]
                others = [ticket for ticket in line.standing if ticket.seat not in seats][:anywhere]
                stays[line.no], anywhere = again + others, anywhere - len(others)
        kept = {ticket.seat for line in booking.lines for ticket in stays[line.no]}
        left = tuple(seat for seat in seats if seat not in kept)
        new += [Wanted(*key[:2], len(left), key[2], left)] if left else []
        new += [Wanted(*key[:2], anywhere, key[2])] if anywhere else []
    for line in booking.lines:
        gone += [
            (line, ticket) for ticket in line.standing if not any(ticket is each for each in stays[line.no])
        ]
    return gone, new


def named(
    paper: Paper, command: ChangeBooking, booking: Booking, gone: Sequence[tuple[Line, Ticket]], new: int
) -> list[tuple[Line, Ticket, str]] | None:
    """How each ends: as moved away where another comes for it, and of fewer the last as given up."""
    ends, given_up = list[tuple[Line, Ticket, str]](), max(0, len(gone) - new)
    for line, ticket in reversed(gone):
        ending = ending_of(paper, booking, line, by_staff=isinstance(command.by, ByStaff))
        if ending is None:
            return None
        is_given_up = ending == "given_up" and given_up > 0
        given_up -= is_given_up
        ends.append((line, ticket, "given_up" if is_given_up else "moved_away"))
    return ends[::-1]


def without(paper: Paper, booking: Booking, ends: Sequence[tuple[Line, Ticket, str]]) -> Paper:
    """A copy in which these tickets have no place."""
    freed = deepcopy(paper)
    keys = {(line.no, ticket.no) for line, ticket, _ in ends}
    for line, ticket in freed.bookings[booking.id].tickets:
        if (line.no, ticket.no) in keys:
            ticket.status = "cancelled"
    return freed


def beside(
    paper: Paper, command: ChangeBooking, booking: Booking, new: Sequence[Wanted], *, seats_last: bool
) -> str | None:
    """Why what is new has no place beside all that stands."""
    sold_out = "reservations.sold_out" if paper.lacks(lines_of(paper, command, booking, new)) else None
    unseated = paper.not_seated(new)
    return (sold_out or unseated) if seats_last else (unseated or sold_out)


def lines_of(paper: Paper, command: ChangeBooking, booking: Booking, new: Sequence[Wanted]) -> list[Line]:
    first = len(booking.lines) + 1
    return [paper.line_of(no, each, booking.channel) for no, each in enumerate(new, start=first)]


def fund(
    paper: Paper,
    command: ChangeBooking,
    booking: Booking,
    lines: Sequence[Line],
    ends: Sequence[tuple[Line, Ticket, str]],
) -> Money | str:
    """Credit that comes back first, then money of the same organiser, then more credit, then a card."""
    price = sum(each.price_cents for each in lines)
    holder_id = lines[0].holder_id if lines else None
    returned = sum(ticket.credit for line, ticket, _ in ends if holder_id and line.holder_id == holder_id)
    sellers = {line.organiser_id for line in lines}
    money = sum(
        line.money_back(ticket, ending)
        for line, ticket, ending in ends
        if ticket.stands and line.organiser_id in sellers
    )
    back = min(price, returned)
    moved = min(price - back, money)
    with_credit = command.pay_with is not PayWith.CARD and holder_id is not None
    has = paper.credit.get(holder_id, 0) if with_credit and holder_id else 0
    more = min(price - back - moved, has)
    to_pay = price - back - moved - more
    if to_pay and command.pay_with is PayWith.CREDIT:
        return NOT_ENOUGH if holder_id else CANNOT_PAY
    short = max(0, LEAST_BY_CARD - to_pay) if to_pay else 0
    of_more = min(short, more)
    of_back = min(short - of_more, back)
    of_moved = short - of_more - of_back
    return Money(back - of_back, moved - of_moved, more - of_more, to_pay + short)


@dataclass(frozen=True)
class Change:
    wanted: Sequence[Wanted]
    lines: list[Line]
    ends: list[tuple[Line, Ticket, str]]
    money: Money


def do(paper: Paper, command: ChangeBooking, booking: Booking, planned: Change, seen: Seen) -> None:
    lines, money = planned.lines, planned.money
    ends = [(ticket, ending) for _, ticket, ending in planned.ends]
    holder_id = lines[0].holder_id if lines else None
    if holder_id and money.more:
        paper.credit[holder_id] -= money.more
    if money.to_pay:
        paper.adopt_seats(lines, planned.wanted, seen, booking.id)
        booking.lines += lines
        for line in lines:
            for ticket in line.tickets:
                ticket.status = "held"
        paper.adopt_credit(lines, money.more, seen, booking.id)
        payment_id = command.payment_id or command.change_id
        booking.payments.append(Payment(payment_id, money.to_pay))
        paper.of_changes.add(payment_id)
        booking.held_until, booking.lengthened = paper.now + UNOPENED, False
        booking.change = Pending(ends, lines, money.back, money.moved)
        return
    end(paper, booking, with_lines(booking, ends), keeps_money=money.moved)
    paper.adopt_seats(lines, planned.wanted, seen, booking.id)
    booking.lines += lines
    if holder_id and money.back:
        paper.credit[holder_id] -= money.back
    paper.adopt_credit(lines, money.back + money.more, seen, booking.id)
