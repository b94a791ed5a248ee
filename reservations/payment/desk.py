"""The desk of a seller: taking cards, paying at the box office, what giving up costs, and paying back."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.errors import RefundClosed
from credits.payments.by_transfer import close_by_transfer
from credits.payments.enterprise_number import read_enterprise_number, set_enterprise_number
from credits.payments.onboarding import close_account, lead_to_provider, note_account
from credits.payments.provider import NO_ACCESS, PaymentProvider, ProviderAway, ProviderRefused
from credits.payments.seller import Seller, open_books, read_seller, set_ways, write_signatories
from credits.remittance.remittance import read_debts
from reservations.booking.services import BookingServices
from reservations.errors import CardAway
from reservations.payment.owed import AT_ONCE, OwedRefund, read_disputes, read_owed
from reservations.payment.transfer_form import TransferForm, read_transfer
from reservations.payment.transfer_form import labels as transfer_labels
from reservations.payment.ways_form import (
    CardForm,
    EnterpriseNumberForm,
    WaysForm,
    labels,
    read_ways,
    typed_of,
)
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import page, see_other

SELLER: Final = staff("organiser")
A_YEAR: Final = timedelta(days=365)
GivenServices = NamedDependency[BookingServices]


async def ways_page(  # noqa: PLR0913  each is what another form of the page typed
    services: BookingServices,
    desk: OrganiserDesk,
    *,
    typed: WaysForm | None = None,
    errors: Errors | None = None,
    card: CardForm | None = None,
    typed_number: str = "",
    refusal: Refusal | None = None,
    **shown: object,
) -> Template:
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
        seller = await read_seller(connection, *desk.organiser_key)
        agent = await read_agent(connection, desk.region.id, seller)
        number = await read_enterprise_number(connection, *desk.organiser_key)
        debts = await read_debts(connection, desk.region.id, None, desk.organiser_id)
    return page(
        "reservations/payment/ways.html",
        refusal.status if refusal else 422 if errors else 200,
        **facts,
        refusal=refusal,
        seller=seller,
        agent=agent,
        number=number,
        debts=debts,
        typed_number=typed_number,
        has_provider=services.provider is not None,
        typed=typed or typed_of(seller),
        card=card or CardForm(*(seller.signatories if seller else [])),
        errors=errors or {},
        labels=labels(),
        own=f"{desk.home}/betalen",
        **shown,
    )


async def read_agent(tx: Executor, region_id: int, seller: Seller | None) -> Seller | None:
    """Who sells for a seller under a mandate, if anybody does."""
    if seller is None or seller.agent_id is None:
        return None
    return await read_seller(tx, region_id, seller.agent_id)


def provider_here(services: BookingServices, desk: OrganiserDesk) -> PaymentProvider:
    if services.provider is None:
        raise RefusalError(CardAway(), redirect_to=f"{desk.home}/betalen")
    return services.provider


@get("/", opt=SELLER)
async def show(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    """How this organiser is paid, and what is still missing before it can take cards."""
    flash = _("Bewaard.") if gedaan == "bewaard" else None
    return await ways_page(services, await desk_here(request), flash=flash)


@post("/", opt=SELLER)
async def change(
    request: StaffRequest, data: URLEncodedBody[WaysForm], services: GivenServices
) -> Template | Redirect:
    desk = await desk_here(request)
    key, ways = desk.organiser_key, read_ways(data)
    if isinstance(ways, dict):
        return await ways_page(services, desk, typed=data, errors=ways)
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
    return see_other(f"{desk.home}/betalen?gedaan=bewaard")


@post("/nummer", opt=SELLER)
async def say_number(
    request: StaffRequest, data: URLEncodedBody[EnterpriseNumberForm], services: GivenServices
) -> Redirect | Template:
    """The enterprise number under which this organiser's books are kept: said once."""
    desk, author, number = await desk_here(request), await author_here(request), data.read()
    if isinstance(number, dict):
        return await ways_page(services, desk, errors=number, typed_number=data.enterprise_number)
    async with services.database.transaction() as tx:
        refusal = await set_enterprise_number(tx, *desk.organiser_key, number, services.ids)
        if refusal is None:
            await author.note(tx, "seller.number", "organiser", desk.organiser_id, number=number)
    if refusal:
        return await ways_page(services, desk, typed_number=data.enterprise_number, refusal=refusal)
    return see_other(f"{desk.home}/betalen?gedaan=bewaard")


