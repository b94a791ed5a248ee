"""The short way to a handler that many wait for: what it takes is always the same."""

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
    """A middleware in whose place a handler of the names in its address, `data` and `request` is called.

    The framework looks up, checks and injects these anew for every request, for a fifth of what a booking
    costs. What stands before it holds as ever: the route, the count of requests, who may enter, and refusals
    in words. What does not: tokens of forms, guards, hooks, other dependencies, and answers that are no
    `Answer`. A test keeps it to machines' routes that have none of these.
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
    """For what many wait for: a body that came whole is taken as it is.

    The server says that more may follow until it has said that nothing does; where the first part is as long
    as the body was announced to be, waiting to hear that costs a turn of the loop for every booking.
    """

    async def body(self) -> bytes:
        if self._body is Empty and self.is_connected:
            event = cast("HTTPReceiveMessage", await self.receive())
            if event["type"] == "http.request" and self._is_whole(event):
                self.is_connected = False
                self._body = self._connection_state.body = event["body"]
                return self._body
            self.receive = again(event, self.receive)
        return await super().body()

    def _is_whole(self, event: HTTPRequestEvent) -> bool:
        size = len(event["body"])
        ended = not event.get("more_body") or header(self, b"content-length") == str(size)
        return ended and size <= (self.route_handler.resolve_request_max_body_size() or sys.maxsize)


def again(event: HTTPReceiveMessage, receive: Receive) -> Receive:
    """Receive an event once more, and then what follows it."""
    events = [event]

    async def receive_again() -> HTTPReceiveMessage:
        return events.pop() if events else cast("HTTPReceiveMessage", await receive())

    return receive_again
