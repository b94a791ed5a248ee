"""Calls a handler directly, without the dependency injection of Litestar, for the route of a booking."""

import sys
from typing import Any, cast

from litestar import Request
from litestar._asgi.utils import wrap_in_exception_handler
from litestar.handlers import HTTPRouteHandler
from litestar.types import (
    ASGIApp,
    Empty,
    HTTPReceiveMessage,
    HTTPRequestEvent,
    HTTPScope,
    Receive,
    Scope,
    Send,
)
from msgspec import Struct

from uit.core.errors import RefusalError
from uit.web.body import Strict
from uit.web.header import header
from uit.web.misread import BODY, NO_BODY, not_understood
from uit.web.response import EncodedResponse


def fast_route(app: ASGIApp) -> ASGIApp:  # noqa: ARG001  the framework's way, which nobody goes
    """A middleware that calls the handler with its path parameters, `data` and `request`, and nothing else.

    Litestar looks up, checks and injects these again for every request, which is a fifth of the cost of a
    booking. Routing, metrics, authentication and the texts of refusals work as usual. CSRF tokens, guards,
    hooks, other dependencies and responses other than `EncodedResponse` do not; a test allows this
    middleware on API routes without these only.
    """
    return wrap_in_exception_handler(call_handler)


async def call_handler(scope: Scope, receive: Receive, send: Send) -> None:
    handler = cast("HTTPRouteHandler", scope["route_handler"])
    request = WholeRequest(cast("HTTPScope", scope), receive, send)
    body = await request.body()
    if not body:
        raise RefusalError(not_understood(NO_BODY, BODY))
    strict = cast("type[Strict[Struct]]", handler.resolve_data_dto())
    data = strict(request).decode_bytes(body)
    answer: EncodedResponse = await handler.fn(**scope["path_params"], data=data, request=request)
    await answer(scope, receive, send)


class WholeRequest(Request[Any, Any, Any]):
    """A request that takes its body from the first event when that event holds all of it.

    The server reports the end of a body in a later event; waiting for that event when the first one is as
    long as `Content-Length` costs a turn of the event loop for every booking.
    """

    async def body(self) -> bytes:
        if self._body is Empty and self.is_connected:
            event = cast("HTTPReceiveMessage", await self.receive())
            if event["type"] == "http.request" and self._is_whole(event):
                self.is_connected = False
                self._body = self._connection_state.body = event["body"]
                return self._body
            self.receive = replay(event, self.receive)
        return await super().body()

    def _is_whole(self, event: HTTPRequestEvent) -> bool:
        size = len(event["body"])
        ended = not event.get("more_body") or header(self, b"content-length") == str(size)
        return ended and size <= (self.route_handler.resolve_request_max_body_size() or sys.maxsize)


def replay(event: HTTPReceiveMessage, receive: Receive) -> Receive:
    """A `Receive` that first returns `event` again, and then the events after it."""
    events = [event]

    async def receive_again() -> HTTPReceiveMessage:
        return events.pop() if events else cast("HTTPReceiveMessage", await receive())

    return receive_again
