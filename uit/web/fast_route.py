"""Calls a handler directly, without the dependency injection of Litestar, for the route of a booking."""

from typing import Any, cast

from litestar import Request
from litestar._asgi.utils import wrap_in_exception_handler
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

from uit.core.errors import RefusalError
from uit.web.body import Strict
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
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    body = await request.body()
    if not body:
        raise RefusalError(not_understood(NO_BODY, BODY))
    strict = cast("type[Strict[Struct]]", handler.resolve_data_dto())
    data = strict(request).decode_bytes(body)
    answer: EncodedResponse = await handler.fn(**scope["path_params"], data=data, request=request)
    await answer(scope, receive, send)
