"""What is paid of a booking other than with credit, and what of it goes back. Amounts are in cents."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

UNOPENED: Final = timedelta(minutes=10)
"""For how long places are held while the payment page cannot be opened."""
TO_PAY: Final = timedelta(minutes=15)
"""For how long places are held once it is open; a holder may lengthen that once, by LENGTHENED."""
LENGTHENED: Final = timedelta(minutes=14)
CLOSED_BEFORE: Final = timedelta(minutes=1)
"""So long before places lapse, their payment page is closed at the provider."""
PROVIDER_KEEPS_OPEN: Final = timedelta(minutes=45)
"""For how long the provider itself keeps a page open: thirty minutes at least from when it is asked for."""
LEAST_CARD_CENTS: Final = 50
"""The provider takes no less (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts)."""


class PaymentMeans(StrEnum):
    CARD = "card"
    DESK = "desk"
    INVOICE = "invoice"


class PaymentStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class RefundWay(StrEnum):
    CARD = "card"
    CASH = "cash"
    TRANSFER = "transfer"
    CREDIT_NOTE = "credit_note"


class RefundStatus(StrEnum):
    """`due` was decided, `sent` was asked for, `done` is confirmed by who moved the money."""

    DUE = "due"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


WAY_BACK: Final = {
    PaymentMeans.CARD: RefundWay.CARD,
    PaymentMeans.DESK: RefundWay.CASH,
    PaymentMeans.INVOICE: RefundWay.CREDIT_NOTE,
}
"""Money goes back as it came, to who paid."""


class SellerTerms(Struct, frozen=True):
    """By which ways a seller takes money; `account`: where its card payments go, '' for our own.

    Under a mandate the seller is an agent, until `mandate_ends_on`, that day included.

    `desk_hours`: for how long places wait for who pays at the desk, until `desk_before_minutes` before the
    start; None: not so. `cancel_fee_cents`: what each ticket keeps of its money when its holder gives it up.
    """

    seller_id: UUID
    mandate_id: UUID | None = None
    account: str | None = None
    card: bool = False
    desk_hours: int | None = None
    desk_before_minutes: int = 30
    invoices: bool = False
    cancel_fee_cents: int = 0
    mandate_ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether who sells may do so on a day: itself always, an agent as long as its mandate lasts."""
        return self.mandate_ends_on is None or day <= self.mandate_ends_on


TOO_LATE: Final = "too_late"
"""The reason of a refund of what came in after there was nothing left for it."""
PAID_TWICE: Final = "paid_twice"
"""The reason of a refund of what came in after another payment had paid for the same: of no ticket."""


class Refund(Struct, frozen=True):
    """Money of one line that goes back. `code`: what is shown at a till to get cash.

    `reason`: how the tickets ended that give it back, or why there was nothing to pay.
    """

    id: UUID
    line_no: int
    amount_cents: int
    way: RefundWay
    status: RefundStatus
    reason: str
    code: str | None
    decided_at: datetime
    done_at: datetime | None = None
    arrives_on: date | None = None


class Payment(Struct):
    """One payment of a booking. `line_cents`: what it pays of each line by its number, from 1."""

    id: UUID
    seller_id: UUID
    mandate_id: UUID | None
    means: PaymentMeans
    status: PaymentStatus
    amount_cents: int
    line_cents: tuple[int, ...]
    account: str | None
    made_at: datetime
    return_url: str | None = None
    checkout_id: str | None = None
    url: str | None = None
    opened_at: datetime | None = None
    paid_at: datetime | None = None
    refunds: tuple[Refund, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether its money counts as come in: paid, or owed on an invoice, and not all of it went back."""
        owed = self.means is PaymentMeans.INVOICE and self.status is PaymentStatus.PENDING
        return owed or self.status is PaymentStatus.PAID

    @property
    def stands_since(self) -> datetime | None:
        """From when its money counts as come in."""
        return self.made_at if self.means is PaymentMeans.INVOICE else self.paid_at

    @property
    def is_open(self) -> bool:
        """Whether places wait for it."""
        return self.status is PaymentStatus.PENDING and self.means is not PaymentMeans.INVOICE

    def of_line(self, no: int) -> int:
        """Nought for a line that its booking got later."""
        return self.line_cents[no - 1] if no <= len(self.line_cents) else 0

    def of_lines(self, count: int) -> tuple[int, ...]:
        """What it pays of each line of a booking that has so many."""
        return tuple(self.of_line(no) for no in range(1, count + 1))

    def refunded_cents(self, no: int) -> int:
        return sum(refund.amount_cents for refund in self.refunds if refund.line_no == no)

    def standing_cents(self, no: int) -> int:
        """What came in for a line and was not decided to go back."""
        return self.of_line(no) - self.refunded_cents(no) if self.stands else 0
