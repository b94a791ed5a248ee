"""What a seller still has to pay back, and what a bank holds of what it was paid."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.payments.payment import RefundStatus, RefundWay
from reservations.booking.tickets import number_of
from uit.core.formats import day
from uit.core.translation import gettext as _
from uit.database.statements import Statements

SQL = Statements(__name__)
AT_ONCE: Final = 100


class OwedRefund(Struct, frozen=True):
    """Money of one booking that goes back. `failure`: why its card did not take it.

    `contested`: its payment is disputed, so it waits until that is decided.
    """

    id: UUID
    booking_id: UUID
    event: str | None
    starts_at: datetime | None
    amount_cents: int
    way: RefundWay
    status: RefundStatus
    code: str | None
    failure: str | None
    decided_at: datetime
    contested: bool

    @property
    def occasion(self) -> str:
        """What it was booked for."""
        return occasion_of(self.event, self.starts_at)

    @property
    def number(self) -> str:
        """What its holder calls the booking."""
        return number_of(self.booking_id)

    @property
    def is_paid_by_hand(self) -> bool:
        """Whether the seller has to do something: a card is paid back by itself."""
        return self.way in {RefundWay.TRANSFER, RefundWay.CASH} and not self.contested


class Dispute(Struct, frozen=True):
    """A payment that its payer contests: `amount_cents` is what the bank holds, or took.

    `agent`: who sold for this organiser under a mandate, and answers the bank; None where it sold itself.
    """

    booking_id: UUID
    event: str | None
    starts_at: datetime | None
    amount_cents: int
    status: str
    opened_at: datetime
    agent: str | None

    @property
    def occasion(self) -> str:
        """What it was booked for."""
        return occasion_of(self.event, self.starts_at)


def occasion_of(event: str | None, starts_at: datetime | None) -> str:
    """An activity and its day; a booking that is over for years is erased, and what it owes is not."""
    return f"{event}, {day(starts_at)}" if event and starts_at else _("een boeking van jaren geleden")


read_owed = SQL.many("read_owed", OwedRefund)
read_disputes = SQL.many("read_disputes", Dispute)
