"""Starts the peer in the present event loop, and is what others hold of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from os import urandom
from pathlib import Path

from msgspec import Struct

from uit.core.clock import Clock
from uit.embedded.stripe_peer.checkout import expire_overdue
from uit.embedded.stripe_peer.control import Control, Trouble
from uit.embedded.stripe_peer.endpoint import (
    KeyedRequest,
    as_keyed,
    authenticate,
    carry_out,
    error_response,
    keep,
    kept_response,
)
from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.payment_page import answer_page
from uit.embedded.stripe_peer.server import CutOff, Request, Response, serving
from uit.embedded.stripe_peer.state import PeerState
from uit.embedded.stripe_peer.store import PeerStore
from uit.embedded.stripe_peer.webhook import WebhookSender

API: str = "/v1/"


class Exchange(Struct, frozen=True):
    """A request to the API and what was answered, also where the answer was cut off on its way."""

    request: Request
    response: Response


class StripePeer:
    """`url` is for the setting `STRIPE_API_BASE`, `secret_key` and `webhook_secret` for the two beside it.

    `observe` is called with every exchange of the API.
    """

    def __init__(self, state: PeerState, sender: WebhookSender, secret_key: str, webhook_secret: str) -> None:
        self._state, self._keys_in_use = state, set[tuple[str, str]]()
        self.secret_key, self.webhook_secret = secret_key, webhook_secret
        self.control = Control(state, sender)
        self.observe: Callable[[Exchange], None] = lambda _: None
        self.url = ""

    async def answer(self, request: Request) -> Response:
        """Answer a request for a page or to the API. Raises CutOff where the connection is to be cut."""
        with self._state.store.transaction():
            expire_overdue(self._state)
        if not request.path.startswith(API):
            return answer_page(self._state, request)
        trouble = self.control.trouble_for(request)
        response = await self._answer_api(request, trouble)
        self.observe(Exchange(request, response))
        if trouble and trouble.kind == "cut_after":
            raise CutOff
        return response

    async def _answer_api(self, request: Request, trouble: Trouble | None) -> Response:
        try:
            account = authenticate(self._state, request, self.secret_key)
            return await self._answer_once(request, account, trouble)
        except ApiError as error:
            return error_response(error)

    async def _answer_once(self, request: Request, account: str, trouble: Trouble | None) -> Response:
        """Answer under the idempotency key, if there is one: nothing is done twice, also at the same time."""
        keyed = as_keyed(request, account)
        if keyed is None:
            await apply_before(trouble)
            return self._carry_out(request, account, None, trouble)
        if (account, keyed.key) in self._keys_in_use:
            raise ApiError.key_in_use()
        self._keys_in_use.add((account, keyed.key))
        try:
            await apply_before(trouble)
            kept = kept_response(self._state, keyed)
            return kept or self._carry_out(request, account, keyed, trouble)
        finally:
            self._keys_in_use.discard((account, keyed.key))

    def _carry_out(
        self, request: Request, account: str, keyed: KeyedRequest | None, trouble: Trouble | None
    ) -> Response:
        response = carry_out(self._state, request, account, keyed)
        if trouble and trouble.kind == "server_error_after":
            response = error_response(ApiError.broken())
            if keyed is not None:
                keep(self._state, keyed, response)
        return response


async def apply_before(trouble: Trouble | None) -> None:
    """Let go wrong what does so before a request has its effect."""
    if trouble is None:
        return
    match trouble.kind:
        case "delay":
            await asyncio.sleep(trouble.seconds)
        case "refuse":
            raise ApiError.refused(trouble.code)
        case "rate_limit":
            raise ApiError.too_many()
        case "server_error":
            raise ApiError.broken()
        case "cut_before":
            raise CutOff
        case "server_error_after" | "cut_after":
            pass


@asynccontextmanager
async def running_peer(  # noqa: PLR0913  each is a thing that tests and `make run` set otherwise
    clock: Clock,
    *,
    file: Path | None = None,
    webhook_urls: Sequence[str] = (),
    host: str = "127.0.0.1",
    port: int = 0,
    page_base: str | None = None,
    retry_seconds: float = 1.0,
    random: Callable[[int], bytes] = urandom,
) -> AsyncIterator[StripePeer]:
    """Run the peer until the end of the block.

    Its state is in `file`, and in memory without one. Webhooks go to `webhook_urls`, and again after
    `retry_seconds` where they are not answered with 2xx. `page_base` is where browsers find its pages, when
    that is another address than its own. Keys and secrets are new at every start. A `file` goes with a
    `port`, since the addresses of open pages stay as they are.
    """
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = PeerStore(file)
    state = PeerState(store, clock, random)
    state.webhook_urls = list(webhook_urls)
    webhook_secret = f"whsec_{random(16).hex()}"
    sender = WebhookSender(state, webhook_secret, retry_seconds)
    state.on_event = sender.wake
    peer = StripePeer(state, sender, f"sk_test_{random(16).hex()}", webhook_secret)
    sending = asyncio.create_task(sender.run(), name="stripe_peer_webhooks")
    try:
        async with serving(peer.answer, host, port) as bound:
            peer.url = f"http://{host}:{bound}"
            state.page_base = page_base or peer.url
            yield peer
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        store.close()
