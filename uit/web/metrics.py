"""Figures for Prometheus: requests by route, method and status, and how long they took."""

from time import perf_counter

from litestar._asgi.utils import wrap_in_exception_handler
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

REQUESTS = Counter("uit_requests", "Requests answered", ("method", "route", "status"))
SECONDS = Histogram(
    "uit_request_seconds",
    "How long an answer took",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

BODIES_GIVEN_UP = Counter("uit_bodies_given_up", "Bodies that were not read to their end", ("why",))


class MetricsMiddleware:
    """Counts by the route's template, never by the address, which may hold an id.

    What other middleware refuses is answered below here, so that it is counted too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = wrap_in_exception_handler(app)
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = perf_counter()

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(
                    scope["method"], scope["path_template"], message["status"], perf_counter() - began
                )
            await send(message)

        await self._app(scope, receive, count)

    def _count(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (
                REQUESTS.labels(method, route, str(status)),
                SECONDS.labels(method, route),
            )
        known[0].inc()
        known[1].observe(seconds)
