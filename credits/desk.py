"""To be filled."""

from litestar.types import ControllerRouterHandler

ROUTES: list[ControllerRouterHandler] = []
