"""The same journeys against Stripe's test mode: `STRIPE_SECRET_KEY=sk_test_… pytest -m stripe_live`.

Nobody sits at the payment page here, so what was paid is paid through the API, with Stripe's test card.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import httpx
import pytest

from credits.payments.stripe import STRIPE_VERSION, StripeProvider
from tests.credits.payments import journeys
from uit.core.clock import SystemClock

API = "https://api.stripe.com"
pytestmark = pytest.mark.stripe_live


@pytest.fixture
def secret_key() -> str:
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    assert key.startswith("sk_test_"), "Set STRIPE_SECRET_KEY to a key of Stripe's test mode."
    return key


@pytest.fixture
async def live(secret_key: str) -> AsyncIterator[StripeProvider]:
    provider = StripeProvider(secret_key, [], API)
    yield provider
    await provider.close()


@pytest.mark.parametrize("journey", journeys.WITHOUT_A_PAYER, ids=lambda journey: journey.__name__)
async def test_stripe_does_what_a_provider_has_to(
    journey: Callable[[StripeProvider, datetime], Awaitable[None]], live: StripeProvider
) -> None:
    await journey(live, SystemClock().now())


async def test_stripe_pays_back_in_parts_and_each_once(live: StripeProvider, secret_key: str) -> None:
    paid = {
        "amount": "500",
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "payment_method_types[]": "card",
        "confirm": "true",
    }
    headers = {"Authorization": f"Bearer {secret_key}", "Stripe-Version": STRIPE_VERSION}
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{API}/v1/payment_intents", headers=headers, data=paid)

    await journeys.pays_back_in_parts_and_each_once(live, SystemClock().now(), answer.json()["id"])
