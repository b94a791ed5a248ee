"""What the turnstile answers to a command, where it does not refuse it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.invoice.terms import InvoiceOrder
from credits.payments.payment import Payment, Refund
from credits.till.sale import Sale
from credits.wallet.spread import Hold
from reservations.booking.actor import Actor, ByPartner
from reservations.booking.commands import AtTill, CancellationKey, GuestContact
from reservations.booking.counted import GroupUse
from reservations.booking.facts import Booking, Line, LineCredit, TicketEnd, TicketStatus
from reservations.booking.planned import CreditHold, StoredChange
from reservations.booking.pool import Pool
from reservations.enrolment.course import Enrolment
from reservations.waiting_line.entry import WaitingEntry
from uit.core.errors import Refusal


class UsedTurn(Struct, frozen=True):
    """A turn of a waiting room that a booking used."""

    session_id: UUID
    entry_id: UUID
    booking_id: UUID


class Booked(Struct, frozen=True):
    """The booking as it stands; `holds` are new, and `new` says that this command made it.

    `last_session_at`: when the last of its dates is over. `invoice` is what its seller is asked to invoice.
    `personal` are the numbers of lines at a price that is one each; `uses` count for the year of a group.
    `partner`: whose worker made it. `clerk_id`: who made it at a counter. `entry_id`: whom it is offered to.
    `turns`: those that it used.
    """

    booking: Booking
    new: bool
    holds: tuple[Hold, ...] = ()
    guest: GuestContact | None = None
    last_session_at: datetime | None = None
    invoice: InvoiceOrder | None = None
    sale: Sale | None = None
    personal: frozenset[int] = frozenset()
    uses: tuple[GroupUse, ...] = ()
    partner: ByPartner | None = None
    clerk_id: UUID | None = None
    entry_id: UUID | None = None
    turns: tuple[UsedTurn, ...] = ()


class EndedTicket(Struct, frozen=True):
    """A ticket that ends, what it was, how it ends, and all that comes back by it."""

    line_no: int
    ticket_no: int
    was: TicketStatus
    end: TicketEnd
    returned_cents: int

    @property
    def key(self) -> tuple[int, int]:
        """Which ticket of the booking it is: the numbers of its line and its own."""
        return self.line_no, self.ticket_no


class PaymentRefund(Struct, frozen=True):
    """Money of a payment that is to go back."""

    payment_id: UUID
    refund: Refund


class ConfirmedTicket(Struct, frozen=True):
    """A ticket that was held, or had lapsed, and is confirmed now."""

    line_no: int
    ticket_no: int
    was: TicketStatus


class PaidLine(Struct, frozen=True):
    """A line that a payment pays for, and whose it is."""

    line_no: int
    organiser_id: UUID


class MovedPayment(Struct, frozen=True):
    """What a payment pays of each line by now, and the lines that it pays for since."""

    id: UUID
    line_cents: tuple[int, ...]
    moved: tuple[PaidLine, ...]


class ChangeDone(Struct, frozen=True):
    """The change by which tickets ended. `credit_cents`: what credit pays by now of lines that were held."""

    id: UUID
    credit_cents: dict[int, int] = {}


class Ended(Struct, frozen=True):
    """The booking after tickets of it ended; no `tickets` when they had ended before.

    `undone` is the credit that stood for their lines: put aside or settled, all of it goes back first.
    `holds` is what is then put aside anew for the tickets that stay; `extensions`: until when a purse can now
    be spent. `refunds` is the money that goes back; `stopped` are payments that nothing comes of any more.
    `confirmed` are tickets that were held for money, and for which none is due since the others ended.
    `changed`: by which change they ended. `moved` are payments of which something stays for other lines.
    `stopped_change`: the change that waited to be paid, and does not any more. `by_staff`: at a desk, by
    somebody who did not book. `declined`: it was an offer, of which nobody is told that it ended.
    `given_on`: whoever had it was asked whether they come. `was_offer`: who waited did not answer it yet.
    """

    booking: Booking
    tickets: tuple[EndedTicket, ...] = ()
    undone: tuple[LineCredit, ...] = ()
    holds: tuple[CreditHold, ...] = ()
    extensions: dict[UUID, datetime] = {}
    cancellation: CancellationKey | None = None
    refunds: tuple[PaymentRefund, ...] = ()
    stopped: tuple[Payment, ...] = ()
    confirmed: tuple[ConfirmedTicket, ...] = ()
    changed: ChangeDone | None = None
    moved: tuple[MovedPayment, ...] = ()
    stopped_change: UUID | None = None
    by_staff: bool = False
    declined: bool = False
    given_on: bool = False
    was_offer: bool = False


class Paid(Struct, frozen=True):
    """The booking after a payment came in; `new` is False when it had come in before.

    `reference` is what it is called outside. `tickets` are confirmed by it, with `holds` where their credit
    had gone back. What comes too late for tickets that ended, `late`, goes back as `refunds`; `ended` is what
    was held until now for a date that is over. At a till it is a `sale`: where a page was open, that is
    `stopped`, and a payment is `opened` instead.
    """

    booking: Booking
    payment: Payment
    new: bool
    reference: str = ""
    tickets: tuple[ConfirmedTicket, ...] = ()
    holds: tuple[Hold, ...] = ()
    late: tuple[EndedTicket, ...] = ()
    refunds: tuple[PaymentRefund, ...] = ()
    ended: Ended | None = None
    sale: Sale | None = None
    opened: Payment | None = None
    stopped: tuple[Payment, ...] = ()


class Swapped(Struct, frozen=True):
    """Tickets that ended and places that were booked in their stead; `given` goes from the drawer at once.

    `till_session_id` and `staff_id`: where and by whom.
    """

    ended: Ended
    booked: Booked
    given: tuple[PaymentRefund, ...]
    due_cents: int
    rounding_cents: int
    till_session_id: UUID
    staff_id: UUID


class Changed(Struct, frozen=True):
    """The booking with other content; `new` is False when the change was made before.

    `ended` is what made place for `lines`, which are new. Where they wait for a payment they are held beside
    the old ones, which end by `plan` once it is paid; `extra` is credit that is put aside for them now.
    `personal` and `uses` are as in `Booked`; `by` whom, by which `staff_id` at their word, and by which
    `waiver`. `at_till` it was paid at once, or `given` from the drawer. `enrolments`: what
    of it enrols in courses.
    """

    booking: Booking
    new: bool
    change: StoredChange | None = None
    ended: Ended | None = None
    lines: tuple[Line, ...] = ()
    extra: tuple[CreditHold, ...] = ()
    payment: Payment | None = None
    personal: frozenset[int] = frozenset()
    uses: tuple[GroupUse, ...] = ()
    by: Actor | None = None
    staff_id: UUID | None = None
    waiver: str | None = None
    at_till: AtTill | None = None
    given: tuple[PaymentRefund, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()


class Lengthened(Struct, frozen=True):
    """The booking, held for longer; `new` is False when it had been lengthened before."""

    booking: Booking
    new: bool


class Resized(Struct, frozen=True):
    region_id: int
    pool: Pool
    changed: bool
    staff_id: UUID


class InWaitingList(Struct, frozen=True):
    """Somebody in the line, and how many stand before them; `new` is False when they stood there already."""

    entry: WaitingEntry
    before: int
    new: bool


class LeftWaitingList(Struct, frozen=True):
    region_id: int
    entry: WaitingEntry
    left_by: UUID | None


class ServedWaitingList(Struct, frozen=True):
    """The line was gone through; what came of it is beside the answers."""


class Accepted(Struct, frozen=True):
    """An offer as it was taken: `confirmed` at once, or with a payment that it waits for."""

    booking: Booking
    new: bool
    holds: tuple[Hold, ...] = ()
    confirmed: tuple[ConfirmedTicket, ...] = ()


WaitingAnswer = InWaitingList | LeftWaitingList | ServedWaitingList | Accepted
Answer = Booked | Ended | Changed | Swapped | Paid | Lengthened | Resized | WaitingAnswer | Refusal


def as_refusal(answer: Answer) -> Refusal:
    """The refusal that an answer is where it is none of those that were expected."""
    assert isinstance(answer, Refusal)
    return answer
