"""What we read of Stripe's answers, and what it means in the words of `provider.py`.

Only the fields that we use are named, as version 2022-11-15 has them; all others are passed over. An id may
stand where an object could be asked for in its place.
"""

import re
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.payments.provider import (
    BalanceEntry,
    Checkout,
    CheckoutStatus,
    ProviderDispute,
    ProviderEvent,
    ProviderRefund,
    ProviderRefundStatus,
    SellerAccount,
)

_CODE: Final = re.compile(r"[a-z0-9_]{1,80}", re.ASCII)


class BalanceSource(Struct, frozen=True):
    """What is behind a line of the balance: a charge, refund or dispute has the payment that it is of."""

    id: str
    payment_intent: str | None = None


class BalanceTransaction(Struct, frozen=True):
    id: str
    type: str
    amount: int
    fee: int
    net: int
    created: int
    source: str | BalanceSource | None = None


class Charge(Struct, frozen=True):
    id: str
    balance_transaction: str | BalanceTransaction | None = None


class PaymentIntent(Struct, frozen=True):
    id: str
    latest_charge: str | Charge | None = None


class Session(Struct, frozen=True):
    id: str
    status: CheckoutStatus
    payment_status: str
    amount_total: int
    currency: str
    url: str | None = None
    client_reference_id: str | None = None
    payment_intent: str | PaymentIntent | None = None


class RefundMetadata(Struct, frozen=True):
    refund_id: str | None = None


class RefundObject(Struct, frozen=True):
    id: str
    status: ProviderRefundStatus
    amount: int
    failure_reason: str | None = None
    metadata: RefundMetadata | None = None
    payment_intent: str | PaymentIntent | None = None


class Requirements(Struct, frozen=True):
    currently_due: list[str] | None = None
    disabled_reason: str | None = None


class Account(Struct, frozen=True):
    id: str
    charges_enabled: bool = False
    payouts_enabled: bool = False
    requirements: Requirements = Requirements()


class AccountLink(Struct, frozen=True):
    url: str


class DisputeEvidence(Struct, frozen=True):
    due_by: int | None = None


class Dispute(Struct, frozen=True):
    id: str
    status: str
    amount: int
    reason: str
    payment_intent: str | PaymentIntent | None = None
    evidence_details: DisputeEvidence = DisputeEvidence()


class EventObject(Struct, frozen=True):
    id: str = ""


class EventData(Struct, frozen=True):
    object: EventObject


class Event(Struct, frozen=True):
    id: str
    type: str
    created: int
    data: EventData
    account: str | None = None


class RefundList(Struct, frozen=True):
    data: list[RefundObject]
    has_more: bool


class BalanceTransactionList(Struct, frozen=True):
    data: list[BalanceTransaction]
    has_more: bool


def as_checkout(session: Session, account: str | None) -> Checkout:
    intent = session.payment_intent
    charge = intent.latest_charge if isinstance(intent, PaymentIntent) else None
    return Checkout(
        id=session.id,
        account=account,
        payment_id=as_uuid(session.client_reference_id),
        status=session.status,
        paid=session.payment_status == "paid",
        amount_cents=session.amount_total,
        currency=session.currency,
        url=session.url,
        intent_id=id_of(intent),
        fee_cents=_fee_cents(charge),
    )


def _fee_cents(charge: str | Charge | None) -> int | None:
    booked = charge.balance_transaction if isinstance(charge, Charge) else None
    return booked.fee if isinstance(booked, BalanceTransaction) else None


def as_refund(refund: RefundObject) -> ProviderRefund:
    return ProviderRefund(
        id=refund.id,
        refund_id=as_uuid(refund.metadata.refund_id) if refund.metadata else None,
        status=refund.status,
        amount_cents=refund.amount,
        failure=plain_code(refund.failure_reason),
        intent_id=id_of(refund.payment_intent),
    )


def as_seller_account(account: Account) -> SellerAccount:
    requirements = account.requirements
    return SellerAccount(
        id=account.id,
        charges_enabled=account.charges_enabled,
        payouts_enabled=account.payouts_enabled,
        missing=tuple(requirements.currently_due or ()),
        disabled_reason=requirements.disabled_reason,
    )


def as_dispute(dispute: Dispute) -> ProviderDispute:
    due_by = dispute.evidence_details.due_by
    return ProviderDispute(
        id=dispute.id,
        status=dispute.status,
        amount_cents=dispute.amount,
        intent_id=id_of(dispute.payment_intent),
        reason=dispute.reason,
        respond_by=None if due_by is None else as_moment(due_by),
    )


def as_event(event: Event) -> ProviderEvent:
    return ProviderEvent(
        id=event.id,
        type=event.type,
        account=event.account,
        object_id=event.data.object.id,
        created=as_moment(event.created),
    )


def as_balance_entry(entry: BalanceTransaction) -> BalanceEntry:
    source_id = entry.source.id if isinstance(entry.source, BalanceSource) else entry.source
    return BalanceEntry(
        id=entry.id,
        type=entry.type,
        amount_cents=entry.amount,
        fee_cents=entry.fee,
        net_cents=entry.net,
        source_id=source_id,
        created=as_moment(entry.created),
        payout_id=source_id if entry.type.startswith("payout") else None,
        intent_id=entry.source.payment_intent if isinstance(entry.source, BalanceSource) else None,
    )


def as_moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def as_uuid(text: str | None) -> UUID | None:
    """The id of ours in a text; None when it is none, since others may fill the same field."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def id_of(intent: str | PaymentIntent | None) -> str | None:
    return intent.id if isinstance(intent, PaymentIntent) else intent


def plain_code(text: str | None) -> str | None:
    """A code as it is, and `other` for what may be a sentence, in which somebody could be named."""
    if text is None or _CODE.fullmatch(text):
        return text
    return "other"
