"""Reads the body of a request before anything else is done for it: bounded in bytes, in time and in number.

Nothing is held for a body that is on its way: no connection to the database, no lock. Most bodies come with
their headers. One that does not is slow: few of those are waited for at once, and none for long.
"""

import asyncio
import gc
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, cast

import structlog
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from uit.core.errors import Busy, Refusal, RefusalError, TooLarge, TooOften, TooSlow
from uit.web.access import Access
from uit.web.address import client_address
from uit.web.metrics import BODIES_GIVEN_UP

FORM_BYTES: Final = 65_536
"""What anybody may send, and any form but a long one."""
API_BYTES: Final = 1_000_000
"""What a known client or holder may send to the API."""
LONG_FORM: Final[Mapping[str, Any]] = {"most_bytes": 1_000_000, "most_fields": 1_000}
"""What is added to the `opt` of a form in which people write at length."""
WITH_FILE: Final[Mapping[str, Any]] = {"most_bytes": 3_200_000, "files": True}
"""What is added to the `opt` of a form with which somebody sends a file."""
MOST_DISCARDED: Final = 4_000_000
"""Up to here a body that is too large is read and thrown away, so that its sender can read the answer."""

LARGE: Final = 8_192
MOST_LEFT: Final = 2_000_000

SECONDS_AT_ONCE: Final = 0.25
SECONDS_FOR_BODY: Final = 10
SECONDS_TO_TRY_AGAIN: Final = 5
MOST_OF_ADDRESS: Final = 100
MOST_IN_ALL: Final = 1_000

COUNTED: Final = {why: BODIES_GIVEN_UP.labels(why) for why in ("gone", "slow", "many", "large")}

log = structlog.get_logger()


class SenderGoneError(Exception):
    """The body broke off: whoever sent it is gone, or sent what is no HTTP."""


class SlowSenders:
    """Counts the bodies that one process waits for, in all and for each address."""

    def __init__(self, most: int = MOST_IN_ALL, most_of_address: int = MOST_OF_ADDRESS) -> None:
        self._most, self._most_of_address = most, most_of_address
        self._by_address: Counter[str] = Counter()

    def enter(self, address: str) -> Refusal | None:
        """Count one more. Refused: TooOften above the bound of its address, Busy above that of all."""
        if self._by_address[address] >= self._most_of_address:
            return TooOften(SECONDS_TO_TRY_AGAIN)
        if self._by_address.total() >= self._most:
            return Busy(SECONDS_TO_TRY_AGAIN)
        self._by_address[address] += 1
        return None

    def leave(self, address: str) -> None:
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


class Leftovers:
    """Collects what large bodies leave behind, long before the garbage collector would come by.

    What cannot be read leaves exceptions that hold each other, and with them the body.
    """

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_LEFT:
            self._bytes = 0
            gc.collect(0)


class BodyMiddleware:
    """Reads the body, and puts it where the framework looks for it.

    Refused: TooLarge, TooSlow, TooOften and Busy. Raises SenderGoneError when it breaks off.
    """

    def __init__(self, app: ASGIApp, senders: SlowSenders, leftovers: Leftovers) -> None:
        self._app, self._senders, self._leftovers = app, senders, leftovers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        if scope["type"] == ScopeType.HTTP and (sent := announced(scope)) != 0:
            body = ScopeState.from_scope(scope).body = await self._read(scope, receive, sent)
        await self._app(scope, receive, send)
        if len(body) > LARGE:
            self._leftovers.add(len(body))

    async def _read(self, scope: Scope, receive: Receive, sent: int | None) -> bytes:
        most = most_bytes(scope)
        if sent is not None and sent > MOST_DISCARDED:
            raise too_large(most)
        deadline = Deadline(self._senders, scope)
        try:
            return await read_whole(receive, sent, most)
        except asyncio.CancelledError:
            if deadline.refusal is None:
                raise
            raise RefusalError(deadline.refusal) from None
        finally:
            deadline.end()


class Deadline:
    """Cancels the present task when the body that it reads takes too long; `refusal` then says why."""

    def __init__(self, senders: SlowSenders, scope: Scope) -> None:
        self.refusal: Refusal | None = None
        self._senders, self._scope = senders, scope
        self._address: str | None = None
        self._task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(SECONDS_AT_ONCE, self._count)

    def end(self) -> None:
        self._timer.cancel()
        if self._address is not None:
            self._senders.leave(self._address)

    def _count(self) -> None:
        address = client_address(ASGIConnection(self._scope))
        refusal = self._senders.enter(address)
        if refusal:
            self._give_up(refusal, "many")
            return
        self._address = address
        self._timer = self._loop.call_later(SECONDS_FOR_BODY, self._give_up, TooSlow(), "slow")

    def _give_up(self, refusal: Refusal, why: str) -> None:
        COUNTED[why].inc()
        self.refusal = refusal
        self._task.cancel()


def announced(scope: Scope) -> int | None:
    """How many bytes the headers say that will come; None when they come without a number."""
    chunked = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else None
        chunked = chunked or name == b"transfer-encoding"
    return None if chunked else 0


def most_bytes(scope: Scope) -> int:
    """What may be sent here. The route says it: who sends is only looked up once the body is there."""
    opt = scope["route_handler"].opt
    own = opt.get("most_bytes")
    if own is not None:
        return cast("int", own)
    access = opt.get("access")
    is_known = isinstance(access, Access) and not access.anybody
    return API_BYTES if is_known and scope["path"].startswith("/api/") else FORM_BYTES


async def read_whole(receive: Receive, sent: int | None, most: int) -> bytes:
    """The whole body. One that is as long as announced is whole: its end is reported in a later event."""
    parts: list[bytes] = []
    size, more = 0, True
    while more and size != sent and size <= MOST_DISCARDED:
        part, more = await next_part(receive)
        size += len(part)
        if size <= most:
            parts.append(part)
    if size > most:
        raise too_large(most)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def next_part(receive: Receive) -> tuple[bytes, bool]:
    """The next bytes, and whether more may follow."""
    event = cast("HTTPReceiveMessage", await receive())
    if event["type"] == "http.disconnect":
        raise SenderGoneError
    return event["body"], event.get("more_body", False)


def too_large(most: int) -> RefusalError:
    COUNTED["large"].inc()
    return RefusalError(TooLarge(most))


def note_sender_gone(scope: Scope) -> None:
    """One line and one count: that people close their browser is no fault of ours."""
    COUNTED["gone"].inc()
    log.info("sender_gone", route=scope.get("path_template", ""))
