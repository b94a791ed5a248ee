"""Rows of payments and refunds, as the writers of 0010_payments.sql take them."""

import base64
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.payments.payment import PaymentMeans, PaymentStatus, RefundWay
from uit.core.ids import Ids

CODE_BYTES: Final = 5


class PaymentRow(Struct, frozen=True):
    """A payment that is asked for. On an invoice it is owed at once, and the last fields say by whom."""

    id: UUID
    booking_id: UUID
    seller_id: UUID
    mandate_id: UUID | None
    means: PaymentMeans
    amount_cents: int
    line_cents: tuple[int, ...]
    account: str | None
    return_url: str | None
    transfer_id: UUID | None
    customer_id: UUID | None = None
    order_reference: str | None = None
    communication: str | None = None
    due_on: date | None = None


class CaptureRow(Struct, frozen=True):
    """A payment that came in, and what it is called outside."""

    id: UUID
    amount_cents: int
    line_cents: tuple[int, ...]
    reference: str
    transfer_id: UUID


class EndedPaymentRow(Struct, frozen=True):
    id: UUID
    status: PaymentStatus


class RefundRow(Struct, frozen=True):
    id: UUID
    payment_id: UUID
    booking_id: UUID
    line_no: int
    amount_cents: int
    way: RefundWay
    reason: str
    code: str | None


def cash_code(ids: Ids) -> str:
    """Eight letters and figures, at random: who shows them at a till gets the cash, once."""
    return base64.b32encode(ids.new().bytes[-CODE_BYTES:]).decode()
