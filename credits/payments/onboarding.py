"""How a seller comes to take cards: its own account at the provider, which it opens there itself."""

from uuid import UUID

from credits.payments.provider import (
    NO_ACCESS,
    PaymentProvider,
    ProviderRefused,
    SellerAccount,
)
from credits.payments.seller import leave_card, open_books, read_seller, write_card
from uit.services.services import Services


async def lead_to_provider(
    services: Services, provider: PaymentProvider, region_id: int, organiser_id: UUID, back: str
) -> str:
    """The page of the provider where a seller fills in what is missing, which leads `back`.

    Its account is opened at first need, and another where it took our access to the one before away.
    """
    account = await open_card(services, provider, region_id, organiser_id)
    try:
        return await provider.account_link(account, back, back)
    except ProviderRefused as refused:
        if refused.code != NO_ACCESS:
            raise
    await close_account(services, region_id, organiser_id, account)
    account = await open_card(services, provider, region_id, organiser_id)
    return await provider.account_link(account, back, back)


async def open_card(services: Services, provider: PaymentProvider, region_id: int, organiser_id: UUID) -> str:
    """The account of a seller at the provider, opened at first need: its id.

    The id is stored before anything else is done with it. What the provider still wants to know is filled in
    on its own page, by the seller.
    """
    async with services.database.transaction() as tx:
        await open_books(tx, region_id, organiser_id, services.ids)
        seller = await read_seller(tx, region_id, organiser_id)
    assert seller is not None
    if seller.card_account and seller.card_left_at is None:
        return seller.card_account
    account = await provider.open_account(organiser_id, seller.name, None, after=seller.card_account)
    await note_account(services, region_id, organiser_id, account)
    return account.id


async def note_account(
    services: Services, region_id: int, organiser_id: UUID, account: SellerAccount
) -> None:
    """Write down what the provider says of an account; it is open once charges can be made."""
    now, is_open = services.clock.now(), account.charges_enabled
    async with services.database.transaction() as tx:
        await write_card(tx, region_id, organiser_id, account.id, is_open, list(account.missing), now)


async def close_account(services: Services, region_id: int, organiser_id: UUID, account_id: str) -> None:
    """The seller took our access away: no card is taken on this account any more. It may open another."""
    async with services.database.transaction() as tx:
        await leave_card(tx, region_id, organiser_id, account_id, services.clock.now())
