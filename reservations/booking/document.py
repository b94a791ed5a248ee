"""A booking as the outside sees it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import Booking, Line, Ticket, TicketEnd, TicketStatus
from uit.core.seal import TicketSeal, seal_ticket


class TicketDocument(Struct, frozen=True):
    """`ticket` is what its QR carries and what a check-in asks for; `no` names it within its line.

    Once it ended: `end` says how, `ended_at` when, and `returned_cents` is the credit that came back by it.
    """

    no: int
    ticket: str
    status: TicketStatus
    end: TicketEnd | None
    ended_at: datetime | None
    returned_cents: int


class LineDocument(Struct, frozen=True):
    """`price_cents` and `credit_cents` say what was booked, also when tickets ended since."""

    no: int
    session_id: UUID
    tariff: str
    places: int
    price_cents: int
    credit_cents: int
    returned_cents: int
    tickets: list[TicketDocument]


class BookingDocument(Struct, frozen=True):
    """`status` is that of its liveliest ticket. Amounts are for all places together, in cents of a euro."""

    booking_id: UUID
    status: TicketStatus
    price_cents: int
    credit_cents: int
    returned_cents: int
    made_at: datetime
    lines: list[LineDocument]


def as_document(booking: Booking, signing_key: bytes) -> BookingDocument:
    return BookingDocument(
        booking.id,
        booking.status,
        booking.price_cents,
        booking.credit_cents,
        booking.returned_cents,
        booking.made_at,
        [line_document(booking, line, signing_key) for line in booking.lines],
    )


def line_document(booking: Booking, line: Line, signing_key: bytes) -> LineDocument:
    return LineDocument(
        line.no,
        line.session_id,
        line.tariff_code,
        line.places,
        line.price_cents,
        line.credit_cents,
        line.returned_cents,
        [ticket_document(booking, line, ticket, signing_key) for ticket in line.tickets],
    )


def ticket_document(booking: Booking, line: Line, ticket: Ticket, signing_key: bytes) -> TicketDocument:
    return TicketDocument(
        ticket.no,
        seal_ticket(signing_key, TicketSeal(booking.region_id, booking.id, line.no, ticket.no)),
        ticket.status,
        ticket.end,
        ticket.ended_at,
        ticket.returned_cents,
    )
