"""What an API handler answers: a document, or a refusal as a problem document (RFC 9457)."""

from typing import Any

import msgspec
from litestar import Request
from litestar.response import Response

from uit.core.errors import Refusal
from uit.services.services import Services
from uit.web.header import header
from uit.web.problem import preferred_language, problem
from uit.web.response import EncodedResponse


def json_response(document: object, status: int = 200) -> Response[Any]:
    return EncodedResponse(msgspec.json.encode(document), status)


def problem_response(request: Request[Any, Any, Any], refusal: object) -> Response[Any]:
    """A refusal in the language that the request asks for. Anything else in its place is a bug."""
    assert isinstance(refusal, Refusal)
    services: Services = request.app.state["services"]
    return problem(
        refusal, preferred_language(header(request, b"accept-language")), services.settings.address
    )
