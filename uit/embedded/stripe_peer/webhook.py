"""Webhooks: every event, signed, to each address, and again until it is answered with 2xx."""

import asyncio
import hmac
import json
from contextlib import suppress
from hashlib import sha256
from typing import Final

import httpx
from msgspec import Struct

from uit.embedded.stripe_peer.checkout import expire_overdue
from uit.embedded.stripe_peer.state import PeerState
from uit.embedded.stripe_peer.store import Delivery, Object

SECONDS_TO_ANSWER: Final = 10.0
# Also how late a session is seen to have expired when nobody asks for anything.
SECONDS_BETWEEN_LOOKS: Final = 1.0


class WebhookTrouble(Struct):
    """What goes wrong with the next deliveries. Those that are held or turned about are sent later."""

    duplicate: int = 0
    forge: int = 0
    turn_about: int = 0
    hold: bool = False


class WebhookSender:
    """Sends what the store has to deliver, in order, as long as `run` runs."""

    def __init__(self, state: PeerState, secret: str, retry_seconds: float) -> None:
        self._state, self._secret, self._retry_seconds = state, secret, retry_seconds
        self._client = httpx.AsyncClient(timeout=SECONDS_TO_ANSWER)
        self._awake = asyncio.Event()
        self._is_sending = False
        self.trouble = WebhookTrouble()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        async with self._client:
            while True:
                self._awake.clear()
                with self._state.store.transaction():
                    expire_overdue(self._state)
                failed = await self.send_round()
                wait = self._retry_seconds if failed else SECONDS_BETWEEN_LOOKS
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), wait)

    async def send_round(self) -> bool:
        """Send each delivery once; whether any has to be sent again."""
        failed, self._is_sending = False, True
        try:
            for delivery in self._next_deliveries():
                if await self._send(delivery):
                    self._state.store.end_delivery(delivery.seq)
                else:
                    failed = True
        finally:
            self._is_sending = False
        return failed

    async def until_delivered(self) -> None:
        """Wait until nothing is left to send, other than what is held."""
        while self._is_sending or self._next_deliveries():
            self.wake()
            await asyncio.sleep(0.005)

    def _next_deliveries(self) -> list[Delivery]:
        waiting, trouble = self._state.store.deliveries(), self.trouble
        if trouble.hold or len(waiting) < trouble.turn_about:
            return []
        count = trouble.turn_about
        return waiting[:count][::-1] + waiting[count:]

    async def _send(self, delivery: Delivery) -> bool:
        event = self._state.store.find(delivery.event)
        assert event is not None
        times = 2 if self.trouble.duplicate else 1
        forged = self.trouble.forge > 0
        self.trouble.duplicate = max(0, self.trouble.duplicate - 1)
        self.trouble.forge = max(0, self.trouble.forge - 1)
        answers = [await self._post(delivery.url, event, forged=forged) for _ in range(times)]
        return all(answers)

    async def _post(self, url: str, event: Object, *, forged: bool) -> bool:
        body = json.dumps(event, ensure_ascii=False).encode()
        secret = "whsec_of_somebody_else" if forged else self._secret
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature_header(body, secret, self._state.now()),
        }
        try:
            response = await self._client.post(url, content=body, headers=headers)
        except httpx.HTTPError:
            return False
        return response.is_success


def signature_header(body: bytes, secret: str, at: int) -> str:
    """The header `Stripe-Signature` of a body that is sent `at`, in seconds since 1970."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={digest}"
