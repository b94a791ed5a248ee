"""The desk of a seller: taking cards, paying at the box office, and what giving up costs."""

from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID

import httpx
import pytest

from credits.payments.seller import Seller, read_seller
from tests.builders import World
from tests.reservations.payment.under_mandate import an_agent, give_mandate
from tests.reservations.payment.waiting import paid_by_peer
from uit.embedded.stripe_peer.peer import StripePeer


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


@pytest.fixture
async def organiser_id(world: World) -> UUID:
    """Whose own staff is signed in."""
    made = await world.organiser()
    await world.execute(
        "UPDATE organisers.organiser SET enterprise_number = '0417497106' WHERE id = $1", made
    )
    await world.sign_in_staff("organiser", organiser_id=made)
    return made


def desk(organiser_id: UUID) -> str:
    return f"/dender/organisaties/{organiser_id}/betalen"


async def read_page(world: World, organiser_id: UUID) -> str:
    answer = await world.client.get(desk(organiser_id))
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


async def seller_of(world: World, organiser_id: UUID) -> Seller | None:
    async with world.services.database.reading() as connection:
        return await read_seller(connection, 1, organiser_id)


async def acts(world: World) -> list[str]:
    return [row["act"] for row in await world.rows("SELECT act FROM uit.audit ORDER BY id")]


async def test_who_never_sold_sees_that_no_card_is_taken_yet(
    world: World, peer: StripePeer, organiser_id: UUID
) -> None:
    page = await read_page(world, organiser_id)

    assert "Je kan nog geen kaarten aannemen" in page
    assert "Begin bij Stripe" in page
    assert await seller_of(world, organiser_id) is None


async def test_without_a_provider_the_desk_says_so_and_opens_no_account(
    world: World, organiser_id: UUID
) -> None:
    assert "geen betaaldienst" in await read_page(world, organiser_id)

    answer = await world.post_form(f"{desk(organiser_id)}/kaart")

    assert answer.status_code == 303
    seller = await seller_of(world, organiser_id)
    assert seller is None or seller.card_account is None


async def test_what_is_chosen_is_kept_and_written_in_the_trail(world: World, organiser_id: UUID) -> None:
    form = {"desk": "ja", "desk_hours": "24", "desk_before_minutes": "45", "fee": "0,50"}

    answer = await world.post_form(desk(organiser_id), **form)

    shown = await world.client.get(answer.headers["location"])
    assert "Bewaard." in shown.text
    seller = await seller_of(world, organiser_id)
    assert seller is not None
    assert (seller.desk_hours, seller.desk_before_minutes, seller.cancel_fee_cents) == (24, 45, 50)
    assert await acts(world) == ["seller.ways"]


async def test_what_is_wrong_comes_back_with_what_was_typed(world: World, organiser_id: UUID) -> None:
    answer = await world.post_form(desk(organiser_id), desk="ja", desk_hours="nul", fee="60")

    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "Vul een aantal uren in, ten hoogste 1440." in page
    assert 'value="nul"' in page
    assert await seller_of(world, organiser_id) is None
    assert await acts(world) == []


async def test_a_seller_opens_an_account_fills_in_the_rest_and_takes_cards(
    world: World, peer: StripePeer, organiser_id: UUID
) -> None:
    link = (await world.post_form(f"{desk(organiser_id)}/kaart")).headers["location"]
    await world.client.get(f"{desk(organiser_id)}/kaart")
    halfway = await read_page(world, organiser_id)

    async with httpx.AsyncClient() as browser:
        back = (await browser.post(link)).headers["location"]
    answer = await world.client.get(back, follow_redirects=False)

    assert "Stripe wil nog weten:" in halfway
    assert "op welke bankrekening je je geld wil" in halfway
    assert "external_account" not in halfway
    assert answer.headers["location"] == desk(organiser_id)
    assert "Je kan kaarten aannemen" in await read_page(world, organiser_id)
    assert await acts(world) == ["seller.card"]


async def test_an_account_is_opened_once_and_each_link_is_new(
    world: World, peer: StripePeer, organiser_id: UUID
) -> None:
    links = [(await world.post_form(f"{desk(organiser_id)}/kaart")).headers["location"] for _ in range(2)]
    accounts = await world.rows("SELECT card_account FROM credits.seller")

    assert links[0] != links[1]
    assert len(accounts) == 1
    assert all(link.startswith(peer.url) for link in links)


async def test_while_the_provider_is_away_the_desk_says_so(
    world: World, peer: StripePeer, organiser_id: UUID
) -> None:
    peer.control.misbehave("server_error")

    answer = await world.post_form(f"{desk(organiser_id)}/kaart")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(desk(organiser_id))
    assert await acts(world) == []


