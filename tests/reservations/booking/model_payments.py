"""What becomes of a booking whose payment comes in, waits longer or stops, said slowly.

A part of the model: see `model.py`.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from uuid import UUID

from msgspec.structs import replace

from credits.errors import TillIdTaken, TillOfOtherSeller
from credits.payments.payment import Payment, PaymentStatus
from credits.till.sale import Sale
from reservations import errors
from reservations.booking.answers import Answer, Ended, EndedTicket, Lengthened, Paid, PaymentRefund
from reservations.booking.commands import Lengthen, Pay, PayAtDesk, StopPayment
from reservations.booking.facts import Booking, Line, Ticket, TicketEnd, TicketStatus
from tests.reservations.booking.model_bills import Bill
from tests.reservations.booking.model_booking import Bookings
from tests.reservations.booking.model_conditions import Wish, address_of, over_limit
from tests.reservations.booking.model_ending import costs, end_all, may_give_up
from tests.reservations.booking.model_holders import SOCIAL
from tests.reservations.booking.model_paying import (
    LONGER,
    asked,
    confirm,
    counts,
    give_back,
    is_open,
    mark_paid,
    own,
    pay_instead,
    that_counts,
    too_late,
    would_confirm,
)


class Payments(Bookings):
    """Answers who pays."""

    def pay(self, command: Pay, answer: Answer) -> Answer:
        booking, payment = self.payment(command.booking_id, command.payment_id)
        if booking is None or payment is None:
            return errors.PaymentUnknown(command.booking_id, command.payment_id)
        if payment.paid_at:
            return Paid(booking, payment, new=False)
        cents = sum(asked(booking, payment))
        if command.amount_cents != cents or cents == 0:
            return errors.PaymentDiffers(payment.id, cents, command.amount_cents)
        return self.take_in(command, booking, payment, answer)

    def take_in(self, command: Pay, booking: Booking, payment: Payment, answer: Answer) -> Paid:
        """What waits is confirmed, what lapsed is booked anew where that can be, and the rest goes back."""
        assert isinstance(answer, Paid)
        if not counts(payment) and that_counts(booking):
            return self.take_in_twice(command, booking, payment)
        if is_open(payment) and self.is_past(booking):
            return self.take_in_past(command, booking, payment)
        found, in_time, stood = would_confirm(booking, payment), is_open(payment), counts(payment)
        good = found if in_time or self.is_all_there(command, booking, found) else []
        if good and not in_time:
            self.check_holds(*self.anew(found), answer.holds)
        mark_paid(booking, payment, self.now)
        tickets, paid = confirm(good), deepcopy(payment)
        every = [(line, ticket) for line in booking.lines for ticket in line.tickets]
        late = [] if stood else too_late(found if payment.means == "desk" else every)
        refunds = self.back_late(booking, payment, late)
        if good:
            booking.held_until = None
        self.remember(booking)
        holds = answer.holds if good and not in_time else ()
        ended = tuple(ticket for ticket, _ in late)
        self.paid.append(Paid(booking, paid, True, command.reference, tickets, holds, ended, refunds))  # noqa: FBT003
        return self.paid[-1]

    def pay_at_desk(self, command: PayAtDesk) -> Answer:
        booking, sale = self.stored(command.booking_id), command.sale
        if booking is None or sale.payment_id is None:
            return errors.BookingUnknown(command.booking_id)
        known = next((each for each in booking.payments if each.id == sale.payment_id), None)
        if known and known.paid_at:
            return Paid(booking, known, new=False)
        not_open = self.till_refused(sale)
        if not_open:
            return not_open
        waiting = next((each for each in booking.payments if is_open(each)), None)
        due = sum(own(line)[each.no] for line, each in would_confirm(booking, waiting)) if waiting else 0
        taken = sum(each.amount_cents for each in sale.tenders if each.means != "credit")
        if waiting is None or due == 0 or self.is_past(booking):
            return errors.NothingDue(booking.id)
        if sale.seller_id != waiting.seller_id:
            return TillOfOtherSeller(waiting.seller_id)
        if taken != due:
            return errors.RemainingChanged(taken, due)
        if known is not (None if waiting.means == "card" else waiting):
            return errors.PaymentUnknown(booking.id, sale.payment_id)
        if sale.id in self.receipts() or (known is None and sale.payment_id in self.payments()):
            return TillIdTaken(sale.id)
        return self.take_at_desk(booking, waiting, sale)

    def take_at_desk(self, booking: Booking, waiting: Payment, sale: Sale) -> Paid:
        """What waits is confirmed; a payment page that waited for it makes way."""
        found, payment = would_confirm(booking, waiting), waiting
        opened, stopped = None, tuple[Payment, ...]()
        if waiting.means == "card":
            payment = pay_instead(waiting, sale, self.now)
            booking.payments.append(payment)
            waiting.status = PaymentStatus.EXPIRED
            opened, stopped = deepcopy(payment), (deepcopy(waiting),)
        mark_paid(booking, payment, self.now)
        paid, tickets = deepcopy(payment), confirm(found)
        booking.held_until = None
        self.remember(booking)
        self.paid.append(
            Paid(booking, paid, True, str(sale.id), tickets, sale=sale, opened=opened, stopped=stopped)  # noqa: FBT003
        )
        return self.paid[-1]

    def is_past(self, booking: Booking) -> bool:
        """Whether something is still held for a date that took place."""
        waiting = {
            line.session_id for line in booking.lines for each in line.tickets if each.status == "held"
        }
        return any(
            each.id in waiting and each.ends_at <= self.now and each.status in ("scheduled", "sold_elsewhere")
            for each in self.facts.sessions
        )

    def take_in_past(self, command: Pay, booking: Booking, payment: Payment) -> Paid:
        """As if it lapsed first, and then the payment came in late: all of it goes back."""
        cents = asked(booking, payment)
        ended = end_all(booking, all_that_is_held(booking), self.now)
        self.check_every_cent(ended)
        after = ended.booking
        keys = {(each.line_no, each.ticket_no) for each in ended.tickets}
        paid = next(each for each in after.payments if each.id == payment.id)
        paid.status, paid.paid_at = PaymentStatus.PAID, self.now
        paid.amount_cents, paid.line_cents = sum(cents), cents
        as_it_came = deepcopy(paid)
        every = [(line, each) for line in after.lines for each in line.tickets]
        by_desk = payment.means == "desk"
        late = too_late((line, each) for line, each in every if not by_desk or (line.no, each.no) in keys)
        refunds = self.back_late(after, paid, late)
        back = {(each.line_no, each.ticket_no): each.returned_cents for each, _ in late}
        tickets = tuple(
            replace(each, returned_cents=back.get((each.line_no, each.ticket_no), each.returned_cents))
            for each in ended.tickets
        )
        before = tuple(each for each, _ in late if (each.line_no, each.ticket_no) not in keys)
        self.remember(after)
        self.ended.append(replace(ended, booking=deepcopy(after), tickets=tickets, stopped=()))
        paid_late = Paid(
            after, as_it_came, new=True, reference=command.reference, late=before, refunds=refunds
        )
        self.paid.append(replace(paid_late, ended=self.ended[-1]))
        return self.paid[-1]

    def back_late(
        self, booking: Booking, payment: Payment, late: Sequence[tuple[EndedTicket, int]]
    ) -> tuple[PaymentRefund, ...]:
        back: list[PaymentRefund] = []
        for line in booking.lines:
            cents = sum(cents for ticket, cents in late if ticket.line_no == line.no)
            back += give_back(payment, line, cents, "too_late", self.now)
        return tuple(back)

    def take_in_twice(self, command: Pay, booking: Booking, payment: Payment) -> Paid:
        """Another payment paid for it, so all that comes in goes back."""
        mark_paid(booking, payment, self.now)
        paid, back = deepcopy(payment), list[PaymentRefund]()
        for line, cents in zip(booking.lines, payment.line_cents, strict=True):
            back += give_back(payment, line, cents, "paid_twice", self.now)
        self.remember(booking)
        self.paid.append(Paid(booking, paid, True, command.reference, refunds=tuple(back)))  # noqa: FBT003
        return self.paid[-1]

    def anew(self, found: Sequence[tuple[Line, Ticket]]) -> tuple[list[Bill], list[int]]:
        """What lapsed of each line, and the credit that had paid for it."""
        bills = []
        for line in {line.no: line for line, _ in found}.values():
            session = self.session(line.session_id)
            assert session
            cents = sum(costs(line)[ticket.no] for of, ticket in found if of.no == line.no)
            bills.append(Bill(line.no, session, line.wallet_id, cents))
        return bills, [bill.cents for bill in bills]

    def is_all_there(self, command: Pay, booking: Booking, found: Sequence[tuple[Line, Ticket]]) -> bool:
        """Price, sale, places and credit, as they were when it was booked."""
        if not found or not all(self.is_as_it_was(line) for line, _ in found):
            return False
        bills, _ = self.anew(found)
        to_pay = [bill for bill in bills if bill.cents]
        wallets = {bill.wallet_id for bill in to_pay}
        by_wallet = [[bill for bill in to_pay if bill.wallet_id == wallet_id] for wallet_id in wallets]
        social = Counter(
            (line.session_id, line.holder_id)
            for line, _ in found
            if line.holder_id and line.tariff_code in SOCIAL
        )
        again = [
            Wish(line.session_id, line.tariff_code, line.holder_id or address_of(self, booking), 1)
            for line, _ in found
        ]
        asked = Counter[UUID]()
        for line, ticket in found:
            asked.update(dict.fromkeys(line.pool_ids, ticket.weight))
        return (
            all(self.social_taken(*key) + places <= 1 for key, places in social.items())
            and over_limit(self, again) is None
            and wallets <= {*command.wallets}
            and all(self.most(theirs) == sum(bill.cents for bill in theirs) for theirs in by_wallet)
            and all(
                self.left(pool_id, asked) >= places
                for pool_id, places in asked.items()
                if self.pool(pool_id).kind != "allotment"
            )
        )

    def is_as_it_was(self, line: Line) -> bool:
        session = self.session(line.session_id)
        prices = {each.code: each.price_cents for each in (session and session.tariffs) or ()}
        same = line.tariff_code in prices and prices[line.tariff_code] * line.places == line.price_cents
        return session is not None and self.sale_refusal(session) is None and same

    def payment(self, booking_id: UUID, payment_id: UUID) -> tuple[Booking | None, Payment | None]:
        booking = self.stored(booking_id)
        payments = booking.payments if booking else []
        return booking, next((each for each in payments if each.id == payment_id), None)

    def stop_payment(self, command: StopPayment) -> Answer:
        booking, payment = self.payment(command.booking_id, command.payment_id)
        if booking is None or payment is None:
            return errors.PaymentUnknown(command.booking_id, command.payment_id)
        ends = all_that_is_held(booking) if is_open(payment) else {}
        return self.end(end_all(booking, ends, self.now, stopped=command.status))

    def lengthen(self, command: Lengthen) -> Answer:
        booking = self.stored(command.booking_id)
        if booking is None or not any(may_give_up(command.by, booking, line) for line in booking.lines):
            return errors.BookingUnknown(command.booking_id)
        theirs = [each.holder_id for each in booking.lines if may_give_up(command.by, booking, each)]
        if refused := self.acting_refused(command.by, theirs):
            return refused
        if booking.lengthened:
            return Lengthened(booking, new=False)
        page_is_open = any(is_open(payment) and payment.opened_at for payment in booking.payments)
        if not page_is_open or booking.held_until is None or booking.held_until <= self.now:
            return errors.CannotLengthen(booking.id)
        booking.held_until, booking.lengthened = booking.held_until + LONGER, True
        self.remember(booking)
        return Lengthened(booking, new=True)

    def end(self, ended: Ended) -> Ended:
        self.check_every_cent(ended)
        self.remember(ended.booking)
        self.ended.append(ended)
        return ended

    def check_every_cent(self, ended: Ended) -> None:
        """What stood for a line is the credit that comes back by its tickets and what stands for it now."""
        for line in ended.booking.lines:
            before = sum(part.cents for part in ended.undone if part.line_no == line.no)
            back = sum(each.returned_cents for each in ended.tickets if each.line_no == line.no)
            back -= sum(each.refund.amount_cents for each in ended.refunds if each.refund.line_no == line.no)
            assert before == back + sum(hold.cents for hold in ended.holds if hold.line_no == line.no)


def all_that_is_held(booking: Booking) -> dict[tuple[int, int], TicketEnd]:
    return {
        (line.no, ticket.no): TicketEnd.LAPSED
        for line in booking.lines
        for ticket in line.tickets
        if ticket.status == TicketStatus.HELD
    }
