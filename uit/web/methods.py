"""What can be asked of an address: the answer to OPTIONS, which opens nothing."""

from litestar.enums import HttpMethod, ScopeType
from litestar.response.base import ASGIResponse
from litestar.types import Scope

from uit.web.response import SAFE_HEADERS


def asks_for_methods(scope: Scope) -> bool:
    return scope["type"] == ScopeType.HTTP and scope["method"] == HttpMethod.OPTIONS


def name_methods(scope: Scope) -> ASGIResponse:
    """The framework's own answer leaves out what was added to an address after its first handler."""
    here = scope["path_template"]
    routes = [route for route in scope["litestar_app"].routes if route.path_format == here]
    methods = sorted({str(method) for route in routes for method in route.methods})
    return ASGIResponse(status_code=204, headers={**SAFE_HEADERS, "Allow": ", ".join(methods)})
