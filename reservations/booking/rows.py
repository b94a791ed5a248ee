"""Rows of bookings, as `reservations.write` takes them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import TicketEnd, TicketStatus


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
    booking_id: UUID
    line_no: int
    no: int
    session_id: UUID
    status: TicketStatus


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
