"""The desk of a seller: taking cards, paying at the box office, and what giving up costs."""

from typing import Any, Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.payments.onboarding import note_account, open_card
from credits.payments.provider import PaymentProvider, ProviderAway, ProviderRefused
from credits.payments.seller import open_books, read_seller, set_ways, write_signatories
from reservations.booking.services import BookingServices
from reservations.errors import CardAway
from reservations.payment.ways_form import CardForm, WaysForm, labels, read_ways, typed_of
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from uit.core.errors import RefusalError
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import page, see_other

SELLER: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


async def ways_page(
    services: BookingServices,
    desk: OrganiserDesk,
    typed: WaysForm | None = None,
    errors: Errors | None = None,
    card: CardForm | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
        seller = await read_seller(connection, desk.region.id, desk.organiser_id)
    return page(
        "reservations/payment/ways.html",
        422 if errors else 200,
        **facts,
        seller=seller,
        has_provider=services.provider is not None,
        typed=typed or typed_of(seller),
        card=card or CardForm(*(seller.signatories if seller else [])),
        errors=errors or {},
        labels=labels(),
        own=f"{desk.home}/betalen",
    )


def provider_here(services: BookingServices, desk: OrganiserDesk) -> PaymentProvider:
    if services.provider is None:
        raise RefusalError(CardAway(), redirect_to=f"{desk.home}/betalen")
    return services.provider


@get("/", opt=SELLER)
async def show(request: StaffRequest, services: GivenServices) -> Template:
    """How this organiser is paid, and what is still missing before it can take cards."""
    return await ways_page(services, await desk_here(request))


@post("/", opt=SELLER)
async def change(
    request: StaffRequest, data: URLEncodedBody[WaysForm], services: GivenServices
) -> Template | Redirect:
    desk = await desk_here(request)
    key = desk.region.id, desk.organiser_id
    async with services.database.reading() as connection:
        seller = await read_seller(connection, *key)
    ways = read_ways(data, invoices=bool(seller and seller.invoices))
    if isinstance(ways, dict):
        return await ways_page(services, desk, data, ways)
    author = await author_here(request)
    async with services.database.transaction() as tx:
        await open_books(tx, *key, services.ids)
        await set_ways(tx, *key, ways)
        await author.note(
            tx,
            "seller.ways",
            "organiser",
            desk.organiser_id,
            desk_hours=ways.desk_hours,
            cancel_fee_cents=ways.cancel_fee_cents,
        )
    return see_other(f"{desk.home}/betalen")


@post("/kaart", opt=SELLER)
async def take_cards(
    request: StaffRequest, data: URLEncodedBody[CardForm], services: GivenServices
) -> Redirect | Template:
    """Open an account at the payment provider, and lead on to where the provider asks what it needs."""
    desk = await desk_here(request)
    provider, own = provider_here(services, desk), f"{desk.home}/betalen"
    author, key = await author_here(request), (desk.region.id, desk.organiser_id)
    signatories = data.read(has_number=await has_number(services, desk))
    if isinstance(signatories, dict):
        return await ways_page(services, desk, errors=signatories, card=data)
    try:
        account = await open_card(services, provider, *key)
        back = f"{services.settings.address}{own}/kaart"
        link = await provider.account_link(account, back, back)
    except (ProviderAway, ProviderRefused) as failure:
        raise RefusalError(CardAway(), redirect_to=own) from failure
    async with services.database.transaction() as tx:
        await write_signatories(tx, *key, signatories)
        await author.note(tx, "seller.card", "organiser", desk.organiser_id)
    return see_other(link)


async def has_number(services: BookingServices, desk: OrganiserDesk) -> bool:
    async with services.database.transaction() as tx:
        await open_books(tx, desk.region.id, desk.organiser_id, services.ids)
        seller = await read_seller(tx, desk.region.id, desk.organiser_id)
    return seller is not None and seller.number is not None


@get("/kaart", opt=SELLER)
async def back_from_provider(request: StaffRequest, services: GivenServices) -> Redirect:
    """Read back what the provider says of the account now."""
    desk = await desk_here(request)
    provider, own = provider_here(services, desk), f"{desk.home}/betalen"
    key = desk.region.id, desk.organiser_id
    async with services.database.reading() as connection:
        seller = await read_seller(connection, *key)
    if seller and seller.card_account:
        try:
            account = await provider.read_account(seller.card_account)
        except (ProviderAway, ProviderRefused) as failure:
            raise RefusalError(CardAway(), redirect_to=own) from failure
        await note_account(services, *key, account)
    return see_other(own)


DESK: Final = (show, change, take_cards, back_from_provider)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/betalen", route_handlers=DESK, include_in_schema=False)
]
