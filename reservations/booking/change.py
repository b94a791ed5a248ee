"""A booking gets other content in one step, and never loses the old one. Pure.

What is the same stays. What ends goes back first, on a copy, so that its places, its credit and its money
are there for what is new. What costs more is held beside the old until it is paid.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from credits.payments.payment import PaymentMeans
from reservations.booking.answers import Changed
from reservations.booking.change_ending import end_for_change, ending_lines, planned_ends
from reservations.booking.change_errors import (
    ChangeIdTaken,
    ChangePending,
    NothingToChange,
    TooManyChanges,
)
from reservations.booking.change_funding import Replacement, fund_change, held_until
from reservations.booking.changed_content import Content, compare
from reservations.booking.changing import Changing, refuse_till, refuse_unseen
from reservations.booking.codes_along import with_codes_along
from reservations.booking.commands import Book, ChangeBooking
from reservations.booking.conditions import alone_in
from reservations.booking.counting import personal_lines, uses_of
from reservations.booking.ending import end_lines
from reservations.booking.facts import LIVE, MOST_LINE_NO, Booking, Line, TicketEnd, TicketStatus
from reservations.booking.lines import lines_for, refuse_acting
from reservations.booking.places import whole
from reservations.booking.planned import ChangePlan, CreditHold, PendingChange, StoredChange
from reservations.booking.refunding import given_at_once
from reservations.booking.remaining import Remaining
from reservations.booking.ticket_choice import lines_of
from reservations.booking.turns_along import with_turns_along
from reservations.errors import BookingUnknown, OnePlaceEach, PaymentOpen
from uit.core.errors import Refusal


def change(remaining: Remaining, command: ChangeBooking) -> Changed | Refusal:
    """All of it or nothing. A repeat is answered as the booking stands now; other content is a conflict."""
    booking = remaining.booking(command.booking_id)
    if booking is None or not lines_of(command.by, booking):
        return BookingUnknown(command.booking_id)
    if command.change_id in remaining.changes:
        same = remaining.changes[command.change_id] == command.digest
        return Changed(booking, new=False) if same else ChangeIdTaken(command.change_id)
    planned = plan_change(remaining, command)
    if isinstance(planned, Refusal):
        return planned
    seen = refuse_unseen(command, planned)
    if seen:
        return seen
    answer = (hold_beside if planned.waits else at_once)(remaining, command, planned)
    remaining.changes[command.change_id] = command.digest
    return answer


def plan_change(remaining: Remaining, command: ChangeBooking) -> Changing | Refusal:
    """What a change would be, where it may be at all: what a page says of it, and what is decided."""
    booking = remaining.booking(command.booking_id)
    if booking is None:
        return BookingUnknown(command.booking_id)
    lines = lines_of(command.by, booking)
    refusal = (
        refuse_now(booking, lines)
        or refuse_till(remaining, command)
        or refuse_acting(remaining, command.by, [*lines, *command.lines], booking.by.group_id)
    )
    content = refusal or compare(remaining, lines, command)
    if isinstance(content, Refusal):
        return content
    ends = planned_ends(remaining, command, booking, content)
    if isinstance(ends, Refusal):
        return ends
    ended = end_lines(booking, ending_lines(booking, ends), remaining.now, confirms=False)
    freed = remaining.without(ended)
    new = new_lines(freed, command, booking, content)
    if isinstance(new, Refusal):
        return new
    uses = uses_of(booking.id, new, freed)
    unfit = (
        refuse_companions(remaining, command)
        or remaining.turns.refusal_of_change(new)
        or freed.lacking(whole(new))
        or freed.yearly.refusal(uses)
        or freed.limits.refusal_in(booking.id, new, freed.sessions, freed.groups)
        or freed.seats.seat(new, content.new, content.kept)
    )
    funding = unfit or fund_change(remaining, command, Replacement(booking, content, new, ended))
    if isinstance(funding, Refusal):
        return funding
    planned = Changing(booking, content, ends, tuple(new), uses, funding, ended)
    return (refuse_beside(remaining, planned) if planned.waits else None) or planned


def refuse_companions(remaining: Remaining, command: ChangeBooking) -> Refusal | None:
    """Whether a companion would be alone in the new content."""
    for requested in command.lines:
        session = remaining.sessions.get(requested.session_id)
        tariff = session.tariff(requested.tariff) if session else None
        if session and tariff and tariff.is_for_companion:
            return alone_in(session, tariff, command.lines)
    return None


def refuse_now(booking: Booking, lines: Sequence[Line]) -> Refusal | None:
    """Whether a booking may not change at all now: something waits to be paid, or nothing of it is left."""
    if booking.held_until:
        until = booking.held_until
        return (
            ChangePending(booking.id, until)
            if booking.change
            else PaymentOpen(booking.id, waits_for(booking))
        )
    tickets = [ticket for line in lines for ticket in line.tickets]
    is_left = any(each.status in LIVE or each.end is TicketEnd.CALLED_OFF for each in tickets)
    return None if is_left else NothingToChange(booking.id)


def waits_for(booking: Booking) -> Literal["card", "desk", "answer"]:
    """What is to be done first with a booking that is held."""
    payment = booking.open_payment
    if payment is None:
        return "answer"
    return "desk" if payment.means is PaymentMeans.DESK else "card"


def new_lines(
    freed: Remaining, command: ChangeBooking, booking: Booking, content: Content
) -> list[Line] | Refusal:
    """The lines of places that are new, numbered after all that the booking has, by the rules of booking."""
    if len(booking.lines) + len(content.new) > MOST_LINE_NO:
        return TooManyChanges(booking.id)
    book = Book(
        region_id=command.region_id,
        booking_id=booking.id,
        digest="",
        by=command.by,
        lines=with_codes_along(freed, booking, content, with_turns_along(freed, booking, content)),
        beside=command.lines,
        channel=booking.channel,
        clerk_id=command.staff_id,
    )
    lines = lines_for(freed, book)
    if isinstance(lines, Refusal):
        return lines
    return [replace(line, no=line.no + len(booking.lines)) for line in lines]


def refuse_beside(remaining: Remaining, planned: Changing) -> Refusal | None:
    """Why new places cannot be held while the old ones still stand."""
    lines = planned.lines
    for line in lines:
        is_personal = line.no in personal_lines(remaining, [line])
        if is_personal and not remaining.personal.has_room(lines, remaining.sessions):
            return OnePlaceEach(line.session_id, line.tariff_code)
    return (
        remaining.seats.seat(lines, planned.content.new, planned.content.kept)
        or remaining.lacking(whole(lines))
        or remaining.yearly.refusal(planned.uses)
        or remaining.turn_cards.refuse_beside(lines)
        or remaining.limits.refusal_in(planned.booking.id, lines, remaining.sessions, remaining.groups)
    )


def at_once(remaining: Remaining, command: ChangeBooking, planned: Changing) -> Changed:
    """Nothing is to be paid, or a till takes it: the old ends and the new is booked."""
    plan = ChangePlan(planned.ends, planned.funding.holds, planned.funding.moves)
    before, paid, till = planned.booking, planned.funding.payment, command.at_till
    booking = replace(
        before,
        lines=[*before.lines, *planned.lines],
        payments=[*before.payments, paid] if paid else before.payments,
    )
    ended = end_for_change(booking, plan, remaining.now, command.change_id)
    remaining.give_back(ended)
    if command.sale:
        remaining.write(command.sale)
    answer = Changed(
        ended.booking,
        new=True,
        ended=ended,
        lines=tuple(ended.booking.lines[len(before.lines) :]),
        payment=paid,
        at_till=till,
        given=given_at_once(ended, till.origin.seller_id) if till else (),
    )
    return took(remaining, command, planned, answer)


def hold_beside(remaining: Remaining, command: ChangeBooking, planned: Changing) -> Changed:
    """The new places are held, with the credit that the old ones do not give back, until they are paid."""
    funding, payment = planned.funding, planned.funding.payment
    lines = tuple(held(line, funding.more) for line in planned.lines)
    plan = ChangePlan(planned.ends, funding.back, funding.moves)
    before = planned.booking
    booking = replace(
        before,
        lines=[*before.lines, *lines],
        payments=[*before.payments, payment],
        held_until=held_until(remaining),
        lengthened=False,
        change=PendingChange(command.change_id, plan),
    )
    for each in funding.more:
        remaining.purses[each.purse_id].available_cents -= each.cents
    if payment:
        remaining.change_payments.add(payment.id)
    answer = Changed(booking, new=True, lines=lines, extra=funding.more, payment=payment)
    return took(remaining, command, planned, answer)


def held(line: Line, more: Sequence[CreditHold]) -> Line:
    """A line that waits to be paid, with the credit that is put aside for it already."""
    tickets = [replace(each, status=TicketStatus.HELD) for each in line.tickets]
    cents = sum(each.cents for each in more if each.line_no == line.no)
    return replace(line, tickets=tickets, credit_cents=cents)


def took(remaining: Remaining, command: ChangeBooking, planned: Changing, answer: Changed) -> Changed:
    """The answer, once later commands of the batch know what it took."""
    booking, lines = answer.booking, answer.lines
    remaining.take(whole(lines), ())
    remaining.personal.take(booking.id, lines, remaining.sessions)
    remaining.yearly.take(planned.uses)
    remaining.limits.take(booking.id, lines, remaining.sessions)
    remaining.turn_cards.take(booking.id, lines)
    remaining.bookings[booking.id] = booking
    plan = booking.change.plan if booking.change else None
    payment_id = answer.payment.id if answer.payment and plan else None
    return replace(
        answer,
        change=StoredChange(command.change_id, booking.id, command.digest, plan, payment_id),
        personal=personal_lines(remaining, lines),
        uses=planned.uses,
        by=command.by,
        staff_id=command.staff_id,
        waiver=command.waiver,
        enrolments=tuple(
            remaining.courses.made_of(booking.id, planned.content.new, lines, remaining.sessions)
        ),
    )
