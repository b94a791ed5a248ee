"""The payment page of a booking, asked of a provider that may be away, or say no."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from credits.payments.payment import TO_PAY, UNOPENED
from reservations.booking.expiry import expire_due
from reservations.payment.opening import LEFT_TO_REQUEST, open_waiting
from tests.builders import World
from tests.reservations.payment.waiting import Waiting, faults, paid_by_peer
from uit.embedded.stripe_peer.peer import StripePeer


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


async def test_whose_page_is_open_has_a_quarter_of_an_hour_from_then(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.unopened(world, peer)
    world.clock.move(timedelta(minutes=3))

    booking = await waiting.open()

    assert booking.held_until == world.clock.now() + TO_PAY
    assert booking.payments[0].url is not None
    assert booking.payments[0].url.startswith(peer.url)


async def test_who_opens_the_page_twice_has_one_page_and_no_more_time(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.unopened(world, peer)
    first = await waiting.open()
    world.clock.move(timedelta(minutes=3))

    again = await waiting.open()

    assert (again.payments[0].url, again.held_until) == (first.payments[0].url, first.held_until)
    assert peer.control.count("checkout.session") == 1


async def test_the_page_says_what_is_paid_and_nothing_of_a_person(world: World, peer: StripePeer) -> None:
    booking = await (await Waiting.unopened(world, peer)).open()

    async with httpx.AsyncClient() as client:
        page = (await client.get(str(booking.payments[0].url))).text

    assert "De kleine prins" in page
    assert "2,00" in page
    assert "Yasmine" not in page


async def test_while_the_provider_is_away_the_place_is_held_for_ten_minutes(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.unopened(world, peer)
    peer.control.misbehave("rate_limit")

    booking = await waiting.open()

    assert booking.held_until == world.clock.now() + UNOPENED
    assert booking.payments[0].url is None
    assert await waiting.left() == (9, 0)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "server_error"])
async def test_the_worker_opens_later_what_the_request_could_not_under_the_same_key(
    world: World, peer: StripePeer, kind: str
) -> None:
    waiting = await Waiting.unopened(world, peer)
    peer.control.misbehave(kind, "/v1/checkout/sessions")  # type: ignore[arg-type]
    await waiting.open()
    at_once = await open_waiting(world.services)
    world.clock.move(LEFT_TO_REQUEST + timedelta(seconds=1))

    later = await open_waiting(world.services)

    assert (at_once, later) == (0, 1)
    assert peer.control.count("checkout.session") == 1
    assert (await waiting.booking()).held_until == world.clock.now() + TO_PAY


async def test_what_is_not_open_after_ten_minutes_is_let_go_and_opened_no_more(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.unopened(world, peer)
    world.clock.move(UNOPENED)

    await expire_due(world.services)

    assert await open_waiting(world.services) == 0
    assert await waiting.state() == ("lapsed", "expired")
    assert await waiting.left() == (10, 300)
    assert await faults(world) == []


async def test_what_the_provider_refuses_is_let_go_at_once(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.unopened(world, peer)
    peer.control.misbehave("refuse", code="account_invalid")

    booking = await waiting.open()

    assert booking.held_until is None
    assert await waiting.state() == ("lapsed", "failed")
    assert await waiting.left() == (10, 300)


async def test_a_page_that_opens_after_its_booking_was_given_up_is_no_page_of_it(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.unopened(world, peer)
    before = await waiting.booking()
    await world.cancel(waiting.booking_id)

    await waiting.open()

    assert before.open_payment is not None
    assert (await waiting.payment()).url is None
    assert peer.control.count("checkout.session") == 0


async def test_without_a_provider_nothing_is_asked(world: World) -> None:
    session = await world.session()
    await world.seller(session.organiser_id, account="")

    assert world.services.provider is None
    assert await open_waiting(world.services) == 0
