"""An offer is accepted, and paid as any booking, or declined. Pure."""

from msgspec.structs import replace

from reservations.booking.answers import Accepted, ConfirmedTicket, Ended
from reservations.booking.commands import AcceptOffer, Book, DeclineOffer
from reservations.booking.due import confirm
from reservations.booking.ending import EndingLine, end_lines
from reservations.booking.facts import LIVE, Booking, Line, TicketEnd, TicketStatus
from reservations.booking.funding import Funding, fund
from reservations.booking.lines import refuse_acting
from reservations.booking.remaining import Remaining
from reservations.booking.ticket_choice import lines_of
from reservations.errors import BookingUnknown, RemainingChanged
from reservations.waiting_line.errors import OfferOver
from uit.core.errors import Refusal


def accept(remaining: Remaining, command: AcceptOffer) -> Accepted | Refusal:
    """The same places at the price at which they were offered; what credit does not pay is one payment."""
    booking = remaining.booking(command.booking_id)
    lines = lines_of(command.by, booking) if booking else []
    if booking is None or not lines:
        return BookingUnknown(command.booking_id)
    if is_accepted(booking):
        return Accepted(booking, new=False)
    refusal = refuse_acting(remaining, command.by, lines) or refuse_offer(remaining, booking)
    if refusal:
        return refusal
    paid = [replace(line) for line in booking.lines]
    funding = fund(as_book(command, booking), paid, remaining)
    if isinstance(funding, Refusal):
        return funding
    left_cents = sum(line.remaining_cents for line in paid)
    if left_cents != command.remaining_seen_cents:
        return RemainingChanged(command.remaining_seen_cents, left_cents)
    return accepted(remaining, booking, paid, funding)


def is_accepted(booking: Booking) -> bool:
    """Whether somebody took it: it waits for money, or has it."""
    return bool(booking.payments) or booking.status is TicketStatus.CONFIRMED


def refuse_offer(remaining: Remaining, booking: Booking) -> Refusal | None:
    """Why an offer cannot be taken any more; one of which a part was given up is not what was waited for."""
    tickets = [each for line in booking.lines for each in line.tickets]
    is_whole = all(each.status is TicketStatus.HELD for each in tickets)
    if booking.held_until is None or booking.held_until <= remaining.now or not is_whole:
        return OfferOver(booking.held_until)
    sessions = {line.session_id for line in booking.lines}
    refusals = (remaining.sale_refusal(remaining.sessions[each]) for each in sessions)
    return next((each for each in refusals if each), None)


def as_book(command: AcceptOffer, booking: Booking) -> Book:
    """As a booking would be paid that asks for the same."""
    return Book(
        region_id=command.region_id,
        booking_id=booking.id,
        digest=booking.digest,
        by=command.by,
        lines=(),
        channel=booking.channel,
        pay_with=command.pay_with,
        payment_id=command.payment_id,
        return_url=command.return_url,
    )


def accepted(remaining: Remaining, booking: Booking, paid: list[Line], funding: Funding) -> Accepted:
    confirmed: tuple[ConfirmedTicket, ...] = ()
    if funding.payment is None:
        confirmed = tuple(
            ConfirmedTicket(line.no, ticket.no, ticket.status) for line in paid for ticket in line.tickets
        )
        paid = [replace(line, tickets=[confirm(each) for each in line.tickets]) for line in paid]
    booking = replace(
        booking,
        lines=paid,
        held_until=funding.held_until,
        payments=[funding.payment] if funding.payment else [],
    )
    remaining.take((), funding.holds)
    remaining.bookings[booking.id] = booking
    return Accepted(booking, new=True, holds=tuple(funding.holds), confirmed=confirmed)


def decline(remaining: Remaining, command: DeclineOffer) -> Ended | Refusal:
    """Whenever that is: what was only offered keeps nobody to a limit for cancelling."""
    booking = remaining.booking(command.booking_id)
    lines = lines_of(command.by, booking) if booking else []
    if booking is None or not lines:
        return BookingUnknown(command.booking_id)
    if is_accepted(booking):
        return OfferOver(booking.held_until)
    ending = [
        EndingLine(line, [each for each in line.tickets if each.status in LIVE], TicketEnd.GIVEN_UP)
        for line in lines
    ]
    answer = replace(end_lines(booking, ending, remaining.now), declined=True)
    remaining.give_back(answer)
    remaining.bookings[booking.id] = answer.booking
    return answer
