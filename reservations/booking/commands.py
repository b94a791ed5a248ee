"""What the turnstile can be told to do, and what it answers."""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.wallet.spread import Hold
from reservations.booking.facts import Booking, Pool, TicketStatus
from uit.core.errors import Refusal


def bound_to(*content: object) -> str:
    """The digest that binds a booking's id to the method, path and content that it was used for."""
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()


class RequestedPlaces(Struct, frozen=True):
    """Places of one tariff in one session."""

    session_id: UUID
    tariff: str
    places: int


class ByCard(Struct, frozen=True):
    """The holder proves themselves with what their card's QR carries; the signature was checked already."""

    region_id: int
    card_id: UUID
    token_version: int


class ByMembership(Struct, frozen=True):
    """The holder is signed in, or a clerk acts for them."""

    region_id: int
    membership_id: UUID


class Book(Struct, frozen=True):
    """Take places and pay with credit: all of it, or nothing.

    `digest` binds the id to method, path and content. `organiser_ids`: whose sessions the asker may book;
    None: all. With `held_until` the places and the credit are held and wait for a confirmation.
    """

    region_id: int
    booking_id: UUID
    digest: str
    holder: ByCard | ByMembership
    wanted: tuple[RequestedPlaces, ...]
    channel: str
    client_id: str | None = None
    organiser_ids: frozenset[UUID] | None = None
    booked_by: UUID | None = None
    price_seen_cents: int | None = None
    held_until: datetime | None = None


class Cancel(Struct, frozen=True):
    """Give everything back.

    Who gives up is the holder, a client, or (`in_time` False) staff past the limit.
    """

    booking_id: UUID
    holder_id: UUID | None = None
    client_id: str | None = None
    in_time: bool = True


class Expire(Struct, frozen=True):
    """Let go of places that were held until a moment that is past."""

    booking_id: UUID


class Resize(Struct, frozen=True):
    """Set how many places of a pool are on sale: an act of staff, which goes into the audit trail."""

    region_id: int
    session_id: UUID
    pool_id: UUID
    capacity: int
    staff_id: UUID


Command = Book | Cancel | Expire | Resize


class Booked(Struct, frozen=True):
    """The booking as it stands; `holds` are new, and `new` says that this command made it."""

    booking: Booking
    new: bool
    holds: tuple[Hold, ...] = ()


class Change(Struct, frozen=True):
    line_no: int
    ticket_no: int
    was: TicketStatus
    status: TicketStatus


class Closed(Struct, frozen=True):
    """The booking after its live tickets were given up; no `changes` when that had happened before."""

    booking: Booking
    changes: tuple[Change, ...]


class Resized(Struct, frozen=True):
    pool: Pool
    changed: bool
    staff_id: UUID


Answer = Booked | Closed | Resized | Refusal
