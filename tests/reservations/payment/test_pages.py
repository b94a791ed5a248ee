"""The way back from a payment page leads its payer home and tells strangers nothing; more time, once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from httpx import Response

from credits.payments.payment import LENGTHENED, TO_PAY
from credits.payments.refund import ARRIVES_WITHIN
from reservations.booking.expiry import expire_due
from reservations.payment import pages
from tests.builders import World
from tests.reservations.payment.waiting import Waiting, paid_by_peer
from uit.embedded.stripe_peer.peer import StripePeer


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


async def on_a_page(world: World, peer: StripePeer) -> Waiting:
    """Booked on our own pages, which say where the booking is found."""
    booking_id = uuid4()
    own = f"/dender/boekingen/{booking_id}"
    return await Waiting.opened(world, peer, booking_id=booking_id, return_url=own)


async def come_back(world: World, payment_id: object, region: str = "dender") -> Response:
    address = f"/{region}/betalingen/{payment_id}/terug"
    answer: Response = await world.client.get(address, follow_redirects=False)
    return answer


def plainly(page: Response) -> str:
    return " ".join(page.text.replace("\N{NO-BREAK SPACE}", " ").split())


async def test_who_paid_comes_back_to_a_booking_that_is_confirmed(world: World, peer: StripePeer) -> None:
    waiting = await on_a_page(world, peer)
    await waiting.pay()
    await world.sign_in(waiting.anna)

    back = await come_back(world, waiting.payment_id)

    assert urlsplit(back.headers["location"]).path == f"/dender/boekingen/{waiting.booking_id}"
    assert await waiting.state() == ("confirmed", "paid")
    page = await world.client.get(back.headers["location"])
    assert "Ticket 1 van 1" in page.text
    later = await world.client.get(f"/dender/boekingen/{waiting.booking_id}?gedaan=gestopt")
    assert "Je betaalde nog niets" not in later.text


async def test_who_gave_up_comes_back_to_a_booking_that_waits(world: World, peer: StripePeer) -> None:
    waiting = await on_a_page(world, peer)
    await world.sign_in(waiting.anna)

    page = await world.client.get((await come_back(world, waiting.payment_id)).headers["location"])

    assert await waiting.state() == ("held", "pending")
    assert "Je betaalde nog niets. Je plaatsen wachten op je tot 10.15 u." in plainly(page)
    assert "Opzij gezet: krediet" in page.text
    assert "Betaald met krediet" not in page.text
    assert str((await waiting.payment()).url) in page.text


async def test_what_is_still_to_be_paid_stands_in_the_list_with_the_way_to_pay_it(
    world: World, peer: StripePeer
) -> None:
    waiting = await on_a_page(world, peer)
    await world.sign_in(waiting.anna)
    addresses = ("/dender/mijn-boekingen", "/dender")

    waits = [await world.client.get(each) for each in addresses]
    url = str((await waiting.payment()).url)
    await waiting.pay()
    await waiting.follow()
    paid = [await world.client.get(each) for each in addresses]

    for page in waits:
        assert "Betaal € 2,00, voor 10.15 u." in plainly(page)
        assert f'href="{url}"' in page.text
    for page in paid:
        assert "De kleine prins" in page.text
        assert "Betaal € 2,00" not in plainly(page)
        assert url not in page.text


async def test_while_the_provider_is_away_the_way_back_still_leads_home(
    world: World, peer: StripePeer
) -> None:
    waiting = await on_a_page(world, peer)
    peer.control.misbehave("server_error")

    back = await come_back(world, waiting.payment_id)

    assert (back.status_code, await waiting.state()) == (303, ("held", "pending"))
    await world.sign_in(waiting.anna)
    page = plainly(await world.client.get(back.headers["location"]))
    assert "We zien je betaling nog niet. Betaalde je? Betaal dan niet opnieuw" in page
    assert "Je betaalde nog niets" not in page


async def test_who_comes_back_does_not_wait_for_a_provider_that_is_slow(
    world: World, peer: StripePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SECONDS_TO_OPEN", 0.2)
    waiting = await on_a_page(world, peer)
    await waiting.pay()
    peer.control.misbehave("delay", seconds=5)

    async with asyncio.timeout(4):
        back = await come_back(world, waiting.payment_id)

    assert (back.status_code, await waiting.state()) == (303, ("held", "pending"))
    assert await waiting.follow() is None
    assert await waiting.state() == ("confirmed", "paid")


async def test_a_payment_comes_back_to_the_address_that_its_client_gave(
    world: World, peer: StripePeer
) -> None:
    shop = "https://tickets.example/terug?bestelling=7"
    waiting = await Waiting.opened(world, peer, return_url=shop)

    assert (await come_back(world, waiting.payment_id)).headers["location"] == shop


@pytest.mark.parametrize(
    ("is_paid", "words"), [(True, "Je betaling is gelukt"), (False, "We zien je betaling nog niet")]
)
async def test_who_comes_back_to_no_address_reads_how_the_payment_stands(
    world: World, peer: StripePeer, words: str, *, is_paid: bool
) -> None:
    waiting = await Waiting.opened(world, peer)
    if is_paid:
        await waiting.pay()

    page = await come_back(world, waiting.payment_id)

    assert (page.status_code, f"<h1>{words}</h1>" in page.text) == (200, True)
    assert "De kleine prins" not in page.text


async def test_who_comes_back_to_no_address_after_their_places_lapsed_reads_that_nothing_was_paid(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.opened(world, peer)
    world.clock.move(timedelta(hours=1))
    await waiting.follow()
    await expire_due(world.services)

    page = await come_back(world, waiting.payment_id)

    assert "<h1>Er is niet betaald</h1>" in page.text


async def test_a_stranger_who_has_the_address_is_asked_who_they_are(world: World, peer: StripePeer) -> None:
    waiting = await on_a_page(world, peer)
    await waiting.pay()

    back = await come_back(world, waiting.payment_id)
    page = await world.client.get(back.headers["location"], follow_redirects=False)

    assert page.status_code == 303
    assert "/aanmelden" in page.headers["location"]
    assert "De kleine prins" not in back.text + page.text


async def test_another_resident_who_has_the_address_finds_nothing(world: World, peer: StripePeer) -> None:
    waiting = await on_a_page(world, peer)
    await world.sign_in(await world.resident())

    back = await come_back(world, waiting.payment_id)

    assert (await world.client.get(back.headers["location"])).status_code == 404


async def test_a_payment_of_another_region_or_of_nowhere_is_not_there(world: World, peer: StripePeer) -> None:
    waiting = await on_a_page(world, peer)

    assert (await come_back(world, waiting.payment_id, "kust")).status_code == 404
    assert (await come_back(world, uuid4())).status_code == 404


async def test_who_wants_more_time_gets_it_once(world: World, peer: StripePeer) -> None:
    waiting = await on_a_page(world, peer)
    await world.sign_in(waiting.anna)
    until = (await waiting.booking()).held_until
    assert until

    own = f"/dender/boekingen/{waiting.booking_id}"
    answers = [await world.post_form(f"{own}/langer") for _ in range(2)]

    assert {each.headers["location"] for each in answers} == {f"{own}?gedaan=langer"}
    page = plainly(await world.client.get(answers[0].headers["location"]))
    assert "Je hebt meer tijd. Je plaatsen wachten op je tot 10.29 u." in page
    assert (await waiting.booking()).held_until == until + timedelta(minutes=14)


async def test_the_help_page_promises_the_times_that_are_kept(world: World) -> None:
    page = plainly(await world.client.get("/hulp"))

    first, more = (int(each.total_seconds()) // 60 for each in (TO_PAY, LENGTHENED))
    assert f"dan heb je {first} minuten. Je kan één keer {more} minuten meer vragen." in page
    assert f"ten laatste {ARRIVES_WITHIN.days} dagen nadat het vertrok" in page


async def test_nobody_else_takes_more_time(world: World, peer: StripePeer) -> None:
    waiting = await on_a_page(world, peer)
    until = (await waiting.booking()).held_until
    await world.sign_in(await world.resident())

    answer = await world.post_form(f"/dender/boekingen/{waiting.booking_id}/langer")

    assert answer.status_code == 404
    assert (await waiting.booking()).held_until == until
