"""Whoever pays money reads to whom: the seller's name and number stand on page, ticket and receipt."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from credits.payments.enterprise_number import set_enterprise_number
from tests.builders import World
from tests.credits.till.drawers import home, signed_in_drawer
from tests.reservations.payment.waiting import Waiting, paid_by_peer
from uit.embedded.stripe_peer.peer import StripePeer

SELLER = "De Werf (0417.497.106)"


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


async def numbered(world: World, organiser_id: UUID) -> None:
    async with world.services.database.transaction() as tx:
        assert await set_enterprise_number(tx, 1, organiser_id, "0417497106", world.services.ids) is None


async def read(world: World, address: str) -> str:
    return " ".join((await world.client.get(address)).text.split())


async def test_the_button_that_obliges_says_so_beside_one_price_and_the_seller(world: World) -> None:
    session = await world.session(price_cents=500)
    await world.seller(session.organiser_id)
    await numbered(world, session.organiser_id)
    await world.sign_in(await world.resident(credit_cents=300))

    page = await read(world, f"/dender/sessies/{session.id}/boeken/{uuid4()}?plaatsen-base=1")

    assert "Boek en betaal" in page
    assert "Bevestig" not in page
    assert f"Je koopt bij {SELLER}. Alle kosten zitten in de prijs." in page


async def test_the_organiser_that_sells_is_named_once_with_its_number(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await numbered(world, waiting.session.organiser_id)
    await world.execute("UPDATE organisers.organiser SET phone = '053 00 00 01'")
    await waiting.pay()
    await waiting.follow()
    await world.sign_in(waiting.anna)

    page = await read(world, f"/dender/boekingen/{waiting.booking_id}")

    assert page.count(SELLER) == 1
    assert f"{SELLER} · <a" in page
    assert "Verkoper" not in page


async def test_a_ticket_names_the_seller_also_before_it_is_paid(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await numbered(world, waiting.session.organiser_id)
    await world.sign_in(waiting.anna)
    address = f"/dender/boekingen/{waiting.booking_id}"

    held = await read(world, address)
    await waiting.pay()
    await waiting.follow()
    paid = await read(world, address)

    assert f"Je betaalt aan {SELLER}." in held
    assert SELLER in paid


async def test_a_ticket_that_waits_for_the_box_office_names_the_seller(world: World) -> None:
    session = await world.session(price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    await numbered(world, session.organiser_id)
    anna = await world.resident()
    command = world.command(anna, [(session, "base", 1)], pay_with="desk")
    await world.services.turnstile.answer(command)
    await world.sign_in(anna)

    assert f"Je koopt bij {SELLER}." in await read(world, f"/dender/boekingen/{command.booking_id}")


async def test_where_credit_pays_all_there_is_no_seller_to_name(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=500)
    command = world.command(anna, [(session, "base", 1)])
    await world.services.turnstile.answer(command)
    await world.sign_in(anna)

    assert "Verkoper" not in await read(world, f"/dender/boekingen/{command.booking_id}")


async def test_a_receipt_names_the_seller(world: World) -> None:
    drawer, _ = await signed_in_drawer(world)
    await numbered(world, drawer.worker.organiser_id)
    sale = await drawer.sell(500)

    page = await read(world, f"{home(drawer.worker.organiser_id)}/bonnen/{sale.id}")

    assert "<strong>De Werf</strong> <br> 0417.497.106" in page
