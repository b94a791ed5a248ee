"""What every answer passes: safe headers, and refusals and errors in words."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import structlog
from litestar import Request
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from litestar.exceptions.http_exceptions import MethodNotAllowedException
from litestar.response import Response
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from uit.core.errors import (
    DatabaseAway,
    FormStale,
    MethodNotThere,
    NotFound,
    NotUnderstood,
    Refusal,
    RefusalError,
    TooLarge,
    Unexpected,
)
from uit.database.pool import OUTAGE
from uit.web.header import header
from uit.web.misread import not_understood
from uit.web.problem import asked_language, problem, refusal_page
from uit.web.response import SAFE_HEADERS
from uit.web.view import see_other

MACHINES = ("/api/", "/oauth/", "/health/", "/metrics", "/schema")

SECONDS_TO_COME_BACK = 5

log = structlog.get_logger()


def answer_refusal(request: Request[Any, Any, Any], refused: RefusalError) -> Response[Any]:
    if refused.redirect_to and not request.url.path.startswith(MACHINES):
        return guarded(see_other(refused.redirect_to))
    return said(request, refused.refusal)


def answer_http(request: Request[Any, Any, Any], wrong: HTTPException) -> Response[Any]:
    """Litestar's own refusals (a wrong path, method, type or body), said in our words."""
    if wrong.status_code >= HTTP_500_INTERNAL_SERVER_ERROR:
        return answer_bug(request, wrong)
    return said(request, as_refusal(wrong), headers=wrong.headers)


def answer_depth(request: Request[Any, Any, Any], _deep: RecursionError) -> Response[Any]:
    """A body that is nested deeper than can be read: the only recursion here that the asker decides on."""
    return said(request, NotUnderstood("", "malformed", "Nested too deep."))


def answer_outage(request: Request[Any, Any, Any], outage: Exception) -> Response[Any]:
    log.warning("database_away", method=request.method, reason=type(outage).__name__)
    return said(request, DatabaseAway(retry_after_seconds=SECONDS_TO_COME_BACK))


def answer_bug(request: Request[Any, Any, Any], bug: Exception) -> Response[Any]:
    """Something that we did not foresee: logged under a reference, which is all that the asker gets.

    The route is logged and not the address: some addresses hold a secret.
    """
    reference = uuid4().hex[:12]
    route = request.scope.get("path_template", "")
    log.error("unexpected", reference=reference, method=request.method, route=route, exc_info=bug)
    return said(request, Unexpected(reference))


def as_refusal(wrong: HTTPException) -> Refusal:
    match wrong:
        case NotFoundException():
            return NotFound()
        case MethodNotAllowedException():
            return MethodNotThere()
        case ValidationException(extra=[{"key": str(key), "message": str(message)}, *_]):
            return not_understood(message, key)
        case HTTPException(status_code=403):  # raised by nothing but the check of a form's token
            return FormStale()
        case HTTPException(status_code=413):
            return TooLarge()
        case _:
            return not_understood(str(wrong.detail))


def said(
    request: Request[Any, Any, Any], refusal: Refusal, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """The refusal as whoever asked can read it: a problem document on a machine's address, else a page."""
    answer: Response[Any]
    if request.url.path.startswith(MACHINES):
        language = asked_language(header(request, b"accept-language"))
        answer = problem(refusal, language, request.app.state.services.settings.address)
    else:
        answer = guarded(refusal_page(refusal))
    for name, value in (headers or {}).items():
        answer.headers.setdefault(name, value)
    return answer


def guarded(answer: Response[Any]) -> Response[Any]:
    """With the safe headers, which the framework only sets on what a handler returns."""
    for name, value in SAFE_HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    RefusalError: answer_refusal,
    HTTPException: answer_http,
    RecursionError: answer_depth,
    **dict.fromkeys(OUTAGE, answer_outage),
    Exception: answer_bug,
}
