"""What the turnstile answers to a command, where it does not refuse it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.invoice.terms import InvoiceOrder
from credits.payments.payment import Payment, Refund
from credits.till.sale import Sale
from credits.wallet.spread import Hold
from reservations.booking.commands import CancellationKey, GuestContact
from reservations.booking.facts import Booking, LineCredit, Pool, TicketEnd, TicketStatus
from uit.core.errors import Refusal


class Booked(Struct, frozen=True):
    """The booking as it stands; `holds` are new, and `new` says that this command made it.

    `last_session_at`: when the last of its dates is over. `invoice` is what its seller is asked to invoice.
    `personal` are the numbers of lines at a price that is one each.
    """

    booking: Booking
    new: bool
    holds: tuple[Hold, ...] = ()
    guest: GuestContact | None = None
    last_session_at: datetime | None = None
    invoice: InvoiceOrder | None = None
    sale: Sale | None = None
    personal: frozenset[int] = frozenset()


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


class CreditHold(Struct, frozen=True):
    """Credit of a purse that is put aside anew for what stays of a line."""

    line_no: int
    purse_id: UUID
    held_account_id: UUID
    payee_id: UUID
    cents: int


class PaymentRefund(Struct, frozen=True):
    """Money of a payment that is to go back."""

    payment_id: UUID
    refund: Refund


class ConfirmedTicket(Struct, frozen=True):
    """A ticket that was held, or had lapsed, and is confirmed now."""

    line_no: int
    ticket_no: int
    was: TicketStatus


class Ended(Struct, frozen=True):
    """The booking after tickets of it ended; no `tickets` when they had ended before.

    `undone` is the credit that stood for their lines: put aside or settled, all of it goes back first.
    `holds` is what is then put aside anew for the tickets that stay; `extensions`: until when a purse can now
    be spent. `refunds` is the money that goes back; `stopped` are payments that nothing comes of any more.
    `confirmed` are tickets that were held for money, and for which none is due since the others ended.
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


class Lengthened(Struct, frozen=True):
    """The booking, held for longer; `new` is False when it had been lengthened before."""

    booking: Booking
    new: bool


class Resized(Struct, frozen=True):
    region_id: int
    pool: Pool
    changed: bool
    staff_id: UUID


Answer = Booked | Ended | Swapped | Paid | Lengthened | Resized | Refusal


def as_refusal(answer: Answer) -> Refusal:
    """The refusal that an answer is where it is none of those that were expected."""
    assert isinstance(answer, Refusal)
    return answer
