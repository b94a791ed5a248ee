"""The web application: opens what it stands on, joins the routes, and closes again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router, put
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Contact, License, OAuthFlow, OAuthFlows, SecurityScheme
from litestar.params import JSONBody
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from credits import api as credit_api
from credits import desk as credit_desk
from credits import pages as credit_pages
from organisers.labels import api as label_api
from organisers.labels import desk as label_desk
from organisers.labels import pages as label_pages
from reservations import api as booking_api
from reservations import at_door, party
from reservations import desk as booking_desk
from reservations import pages as booking_pages
from reservations.house import BookingHouse, open_house
from uit.ground.clock import Clock, SystemClock
from uit.ground.secret import read_or_make
from uit.ground.settings import Settings, read_settings
from uit.ground.web import api as web_api
from uit.ground.web import pages as web_pages
from uit.ground.web.answer import SAFE_HEADERS
from uit.ground.web.body import Strict
from uit.ground.web.documented import Closed
from uit.ground.web.measure import Measured
from uit.ground.web.shell import EXCEPTION_HANDLERS
from uit.ground.web.view import environment
from uit.identity import api as identity_api
from uit.identity import desk as identity_desk
from uit.identity import pages as identity_pages
from uit.identity.entry import ANYBODY, Entrance
from uit.identity.visitor import Doorkeeper
from uit.passes import desk as pass_desk
from uit.passes import pages as pass_pages

MOST_BYTES = 1_000_000
FACES = (
    web_pages,
    web_api,
    identity_pages,
    identity_desk,
    identity_api,
    pass_pages,
    pass_desk,
    label_pages,
    label_desk,
    label_api,
    credit_pages,
    credit_desk,
    credit_api,
    booking_pages,
    booking_desk,
    party,
    at_door,
    booking_api,
)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Litestar:
    """The application for one process. Its stores must be there and migrated."""
    settings = settings or read_settings()
    clock = clock or SystemClock()

    @asynccontextmanager
    async def standing(app: Litestar) -> AsyncIterator[None]:
        async with opened(app, settings, clock):
            yield

    return Litestar(
        route_handlers=routes(settings),
        lifespan=[standing],
        middleware=[Measured, Entrance],
        dependencies={"house": Provide(give_house, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        response_headers=SAFE_HEADERS,
        csrf_config=CSRFConfig(
            secret=read_or_make(settings.secrets_path).session.hex(),
            cookie_name="uit_csrf",
            cookie_secure=settings.secure,
            cookie_httponly=True,
            cookie_samesite="lax",
            exclude=["^/api/", "^/oauth/", "^/health/", "^/metrics", "^/schema", "^/assets/"],
        ),
        template_config=TemplateConfig(instance=JinjaTemplateEngine(engine_instance=environment())),
        openapi_config=openapi(settings),
        plugins=[Closed()],
        request_max_body_size=MOST_BYTES,
        logging_config=None,
    )


def openapi(settings: Settings) -> OpenAPIConfig:
    """The document at `/schema/openapi.json`: JSON alone, since viewers load scripts from elsewhere."""
    flow = OAuthFlow(token_url=f"{settings.address}/oauth/token", scopes={})
    bearer = SecurityScheme(
        type="http", scheme="bearer", description="A token of the holder, made on their own page."
    )
    return OpenAPIConfig(
        title="uit",
        version="1",
        summary="Credit, bookings and labels for Flemish towns.",
        use_handler_docstrings=True,
        contact=Contact(name="uit"),
        license=License(name="EUPL-1.2", identifier="EUPL-1.2"),
        components=Components(
            security_schemes={
                "client": SecurityScheme(type="oauth2", flows=OAuthFlows(client_credentials=flow)),
                "holder": bearer,
            }
        ),
        path="/schema",
        render_plugins=[JsonRenderPlugin()],
        openapi_router=Router("/schema", route_handlers=[], opt=ANYBODY, include_in_schema=False),
    )


def routes(settings: Settings) -> Sequence[ControllerRouterHandler]:
    every = [route for module in FACES for route in module.ROUTES]
    return [*every, echo] if settings.bench else every


@put(
    "/api/v1/echo",
    opt=ANYBODY,
    include_in_schema=False,
    dto=Strict[booking_api.BookingRequest],
    return_dto=None,
)
async def echo(data: JSONBody[booking_api.BookingRequest]) -> booking_api.BookingRequest:
    """Only when measuring: what an ordinary route costs for a booking's own content, read and sent back.

    A booking goes `straight`, which is most of how it comes near to half of this.
    """
    return data


def give_house(request: Request[Any, Any, Any]) -> BookingHouse:
    house: BookingHouse = request.app.state.house
    return house


@asynccontextmanager
async def opened(app: Litestar, settings: Settings, clock: Clock) -> AsyncIterator[None]:
    async with open_house(settings, clock) as house:
        doorkeeper = Doorkeeper(house.database, house.cache, clock)
        app.state.update({"house": house, "doorkeeper": doorkeeper})
        yield
