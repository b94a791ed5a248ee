"""Reads the fields of a form, of an address and of cookies. What somebody sent is never kept in a cache."""

from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request
from litestar._parsers import parse_cookie_string
from litestar.enums import RequestEncodingType, ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from uit.core.errors import AddressTooLong, RefusalError, TooManyFields

MOST_FIELDS: Final = 200
MOST_IN_PATH: Final = 1_024
MOST_IN_QUERY: Final = 4_096
SEPARATOR: Final = b"&"

NO_PAGE: Final = "/-"
"""A path that no route has."""

parse_cookies = parse_cookie_string.__wrapped__
"""The framework keeps the cookies of the last 1,024 requests in memory; this reads them and keeps nothing."""


def with_bounded_path(app: ASGIApp) -> ASGIApp:
    """Answers a path that is longer than any of ours as one that is not there.

    The framework keeps the paths of the last 1,024 requests in memory, before any middleware sees them.
    """

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and len(scope["path"]) > MOST_IN_PATH:
            scope["path"] = NO_PAGE
        await app(scope, receive, send)

    return ask


class HeadMiddleware:
    """Refuses an address that is too long, and reads its fields and the cookies without keeping them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            state = ScopeState.from_scope(scope)
            state.parsed_query = fields_of_address(scope)
            state.cookies = cookies_of(scope)
        await self._app(scope, receive, send)


def fields_of_address(scope: Scope) -> tuple[tuple[str, str], ...]:
    query = scope["query_string"]
    if not query:
        return ()
    if len(query) > MOST_IN_QUERY:
        raise RefusalError(AddressTooLong(MOST_IN_QUERY))
    return parse_fields(query, MOST_FIELDS)


def cookies_of(scope: Scope) -> dict[str, str]:
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookies(sent.decode("latin-1")) if sent else {}


class FormMiddleware:
    """Reads the fields of a form that was sent, once it is known who may send it, and before its token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["method"] == "POST":
            await read_form(Request(scope, receive, send))
        await self._app(scope, receive, send)


async def read_form(request: Request[Any, Any, Any]) -> None:
    """Put the fields where the framework looks for them. Raises TooManyFields.

    A form with files is read where its route takes files; everywhere else there are none.
    """
    if request.content_type[0] == RequestEncodingType.MULTI_PART and request.route_handler.opt.get("files"):
        await request.body()
        await request.form()
    if request.content_type[0] != RequestEncodingType.URL_ENCODED:
        return
    most = request.route_handler.opt.get("most_fields", MOST_FIELDS)
    fields: dict[str, list[str]] = {}
    for name, value in parse_fields(await request.body(), most):
        fields.setdefault(name, []).append(value)
    ScopeState.from_scope(request.scope).form = {
        name: values if len(values) > 1 else values[0] for name, values in fields.items()
    }


def parse_fields(sent: bytes, most: int) -> tuple[tuple[str, str], ...]:
    """The names and values in order. They are counted before they are read."""
    if sent.count(SEPARATOR) >= most:
        raise RefusalError(TooManyFields(most))
    return tuple(parse_qsl(sent.decode("latin-1"), keep_blank_values=True, separator=SEPARATOR.decode()))
