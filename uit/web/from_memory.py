"""Answers from memory what many look at at once, before anything else is done for a request."""

import asyncio
from collections.abc import Callable
from typing import Final

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from uit.web.connection import Connection
from uit.web.response import EncodedResponse

FROM_MEMORY: Final = "from_memory"
"""The key in the `opt` of a route whose answer may be known: a `Look`."""
AT_ONCE: Final = 4

Look = Callable[[Connection], EncodedResponse | None]
"""The answer to who looks, or None where the route itself has to give it."""


class FromMemoryMiddleware:
    """Asks the `Look` of a route first, so that a crowd that looks leaves the process to who does something.

    Who it answers is counted in no budget, recognised by nothing and given no cookie. AT_ONCE look in each
    round of the event loop: whatever else there is to do in it comes between.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._at_once = app, asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        look: Look | None = None
        if scope["type"] == ScopeType.HTTP and scope["method"] == HttpMethod.GET:
            look = scope["route_handler"].opt.get(FROM_MEMORY)
        if look is None or not await self._look(look, scope, receive, send):
            await self._app(scope, receive, send)

    async def _look(self, look: Look, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether it could be answered, and then it is."""
        async with self._at_once:
            answer = look(Connection(scope))
            if answer:
                await answer(scope, receive, send)
            await asyncio.sleep(0)
        return answer is not None
