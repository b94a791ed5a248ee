"""What every part of the peer works on: the store, the clock, new ids, and events that are told."""

from collections.abc import Callable
from copy import deepcopy
from os import urandom
from typing import Any, Final

from uit.core.clock import Clock
from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.store import Object, PeerStore

STRIPE_VERSION: Final = "2022-11-15"
CURRENCY: Final = "eur"


class PeerState:
    """`page_base` is where its own pages are; `webhook_urls` get every event.

    A refund is `pending` at first where `refunds_take_time`, and else succeeds at once.
    """

    def __init__(self, store: PeerStore, clock: Clock, random: Callable[[int], bytes] = urandom) -> None:
        self.store, self._clock, self._random = store, clock, random
        self.page_base = ""
        self.webhook_urls: list[str] = []
        self.on_event: Callable[[], None] = lambda: None
        self.refunds_take_time = False

    def now(self) -> int:
        return int(self._clock.now().timestamp())

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{self._random(12).hex()}"

    def get(self, identifier: str, kind: str, account: str, param: str) -> Object:
        """An object that a request names in `param`. Refused when there is none on that account."""
        found = self.store.find(identifier, account)
        if found is None or found["object"] != kind:
            raise ApiError.no_such(kind, identifier, param)
        return found

    def tell(self, account: str, kind: str, about: Object) -> Object:
        """Make an event of what an object is now, for the webhooks and for who reads events."""
        event: Object = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": STRIPE_VERSION,
            "created": self.now(),
            "data": {"object": public(about)},
            "livemode": False,
            "pending_webhooks": len(self.webhook_urls),
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        if account:
            event["account"] = account
        self.store.add(account, event, about.get("id"))
        for url in self.webhook_urls:
            self.store.add_delivery(event["id"], url)
        self.on_event()
        return event


def public(value: Any) -> Any:  # noqa: ANN401  any part of an object
    """Without what only the peer knows, which has names that begin with an underscore."""
    match value:
        case dict():
            return {key: public(part) for key, part in value.items() if not key.startswith("_")}
        case list():
            return [public(part) for part in value]
        case _:
            return deepcopy(value)