@post("/kaart", opt=SELLER)
async def take_cards(
    request: StaffRequest, data: URLEncodedBody[CardForm], services: GivenServices
) -> Redirect | Template:
    """Open an account at the payment provider, and lead on to where the provider asks what it needs."""
    desk = await desk_here(request)
    provider, own = provider_here(services, desk), f"{desk.home}/betalen"
    author, key = await author_here(request), desk.organiser_key
    signatories = data.read(has_number=await has_number(services, desk))
    if isinstance(signatories, dict):
        return await ways_page(services, desk, errors=signatories, card=data)
    try:
        back = f"{services.settings.address}{own}/kaart"
        link = await lead_to_provider(services, provider, *key, back)
    except (ProviderAway, ProviderRefused) as failure:
        raise RefusalError(CardAway(), redirect_to=own) from failure
    async with services.database.transaction() as tx:
        await write_signatories(tx, *key, signatories)
        await author.note(tx, "seller.card", "organiser", desk.organiser_id)
    return see_other(link)


async def has_number(services: BookingServices, desk: OrganiserDesk) -> bool:
    async with services.database.reading() as connection:
        return await read_enterprise_number(connection, *desk.organiser_key) is not None


@get("/kaart", opt=SELLER)
async def back_from_provider(request: StaffRequest, services: GivenServices) -> Redirect:
    """Read back what the provider says of the account now."""
    desk = await desk_here(request)
    provider, own = provider_here(services, desk), f"{desk.home}/betalen"
    key = desk.organiser_key
    async with services.database.reading() as connection:
        seller = await read_seller(connection, *key)
    if seller and seller.card_account:
        await read_back_account(services, provider, desk, seller.card_account)
    return see_other(own)


async def read_back_account(
    services: BookingServices, provider: PaymentProvider, desk: OrganiserDesk, account_id: str
) -> None:
    """Write down how an account stands, or that we have no access to it any more."""
    try:
        account = await provider.read_account(account_id)
    except (ProviderAway, ProviderRefused) as failure:
        if not isinstance(failure, ProviderRefused) or failure.code != NO_ACCESS:
            raise RefusalError(CardAway(), redirect_to=f"{desk.home}/betalen") from failure
        await close_account(services, *desk.organiser_key, account_id)
        return
    await note_account(services, *desk.organiser_key, account)


@get("/terug", opt=SELLER)
async def show_owed(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    """What is still to be paid back, and what a bank holds since its payer contests it."""
    desk = await desk_here(request)
    key, a_year_ago = desk.organiser_key, services.clock.now() - A_YEAR
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
        owed = await read_owed(connection, *key, None, AT_ONCE)
        disputes = await read_disputes(connection, *key, a_year_ago, AT_ONCE)
    flash = _("Genoteerd: dit is terugbetaald.") if gedaan == "gestort" else None
    own = f"{desk.home}/betalen"
    return page("reservations/payment/owed.html", **facts, owed=owed, disputes=disputes, own=own, flash=flash)


@get("/terug/{refund_id:uuid}", opt=SELLER)
async def show_transfer(
    request: StaffRequest, services: GivenServices, refund_id: FromPath[UUID]
) -> Template:
    desk = await desk_here(request)
    return await transfer_page(services, desk, await owed_here(services, desk, refund_id))


@post("/terug/{refund_id:uuid}", opt=SELLER)
async def pay_back(
    request: StaffRequest,
    data: URLEncodedBody[TransferForm],
    services: GivenServices,
    refund_id: FromPath[UUID],
) -> Template | Redirect:
    """Somebody paid by transfer: when, and what the bank calls it."""
    desk, author = await desk_here(request), await author_here(request)
    refund = await owed_here(services, desk, refund_id)
    transfer = read_transfer(data, day_in_flanders(refund.decided_at), author.today)
    if isinstance(transfer, dict):
        return await transfer_page(services, desk, refund, data, transfer)
    async with services.database.transaction() as tx:
        refusal = await close_by_transfer(tx, author, refund.id, transfer.reference, transfer.paid_on)
    if refusal:
        raise RefusalError(refusal)
    return see_other(f"{desk.home}/betalen/terug?gedaan=gestort")


async def owed_here(services: BookingServices, desk: OrganiserDesk, refund_id: UUID) -> OwedRefund:
    """What this seller owes under an id. Raises RefundClosed when that is nothing, or nothing any more."""
    async with services.database.reading() as connection:
        found = await read_owed(connection, *desk.organiser_key, refund_id, 1)
    if not found or not found[0].is_paid_by_hand:
        raise RefusalError(RefundClosed(refund_id))
    return found[0]


async def transfer_page(
    services: BookingServices,
    desk: OrganiserDesk,
    refund: OwedRefund,
    typed: TransferForm | None = None,
    errors: Errors | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
    return page(
        "reservations/payment/transfer.html",
        422 if errors else 200,
        **facts,
        refund=refund,
        typed=typed or TransferForm(day_in_flanders(services.clock.now()).isoformat()),
        errors=errors or {},
        labels=transfer_labels(),
        own=f"{desk.home}/betalen/terug",
    )


DESK: Final = (show, change, say_number, take_cards, back_from_provider, show_owed, show_transfer, pay_back)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/betalen", route_handlers=DESK, include_in_schema=False)
]
