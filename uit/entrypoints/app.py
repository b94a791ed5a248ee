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

from credits.differences import desk as differences_desk
from credits.payments import api as payments_api
from credits.payments import desk as sellers_desk
from credits.programme import desk as programme_desk
from credits.remittance import desk as remittance_desk
from credits.till import desk as till_desk
from credits.till.books import desk as till_books_desk
from credits.till.counter import desk as till_counter_desk
from credits.till.counting import desk as till_counting_desk
from credits.till.rule import desk as till_rule_desk
from credits.wallet import api as wallet_api
from credits.wallet import desk as wallet_desk
from organisers.labels.decision import desk as decision_desk
from organisers.labels.dossier import desk as dossier_desk
from organisers.labels.register import api as register_api
from organisers.labels.register import pages as register_pages
from organisers.office import desk as office_desk
from reservations.basket import pages as basket_pages
from reservations.booking import api as booking_api
from reservations.booking import pages as booking_pages
from reservations.booking.request import BookingRequest
from reservations.booking.services import BookingServices, open_services
from reservations.bookkeeping import desk as bookkeeping_desk
from reservations.bookkeeping.years import desk as years_desk
from reservations.box_office import desk as box_office_desk
from reservations.box_office.selling import desk as selling_desk
from reservations.box_office.swapping import desk as swapping_desk
from reservations.box_office.taking_back import desk as taking_back_desk
from reservations.catalogue import api as catalogue_api
from reservations.catalogue import pages as catalogue_pages
from reservations.checkin import api as checkin_api
from reservations.checkin import desk as checkin_desk
from reservations.checkin import pages as checkin_pages
from reservations.customers import desk as customers_desk
from reservations.guest import pages as guest_pages
from reservations.helping import desk as helping_desk
from reservations.helping import pages as helping_pages
from reservations.importing import desk as importing_desk
from reservations.invoices import api as invoices_api
from reservations.invoices import desk as invoices_desk
from reservations.order import pages as order_pages
from reservations.own_data import desk as own_data_desk
from reservations.payment import desk as payment_desk
from reservations.payment import pages as payment_pages
from reservations.public_computers import desk as public_computers_desk
from reservations.quotes import api as quotes_api
from reservations.sessions import desk as sessions_desk
from reservations.statement import pages as statement_pages
from reservations.tariffs import desk as tariffs_desk
from uit.core.clock import Clock, SystemClock
from uit.core.settings import Settings, read_settings
from uit.database.listener import listen
from uit.identity.about import pages as about_pages
from uit.identity.access import desk as access_desk
from uit.identity.authentication import ANYBODY, AuthenticationMiddleware
from uit.identity.client import api as client_api
from uit.identity.client.scope import SCOPES
from uit.identity.sign_in import pages as sign_in_pages
from uit.identity.staff import desk as staff_desk
from uit.identity.visitor import FORGOTTEN, Authenticator
from uit.passes.card import desk as card_desk
from uit.passes.card import pages as card_pages
from uit.passes.details import desk as details_desk
from uit.passes.household import desk as household_desk
from uit.passes.membership import desk as membership_desk
from uit.passes.registration import desk as registration_desk
from uit.web import api as web_api
from uit.web import pages as web_pages
from uit.web.body import Strict
from uit.web.documented import ClosedStructs
from uit.web.form_token import FormTokenMiddleware, form_token
from uit.web.kept_form import KeptFormMiddleware
from uit.web.kept_page import KeptPages
from uit.web.metrics import MetricsMiddleware
from uit.web.public import PublicPagesMiddleware
from uit.web.response import safe_headers
from uit.web.sent_body import BodyMiddleware, Leftovers, SlowSenders
from uit.web.sent_form import MOST_FIELDS, FormMiddleware, HeadMiddleware
from uit.web.shell import EXCEPTION_HANDLERS
from uit.web.view import environment

FACES = (
    web_pages,
    web_api,
    about_pages,
    sign_in_pages,
    staff_desk,
    access_desk,
    client_api,
    office_desk,
    card_desk,
    card_pages,
    membership_desk,
    own_data_desk,
    details_desk,
    household_desk,
    registration_desk,
    register_pages,
    dossier_desk,
    decision_desk,
    register_api,
    programme_desk,
    wallet_desk,
    wallet_api,
    payments_api,
    differences_desk,
    remittance_desk,
    sellers_desk,
    till_desk,
    till_books_desk,
    till_counting_desk,
    till_counter_desk,
    till_rule_desk,
    catalogue_pages,
    order_pages,
    basket_pages,
    booking_pages,
    statement_pages,
    payment_pages,
    payment_desk,
    customers_desk,
    public_computers_desk,
    invoices_desk,
    invoices_api,
    box_office_desk,
    selling_desk,
    taking_back_desk,
    swapping_desk,
    guest_pages,
    helping_pages,
    helping_desk,
    bookkeeping_desk,
    years_desk,
    importing_desk,
    sessions_desk,
    tariffs_desk,
    checkin_desk,
    checkin_pages,
    booking_api,
    quotes_api,
    catalogue_api,
    checkin_api,
)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Litestar:
    """The application of one process. The stores must be running and the database migrated."""
    settings = settings or read_settings()
    clock = clock or SystemClock()

    @asynccontextmanager
    async def lifespan_of_services(app: Litestar) -> AsyncIterator[None]:
        async with opened(app, settings, clock):
            yield

    return Litestar(
        route_handlers=routes(settings),
        lifespan=[lifespan_of_services],
        middleware=[
            MetricsMiddleware,
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
async def opened(app: Litestar, settings: Settings, clock: Clock) -> AsyncIterator[None]:
    async with open_services(settings, clock) as services:
        authenticator = Authenticator(services.database, services.cache, clock)
        app.state.update({"services": services, "authenticator": authenticator})
        services.vital_tasks.start(
            "forgetting", listen(settings.database_url, FORGOTTEN, authenticator.on_forgotten)
        )
        yield
