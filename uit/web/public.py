"""Pages that anybody may read: each address has a budget, and what shows nobody's own things can be cached.

A page shows nobody's own things when its request brings nothing that is kept for somebody: no sign-in, no
basket, no bearer token. Such a page sets no cookie, has an ETag, is compressed, and is kept for when the
database does not answer: with the header `Age`, which says since how many seconds. A page with own things
is not: what it reflects of its address, compressed together with the token of its forms, would give that
token away bit by bit (BREACH).
"""

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, Final

from litestar import route
from litestar._asgi.utils import wrap_in_exception_handler
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import HttpMethod, ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from uit.core.errors import RefusalError
from uit.services.limit import Limit
from uit.web.access import ANYBODY
from uit.web.address import client_address
from uit.web.connection import Connection, services_of
from uit.web.cookie import BROWSER_COOKIE, DEVICE_COOKIE, cookie_name
from uit.web.header import header
from uit.web.kept_page import KeptPage, KeptPages
from uit.web.public_reading import asked_again

READS_OF_ADDRESS: Final = Limit("public pages from place", 600, 60)
"""Ten a second: a class behind one address reads freely, and a program that copies everything waits."""

READS_OF_CLIENT: Final = Limit("searches of client", 1200, 60)
"""The system of an organiser is known, so it may ask more."""

BUDGETED: Final[Mapping[str, Any]] = {"budgeted": True}
"""What is added to the `opt` of what is read without end by programs, and is not the same for everybody."""
SECONDS_KEPT: Final = 30
SECONDS_OF_PLACES: Final = 2
"""For how long a shared cache keeps a page, and one that says how many places are left."""
PUBLIC: Final[Mapping[str, Any]] = {**ANYBODY, **BUDGETED, "cacheable": SECONDS_KEPT}
"""The `opt` of a page for anybody, which PublicPagesMiddleware looks after."""
SHOWS_PLACES: Final[Mapping[str, Any]] = {"opt": {**PUBLIC, "cacheable": SECONDS_OF_PLACES}}
"""What is said to `public_page` of a page with places that are left."""

AnyHandler = Callable[..., Awaitable[Any]]

OK: Final = 200
NOT_MODIFIED: Final = 304
UNAVAILABLE: Final = 503
CACHING: Final = "public, max-age=0, s-maxage={seconds}, must-revalidate"
"""A browser asks again each time, so that it never shows a stranger's page to who signed in meanwhile."""
VARY: Final = "Accept-Encoding, Cookie"
LEAST_BYTES: Final = 1_000
GZIP_LEVEL: Final = 5


def public_page(path: str, **options: Any) -> Callable[[AnyHandler], HTTPRouteHandler]:  # noqa: ANN401  as Litestar takes
    """The decorator of a page for anybody."""
    methods = [HttpMethod.GET, HttpMethod.HEAD]

    def decorate(handler: AnyHandler) -> HTTPRouteHandler:
        given = {"opt": PUBLIC, **options}
        return route(path, http_method=methods, status_code=200, **given)(asked_again(handler))

    return decorate


class PublicPagesMiddleware:
    """The budget of routes with the `opt` BUDGETED or PUBLIC; for PUBLIC also HEAD and what a cache needs.

    What is refused below here is answered here for a PUBLIC page alone, of which one may be kept.
    """

    def __init__(self, app: ASGIApp, kept: KeptPages) -> None:
        self._app, self._answering, self._kept = app, wrap_in_exception_handler(app), kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opt = scope["route_handler"].opt
        if scope["type"] != ScopeType.HTTP or not opt.get("budgeted"):
            await self._app(scope, receive, send)
            return
        connection = Connection(scope)
        await spend_budget(connection)
        if not opt.get("cacheable"):
            await self._app(scope, receive, send)
            return
        answer = Gathered()
        await self._answering(scope, receive, answer.gather)
        if shows_nobodys_things(connection):
            self._keep_or_find(answer, connection)
            answer.make_cacheable(connection)
        await answer.send(send, with_body=scope["method"] != HttpMethod.HEAD)

    def _keep_or_find(self, answer: "Gathered", connection: Connection) -> None:
        """Keep a page that was made, or show the one of before where none could be.

        The forms of a browser with a cookie have its own token, so that page is not kept for others.
        """
        now, address = monotonic(), (connection.scope["path"], connection.scope["query_string"])
        if answer.start is None:
            return
        if answer.start["status"] == OK and not connection.cookies:
            self._kept.keep(address, answer.start, answer.body, now)
        elif answer.start["status"] == UNAVAILABLE and (page := self._kept.find(address)):
            answer.show(page, now)