async def test_staff_of_another_organiser_find_no_desk_here(world: World, organiser_id: UUID) -> None:
    await world.sign_in_staff("organiser", organiser_id=await world.organiser())

    pages = [await world.client.get(desk(organiser_id)), await world.post_form(desk(organiser_id), fee="1")]

    assert [page.status_code for page in pages] == [403, 403]
    assert await seller_of(world, organiser_id) is None


async def test_who_sells_at_the_box_office_does_not_decide_how_it_is_paid(
    world: World, organiser_id: UUID
) -> None:
    await world.sign_in_staff("box_office", organiser_id=organiser_id)

    answer = await world.post_form(desk(organiser_id), fee="1")

    assert answer.status_code == 403
    assert await seller_of(world, organiser_id) is None


async def test_under_a_mandate_the_page_says_who_sells_and_what_the_organiser_still_decides(
    world: World, peer: StripePeer, organiser_id: UUID
) -> None:
    agent_id = await an_agent(world)
    await give_mandate(world, organiser_id, agent_id)

    page = await read_page(world, organiser_id)
    await world.post_form(desk(organiser_id), desk="ja", desk_hours="24", desk_before_minutes="45", fee="1")
    await world.execute("UPDATE credits.seller SET card_open = false WHERE organiser_id = $1", agent_id)
    without_cards = await read_page(world, organiser_id)

    assert "Regio Dender verkoopt voor jou" in page
    assert "Wie boekt, betaalt aan Regio Dender." in page
    assert "Regio Dender neemt Bancontact en kaart aan" in page
    assert "Regio Dender neemt nu geen Bancontact en kaart aan" in without_cards
    for each in (page, without_cards):
        assert not any(words in each for words in ("Je bent zelf de verkoper", "geen kaarten", "bij Stripe"))
    seller = await seller_of(world, organiser_id)
    assert seller
    assert (seller.desk_hours, seller.cancel_fee_cents) == (24, 100)


async def with_cards(world: World, peer: StripePeer, organiser_id: UUID) -> str:
    """Its account at the provider, which takes cards."""
    await world.post_form(f"{desk(organiser_id)}/kaart")
    seller = await seller_of(world, organiser_id)
    assert seller
    assert seller.card_account
    peer.control.enable_account(seller.card_account)
    await world.client.get(f"{desk(organiser_id)}/kaart")
    return seller.card_account


async def test_who_took_our_access_away_reads_so_and_opens_another_account(
    world: World, peer: StripePeer, organiser_id: UUID
) -> None:
    before = await with_cards(world, peer, organiser_id)
    peer.control.revoke_access(before)
    await world.client.get(f"{desk(organiser_id)}/kaart")
    left = await read_page(world, organiser_id)

    links = [(await world.post_form(f"{desk(organiser_id)}/kaart")).headers["location"] for _ in range(2)]

    assert "Je kan geen kaarten meer aannemen" in left
    assert "Open een nieuwe rekening bij Stripe" in left
    assert all(link.startswith(peer.url) for link in links)
    seller = await seller_of(world, organiser_id)
    assert seller
    assert seller.card_account not in {None, before}
    assert (seller.card_open, seller.card_left_at) == (False, None)
    assert "Ga verder bij Stripe" in await read_page(world, organiser_id)
    async with httpx.AsyncClient() as browser:
        await world.client.get((await browser.post(links[1])).headers["location"])
    assert "Je kan kaarten aannemen" in await read_page(world, organiser_id)


async def test_an_account_that_left_unseen_is_found_out_when_its_seller_goes_on(
    world: World, peer: StripePeer, organiser_id: UUID
) -> None:
    before = await with_cards(world, peer, organiser_id)
    peer.control.revoke_access(before)

    link = (await world.post_form(f"{desk(organiser_id)}/kaart")).headers["location"]

    assert link.startswith(peer.url)
    seller = await seller_of(world, organiser_id)
    assert seller
    assert seller.card_account != before


@pytest.mark.parametrize("kind", ["cut_after", "server_error", "cut_before"])
async def test_another_account_is_opened_once_whatever_fails(
    world: World, peer: StripePeer, organiser_id: UUID, kind: str
) -> None:
    before = await with_cards(world, peer, organiser_id)
    peer.control.revoke_access(before)
    await world.client.get(f"{desk(organiser_id)}/kaart")
    peer.control.misbehave(kind, "/v1/accounts")  # type: ignore[arg-type]

    failed = await world.post_form(f"{desk(organiser_id)}/kaart")
    link = (await world.post_form(f"{desk(organiser_id)}/kaart")).headers["location"]

    assert failed.headers["location"] == desk(organiser_id)
    assert link.startswith(peer.url)
    assert peer.control.count("account") == 2
