"""A seller opens its own account at the provider: once, whatever fails, and it is open when that says so."""

from uuid import UUID

import pytest

from credits.payments.onboarding import note_account, open_card
from credits.payments.provider import ProviderAway
from credits.payments.seller import Seller, read_seller
from credits.payments.stripe import StripeProvider
from tests.builders import World
from uit.embedded.stripe_peer.peer import StripePeer


async def seller_of(world: World, organiser_id: UUID) -> Seller:
    async with world.services.database.reading() as connection:
        found = await read_seller(connection, 1, organiser_id)
    assert found
    return found


async def test_an_account_is_opened_once_and_says_what_it_misses(
    world: World, peer: StripePeer, provider: StripeProvider
) -> None:
    organiser_id = await world.organiser()

    first = await open_card(world.services, provider, 1, organiser_id)
    again = await open_card(world.services, provider, 1, organiser_id)

    seller = await seller_of(world, organiser_id)
    assert first == again == seller.card_account
    assert not seller.card_open
    assert {"business_type", "external_account"} < set(seller.card_missing)


@pytest.mark.parametrize("kind", ["cut_after", "server_error", "cut_before"])
async def test_who_tries_again_after_a_failure_has_one_account(
    world: World, peer: StripePeer, provider: StripeProvider, kind: str
) -> None:
    organiser_id = await world.organiser()
    peer.control.misbehave(kind, "/v1/accounts")  # type: ignore[arg-type]
    with pytest.raises(ProviderAway):
        await open_card(world.services, provider, 1, organiser_id)

    account = await open_card(world.services, provider, 1, organiser_id)

    assert (await seller_of(world, organiser_id)).card_account == account
    peer.control.enable_account(account)


async def test_an_account_is_open_once_the_provider_says_so_and_closed_again(
    world: World, peer: StripePeer, provider: StripeProvider
) -> None:
    organiser_id = await world.organiser()
    account = await open_card(world.services, provider, 1, organiser_id)

    peer.control.enable_account(account)
    await note_account(world.services, 1, organiser_id, await provider.read_account(account))
    opened = await seller_of(world, organiser_id)
    peer.control.disable_account(account, missing=("representative.id_number",))
    await note_account(world.services, 1, organiser_id, await provider.read_account(account))
    closed = await seller_of(world, organiser_id)

    assert (opened.card_open, opened.card_missing) == (True, [])
    assert (closed.card_open, closed.card_missing) == (False, ["representative.id_number"])
