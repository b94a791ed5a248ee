"""What should be answered, said slowly: one command at a time, every figure summed up again from the start.

It shares with `reservations.booking` what goes in and what comes out, and nothing of what lies between.
Where more than one answer is right, which is when several purses can pay, it judges the one that was given.
"""

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from reservations import errors
from reservations.booking.actor import ByStaff, ByWorker
from reservations.booking.answers import (
    Answer,
    Booked,
    ConfirmedTicket,
    Ended,
    EndedTicket,
    Lengthened,
    Paid,
    PaymentRefund,
    Resized,
)
from reservations.booking.commands import (
    Book,
    CallOff,
    ChangeBooking,
    Command,
    Expire,
    GiveUp,
    Lengthen,
    Pay,
    PayAtDesk,
    Resize,
    StopPayment,
    Swap,
)
from reservations.booking.facts import Booking, Line, TicketEnd
from tests.reservations.booking.model_conditions import left_alone
from tests.reservations.booking.model_ending import (
    end_all,
    may_give_up,
    meant,
    name_of_end,
    splits_what_waits,
    unknown,
    used,
)
from tests.reservations.booking.model_paying import ANY_ID, HAS_A_PLACE, nameless
from tests.reservations.booking.model_payments import Payments, all_that_is_held
from uit.core.errors import Refusal

Numbered = TypeVar("Numbered", ConfirmedTicket, EndedTicket)


class Model(Payments):
    """`expected` says what is right."""

    def expected(self, command: Command, answer: Answer) -> Answer:  # noqa: C901  one for each command
        """The right answer: the one that was given, where it is one of several."""
        match command:
            case Book():
                return self.book(command, answer)
            case GiveUp():
                return self.give_up(command)
            case Pay():
                return self.pay(command, answer)
            case PayAtDesk():
                return self.pay_at_desk(command)
            case StopPayment():
                return self.stop_payment(command)
            case Lengthen():
                return self.lengthen(command)
            case CallOff():
                return self.call_off(command)
            case Expire():
                return self.expire(command)
            case Resize():
                return self.resize(command)
            case Swap() | ChangeBooking():
                raise AssertionError("its parts have a model; see test_swap.py and test_decide_change.py")
            case _:
                raise AssertionError("who waits has a model of their own: test_lines.py")

    def give_up(self, command: GiveUp) -> Answer:
        booking, key = self.stored(command.booking_id), command.cancellation
        lines = [each for each in booking.lines if may_give_up(command.by, booking, each)] if booking else []
        if booking is None or not lines:
            return errors.BookingUnknown(command.booking_id)
        if key and key.id in self.cancellations:
            same = self.cancellations[key.id] == key.digest
            return Ended(booking) if same else errors.CancellationIdTaken(key.id)
        refused = self.acting_refused(command.by, [each.holder_id for each in lines])
        ends = refused or self.ends(command, booking, lines)
        if isinstance(ends, Refusal):
            return ends
        if splits_what_waits(booking, ends):
            return errors.PaymentOpen(booking.id)
        if alone := left_alone(self, booking, ends):
            return alone
        if key:
            self.cancellations[key.id] = key.digest
        ended = end_all(booking, ends, self.now, key, confirms=not self.is_past(booking))
        by_staff, given_on = isinstance(command.by, ByStaff), isinstance(command.by, ByWorker)
        return self.end(replace(ended, by_staff=by_staff, given_on=given_on))

    def ends(
        self, command: GiveUp, booking: Booking, lines: Sequence[Line]
    ) -> dict[tuple[int, int], TicketEnd] | Refusal:
        """How each ticket ends that is given up, or why none can be."""
        in_the_way = unknown(booking, lines, command.chosen) or used(booking, lines, command.chosen)
        if in_the_way:
            return in_the_way
        ends = {}
        for line, ticket in meant(lines, command.chosen):
            session = self.session(line.session_id)
            assert session
            end = name_of_end(command.by, booking, session, self.now)
            if end is None:
                return errors.TooLate(booking.id, session.cancel_until, line.no)
            ends[line.no, ticket.no] = end
        return ends

    def call_off(self, command: CallOff) -> Answer:
        booking, session = self.stored(command.booking_id), self.session(command.session_id)
        if booking is None:
            return errors.BookingUnknown(command.booking_id)
        ends = {
            (line.no, ticket.no): TicketEnd.CALLED_OFF
            for line in booking.lines
            for ticket in line.tickets
            if line.session_id == command.session_id and ticket.status in HAS_A_PLACE
        }
        is_off = session is not None and session.status == "cancelled"
        ends = ends if is_off else {}
        ended = end_all(booking, ends, self.now, confirms=not self.is_past(booking))
        awaits_payment = booking.change or any(each.is_open for each in booking.payments)
        was_offer = bool(ends) and booking.held_until is not None and not awaits_payment
        return self.end(replace(ended, was_offer=was_offer))

    def expire(self, command: Expire) -> Answer:
        booking = self.stored(command.booking_id)
        if booking is None:
            return errors.BookingUnknown(command.booking_id)
        over = booking.held_until is not None and self.now >= booking.held_until
        return self.end(end_all(booking, all_that_is_held(booking) if over else {}, self.now))

    def resize(self, command: Resize) -> Answer:
        session = self.session(command.session_id)
        if session is None or command.pool_id not in session.pool_ids:
            return errors.PoolUnknown(command.pool_id)
        pool, taken = self.pool(command.pool_id), self.taken(command.pool_id)
        if pool.kind == "allotment":
            return errors.PoolUnknown(command.pool_id)
        held = self.held(pool.id)
        if command.capacity < taken + held:
            return errors.BelowTaken(command.capacity, taken + held)
        if command.capacity > pool.licensed_capacity:
            return errors.AboveLicence(command.capacity, pool.licensed_capacity)
        changed = self.capacities[pool.id] != command.capacity
        self.capacities[pool.id] = command.capacity
        resized = replace(pool, capacity=command.capacity, taken=taken, held=held)
        return Resized(command.region_id, resized, changed, command.staff_id)


def in_order(answer: Answer) -> Answer:
    """An answer in which the order of what comes together does not count, nor what a refund is called."""
    match answer:
        case Ended():
            return replace(
                answer,
                booking=nameless(answer.booking),
                tickets=in_line(answer.tickets),
                undone=tuple(sorted(answer.undone, key=lambda part: part.hold_id)),
                holds=tuple(sorted(answer.holds, key=lambda hold: (hold.line_no, hold.purse_id))),
                refunds=by_payment(answer.refunds),
                confirmed=in_line(answer.confirmed),
            )
        case Paid():
            return replace(
                answer,
                booking=nameless(answer.booking),
                payment=nameless(replace(answer.booking, payments=[answer.payment])).payments[0],
                tickets=in_line(answer.tickets),
                late=in_line(answer.late),
                refunds=by_payment(answer.refunds),
                ended=in_order(answer.ended) if answer.ended else None,
            )
        case Booked() | Lengthened():
            return replace(answer, booking=nameless(answer.booking))
        case _:
            return answer


def in_line(tickets: tuple[Numbered, ...]) -> tuple[Numbered, ...]:
    return tuple(sorted(tickets, key=lambda each: (each.line_no, each.ticket_no)))


def by_payment(refunds: tuple[PaymentRefund, ...]) -> tuple[PaymentRefund, ...]:
    nameless_refunds = (replace(each, refund=replace(each.refund, id=ANY_ID)) for each in refunds)
    return tuple(sorted(nameless_refunds, key=lambda each: (each.payment_id, each.refund.line_no)))
