"""What the turnstile can be told to do. What it answers stands in `answers.py`.

A command is about one region: whoever makes one has found where its ids live.
"""

import hashlib
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.payments.payment import PaymentStatus
from credits.till.sale import Sale, SaleOrigin
from reservations.booking.facts import REPRESENTATIVE, BookingActor


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


class ByRepresentative(Struct, frozen=True):
    """Somebody who acts for a member: a parent, an administrator, a trusted person.

    What they may do is looked up under the locks. Stored as a person: they need no pass of the region.
    """

    person_id: UUID
    membership_id: UUID

    def as_stored(self) -> BookingActor:
        return BookingActor("holder", f"{REPRESENTATIVE}{self.person_id}")


class ByClient(Struct, frozen=True):
    """An integrator's system, for the sessions of these organisers and its own bookings."""

    client_id: str
    organiser_ids: frozenset[UUID]

    def as_stored(self) -> BookingActor:
        return BookingActor("client", self.client_id)


class ByGuest(Struct, frozen=True):
    """Somebody without a pass, who has the link of a booking; `link_id` is the id of that booking."""

    link_id: str

    def as_stored(self) -> BookingActor:
        return BookingActor("guest", self.link_id)


class ByStaff(Struct, frozen=True):
    """A clerk or an organiser's own staff; who may act on what, the desk has checked.

    `by_rules`: tickets end as if their holder gave them up, by the term and the fee of their organiser.
    """

    staff_id: UUID
    by_rules: bool = False

    def as_stored(self) -> BookingActor:
        return BookingActor("staff", str(self.staff_id))


class ByWorker(Struct, frozen=True):
    """The worker, by a rule and at nobody's request."""

    def as_stored(self) -> BookingActor:
        return BookingActor("worker", "")


Actor = ByHolder | ByRepresentative | ByClient | ByGuest | ByStaff | ByWorker


class PayWith(StrEnum):
    """How a booking is paid. Where it is not by card, credit pays first, as far as it goes."""

    CREDIT = "credit"
    CARD = "card"
    CREDIT_THEN_CARD = "credit_then_card"
    DESK = "desk"
    INVOICE = "invoice"


class RequestedLine(Struct, frozen=True):
    """Tickets of one tariff in one session, so many as `places`, for the holder whose wallet pays.

    Without `holder` it is for a guest, who has no credit and gets what is for anybody.
    """

    session_id: UUID
    tariff: str
    places: int
    holder: HolderProof | None


class GuestContact(Struct, frozen=True):
    """Who books without a pass: a name, and an e-mail address that the mailed link will prove."""

    name: str
    email: str


class Book(Struct, frozen=True):
    """Take places and pay for them: all of it, or nothing.

    `digest` binds the id to method, path and content. What credit does not pay becomes a payment under
    `payment_id`, and the places and the credit are held for it. With `held_until` they are held in any case
    and wait for a confirmation. `return_url` is where the payment page leads back to. Other amounts than the
    client saw are refused: `price_seen_cents`, and of it what credit does not pay, `remaining_seen_cents`.
    On an invoice it is for `invoice_customer_id`, who knows it as `invoice_reference`.
    With `sale` that is taken at a till in the same moment, and the booking waits for nothing.
    """

    region_id: int
    booking_id: UUID
    digest: str
    by: Actor
    lines: tuple[RequestedLine, ...]
    channel: str
    price_seen_cents: int | None = None
    remaining_seen_cents: int | None = None
    held_until: datetime | None = None
    pay_with: PayWith = PayWith.CREDIT
    payment_id: UUID | None = None
    return_url: str | None = None
    guest: GuestContact | None = None
    invoice_customer_id: UUID | None = None
    invoice_reference: str | None = None
    sale: Sale | None = None


class ChosenTickets(Struct, frozen=True):
    """Tickets of one line by their numbers; none named: every live one of the line."""

    line_no: int
    ticket_nos: tuple[int, ...] = ()


class CancellationKey(Struct, frozen=True):
    """The id under which a part is given up, bound by `digest` to what is given up.

    `staff_id`: who took it back at a till, and by which `waiver` the rules of the organiser did not hold, for
    the audit trail; `representative_id`: who gave it up for another.
    """

    id: UUID
    digest: str
    staff_id: UUID | None = None
    waiver: str | None = None
    representative_id: UUID | None = None


class GiveUp(Struct, frozen=True):
    """Give tickets back, and the credit that paid for them: all that are chosen, or none.

    `chosen` empty: every live ticket of the booking.
    """

    region_id: int
    booking_id: UUID
    by: Actor
    chosen: tuple[ChosenTickets, ...] = ()
    cancellation: CancellationKey | None = None


class Swap(Struct, frozen=True):
    """At a till, take other places in the stead of tickets that are given up: both, or neither.

    Of what goes back, all that came in at a desk of `seller_id` is given from the drawer of `till_session_id`
    at once: only the difference, `due_seen_cents`, changes hands, and below zero goes to the customer.
    `rounding_cents` is of what is given, where nothing is paid and so no receipt carries it.
    """

    region_id: int
    booking_id: UUID
    give_up: GiveUp
    book: Book
    staff_id: UUID
    till_session_id: UUID
    seller_id: UUID
    due_seen_cents: int
    rounding_cents: int = 0

    def origin(self, today: date) -> SaleOrigin:
        """Where it is made; what is free has no sale that says so."""
        return SaleOrigin(self.seller_id, self.till_session_id, self.staff_id, today, self.book.booking_id)


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


class Pay(Struct, frozen=True):
    """A payment by card came in, as the provider confirms it under `reference`.

    Where its places have lapsed they are booked anew, with the credit of `wallets`, or all of it goes back.
    """

    region_id: int
    booking_id: UUID
    payment_id: UUID
    amount_cents: int
    reference: str
    wallets: tuple[UUID, ...] = ()


class PayAtDesk(Struct, frozen=True):
    """What a booking waits for is paid at a till, by the tenders of `sale` besides credit.

    Where a payment page is open for it, that is closed and `sale.payment_id` is the payment instead.
    """

    region_id: int
    booking_id: UUID
    sale: Sale


class StopPayment(Struct, frozen=True):
    """Nothing comes of a payment any more: what waited for it is let go."""

    region_id: int
    booking_id: UUID
    payment_id: UUID
    status: PaymentStatus


class Lengthen(Struct, frozen=True):
    """Take longer to pay, once."""

    region_id: int
    booking_id: UUID
    by: Actor


Command = Book | GiveUp | Swap | CallOff | Expire | Resize | Pay | PayAtDesk | StopPayment | Lengthen
