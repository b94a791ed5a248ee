"""The peer, spoken to without the SDK, and a place that takes its webhooks."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.stripe_document import checked_peer, problems_of_events
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import StripePeer
from uit.embedded.stripe_peer.server import Request, Response, serving

Object = dict[str, Any]


class StripeCaller:
    """Asks the API as any client would; `page` follows no redirects, as the tests look at them."""

    def __init__(self, peer: StripePeer, client: httpx.AsyncClient) -> None:
        self.peer, self._client = peer, client
        self.headers = {"Authorization": f"Bearer {peer.secret_key}"}

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._client.get(self.peer.url + path, headers=self.headers | headers)

    async def post(self, path: str, params: dict[str, str], **headers: str) -> httpx.Response:
        return await self._client.post(self.peer.url + path, data=params, headers=self.headers | headers)

    async def page(self, url: str) -> httpx.Response:
        return await self._client.get(url)

    async def send(self, url: str, form: dict[str, str] | None = None) -> httpx.Response:
        return await self._client.post(url, data=form or {})

    async def checkout(self, clock: SetClock, account: str = "", **otherwise: str) -> Object:
        params = checkout_params(clock) | otherwise
        headers = {"Stripe-Account": account} if account else {}
        answer = await self.post("/v1/checkout/sessions", params, **headers)
        assert answer.status_code == 200, answer.text
        session: Object = answer.json()
        return session


def checkout_params(clock: SetClock) -> dict[str, str]:
    return {
        "mode": "payment",
        "success_url": "http://127.0.0.1:8000/gelukt?id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/terug",
        "client_reference_id": "0195a000-0000-7000-8000-000000000001",
        "expires_at": str(int(clock.now().timestamp()) + 31 * 60),
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "500",
        "line_items[0][price_data][product_data][name]": "De kleine prins & co",
    }


class WebhookInbox:
    """Takes webhooks, and answers the next ones with `answers` before it is content."""

    def __init__(self) -> None:
        self.taken: list[Request] = []
        self.answers: list[int] = []
        self.url = ""

    async def answer(self, request: Request) -> Response:
        self.taken.append(request)
        return Response(self.answers.pop(0) if self.answers else 200)

    @property
    def events(self) -> list[Object]:
        return [json.loads(request.body) for request in self.taken]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]


@pytest.fixture
async def peer(clock: SetClock) -> AsyncIterator[StripePeer]:
    async with checked_peer(clock) as running:
        yield running


@pytest.fixture
async def caller(peer: StripePeer) -> AsyncIterator[StripeCaller]:
    async with httpx.AsyncClient() as client:
        yield StripeCaller(peer, client)


@pytest.fixture
async def inbox(peer: StripePeer) -> AsyncIterator[WebhookInbox]:
    """Where the peer's webhooks go; each of them is held against Stripe's document."""
    box = WebhookInbox()
    async with serving(box.answer, "127.0.0.1", 0) as port:
        box.url = f"http://127.0.0.1:{port}/stripe/webhook"
        peer.control.send_webhooks_to(box.url)
        yield box
    assert problems_of_events(box.events) == []
