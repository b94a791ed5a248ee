"""Webhooks as the payment provider sends them, signed just before they are sent."""

import json
from pathlib import Path
from typing import Final
from uuid import uuid4

from credits.payments.signature import sign
from uit.core.clock import SystemClock
from uit.core.secret import new_token

SECRET: Final = new_token()
OBJECT: Final = {
    "object": "checkout.session",
    "amount_total": 500,
    "currency": "eur",
    "customer_details": {"address": None, "email": None, "name": None, "phone": None},
    "metadata": {"region_id": "1", "booking_id": str(uuid4()), "payment_id": str(uuid4())},
    "mode": "payment",
    "payment_method_types": ["bancontact", "card"],
    "payment_status": "paid",
    "status": "complete",
    "success_url": "https://uit.example/dender/betalingen/terug",
}


def write_webhooks(file: Path, count: int) -> None:
    """So many events that nobody sent before: on each line the signature and the body."""
    at = int(SystemClock().now().timestamp())
    with file.open("w") as lines:
        for _ in range(count):
            body = json.dumps(event(at))
            lines.write(f"t={at},v1={sign(body.encode(), str(at), SECRET)} {body}\n")


def event(at: int) -> dict[str, object]:
    return {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "api_version": "2022-11-15",
        "created": at,
        "data": {"object": {"id": f"cs_test_{uuid4().hex}", "created": at, **OBJECT}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "checkout.session.completed",
    }
