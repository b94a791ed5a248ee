"""The web application: its routes, middleware and settings, and the services that it opens and closes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from litestar import Litestar, Request, Router, put
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Contact, License, OAuthFlow, OAuthFlows, SecurityScheme
from litestar.params import JSONBody
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from reservations.booking.request import BookingRequest
from reservations.booking.services import BookingServices, open_services
from uit.core.clock import Clock, SystemClock
from uit.core.settings import Settings, read_settings
from uit.database.listener import listen
from uit.entrypoints.each_second import remember, start_each_second
from uit.entrypoints.faces import FACES
from uit.identity.authentication import ANYBODY, AuthenticationMiddleware
from uit.identity.client.scope import SCOPES
from uit.identity.visitor import FORGOTTEN, Authenticator
from uit.web.body import Strict
from uit.web.documented import ClosedStructs
from uit.web.form_token import FormTokenMiddleware, form_token
from uit.web.from_memory import FromMemoryMiddleware
from uit.web.kept_form import KeptFormMiddleware
from uit.web.kept_page import KeptPages
from uit.web.metrics import MetricsMiddleware
from uit.web.public import PublicPagesMiddleware
from uit.web.response import safe_headers
from uit.web.sent_body import BodyMiddleware, Leftovers, SlowSenders
from uit.web.sent_form import MOST_FIELDS, FormMiddleware, HeadMiddleware
from uit.web.shell import EXCEPTION_HANDLERS
from uit.web.view import environment


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Litestar:
    """The application of one process. The stores must be running and the database migrated."""
    settings = settings or read_settings()
    clock = clock or SystemClock()

    @asynccontextmanager
    async def lifespan_of_services(app: Litestar) -> AsyncIterator[None]:
        async with opened(app, settings, clock) as services:
            await start_each_second(app, services)
            yield

    return Litestar(
        route_handlers=routes(settings),
        lifespan=[lifespan_of_services],
        middleware=[
            MetricsMiddleware,
            FromMemoryMiddleware,
            HeadMiddleware,
            partial(BodyMiddleware, senders=SlowSenders(), leftovers=Leftovers()),
            KeptFormMiddleware,
            AuthenticationMiddleware,
            partial(PublicPagesMiddleware, kept=KeptPages()),
            FormMiddleware,
            FormTokenMiddleware,
        ],
        dependencies={"services": Provide(provide_services, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        response_headers=safe_headers(settings.payment_pages),
        template_config=TemplateConfig(instance=template_engine()),
        openapi_config=openapi(settings),
        plugins=[ClosedStructs()],
        request_max_body_size=None,  # BodyMiddleware has read it by then, and knows the bound of each route
        multipart_form_part_limit=MOST_FIELDS,
        logging_config=None,
    )


def template_engine() -> JinjaTemplateEngine:
    engine = JinjaTemplateEngine(engine_instance=environment())
    engine.register_template_callable("csrf_token", form_token)
    return engine


API_DESCRIPTION: Final = """
Amounts are in cents of a euro, in members that end in `cents`. Moments are in UTC.

A refusal is a problem document (RFC 9457): its `code` is stable, and `/problems` lists all codes. Its texts
are in Dutch, French or English, as `Accept-Language` asks; `Content-Language` says which.

Bookings, cancellations and check-ins have an id that you choose, so that they can be sent again: a repeat
changes nothing more.

Who comes back from a payment page may be there before the money is. A payment that is `pending` then is not
final: read the booking again, until it is `paid`, `failed` or `expired`.
"""


def openapi(settings: Settings) -> OpenAPIConfig:
    """The configuration of `/schema/openapi.json`. No viewer is served: viewers load external scripts."""
    flow = OAuthFlow(token_url=f"{settings.address}/oauth/token", scopes=dict(SCOPES))
    bearer = SecurityScheme(
        type="http", scheme="bearer", description="A token of the holder, made on their own page."
    )
    return OpenAPIConfig(
        title="uit",
        version="1",
        summary="Credit, bookings and labels for Flemish towns.",
        description=API_DESCRIPTION.strip(),
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
    dto=Strict[BookingRequest],
    return_dto=None,
)
async def echo(data: JSONBody[BookingRequest]) -> BookingRequest:
    """For the bench only: decode and return the body of a booking on an ordinary route.

    The rate of bookings is compared with the rate of this route; bookings use the fast route.
    """
    return data


def provide_services(request: Request[Any, Any, Any]) -> BookingServices:
    services: BookingServices = request.app.state.services
    return services


@asynccontextmanager
async def opened(app: Litestar, settings: Settings, clock: Clock) -> AsyncIterator[BookingServices]:
    async with open_services(settings, clock) as services:
        authenticator = Authenticator(services.database, services.cache, clock)
        app.state.update({"services": services, "authenticator": authenticator})
        remember(app, services)
        services.vital_tasks.start(
            "forgetting", listen(settings.database_url, FORGOTTEN, authenticator.on_forgotten)
        )
        yield services
