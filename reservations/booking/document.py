"""A booking as the outside sees it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from credits.payments.payment import Payment, PaymentMeans, PaymentStatus, RefundStatus
from reservations.booking.described import CashCode
from reservations.booking.due import due_cents, to_pay_cents
from reservations.booking.facts import LIVE, Booking, Line, Ticket, TicketEnd, TicketStatus
from reservations.booking.refunding import line_fee_cents
from reservations.booking.returns import Return, ReturnWay, returns_of
from reservations.booking.tickets import number_of
from uit.core.amount import Amount
from uit.core.seal import TicketSeal, seal_ticket


class TicketDocument(Struct, frozen=True):
    """`ticket` is what its QR carries and what a check-in asks for; `no` names it within its line.

    `seat` is its row and number, as `C-12`, where seats are numbered; a desk may give it another later. A
    ticket for several people has as many, as `C-12,C-13`.
    Once it ended: `end` says how, `ended_at` when, and `returned_cents` is what came back by it.
    """

    no: int
    ticket: str
    status: TicketStatus
    end: TicketEnd | None
    ended_at: datetime | None
    returned_cents: Amount
    seat: str | UnsetType = UNSET


class ReturnDocument(Struct, frozen=True):
    """What goes back by one way. `arrives_by` is the last day on which it arrives, where that is known.

    Cash is paid at any till of its seller to who shows the `code`. `reason` is there where no ticket's end
    gives it back: `too_late` when it was paid after the places were gone, `paid_twice` when they were paid.
    """

    way: ReturnWay
    cents: Amount
    status: RefundStatus
    reason: str | UnsetType = UNSET
    arrives_by: date | UnsetType = UNSET
    code: CashCode | UnsetType = UNSET


class LineDocument(Struct, frozen=True):
    """`price_cents` and `credit_cents` say what was booked, also when tickets ended since.

    `remaining_cents` is what is still to be paid of it now. `cancel_fee_cents` is what each ticket that its
    holder cancels keeps of what was paid besides credit, as agreed when it was booked.
    `returned_cents` is all that was decided to go back; `returns` says by which ways. `kept_cents` is what
    the organiser kept, by that agreement, of the tickets that were cancelled.
    `choose_until` is there as a booking is read whose date was called off: until then its holder chooses
    another date or all of it back, by a change or by cancelling; then all of it goes back.
    """

    no: int
    session_id: UUID
    tariff: str
    places: int
    price_cents: Amount
    credit_cents: Amount
    remaining_cents: Amount
    cancel_fee_cents: Amount
    kept_cents: Amount
    returned_cents: Amount
    returns: list[ReturnDocument]
    tickets: list[TicketDocument]
    choose_until: Annotated[datetime, Meta(description="Until when it is chosen; UTC.")] | UnsetType = UNSET


class PaymentDocument(Struct, frozen=True):
    """What credit does not pay. `url` is the page to pay by card, there as soon as it is open.

    `amount_cents` was asked for; while it waits at a desk, it is what is due there of the tickets that stand.
    `expires_at` is until when it can be paid; null once it cannot, and for an invoice. Who comes back from
    the payment page may be there before the money is: `pending` is not the end then, so read it again.
    """

    id: UUID
    means: PaymentMeans
    status: PaymentStatus
    amount_cents: Amount
    expires_at: Annotated[datetime | None, Meta(description="Until when it can be paid; UTC.")]
    url: str | UnsetType = UNSET


class PendingChangeDocument(Struct, frozen=True):
    """A change whose new places are held beside the old ones until `held_until`, for its `payment`.

    Once that is paid, the old places end as `moved_away`. Else the new ones lapse, and nothing has changed.
    """

    change_id: UUID
    held_until: Annotated[datetime | None, Meta(description="Until when its places are kept; UTC.")]
    payment: PaymentDocument


class BookingDocument(Struct, frozen=True):
    """`status` is that of its liveliest ticket. Amounts are for all places together, in cents of a euro.

    `number` is what people say at a till or on the phone. `remaining_cents` is what is still to be paid now:
    nought once it was paid or lapsed. Its places are `held` until `held_until` for its last `payment`.
    `price_cents`, `credit_cents` and `returned_cents` add up all `lines`, also those of which a change left
    the tickets as `moved_away`. What it costs by now is the price of the tickets that stand.
    """

    booking_id: UUID
    number: str
    status: TicketStatus
    price_cents: Amount
    credit_cents: Amount
    remaining_cents: Amount
    returned_cents: Amount
    made_at: datetime
    held_until: Annotated[datetime | None, Meta(description="Until when its places are kept; UTC.")]
    payment: PaymentDocument | None
    pending_change: PendingChangeDocument | None
    lines: list[LineDocument]


def as_document(booking: Booking, signing_key: bytes) -> BookingDocument:
    lines = [line_document(booking, line, signing_key) for line in booking.lines]
    payments = [each for each in booking.payments if booking.change is None or not each.is_open]
    payment = payments[-1] if payments else None
    return BookingDocument(
        booking.id,
        number_of(booking.id),
        booking.status,
        booking.price_cents,
        booking.credit_cents,
        sum([line.remaining_cents for line in lines]),
        sum([line.returned_cents for line in lines]),
        booking.made_at,
        None if booking.change else booking.held_until,
        payment_document(booking, payment) if payment else None,
        pending_change_document(booking),
        lines,
    )


def pending_change_document(booking: Booking) -> PendingChangeDocument | None:
    payment = booking.open_payment
    if booking.change is None or payment is None:
        return None
    return PendingChangeDocument(booking.change.id, booking.held_until, payment_document(booking, payment))


def payment_document(booking: Booking, payment: Payment) -> PaymentDocument:
    return PaymentDocument(
        payment.id,
        payment.means,
        payment.status,
        sum(due_cents(booking, payment)) if waits_at_desk(payment) else payment.amount_cents,
        booking.held_until if payment.is_open else None,
        payment.url if payment.is_open and payment.url else UNSET,
    )


def waits_at_desk(payment: Payment) -> bool:
    return payment.is_open and payment.means is PaymentMeans.DESK


def line_document(booking: Booking, line: Line, signing_key: bytes) -> LineDocument:
    returns = returns_of(booking, line)
    return LineDocument(
        line.no,
        line.session_id,
        line.tariff_code,
        line.places,
        line.price_cents,
        line.credit_cents,
        to_pay_cents(booking)[line.no - 1],
        line.cancel_fee_cents,
        line_fee_cents(booking, line),
        sum([each.cents for each in returns]),
        [return_document(each) for each in returns],
        [ticket_document(booking, line, ticket, signing_key) for ticket in line.tickets],
        chosen_until(booking, line) or UNSET,
    )


def chosen_until(booking: Booking, line: Line) -> datetime | None:
    """Until when is chosen what becomes of a line; None where nothing of it is left to choose for."""
    is_left = any(ticket.status in LIVE for ticket in line.tickets)
    return booking.choose_until.get(line.session_id) if is_left else None


def return_document(each: Return) -> ReturnDocument:
    return ReturnDocument(
        each.way,
        each.cents,
        each.status,
        each.reason or UNSET,
        each.arrives_by or UNSET,
        each.code or UNSET,
    )


def ticket_document(booking: Booking, line: Line, ticket: Ticket, signing_key: bytes) -> TicketDocument:
    return TicketDocument(
        ticket.no,
        seal_ticket(signing_key, TicketSeal(booking.region_id, booking.id, line.no, ticket.no)),
        ticket.status,
        ticket.end,
        ticket.ended_at,
        ticket.returned_cents,
        ticket.seat or UNSET,
    )
