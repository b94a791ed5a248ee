"""A booking as the outside sees it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import Booking, Line, TicketStatus
from uit.core.seal import TicketSeal, seal_ticket


class TicketDocument(Struct, frozen=True):
    """`ticket` is what its QR carries and what a check-in asks for."""

    ticket: str
    status: TicketStatus


class LineDocument(Struct, frozen=True):
    session_id: UUID
    tariff: str
    places: int
    price_cents: int
    credit_cents: int
    tickets: list[TicketDocument]


class BookingDocument(Struct, frozen=True):
    """`status` follows from the tickets. Prices are for all places together, in cents of a euro."""

    booking_id: UUID
    status: TicketStatus
    price_cents: int
    credit_cents: int
    made_at: datetime
    lines: list[LineDocument]


def as_document(booking: Booking, signing_key: bytes) -> BookingDocument:
    return BookingDocument(
        booking.id,
        booking.status,
        booking.price_cents,
        booking.credit_cents,
        booking.made_at,
        [line_document(booking, line, signing_key) for line in booking.lines],
    )


def line_document(booking: Booking, line: Line, signing_key: bytes) -> LineDocument:
    tickets = [
        TicketDocument(
            seal_ticket(signing_key, TicketSeal(booking.region_id, booking.id, line.no, ticket.no)),
            ticket.status,
        )
        for ticket in line.tickets
    ]
    return LineDocument(
        line.session_id, line.tariff_code, line.places, line.price_cents, line.credit_cents, tickets
    )
