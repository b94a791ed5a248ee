"""A form that could not be taken, since its page was open too long or signing in had ended: it is kept.

It is sealed with a key that only the browser has, in a cookie, and lies in Valkey for as long as signing in
takes. The visitor comes back to the page of the form, which fills it in once. Nothing is sent by itself.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from litestar import Request
from litestar.enums import RequestEncodingType, ScopeType
from litestar.response import Redirect
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec import Struct

from uit.core.errors import FormStale, RefusalError
from uit.core.secret import digest, new_token
from uit.services.limit import Limit
from uit.web.address import client_address
from uit.web.connection import Connection, services_of
from uit.web.cookie import Cookie, build_cookie, cookie_name
from uit.web.header import header
from uit.web.origin import sent_from
from uit.web.refill import REFILL, Refill
from uit.web.sent_form import read_form
from uit.web.shell import API_PREFIXES, with_safe_headers
from uit.web.view import see_other

# Begins as `OWN_COOKIES` do, so that it goes when somebody signs out.
COOKIE: Final = "uit_own_form"
SECONDS_KEPT: Final = 30 * 60
MOST_BYTES: Final = 64_000
KEPT_OF_ADDRESS: Final = Limit("kept forms from place", 30, 900)
SECRET_FIELDS: Final = frozenset({"password", "code", "insz", "klantcode", "token", "woord", "nieuw_woord"})
"""What is not kept, not even sealed: it is typed again."""
PASSING: Final = frozenset({"gedaan", "gone"})
"""What an address only says to tell once what was done."""
WITHOUT_FORMS: Final = (*API_PREFIXES, "/assets/")
# Each key seals one form, so that the nonce needs not differ.
NONCE: Final = bytes(12)


class KeptForm(Struct, frozen=True):
    """The address that the form was sent to, its fields, and who sent it, as far as that was known."""

    action: str
    fields: dict[str, list[str]]
    owner: str


class KeptFormMiddleware:
    """Keeps a form that is refused before its handler sees it; the next page with that form fills it in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"].startswith(WITHOUT_FORMS):
            await self._app(scope, receive, send)
        elif scope["method"] == "POST":
            await self._take_or_keep(scope, receive, send)
        else:
            await self._fill_in(scope, receive, send)

    async def _take_or_keep(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except RefusalError as refused:
            request: Request[Any, Any, Any] = Request(scope, receive, send)
            address = way_back(request, refused)
            cookie = await keep(request) if address else None
            if address is None or cookie is None:
                raise
            await send_redirect(request, address, cookie)

    async def _fill_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(scope)
        token = connection.cookies.get(cookie_name(COOKIE, services_of(connection).settings))
        kept = await read(connection, token) if token else None
        if token is None or kept is None:
            await self._app(scope, receive, send)
            return
        refill = Refill(kept.action, kept.fields, lambda: kept.owner in {"", owner_of(scope)})

        async def send_once(message: Message) -> None:
            if message["type"] == "http.response.start" and refill.is_shown:
                await services_of(connection).cache.forget(cache_key(token))
                message["headers"] = [
                    *message["headers"],
                    own_cookie(connection, "", 0).to_encoded_header(),
                ]
            await send(message)

        before = REFILL.set(refill)
        try:
            await self._app(scope, receive, send_once)
        finally:
            REFILL.reset(before)


def way_back(request: Request[Any, Any, Any], refused: RefusalError) -> str | None:
    """Where to go to come to the form again: to its page, or to where one signs in first."""
    return page_of_form(request) if isinstance(refused.refusal, FormStale) else refused.redirect_to


async def keep(request: Request[Any, Any, Any]) -> Cookie | None:
    """Keep what a browser sent from a page of ours; returns the cookie with its key, or None.

    A button alone has nothing to keep: one presses it again.
    """
    services = services_of(request)
    if not is_own_form(request) or await services.limiter.count(KEPT_OF_ADDRESS, client_address(request)):
        return None
    fields: dict[str, list[str]] = {}
    await read_form(request)
    for name, value in (await request.form()).multi_items():
        if name not in SECRET_FIELDS and not name.startswith("_") and isinstance(value, str):
            fields.setdefault(name, []).append(value)
    if not fields:
        return None
    token = new_token()
    kept = KeptForm(request.url.path, fields, owner_of(request.scope))
    await services.cache.put(cache_key(token), sealed(token, kept), SECONDS_KEPT)
    return own_cookie(request, token, SECONDS_KEPT)


async def kept_redirect(request: Request[Any, Any, Any], address: str) -> Redirect:
    """Keep a form that its handler cannot take yet, and lead to where it can be sent again from."""
    return redirect_with(address, await keep(request))


def redirect_with(address: str, cookie: Cookie | None) -> Redirect:
    answer = see_other(address)
    if cookie:
        answer.cookies.append(cookie)
    return answer


async def read(connection: Connection, token: str) -> KeptForm | None:
    found = await services_of(connection).cache.get(cache_key(token), bytes)
    return None if found is None else opened(token, found)


def sealed(token: str, kept: KeptForm) -> bytes:
    return cipher(token).encrypt(NONCE, msgspec.msgpack.encode(kept), None)


def opened(token: str, sealed_form: bytes) -> KeptForm | None:
    try:
        return msgspec.msgpack.decode(cipher(token).decrypt(NONCE, sealed_form, None), type=KeptForm)
    except (InvalidTag, msgspec.MsgspecError):
        return None


def cipher(token: str) -> AESGCM:
    return AESGCM(digest("kept_form_key", token))


def cache_key(token: str) -> str:
    return f"uit:form:{digest('kept_form', token).hex()}"


def is_own_form(request: Request[Any, Any, Any]) -> bool:
    """Whether a page of ours sent it, by a button and not by a script, and it is not too long to keep.

    A form of another site never comes back filled in: who presses its button would send what others typed.
    """
    length = header(request, b"content-length")
    return (
        request.content_type[0] == RequestEncodingType.URL_ENCODED
        and length.isdecimal()
        and int(length) <= MOST_BYTES
        and header(request, b"sec-fetch-mode") in {"", "navigate"}
        and sent_from(request) == "here"
    )


def page_of_form(connection: Connection) -> str:
    """The address of the page that a form stood on, or the nearest one above that can be asked for."""
    source = urlsplit(header(connection, b"referer"))
    if source.netloc == connection.url.netloc and can_be_asked_for(connection, source.path):
        kept = [(name, value) for name, value in parse_qsl(source.query) if name not in PASSING]
        return f"{source.path}?{urlencode(kept)}" if kept else source.path
    return nearest_page(connection, connection.url.path if sent_from(connection) == "here" else "/")


def nearest_page(connection: Connection, path: str) -> str:
    while path and not can_be_asked_for(connection, path):
        path = path.rpartition("/")[0]
    return path or "/"


def can_be_asked_for(connection: Connection, path: str) -> bool:
    """Whether there is a page at this path."""
    return any(
        re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route.path_format), path)
        for route in connection.app.routes
        if isinstance(route, HTTPRoute) and "GET" in route.methods
    )


def owner_of(scope: Scope) -> str:
    """Who visits, once that was recognised; empty for anybody."""
    visitor = cast("Mapping[str, Any]", scope).get("user")
    return str(getattr(visitor, "staff_id", None) or getattr(visitor, "person_id", None) or "")


def own_cookie(connection: Connection, value: str, seconds: int) -> Cookie:
    return build_cookie(COOKIE, value, seconds, services_of(connection).settings)


async def send_redirect(request: Request[Any, Any, Any], address: str, cookie: Cookie) -> None:
    made = with_safe_headers(redirect_with(address, cookie)).to_asgi_response(app=None, request=request)
    await made(request.scope, request.receive, request.send)
