"""How tickets end that make place in a change, and what of their credit and money stays with it. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from credits.payments.payment import Payment
from reservations.booking.answers import (
    ChangeDone,
    Ended,
    MovedPayment,
    PaidLine,
)
from reservations.booking.changed_content import Content
from reservations.booking.commands import ChangeBooking
from reservations.booking.ending import EndingLine, end_lines
from reservations.booking.facts import Booking, TicketEnd, TicketStatus
from reservations.booking.leaving import end_now, refuse_changed
from reservations.booking.planned import ChangePlan, MovedMoney, PlannedEnd
from reservations.booking.remaining import Remaining
from uit.core.errors import Refusal

GIVES_PLACE: Final = TicketEnd.MOVED_AWAY
"""How a ticket ends that another comes for."""


def planned_ends(
    remaining: Remaining, command: ChangeBooking, booking: Booking, content: Content
) -> tuple[PlannedEnd, ...] | Refusal:
    """How each ticket ends; refused where one may not any more.

    Where fewer places come than end, the last of them are given up, as they are without a change.
    """
    torn = refuse_changed(remaining, command, booking, content)
    refusal = torn or remaining.turn_cards.refuse_used(booking, content.ending)
    if refusal:
        return refusal
    ends, given_up = list[PlannedEnd](), content.ends
    for line, tickets in reversed(content.ending):
        end = end_now(remaining, command.by, booking, line)
        if not isinstance(end, TicketEnd):
            return end
        nos = tuple(each.no for each in tickets)
        count = min(given_up, len(nos)) if end is TicketEnd.GIVEN_UP else 0
        given_up -= count
        ends.append(PlannedEnd(line.no, nos[: len(nos) - count], nos[len(nos) - count :], end.extends_credit))
    return tuple(reversed(ends))


def ending_lines(booking: Booking, ends: Sequence[PlannedEnd]) -> list[EndingLine]:
    by_no = {line.no: line for line in booking.lines}
    return [
        EndingLine(
            by_no[each.line_no],
            [ticket for ticket in by_no[each.line_no].tickets if ticket.no in each.nos],
            GIVES_PLACE,
            frozenset(each.given_up),
        )
        for each in ends
    ]


def end_for_change(booking: Booking, plan: ChangePlan, now: datetime, change_id: UUID) -> Ended:
    """The booking, which has its new lines already, without the old ones.

    Their credit goes back and pays what it was planned to; of their money stays what was planned, and only
    the rest goes back.
    """
    moved = moved_payments(booking, plan.moves)
    credit = credit_by_line(booking, plan)
    lines = [replace(line, credit_cents=credit.get(line.no, line.credit_cents)) for line in booking.lines]
    payments = [moved.get(each.id, each) for each in booking.payments]
    before = replace(booking, lines=lines, payments=payments)
    answer = end_lines(before, ending_lines(before, plan.ending), now, confirms=False)
    return replace(
        answer,
        holds=(*answer.holds, *plan.holds),
        extensions=still_extended(answer, plan),
        changed=ChangeDone(change_id, credit),
        moved=tuple(as_moved(before, payment, plan.moves) for payment in moved.values()),
    )


def credit_by_line(booking: Booking, plan: ChangePlan) -> dict[int, int]:
    """What credit pays by now of the lines that get some of what came back."""
    cents = {line.no: line.credit_cents for line in booking.lines}
    for hold in plan.holds:
        cents[hold.line_no] += hold.cents
    return {hold.line_no: cents[hold.line_no] for hold in plan.holds}


def moved_payments(booking: Booking, moves: Sequence[MovedMoney]) -> dict[UUID, Payment]:
    """The payments of which something stays for other lines, with what they pay of each by now."""
    moved: dict[UUID, list[int]] = {}
    for each in moves:
        payment = booking.payment(each.payment_id)
        assert payment is not None
        cents = moved.setdefault(each.payment_id, list(payment.of_lines(len(booking.lines))))
        cents[each.from_line - 1] -= each.cents
        cents[each.to_line - 1] += each.cents
    return {
        each.id: replace(each, line_cents=tuple(moved[each.id]))
        for each in booking.payments
        if each.id in moved
    }


def as_moved(booking: Booking, payment: Payment, moves: Sequence[MovedMoney]) -> MovedPayment:
    sellers = {line.no: line.seller_id for line in booking.lines}
    to = dict.fromkeys(each.to_line for each in moves if each.payment_id == payment.id)
    return MovedPayment(payment.id, payment.line_cents, tuple(PaidLine(no, sellers[no]) for no in to))


def still_extended(answer: Ended, plan: ChangePlan) -> dict[UUID, datetime]:
    """The purses that can be spent for longer: what comes back to them is no doing of the holder."""
    by_accident = {each.line_no for each in plan.ending if each.extends}
    back: dict[UUID, int] = {}
    for part in answer.undone:
        if part.line_no in by_accident:
            back[part.purse_id] = back.get(part.purse_id, 0) + part.cents
    for hold in (*answer.holds, *plan.holds):
        back[hold.purse_id] = back.get(hold.purse_id, 0) - hold.cents
    return {purse_id: at for purse_id, at in answer.extensions.items() if back.get(purse_id, 0) > 0}


def held_beside(booking: Booking, session_id: UUID) -> list[EndingLine]:
    """What a change holds that cannot be done without a date that is called off: those lines lapse too."""
    if booking.change is None:
        return []
    ends = {each.line_no for each in booking.change.plan.ending}
    of_date = {line.no for line in booking.lines if line.session_id == session_id}
    held = [
        (line, [each for each in line.tickets if each.status is TicketStatus.HELD]) for line in booking.lines
    ]
    if not of_date & (ends | {line.no for line, tickets in held if tickets}):
        return []
    return [
        EndingLine(line, tickets, TicketEnd.LAPSED)
        for line, tickets in held
        if tickets and line.no not in of_date
    ]
