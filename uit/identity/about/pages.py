"""The public pages about help, privacy and accessibility."""

from litestar.di import NamedDependency
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from uit.identity.authentication import AnyRequest, open_page
from uit.services.services import Services
from uit.web.public import public_page


@public_page("/hulp", include_in_schema=False)
async def help_page(request: AnyRequest, services: NamedDependency[Services]) -> Template:
    return await open_page(request, "identity/about/help.html", regions=await services.regions.every())


@public_page("/privacy", include_in_schema=False)
async def privacy(request: AnyRequest) -> Template:
    return await open_page(request, "identity/about/privacy.html")


@public_page("/toegankelijkheid", include_in_schema=False)
async def accessibility(request: AnyRequest) -> Template:
    return await open_page(request, "identity/about/accessibility.html")


ROUTES: list[ControllerRouterHandler] = [help_page, privacy, accessibility]
