"""Orders as the tests place them, and the webhooks that come of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from credits.payments.provider import CheckoutOrder, RefundOrder

BACK = "http://127.0.0.1:8000/boekingen/1"


def an_order(now: datetime, **otherwise: Any) -> CheckoutOrder:
    """Five euro for an activity, on the region's own account unless told otherwise."""
    usual = CheckoutOrder(
        payment_id=uuid4(),
        region_id=1,
        booking_id=uuid4(),
        account=None,
        amount_cents=500,
        description="De kleine prins",
        success_url=f"{BACK}?betaald",
        cancel_url=BACK,
        expires_at=now + timedelta(minutes=31),
    )
    return replace(usual, **otherwise)


def a_refund(intent_id: str | None, amount_cents: int, account: str | None = None) -> RefundOrder:
    assert intent_id is not None
    return RefundOrder(refund_id=uuid4(), account=account, intent_id=intent_id, amount_cents=amount_cents)


A_SELLER = UUID("0195a000-0000-7000-8000-000000000001")
