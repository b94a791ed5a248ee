"""The adapter and the peer that it speaks to; all that they say is held against Stripe's document."""

from collections.abc import AsyncIterator

import pytest

from credits.payments.stripe import StripeProvider
from tests.stripe_document import checked_peer
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import StripePeer


@pytest.fixture
async def peer(clock: SetClock) -> AsyncIterator[StripePeer]:
    async with checked_peer(clock) as running:
        yield running


@pytest.fixture
async def provider(peer: StripePeer) -> AsyncIterator[StripeProvider]:
    made = StripeProvider(peer.secret_key, [peer.webhook_secret], peer.url)
    yield made
    await made.close()
