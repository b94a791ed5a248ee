"""The token of a form: another site cannot make it, and it is worth nothing in another session.

It is a keyed digest of what its browser alone has: the secret of its session, or of an anonymous cookie where
nobody signed in. What was given out before somebody signed in or out is refused after it; the form then comes
back filled in (`kept_form.py`).
"""

import base64
from collections.abc import Mapping
from typing import Any, Final, cast

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import RequestEncodingType, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from uit.core.errors import FormStale, RefusalError
from uit.core.secret import digest, equal_in_constant_time, new_token
from uit.core.signature import sign
from uit.web.connection import Connection, services_of
from uit.web.cookie import BROWSER_COOKIE, SESSION_COOKIE, build_cookie, cookie_name
from uit.web.origin import CHECKS_ORIGIN
from uit.web.shell import API_PREFIXES

FIELD: Final = "_csrf_token"
SIGNED_FOR: Final = b"form\0"
WITHOUT_TOKEN: Final = (*API_PREFIXES, "/stripe/", "/assets/")
"""Where nobody comes by a cookie."""
NO_FORM: Final[Mapping[str, Any]] = {"no_form": True}
"""What is added to the `opt` of what is read and holds no form: it gives no browser a cookie."""
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS: Final = frozenset({RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART})
NEW_BROWSER: Final = "new_browser"
"""Where a scope keeps the anonymous secret that its answer gives to a browser."""


class FormTokenMiddleware:
    """Refuses what changes something and does not bring the token of its own browser: FormStale.

    A browser without a session is given the cookie that its forms are bound to.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"].startswith(WITHOUT_TOKEN):
            await self._app(scope, receive, send)
            return
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        needs_token = scope["method"] not in READING and not request.route_handler.opt.get(CHECKS_ORIGIN)
        if needs_token and not await brings_token(request):
            raise RefusalError(FormStale())
        if secret_of_browser(request) is None and not request.route_handler.opt.get("no_form"):
            scope["state"][NEW_BROWSER] = new_token()
            send = with_browser_cookie(request, send)
        await self._app(scope, receive, send)


async def brings_token(request: Request[Any, Any, Any]) -> bool:
    secret = secret_of_browser(request)
    if secret is None or request.content_type[0] not in FORMS:
        return False
    sent = (await request.form()).get(FIELD)
    return isinstance(sent, str) and equal_in_constant_time(sent, token_for(secret, key_of(request)))


def with_browser_cookie(request: Request[Any, Any, Any], send: Send) -> Send:
    """Adds the anonymous cookie to an answer."""

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            settings = services_of(request).settings
            cookie = build_cookie(BROWSER_COOKIE, request.scope["state"][NEW_BROWSER], None, settings)
            MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))
        await send(message)

    return send_with_cookie


def form_token(context: Mapping[str, Any], /) -> str:
    """The token for a form of the page, for templates; empty for a page at an address that is no route."""
    request = cast("Connection", context["request"])
    secret = secret_of_browser(request) or request.scope["state"].get(NEW_BROWSER)
    return token_for(secret, key_of(request)) if secret else ""


def token_for(secret: str, key: bytes) -> str:
    """The token of a browser with this secret; the secret cannot be read back from it."""
    made = sign(key, SIGNED_FOR, digest("form", secret))
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def secret_of_browser(connection: Connection) -> str | None:
    """What this browser alone has: the secret of its session, else its anonymous one, if any."""
    return cookie_of(connection, SESSION_COOKIE) or cookie_of(connection, BROWSER_COOKIE)


def cookie_of(connection: Connection, name: str) -> str | None:
    return connection.cookies.get(cookie_name(name, services_of(connection).settings)) or None


def key_of(connection: Connection) -> bytes:
    return services_of(connection).secrets.session
