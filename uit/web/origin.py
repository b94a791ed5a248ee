"""Where a form was sent from, for those that carry no token because their page is the same for everybody."""

from typing import Any, Literal
from urllib.parse import urlsplit

from litestar import Request

from uit.core.errors import FormStale, RefusalError
from uit.web.connection import Connection
from uit.web.header import header

CHECKS_ORIGIN = "checks_origin"
WITHOUT_TOKEN = {CHECKS_ORIGIN: True}
"""The `opt` of a handler that calls `refuse_other_origin` instead of comparing a token."""


def refuse_other_origin(request: Request[Any, Any, Any]) -> None:
    """Raise the refusal FormStale for a form that a page of another site sent.

    What does not say where it comes from is no browser, and has nobody's cookies.
    """
    if sent_from(request) == "elsewhere":
        raise RefusalError(FormStale())


def sent_from(connection: Connection) -> Literal["here", "elsewhere", "unknown"]:
    """Whether a page of this site sent it, as browsers say themselves.

    `Sec-Fetch-Site` says it best, and "none" for what no page sent; older browsers name the `Origin` or the
    page that it came from.
    """
    site = header(connection, b"sec-fetch-site")
    if site:
        return "here" if site == "same-origin" else "unknown" if site == "none" else "elsewhere"
    source = header(connection, b"origin") or header(connection, b"referer")
    if not source:
        return "unknown"
    return "here" if urlsplit(source).netloc == connection.url.netloc else "elsewhere"
