"""The exception handlers: every refusal and error becomes a problem document or a page, with safe headers."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import structlog
from litestar import Request
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from litestar.exceptions.http_exceptions import MethodNotAllowedException
from litestar.response import Response
from litestar.status_codes import HTTP_400_BAD_REQUEST, HTTP_500_INTERNAL_SERVER_ERROR

from uit.core.errors import (
    Busy,
    DatabaseAway,
    MethodNotThere,
    NotFound,
    NotUnderstood,
    Refusal,
    RefusalError,
    Unexpected,
)
from uit.database.pool import (
    CANNOT_WRITE,
    CONTENTION,
    OUTAGE,
    TOOK_TOO_LONG,
    UNSTORABLE,
    PoolBusyError,
)
from uit.web.connection import services_of
from uit.web.header import header
from uit.web.misread import not_understood
from uit.web.problem import preferred_language, problem, refusal_page
from uit.web.response import SAFE_HEADERS, EncodedResponse
from uit.web.sent_body import SenderGoneError, note_sender_gone
from uit.web.view import see_other

API_PREFIXES = ("/api/", "/oauth/", "/health/", "/metrics", "/schema")

RETRY_AFTER_SECONDS = 5
SECONDS_TO_TRY_AGAIN = 2

log = structlog.get_logger()


def answer_refusal(request: Request[Any, Any, Any], error: RefusalError) -> Response[Any]:
    if error.redirect_to and not request.scope["path"].startswith(API_PREFIXES):
        return with_safe_headers(see_other(error.redirect_to))
    return refusal_response(request, error.refusal)


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The response for an exception of Litestar: an unknown path or method, or a body that cannot be read."""
    if error.status_code >= HTTP_500_INTERNAL_SERVER_ERROR:
        return answer_bug(request, error)
    return refusal_response(request, as_refusal(error), headers=error.headers)


def answer_depth(request: Request[Any, Any, Any], _deep: RecursionError) -> Response[Any]:
    """The response for a body that is nested too deeply: no other recursion depends on the client."""
    return refusal_response(request, NotUnderstood("", "malformed", "Nested too deep."))


def answer_unstorable(request: Request[Any, Any, Any], _text: Exception) -> Response[Any]:
    """The response for a text that cannot be kept or looked for, wherever it came in. Nothing was written."""
    return refusal_response(
        request, NotUnderstood("", "malformed", "A text holds a character that cannot be kept.")
    )


def answer_outage(request: Request[Any, Any, Any], outage: Exception) -> Response[Any]:
    log.warning("database_away", method=request.method, reason=type(outage).__name__)
    return refusal_response(request, DatabaseAway(retry_after_seconds=RETRY_AFTER_SECONDS))


def answer_contention(request: Request[Any, Any, Any], conflict: Exception) -> Response[Any]:
    """Others had the rows or the connections that this request needs, for longer than it may wait."""
    log.warning("request_gave_way", method=request.method, reason=type(conflict).__name__)
    return refusal_response(request, Busy(retry_after_seconds=SECONDS_TO_TRY_AGAIN))


def answer_sender_gone(request: Request[Any, Any, Any], _gone: SenderGoneError) -> Response[Any]:
    """Nobody reads this answer, unless what they sent was no HTTP."""
    note_sender_gone(request.scope)
    return EncodedResponse(b"", HTTP_400_BAD_REQUEST)


def answer_bug(request: Request[Any, Any, Any], bug: Exception) -> Response[Any]:
    """The response for an unforeseen exception: `Unexpected`, with the reference under which it is logged.

    The route is logged and not the address, because some addresses hold a secret.
    """
    reference = uuid4().hex[:12]
    route = request.scope.get("path_template", "")
    log.error("unexpected", reference=reference, method=request.method, route=route, exc_info=bug)
    return refusal_response(request, Unexpected(reference))


def as_refusal(error: HTTPException) -> Refusal:
    match error:
        case NotFoundException():
            return NotFound()
        case MethodNotAllowedException():
            return MethodNotThere()
        case ValidationException(extra=[{"key": str(key), "message": str(message)}, *_]):
            return not_understood(message, key)
        case _:
            return not_understood(str(error.detail))


def refusal_response(
    request: Request[Any, Any, Any], refusal: Refusal, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """The refusal as a problem document for an address of the API, and as a page for any other address."""
    answer: Response[Any]
    if request.scope["path"].startswith(API_PREFIXES):
        language = preferred_language(header(request, b"accept-language"))
        answer = problem(refusal, language, services_of(request).settings.address)
    else:
        answer = with_safe_headers(refusal_page(refusal))
    for name, value in (headers or {}).items():
        answer.headers.setdefault(name, value)
    return answer


def with_safe_headers(answer: Response[Any]) -> Response[Any]:
    """Add SAFE_HEADERS, which Litestar only sets on what a handler returns."""
    for name, value in SAFE_HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    RefusalError: answer_refusal,
    HTTPException: answer_http,
    RecursionError: answer_depth,
    SenderGoneError: answer_sender_gone,
    **dict.fromkeys(UNSTORABLE, answer_unstorable),
    **dict.fromkeys((*OUTAGE, *CANNOT_WRITE), answer_outage),
    **dict.fromkeys((*CONTENTION, *TOOK_TOO_LONG, PoolBusyError), answer_contention),
    Exception: answer_bug,
}
