"""What the turnstile can be told to do. What it answers stands in `answers.py`.

A command is about one region: whoever makes one has found where its ids live.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.payments.payment import PaymentStatus
from credits.till.sale import Sale, SaleOrigin
from reservations.booking.actor import Actor, ByClient, ByPartner, ByRepresentative, HolderProof
from reservations.turn_card.turn_card import TurnCardKey
from reservations.waiting_line.entry import WantedPlaces


def bound_to(*content: object) -> str:
    """The digest that binds an id to the method, path and content that it was used for."""
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()


class PayWith(StrEnum):
    """How a booking is paid. Where it is not by card, credit pays first, as far as it goes."""

    CREDIT = "credit"
    CARD = "card"
    CREDIT_THEN_CARD = "credit_then_card"
    DESK = "desk"
    INVOICE = "invoice"


class RequestedLine(Struct, frozen=True, omit_defaults=True):
    """Tickets of one tariff in one session, so many as `places`, for the holder whose wallet pays.

    Without `holder` it is for a guest, who has no credit and gets what is for anybody. `code_digest` is of
    the code that was typed, where there was one. Where seats are numbered these `seats` were chosen, one for
    each who comes; without any it gets the best, of which so many for `wheelchairs`. With `course_id` it is
    of that course, and is sold together with the others that name it. With `turn_card` each place takes a
    turn of that card, and costs nothing else. `has_code`: it was given before, for the places that these
    stand in for where a booking changes, or by who waits for them.
    """

    session_id: UUID
    tariff: str
    places: int
    holder: HolderProof | None
    code_digest: str | None = None
    seats: tuple[str, ...] = ()
    wheelchairs: int = 0
    course_id: UUID | None = None
    turn_card: TurnCardKey | None = None
    has_code: bool = False


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
    With `sale` that is taken at a till in the same moment, and the booking waits for nothing. `clerk_id`: who
    wrote it down at a counter for the member, or for who acts for another, as the audit trail says. Where a
    booking changes, `beside` is all that it will be, these lines among it. With `entry_id` it is an offer to
    who waits, held until they accept it, and nothing is put aside before that. `types_code`: a clerk who is
    not of the organiser types the code of a price, as anybody does.
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
    clerk_id: UUID | None = None
    beside: tuple[RequestedLine, ...] = ()
    entry_id: UUID | None = None
    types_code: bool = False


class ChosenTickets(Struct, frozen=True):
    """Tickets of one line by their numbers; none named: every live one of the line."""

    line_no: int
    ticket_nos: tuple[int, ...] = ()


class CancellationKey(Struct, frozen=True):
    """The id under which a part is given up, bound by `digest` to what is given up.

    `staff_id`: who took it back at a till, and by which `waiver` the rules of the organiser did not hold, for
    the audit trail; `representative_id`: who gave it up for another, or `partner`: a partner of theirs.
    """

    id: UUID
    digest: str
    staff_id: UUID | None = None
    waiver: str | None = None
    representative_id: UUID | None = None
    partner: ByPartner | None = None


class GiveUp(Struct, frozen=True):
    """Give tickets back, and the credit that paid for them: all that are chosen, or none.

    `chosen` empty: every live ticket of the booking.
    """

    region_id: int
    booking_id: UUID
    by: Actor
    chosen: tuple[ChosenTickets, ...] = ()
    cancellation: CancellationKey | None = None


class AtTill(Struct, frozen=True):
    """Where the difference of a change changes hands, and by whom: at a till of who sells.

    `due_seen_cents` of it is paid, or below zero goes to the customer from the drawer. `sale` is what is
    paid, with what is set against it; without one, `rounding_cents` is of what is given.
    """

    origin: SaleOrigin
    due_seen_cents: int
    sale: Sale | None = None
    rounding_cents: int = 0


class ChangeBooking(Struct, frozen=True):
    """Give a booking other content in one step: all of it, or the booking stands as it is.

    `lines` are the whole new content of whoever acts. What is the same stays as it is; the rest makes place
    for what is new. `digest` binds `change_id` to it. What was paid stays with the booking as far as it is
    needed: the difference is paid as `pay_with` says under `payment_id`, or goes back. Other amounts than
    were seen are refused: the price of all its content, and what is left to pay. `staff_id`: who did so at
    their word, and by which `waiver` the rules of the organiser did not hold, for the audit trail;
    `at_till`: where what credit does not pay is taken, or what goes back in cash is given.
    """

    region_id: int
    booking_id: UUID
    change_id: UUID
    digest: str
    by: Actor
    lines: tuple[RequestedLine, ...]
    price_seen_cents: int | None = None
    remaining_seen_cents: int | None = None
    pay_with: PayWith = PayWith.CREDIT
    payment_id: UUID | None = None
    return_url: str | None = None
    staff_id: UUID | None = None
    waiver: str | None = None
    at_till: AtTill | None = None

    @property
    def sale(self) -> Sale | None:
        return self.at_till.sale if self.at_till else None


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


class JoinWaitingList(Struct, frozen=True):
    """Stand in the line of an activity: for one of these dates, with all of these places, or none.

    With `course_id` it is for all of these dates, which are of that course.

    Without `membership_id` it is for a guest. `made_by`: the member of staff who writes it down. `keeps`: the
    rule of the activity. `by`: who asks for others, or the client whose program does; `digest` binds the id
    to what is asked. `code_digests`: of the codes that were typed, by the tariffs that ask them.
    """

    region_id: int
    entry_id: UUID
    event_id: UUID
    session_ids: tuple[UUID, ...]
    lines: tuple[WantedPlaces, ...]
    membership_id: UUID | None
    guest: GuestContact | None
    channel: str
    made_by: UUID | None = None
    keeps: bool = False
    by: ByRepresentative | ByClient | None = None
    digest: str | None = None
    code_digests: Mapping[str, str] = {}
    course_id: UUID | None = None


class LeaveWaitingList(Struct, frozen=True):
    """Stand in a line no longer. Who may say so for whom, the page has checked."""

    region_id: int
    entry_id: UUID
    event_id: UUID
    left_by: UUID | None = None


class ServeWaitingList(Struct, frozen=True):
    """Go through the line of an activity, whatever made places come free; and write what is over."""

    region_id: int
    event_id: UUID


class AcceptOffer(Struct, frozen=True):
    """Take what is held for who waited, and pay for it as a booking is paid. `wallets` pay first."""

    region_id: int
    booking_id: UUID
    by: Actor
    pay_with: PayWith
    payment_id: UUID
    remaining_seen_cents: int
    wallets: tuple[UUID, ...] = ()
    return_url: str | None = None


class DeclineOffer(Struct, frozen=True):
    """Let go of what is held for who waited, until whenever that is."""

    region_id: int
    booking_id: UUID
    by: Actor


WaitingCommand = JoinWaitingList | LeaveWaitingList | ServeWaitingList | AcceptOffer | DeclineOffer
"""What who waits does, or what is done with the line that they stand in."""

MoneyCommand = Pay | PayAtDesk | StopPayment | Lengthen
PlacesCommand = Book | GiveUp | ChangeBooking | Swap | CallOff | Expire | Resize
Command = PlacesCommand | MoneyCommand | WaitingCommand
