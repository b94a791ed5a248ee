"""Rows of bookings, lines, tickets and pools, as `reservations.write` takes them, and how one is made."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.invoice.communication import new_communication
from credits.invoice.terms import InvoiceOrder
from credits.ledger.ledger import HoldRow
from credits.payments.payment import Payment, RefundWay
from credits.payments.rows import PaymentRow, RefundRow, cash_code
from credits.wallet.spread import Hold
from reservations.booking.actor import ByPartner
from reservations.booking.answers import ConfirmedTicket, EndedTicket, PaymentRefund
from reservations.booking.facts import Booking, Line, TicketEnd, TicketStatus
from reservations.booking.planned import CreditHold
from uit.core.ids import Ids
from uit.services.audit import ActRow


class BookingRow(Struct, frozen=True):
    """A booking and its row in the directory: `key` is the id of the booking, `owner` its first holder."""

    key: UUID
    owner: UUID | None
    digest: str
    channel: str
    actor_kind: str
    actor_id: str
    held_until: datetime | None


class LineRow(Struct, frozen=True):
    booking_id: UUID
    no: int
    session_id: UUID
    tariff_code: str
    rank: int
    holder_id: UUID | None
    wallet_id: UUID | None
    card_id: UUID | None
    seller_id: UUID
    places: int
    price_cents: int
    credit_cents: int
    vat_code: str
    pool_ids: tuple[UUID, ...]
    cancel_fee_cents: int
    mandate_id: UUID | None


class TicketRow(Struct, frozen=True):
    """`personal_to`: its holder, where its price is one each."""

    booking_id: UUID
    line_no: int
    no: int
    session_id: UUID
    status: TicketStatus
    weight: int
    personal_to: UUID | None


class TicketChangeRow(Struct, frozen=True):
    """A ticket that ends, or had ended and gives back more, or with no `ending` is confirmed."""

    booking_id: UUID
    line_no: int
    no: int
    was: TicketStatus
    status: TicketStatus
    ending: TicketEnd | None = None
    returned_cents: int = 0


class TermRow(Struct, frozen=True):
    """Until when a booking is held now, if it is."""

    id: UUID
    held_until: datetime | None
    lengthened: bool


class PoolRow(Struct, frozen=True):
    id: UUID
    places: int


class CapacityRow(Struct, frozen=True):
    id: UUID
    capacity: int


class CancellationRow(Struct, frozen=True):
    id: UUID
    booking_id: UUID
    digest: str


class ContactRow(Struct, frozen=True):
    booking_id: UUID
    name: str
    email: str
    last_session_at: datetime


class OutboxRow(Struct, frozen=True):
    """Something to tell outside after the commit, in order per `key`."""

    topic: str
    key: UUID
    payload: dict[str, object] = {}


def booking_row(booking: Booking) -> BookingRow:
    return BookingRow(
        booking.id,
        booking.lines[0].holder_id,
        booking.digest,
        booking.channel,
        booking.by.kind,
        booking.by.id,
        booking.held_until,
    )


def line_row(booking_id: UUID, line: Line) -> LineRow:
    return LineRow(
        booking_id,
        line.no,
        line.session_id,
        line.tariff_code,
        line.rank,
        line.holder_id,
        line.wallet_id,
        line.card_id,
        line.seller_id,
        line.places,
        line.price_cents,
        line.credit_cents,
        line.vat_code,
        line.pool_ids,
        line.cancel_fee_cents,
        line.mandate_id,
    )


def ticket_rows(booking_id: UUID, line: Line, personal_to: UUID | None) -> list[TicketRow]:
    return [
        TicketRow(booking_id, line.no, ticket.no, line.session_id, ticket.status, ticket.weight, personal_to)
        for ticket in line.tickets
    ]


def credit_hold_row(booking_id: UUID, hold: CreditHold, ids: Ids) -> HoldRow:
    return HoldRow(
        ids.new(), hold.purse_id, hold.held_account_id, hold.cents, booking_id, hold.line_no, hold.payee_id
    )


def hold_row(booking: Booking, hold: Hold, ids: Ids) -> HoldRow:
    return HoldRow(
        ids.new(),
        hold.purse.id,
        hold.purse.held_account_id,
        hold.cents,
        booking.id,
        hold.line_no,
        booking.lines[hold.line_no - 1].seller_id,
    )


def payment_row(booking_id: UUID, payment: Payment, invoice: InvoiceOrder | None, ids: Ids) -> PaymentRow:
    return PaymentRow(
        id=payment.id,
        booking_id=booking_id,
        seller_id=payment.seller_id,
        mandate_id=payment.mandate_id,
        means=payment.means,
        amount_cents=payment.amount_cents,
        line_cents=payment.line_cents,
        account=payment.account,
        return_url=payment.return_url,
        transfer_id=ids.new() if invoice else None,
        customer_id=invoice.customer_id if invoice else None,
        order_reference=invoice.reference if invoice else None,
        communication=new_communication(ids) if invoice else None,
        due_on=invoice.due_on if invoice else None,
    )


def refund_row(booking_id: UUID, each: PaymentRefund, ids: Ids) -> RefundRow:
    """What goes back; cash waits under a code, which is made here."""
    refund = each.refund
    return RefundRow(
        refund.id,
        each.payment_id,
        booking_id,
        refund.line_no,
        refund.amount_cents,
        refund.way,
        refund.reason,
        cash_code(ids) if refund.way is RefundWay.CASH else None,
    )


def ended_row(booking_id: UUID, each: EndedTicket) -> TicketChangeRow:
    return TicketChangeRow(
        booking_id, each.line_no, each.ticket_no, each.was, each.end.status, each.end, each.returned_cents
    )


def confirmed_row(booking_id: UUID, each: ConfirmedTicket) -> TicketChangeRow:
    return TicketChangeRow(booking_id, each.line_no, each.ticket_no, each.was, TicketStatus.CONFIRMED)


def term_of(booking: Booking) -> TermRow:
    return TermRow(booking.id, booking.held_until, booking.lengthened)


def act_row(booking: Booking, act: str, staff_id: UUID, ids: Ids, **facts: int | str) -> ActRow:
    """What a member of staff did to a booking, for the audit trail."""
    return ActRow(
        id=ids.new(),
        region_id=booking.region_id,
        actor_kind="staff",
        actor_id=str(staff_id),
        act=act,
        subject_kind="booking",
        subject_id=str(booking.id),
        facts={**facts},
    )


def acting_row(booking: Booking, act: str, person_id: UUID, ids: Ids) -> ActRow:
    """What somebody did to a booking for the member who holds it, for the audit trail."""
    return ActRow(
        id=ids.new(),
        region_id=booking.region_id,
        actor_kind="person",
        actor_id=str(person_id),
        act=act,
        subject_kind="booking",
        subject_id=str(booking.id),
    )


def partner_row(booking: Booking, act: str, by: ByPartner, ids: Ids) -> ActRow:
    """What a worker of a partner did: by what it was given, and not for whom or of which booking."""
    return ActRow(
        id=ids.new(),
        region_id=booking.region_id,
        actor_kind="staff",
        actor_id=str(by.staff_id),
        act=act,
        subject_kind="given",
        subject_id=str(by.given_id),
    )
