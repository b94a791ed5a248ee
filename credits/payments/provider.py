"""What we ask of a payment provider, in words of our own: `stripe.py` is the one that answers.

Amounts are whole cents of euro, moments are aware and in UTC. `account` is the seller's own account at the
provider, on which a charge is made directly; None is the account of the region itself. Every verb may be
repeated: the same ids and facts have one effect, however often they are sent.
"""

from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

from msgspec import Struct

CheckoutStatus = Literal["open", "complete", "expired"]
ProviderRefundStatus = Literal["pending", "requires_action", "succeeded", "failed", "canceled"]
NO_ACCESS: Final = "account_invalid"
"""How the provider refuses an account that took our access away."""


class CheckoutOrder(Struct, frozen=True):
    """A payment page to open.

    `payment_id` is ours: it comes back as `Checkout.payment_id`, and a second order with it says the same.
    `description` is the activity's name, as the page shows it, and says nothing of a person. `expires_at`
    lies 30 minutes to 24 hours ahead, also at the last time that the order is tried, as it stays the same.
    `amount_cents` is at least LEAST_CARD_CENTS of `payment.py`.
    """

    payment_id: UUID
    region_id: int
    booking_id: UUID
    account: str | None
    amount_cents: int
    description: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    locale: str = "nl"


class Checkout(Struct, frozen=True):
    """What became of a payment page. Only `paid` says that there is money.

    `payment_id` is None when the page was not opened by us. `fee_cents` is known once the charge is booked.
    """

    id: str
    account: str | None
    payment_id: UUID | None
    status: CheckoutStatus
    paid: bool
    amount_cents: int
    currency: str
    url: str | None
    intent_id: str | None
    fee_cents: int | None


class RefundOrder(Struct, frozen=True):
    """Money to send back by the way it came. `refund_id` is ours, and names this refund for ever."""

    refund_id: UUID
    account: str | None
    intent_id: str
    amount_cents: int


class ProviderRefund(Struct, frozen=True):
    """A refund as it stands. One that `succeeded` may still become `failed`, when the bank sends it back.

    `refund_id` is None when it was not made by us.
    """

    id: str
    refund_id: UUID | None
    status: ProviderRefundStatus
    amount_cents: int
    failure: str | None
    intent_id: str | None


class SellerAccount(Struct, frozen=True):
    """Whether a seller can take cards (`charges_enabled`) and is paid out, and what is still `missing`.

    `missing` names Stripe's requirements, such as `external_account`.
    """

    id: str
    charges_enabled: bool
    payouts_enabled: bool
    missing: tuple[str, ...]
    disabled_reason: str | None


class ProviderEvent(Struct, frozen=True):
    """That something happened to an object. It says nothing of what: that is read back."""

    id: str
    type: str
    account: str | None
    object_id: str
    created: datetime


class BalanceEntry(Struct, frozen=True):
    """A line of the account's own books. `net_cents` is `amount_cents` less `fee_cents`.

    `source_id` is the charge, refund, dispute or payout behind it, and `intent_id` the payment that this is
    of. Only the line of a payout has `payout_id`.
    """

    id: str
    type: str
    amount_cents: int
    fee_cents: int
    net_cents: int
    source_id: str | None
    created: datetime
    payout_id: str | None
    intent_id: str | None


class ProviderDispute(Struct, frozen=True):
    """A payment that its payer contests. `status` is Stripe's; `won` and `lost` are its ends.

    `respond_by`: until when the seller can answer; None where the bank does not say.
    """

    id: str
    status: str
    amount_cents: int
    intent_id: str | None
    reason: str
    respond_by: datetime | None = None


class ProviderAway(Exception):
    """It did not answer, or says to come again. Whether it did what was asked is unknown: ask the same again.

    `retry_after` is in seconds, where it names them.
    """

    def __init__(self, why: str, retry_after: int | None = None) -> None:
        super().__init__(why)
        self.why, self.retry_after = why, retry_after


class ProviderRefused(Exception):
    """It says no. `code` and `param` are Stripe's, without anything of a person."""

    def __init__(self, code: str, param: str | None = None) -> None:
        super().__init__(code if param is None else f"{code}: {param}")
        self.code, self.param = code, param


class BadSignature(Exception):
    """A message that does not come from the provider, or that is older than it may be."""


class PaymentProvider(Protocol):
    """Each verb that waits raises ProviderAway or ProviderRefused when it does not succeed."""

    async def open_checkout(self, order: CheckoutOrder) -> Checkout:
        """Open a payment page, or give back the one that this order opened before, as it was then."""

    async def read_checkout(self, checkout_id: str, account: str | None) -> Checkout: ...

    async def expire_checkout(self, checkout_id: str, account: str | None) -> Checkout:
        """Close a page to payment. One that is complete or expired already is given back as it is."""

    async def refund(self, order: RefundOrder) -> ProviderRefund:
        """Send money back, once for each `refund_id`, however long ago it was first asked."""

    async def read_refund(self, refund_id: str, account: str | None) -> ProviderRefund:
        """The refund by the id that the provider gave it."""

    async def open_account(
        self, seller_id: UUID, name: str, email: str | None, *, after: str | None = None
    ) -> SellerAccount:
        """Open the account of a seller, who fills in the rest through `account_link`.

        `name` is that of the organiser, and `email` an address of the organisation. What it is before the
        law is asked of itself, as we do not know. `after` is the account that it had before, to which we have
        no access any more. Keep the id at once: a day later the same call opens another.
        """

    async def account_link(self, account: str, return_url: str, refresh_url: str) -> str:
        """A page of the provider where a seller fills in what is missing; each is good once, for minutes."""

    async def read_account(self, account: str) -> SellerAccount: ...

    async def read_dispute(self, dispute_id: str, account: str | None) -> ProviderDispute: ...

    async def balance_entries(
        self, account: str | None, since: datetime, until: datetime
    ) -> list[BalanceEntry]:
        """All lines made from `since` until before `until`, newest first."""

    async def read_event(self, event_id: str, account: str | None) -> ProviderEvent:
        """An event of the last 30 days."""

    def open_event(self, body: bytes, signature: str, now: datetime) -> ProviderEvent:
        """The event of a webhook, from its raw body and its header. Raises BadSignature."""

    async def close(self) -> None: ...
