"""The response to OPTIONS: the methods of an address. It needs no access."""

from litestar.enums import HttpMethod, ScopeType
from litestar.response.base import ASGIResponse
from litestar.types import Scope

from uit.web.response import SAFE_HEADERS


def is_options_request(scope: Scope) -> bool:
    return scope["type"] == ScopeType.HTTP and scope["method"] == HttpMethod.OPTIONS


def options_response(scope: Scope) -> ASGIResponse:
    """The methods of all handlers of an address; Litestar's own response has those of the first only."""
    here = scope["path_template"]
    routes = [route for route in scope["litestar_app"].routes if route.path_format == here]
    methods = sorted({str(method) for route in routes for method in route.methods})
    return ASGIResponse(status_code=204, headers={**SAFE_HEADERS, "Allow": ", ".join(methods)})
