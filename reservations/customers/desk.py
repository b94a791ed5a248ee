"""The desk of a seller for the organisations that book on an invoice: what is agreed, and their codes."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.errors import CannotInvoice
from credits.invoice.customer import (
    Customer,
    NewCustomer,
    agree,
    change,
    may_invoice,
    new_code,
    read_customer,
    read_customers,
    replace_code,
)
from credits.invoice.invoice import SellerBooks, find_selling
from credits.payments.enterprise_number import read_enterprise_number
from reservations.booking.services import BookingServices
from reservations.customers.form import CustomerForm, labels, typed_of
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors, required_id
from uit.web.view import form_status, page, see_other

SELLER: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


def home_of(desk: OrganiserDesk) -> str:
    return f"{desk.home}/klanten"


async def can_invoice(tx: Executor, desk: OrganiserDesk) -> bool:
    seller = await find_selling(tx, desk.region.id, desk.organiser_id)
    if seller is None:
        raise RefusalError(NotFound())
    return await may_invoice(tx, desk.region.id, desk.organiser_id, seller.number)


async def customer_here(tx: Executor, desk: OrganiserDesk, customer_id: UUID, today: date) -> Customer:
    """A customer of the desk. Raises NotFound, also for one of another seller."""
    customer = await read_customer(tx, *desk.organiser_key, today, customer_id)
    if customer is None:
        raise RefusalError(NotFound())
    return customer


async def form_page(  # noqa: PLR0913  a form comes back with its errors, or with a refusal
    services: BookingServices,
    desk: OrganiserDesk,
    typed: CustomerForm,
    customer: Customer | None = None,
    errors: Errors | None = None,
    *,
    refusal: Refusal | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
    own = f"{home_of(desk)}/{customer.id}" if customer else home_of(desk)
    return page(
        "reservations/customers/customer.html",
        form_status(refusal, errors),
        **facts,
        refusal=refusal,
        customer=customer,
        typed=typed,
        errors=errors or {},
        labels=labels(),
        own=own,
    )


async def code_page(
    services: BookingServices, desk: OrganiserDesk, customer: Customer, code: str
) -> Template:
    """The one time that a code is shown."""
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
    shown = page("reservations/customers/code.html", **facts, customer=customer, code=code)
    shown.headers["Cache-Control"] = "no-store"
    return shown


@get("/", opt=SELLER)
async def show_customers(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    """Who books on an invoice here, how much of it is open, and what should have been paid."""
    desk, today = await desk_here(request), day_in_flanders(services.clock.now())
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
        customers = await read_customers(connection, *desk.organiser_key, today)
        can = await can_invoice(connection, desk)
        number = await read_enterprise_number(connection, *desk.organiser_key)
    return page(
        "reservations/customers/customers.html",
        **facts,
        flash=_("Bewaard.") if gedaan == "bewaard" else None,
        customers=customers,
        can_invoice=can,
        number=number,
        today=today,
        own=home_of(desk),
    )


@get("/nieuw", opt=SELLER)
async def show_new(request: StaffRequest, services: GivenServices) -> Template:
    desk = await desk_here(request)
    today = day_in_flanders(services.clock.now())
    typed = CustomerForm(str(services.ids.new()), starts_on=today.isoformat())
    return await form_page(services, desk, typed)


@post("/", opt=SELLER)
async def create(
    request: StaffRequest, data: URLEncodedBody[CustomerForm], services: GivenServices
) -> Template | Redirect:
    """Agree with an organisation, and show its code; sent again, it leads to the list."""
    desk, author = await desk_here(request), await author_here(request)
    customer_id = required_id({"customer_id": data.customer_id}, "customer_id")
    details = data.read()
    if isinstance(details, dict):
        return await form_page(services, desk, data, errors=details)
    async with services.database.reading() as connection:
        if not await can_invoice(connection, desk):
            return await form_page(services, desk, data, refusal=CannotInvoice())
    code, books = new_code(), SellerBooks(*desk.organiser_key, author.now)
    async with services.database.transaction() as tx:
        if not await agree(tx, books, services.ids, NewCustomer(customer_id, details, code)):
            return see_other(home_of(desk))
        terms = {"limit_cents": details.limit_cents, "term_days": details.term_days}
        await author.note(tx, "customer.agree", "customer", customer_id, **terms)
        customer = await customer_here(tx, desk, customer_id, author.today)
    return await code_page(services, desk, customer, code)


@get("/{customer_id:uuid}", opt=SELLER)
async def show_customer(
    request: StaffRequest, customer_id: FromPath[UUID], services: GivenServices
) -> Template:
    desk, today = await desk_here(request), day_in_flanders(services.clock.now())
    async with services.database.reading() as connection:
        customer = await customer_here(connection, desk, customer_id, today)
    return await form_page(services, desk, typed_of(customer), customer)


@post("/{customer_id:uuid}", opt=SELLER)
async def change_customer(
    request: StaffRequest,
    customer_id: FromPath[UUID],
    data: URLEncodedBody[CustomerForm],
    services: GivenServices,
) -> Template | Redirect:
    """Agree otherwise from now on. An agreement ends by its last day."""
    desk, author = await desk_here(request), await author_here(request)
    details = data.read()
    async with services.database.transaction() as tx:
        customer = await customer_here(tx, desk, customer_id, author.today)
        if not isinstance(details, dict):
            await change(tx, *desk.organiser_key, customer_id, details)
            terms = {"limit_cents": details.limit_cents, "term_days": details.term_days}
            await author.note(tx, "customer.change", "customer", customer_id, **terms)
    if isinstance(details, dict):
        return await form_page(services, desk, data, customer, details)
    return see_other(f"{home_of(desk)}?gedaan=bewaard")


@post("/{customer_id:uuid}/code", opt=SELLER)
async def give_new_code(
    request: StaffRequest, customer_id: FromPath[UUID], services: GivenServices
) -> Template:
    """A new code; the old one is good for nothing from now on."""
    desk, author, code = await desk_here(request), await author_here(request), new_code()
    async with services.database.transaction() as tx:
        customer = await customer_here(tx, desk, customer_id, author.today)
        await replace_code(tx, *desk.organiser_key, customer_id, code)
        await author.note(tx, "customer.code", "customer", customer_id)
    return await code_page(services, desk, customer, code)


DESK: Final = (show_customers, show_new, create, show_customer, change_customer, give_new_code)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/klanten", route_handlers=DESK, include_in_schema=False)
]
