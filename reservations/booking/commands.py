"""What the turnstile can be told to do, and what it answers.

A command is about one region: whoever makes one has found where its ids live.
"""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.wallet.spread import Hold
from reservations.booking.facts import Booking, BookingActor, LineCredit, Pool, TicketEnd, TicketStatus
from uit.core.errors import Refusal


def bound_to(*content: object) -> str:
    """The digest that binds an id to the method, path and content that it was used for."""
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()


class CardProof(Struct, frozen=True):
    """The holder shows what their card's QR carries; its signature was checked already."""

    card_id: UUID
    token_version: int


class MembershipProof(Struct, frozen=True):
    """The holder is signed in, or a clerk acts for them."""

    membership_id: UUID


HolderProof = CardProof | MembershipProof


class ByHolder(Struct, frozen=True):
    """A resident, on their own pages or with their own program."""

    membership_id: UUID

    def as_stored(self) -> BookingActor:
        return BookingActor("holder", str(self.membership_id))


class ByClient(Struct, frozen=True):
    """An integrator's system, for the sessions of these organisers and its own bookings."""

    client_id: str
    organiser_ids: frozenset[UUID]

    def as_stored(self) -> BookingActor:
        return BookingActor("client", self.client_id)


class ByGuest(Struct, frozen=True):
    """Somebody without a pass, who has the link of a booking: `link_id` tells that link from others."""

    link_id: str

    def as_stored(self) -> BookingActor:
        return BookingActor("guest", self.link_id)


class ByStaff(Struct, frozen=True):
    """A clerk or an organiser's own staff; who may act on what, the desk has checked."""

    staff_id: UUID

    def as_stored(self) -> BookingActor:
        return BookingActor("staff", str(self.staff_id))


class ByWorker(Struct, frozen=True):
    """The worker, by a rule and at nobody's request."""

    def as_stored(self) -> BookingActor:
        return BookingActor("worker", "")


Actor = ByHolder | ByClient | ByGuest | ByStaff | ByWorker


class RequestedLine(Struct, frozen=True):
    """Places of one tariff in one session, for the holder who proves themselves and whose wallet pays."""

    session_id: UUID
    tariff: str
    places: int
    holder: HolderProof


class Book(Struct, frozen=True):
    """Take places and pay with credit: all of it, or nothing.

    `digest` binds the id to method, path and content. With `held_until` the places and the credit are held
    and wait for a confirmation.
    """

    region_id: int
    booking_id: UUID
    digest: str
    by: Actor
    lines: tuple[RequestedLine, ...]
    channel: str
    price_seen_cents: int | None = None
    held_until: datetime | None = None


class ChosenTickets(Struct, frozen=True):
    """Tickets of one line by their numbers; none named: every live one of the line."""

    line_no: int
    ticket_nos: tuple[int, ...] = ()


class CancellationKey(Struct, frozen=True):
    """The id under which a part is given up, bound by `digest` to what is given up."""

    id: UUID
    digest: str


class GiveUp(Struct, frozen=True):
    """Give tickets back, and the credit that paid for them: all that are chosen, or none.

    `chosen` empty: every live ticket of the booking.
    """

    region_id: int
    booking_id: UUID
    by: Actor
    chosen: tuple[ChosenTickets, ...] = ()
    cancellation: CancellationKey | None = None


class CallOff(Struct, frozen=True):
    """End all tickets of a booking for a date that does not take place, also those that were used."""

    region_id: int
    booking_id: UUID
    session_id: UUID


class Expire(Struct, frozen=True):
    """Let go of places that were held until a moment that is past."""

    region_id: int
    booking_id: UUID


class Resize(Struct, frozen=True):
    """Set how many places of a pool are on sale: an act of staff, which goes into the audit trail."""

    region_id: int
    session_id: UUID
    pool_id: UUID
    capacity: int
    staff_id: UUID


Command = Book | GiveUp | CallOff | Expire | Resize


class Booked(Struct, frozen=True):
    """The booking as it stands; `holds` are new, and `new` says that this command made it."""

    booking: Booking
    new: bool
    holds: tuple[Hold, ...] = ()


class EndedTicket(Struct, frozen=True):
    """A ticket that ends, what it was, how it ends, and the credit that comes back by it."""

    line_no: int
    ticket_no: int
    was: TicketStatus
    end: TicketEnd
    returned_cents: int


class CreditHold(Struct, frozen=True):
    """Credit of a purse that is put aside anew for what stays of a line."""

    line_no: int
    purse_id: UUID
    held_account_id: UUID
    payee_id: UUID
    cents: int


class Ended(Struct, frozen=True):
    """The booking after tickets of it ended; no `tickets` when they had ended before.

    `undone` is the credit that stood for their lines: put aside or settled, all of it goes back first.
    `holds` is what is then put aside anew for the tickets that stay; `extensions`: until when a purse can now
    be spent.
    """

    booking: Booking
    tickets: tuple[EndedTicket, ...] = ()
    undone: tuple[LineCredit, ...] = ()
    holds: tuple[CreditHold, ...] = ()
    extensions: dict[UUID, datetime] = {}
    cancellation: CancellationKey | None = None


class Resized(Struct, frozen=True):
    region_id: int
    pool: Pool
    changed: bool
    staff_id: UUID


Answer = Booked | Ended | Resized | Refusal
