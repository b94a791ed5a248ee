"""The short way to a handler that many wait for: what it takes is always the same."""

from typing import cast

from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from msgspec import Struct

from uit.ground.errors import Refused
from uit.ground.web.body import Strict, WholeRequest
from uit.ground.web.misread import BODY, NO_BODY, not_understood


class Straight:
    """Stands before a handler of the names in its address, `data` and `request`, and calls it.

    The framework looks up, checks and injects these anew for every request, for a tenth of what a booking
    costs. All before it holds as ever: the route, who may enter, and how a refusal is answered.
    """

    def __init__(self, app: ASGIApp) -> None:
        """`app` is the framework's way, which nobody goes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = cast("HTTPRouteHandler", scope["route_handler"])
        request = WholeRequest(cast("HTTPScope", scope), receive, send)
        body = await request.body()
        if not body:
            raise Refused(not_understood(NO_BODY, BODY))
        strict = cast("type[Strict[Struct]]", handler.resolve_data_dto())
        data = strict(request).decode_bytes(body)
        answer = await handler.fn(**scope["path_params"], data=data, request=request)
        await answer.to_asgi_response(None, request)(scope, receive, send)