async def spend_budget(connection: Connection) -> None:
    """Count a page for the address that asks, or a search for its client; above its budget raise TooOften."""
    services = services_of(connection)
    if services.settings.bench:
        return
    if connection.route_handler.opt["access"].anybody:
        too_often = await services.limiter.count(READS_OF_ADDRESS, client_address(connection))
    else:
        too_often = await services.limiter.count(READS_OF_CLIENT, connection.user.client_id)
    if too_often:
        raise RefusalError(too_often)


def shows_nobodys_things(connection: Connection) -> bool:
    """Whether the request brings nothing that a page could be somebody's own by."""
    settings = services_of(connection).settings
    nobodys = {cookie_name(name, settings) for name in (BROWSER_COOKIE, DEVICE_COOKIE)} | {BROWSER_COOKIE}
    return not header(connection, b"authorization") and connection.cookies.keys() <= nobodys


class Gathered:
    """A response that was gathered before it is sent, so that its headers can depend on its body."""

    def __init__(self) -> None:
        self.start: HTTPResponseStartEvent | None = None
        self.body = b""

    async def gather(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message["body"]

    def show(self, page: KeptPage, now: float) -> None:
        """Show a page of before in the place of this one."""
        assert self.start is not None
        age = b"age", str(int(now - page.kept_at)).encode()
        self.start["status"], self.start["headers"], self.body = OK, [*page.headers, age], page.body

    def make_cacheable(self, connection: Connection) -> None:
        """Answer 304 to who has it already, and compress it for who can read that."""
        if self.start is None or self.start["status"] != OK:
            return
        headers = MutableScopeHeaders.from_message(self.start)
        headers.pop("set-cookie", None)
        tag = f'W/"{hashlib.sha256(self.body).hexdigest()[:24]}"'
        caching = CACHING.format(seconds=connection.route_handler.opt["cacheable"])
        headers["ETag"], headers["Cache-Control"], headers["Vary"] = tag, caching, VARY
        if has_it(header(connection, b"if-none-match"), tag):
            self.start["status"], self.body = NOT_MODIFIED, b""
            headers.pop("content-length", None)
            headers.pop("content-type", None)
        elif len(self.body) >= LEAST_BYTES and reads_gzip(header(connection, b"accept-encoding")):
            self.body = gzip.compress(self.body, GZIP_LEVEL, mtime=0)
            headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(self.body))

    async def send(self, send: Send, *, with_body: bool) -> None:
        assert self.start is not None
        await send(self.start)
        body = self.body if with_body else b""
        await send({"type": "http.response.body", "body": body, "more_body": False})


def has_it(asked: str, tag: str) -> bool:
    """Whether `If-None-Match` names this tag; compared weakly, as RFC 9110 says of that header."""
    tags = {each.strip().removeprefix("W/") for each in asked.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def reads_gzip(asked: str) -> bool:
    """Whether `Accept-Encoding` takes gzip: named, or by a star, and not with a weight of 0."""
    weights = {}
    for each in asked.lower().split(","):
        coding, _, weight = each.partition(";")
        weights[coding.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return weights.get("gzip", weights.get("*", False))
