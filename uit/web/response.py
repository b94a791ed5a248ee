"""A response whose body is already encoded, and the security headers of every response."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from litestar.response import Response
from litestar.types import Receive, Scope, Send

JSON: Final = "application/json"

POLICY: Final = "Content-Security-Policy"
SAFE_HEADERS: Final[Mapping[str, str]] = {
    POLICY: (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

PRIVATE_HEADERS: Final[Mapping[str, str]] = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Of a page whose address is a key: no other page may learn it, and no search engine may keep it."""


def safe_headers(payment_pages: str) -> Mapping[str, str]:
    """SAFE_HEADERS, with forms that may also lead to a payment page. Browsers hold redirects to it too."""
    policy = SAFE_HEADERS[POLICY]
    allowed = f"form-action 'self' {payment_pages};"
    return {
        **SAFE_HEADERS,
        POLICY: policy.replace("form-action 'self';", allowed) if payment_pages else policy,
    }


def encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


ENCODED_SAFE_HEADERS: Final = encoded(SAFE_HEADERS)


class EncodedResponse(Response[Any]):
    """A response of bytes, for hot routes: Litestar merges, checks and encodes the headers for each response.

    `headers` are added to `safe`, which are SAFE_HEADERS where nothing else is said, and cannot replace them.
    """

    def __init__(
        self,
        body: bytes,
        status: int,
        media_type: str = JSON,
        headers: Mapping[str, str] | None = None,
        safe: Sequence[tuple[bytes, bytes]] = ENCODED_SAFE_HEADERS,
    ) -> None:
        self.content, self.status_code, self.media_type = body, status, media_type
        self.headers, self._safe = dict(headers or {}), safe
        self.cookies, self.background = [], None

    def to_asgi_response(self, *_: object, **__: object) -> Self:  # type: ignore[override]
        """The response is an ASGI application itself."""
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  its form
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code or 200,
                "headers": [
                    (b"content-type", str(self.media_type).encode()),
                    (b"content-length", str(len(self.content)).encode()),
                    *self._safe,
                    *encoded(self.headers),
                ],
            }
        )
        await send({"type": "http.response.body", "body": self.content, "more_body": False})
