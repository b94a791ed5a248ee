"""A world that is paid by the peer; all that both say is held against the provider's document."""

from collections.abc import AsyncIterator

import pytest

from credits.payments.stripe import StripeProvider
from tests.builders import World
from tests.reservations.payment.card_sale import CardSale
from tests.stripe_document import checked_peer
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import StripePeer


@pytest.fixture
async def peer(world: World, clock: SetClock) -> AsyncIterator[StripePeer]:
    async with checked_peer(clock) as running:
        provider = StripeProvider(running.secret_key, [running.webhook_secret], running.url)
        world.pay_by(provider)
        yield running
        await provider.close()


@pytest.fixture
async def sale(world: World, peer: StripePeer) -> CardSale:
    """Two places of five euro that were paid by card, on the installation's own account."""
    return await CardSale.made(world, peer)
