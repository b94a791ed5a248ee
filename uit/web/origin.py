"""Where a form was sent from, for those that carry no token because their page is the same for everybody."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from uit.core.errors import FormStale, RefusalError
from uit.web.header import header

WITHOUT_TOKEN = {"exclude_from_csrf": True}
"""The `opt` of a handler that calls `refuse_other_origin` instead of comparing a token."""


def refuse_other_origin(request: Request[Any, Any, Any]) -> None:
    """Raise the refusal FormStale for a form that a page of another site sent, as browsers say themselves.

    `Sec-Fetch-Site` says it best; older browsers name the `Origin`. What sends neither is no browser, and has
    nobody's cookies.
    """
    site, origin = header(request, b"sec-fetch-site"), header(request, b"origin")
    if site:
        is_own = site in {"same-origin", "none"}
    else:
        is_own = not origin or urlsplit(origin).netloc == request.url.netloc
    if not is_own:
        raise RefusalError(FormStale())
