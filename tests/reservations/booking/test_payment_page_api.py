"""A client has its customer pay by card: the page that the answer names, away and back again."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from credits.payments.stripe import StripeProvider
from tests.builders import World
from tests.stripe_document import checked_peer
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import StripePeer

SHOP = "https://tickets.example"


@pytest.fixture
async def peer(world: World, clock: SetClock) -> AsyncIterator[StripePeer]:
    """The peer, which the world pays by from now on."""
    async with checked_peer(clock) as running:
        provider = StripeProvider(running.secret_key, [running.webhook_secret], running.url)
        world.pay_by(provider)
        yield running
        await provider.close()


class Shop:
    """An integrator's shop, with a customer who has no credit for this session."""

    def __init__(self, world: World, headers: dict[str, str], body: dict[str, Any]) -> None:
        self.world, self.headers, self.body = world, headers, body
        self.address = f"/api/v1/bookings/{uuid4()}"

    @classmethod
    async def open(cls, world: World) -> "Shop":
        session = await world.session()
        await world.seller(session.organiser_id, account="")
        body = {
            "lines": [{"session_id": str(session.id), "tariff": "base", "places": 1}],
            "guest": {"name": "Noor", "email": "noor@example.be"},
            "pay_with": "card",
            "return_url": f"{SHOP}/terug?bestelling=7",
        }
        return cls(world, await world.api_client(session.organiser_id, origins=[SHOP]), body)

    async def put(self) -> dict[str, Any]:
        answer = await self.world.client.put(self.address, json=self.body, headers=self.headers)
        assert answer.status_code in {200, 201}
        return dict(answer.json())

    async def get(self) -> dict[str, Any]:
        return dict((await self.world.client.get(self.address, headers=self.headers)).json())


async def test_a_customer_pays_on_the_page_and_comes_back_to_the_shop(world: World, peer: StripePeer) -> None:
    shop = await Shop.open(world)
    booking = await shop.put()
    assert (booking["status"], booking["payment"]["expires_at"]) == ("held", "2026-03-02T09:15:00Z")

    async with httpx.AsyncClient() as customer:
        page = await customer.get(booking["payment"]["url"])
        assert "<form" in page.text
        paid = await customer.post(booking["payment"]["url"])
    back = await world.client.get(urlsplit(paid.headers["location"]).path, follow_redirects=False)

    assert back.headers["location"] == f"{SHOP}/terug?bestelling=7"
    after = await shop.get()
    assert (after["status"], after["payment"]["status"]) == ("confirmed", "paid")
    assert peer.control.count("checkout.session") == 1


async def test_while_the_provider_is_away_places_are_held_and_a_repeat_gets_the_page(
    world: World, peer: StripePeer
) -> None:
    shop = await Shop.open(world)
    peer.control.misbehave("server_error")

    first, again = await shop.put(), await shop.put()

    assert "url" not in first["payment"]
    assert (first["status"], first["held_until"]) == ("held", "2026-03-02T09:10:00Z")
    assert again["payment"]["url"].startswith(peer.url)
    assert again["payment"]["id"] == first["payment"]["id"]
    assert again == await shop.get()


async def test_a_page_that_is_open_can_be_kept_for_longer_once(world: World, peer: StripePeer) -> None:
    shop = await Shop.open(world)
    booking = await shop.put()

    answer = await world.client.post(f"{shop.address}/extension", headers=shop.headers)

    assert answer.json()["held_until"] == "2026-03-02T09:29:00Z"
    assert answer.json()["payment"]["url"] == booking["payment"]["url"]


async def test_what_is_cancelled_before_it_is_paid_has_no_page_any_more(
    world: World, peer: StripePeer
) -> None:
    shop = await Shop.open(world)
    await shop.put()

    after = (await world.client.delete(shop.address, headers=shop.headers)).json()

    assert (after["status"], after["payment"]["status"]) == ("cancelled", "expired")
    assert "url" not in after["payment"]
    assert (after["returned_cents"], after["lines"][0]["returns"]) == (0, [])
