"""Money goes back to the card that it came from: once, under its own id, and followed until it is there."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from credits.payments.provider import ProviderRefund, ProviderRefundStatus
from credits.payments.refund import ARRIVES_WITHIN, find_refund, follow_refund, send_refund
from credits.payments.stripe import StripeProvider
from tests.builders import World
from tests.reservations.payment.waiting import Waiting, faults, paid_by_peer
from uit.core.clock import day_in_flanders
from uit.database.outbox import TryLater
from uit.embedded.stripe_peer.peer import StripePeer

SENT = "SELECT count(*) FROM credits.transfer WHERE kind = 'refund'"


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


@pytest.fixture
async def refund_id(world: World, peer: StripePeer) -> UUID:
    """Two euro that are decided to go back."""
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    await waiting.follow()
    await world.cancel(waiting.booking_id)
    found: UUID = await world.value("SELECT id FROM credits.refund")
    return found


async def send(world: World, refund_id: UUID) -> TryLater | None:
    services = world.services
    return await send_refund(services.database, services.provider, services.clock, 1, refund_id)


async def state(world: World) -> tuple[str, str]:
    """Of the refund, and of its payment."""
    [row] = await world.rows(
        "SELECT r.status::text AS refund, p.status::text AS payment FROM credits.refund AS r"
        " JOIN credits.payment AS p ON p.id = r.payment_id"
    )
    return row["refund"], row["payment"]


async def test_a_refund_is_asked_for_once_however_often_it_is_sent(
    world: World, peer: StripePeer, refund_id: UUID
) -> None:
    for _ in range(3):
        assert await send(world, refund_id) is None

    assert await state(world) == ("done", "refunded")
    assert (peer.control.count("refund"), await world.value(SENT)) == (1, 1)
    assert await faults(world) == []


@pytest.mark.parametrize("kind", ["cut_after", "server_error_after", "cut_before", "rate_limit"])
async def test_a_refund_that_got_no_answer_is_sent_again_and_paid_once(
    world: World, peer: StripePeer, refund_id: UUID, kind: str
) -> None:
    peer.control.misbehave(kind, "/v1/refunds", "POST")  # type: ignore[arg-type]

    assert isinstance(await send(world, refund_id), TryLater)
    before = await state(world)
    assert await send(world, refund_id) is None

    assert (before, await state(world)) == (("due", "paid"), ("done", "refunded"))
    assert peer.control.count("refund") == 1


async def test_without_a_provider_a_refund_waits(world: World, peer: StripePeer, refund_id: UUID) -> None:
    services = world.services

    assert await send_refund(services.database, None, services.clock, 1, refund_id) == TryLater("no_provider")
    assert await state(world) == ("due", "paid")


async def test_a_refund_that_takes_time_is_under_way_and_says_when_it_arrives(
    world: World, peer: StripePeer, refund_id: UUID
) -> None:
    peer.control.let_refunds_take_time()
    await send(world, refund_id)
    under_way = await state(world)
    [row] = await world.rows("SELECT external_id, arrives_on FROM credits.refund")
    peer.control.finish_refund(row["external_id"])

    await follow(world, refund_id, row["external_id"])

    assert (under_way, await state(world)) == (("sent", "paid"), ("done", "refunded"))
    assert row["arrives_on"] == day_in_flanders(world.clock.now() + ARRIVES_WITHIN)
    assert await faults(world) == []


async def follow(world: World, refund_id: UUID, external_id: str) -> None:
    """As the worker does when the provider reports it."""
    assert isinstance(world.services.provider, StripeProvider)
    found = await world.services.provider.read_refund(external_id, None)
    await follow_found(world, refund_id, found)


async def follow_found(world: World, refund_id: UUID, found: ProviderRefund) -> None:
    async with world.services.database.reading() as connection:
        known = await find_refund(connection, refund_id)
    assert known
    await follow_refund(world.services.database, world.services.clock, known, found)


async def test_a_refund_that_is_followed_again_is_done_once(
    world: World, peer: StripePeer, refund_id: UUID
) -> None:
    await send(world, refund_id)
    external_id = await world.value("SELECT external_id FROM credits.refund")
    done_at = await world.value("SELECT done_at FROM credits.refund")
    world.clock.move(timedelta(days=1))

    await follow(world, refund_id, external_id)

    assert await world.value("SELECT done_at FROM credits.refund") == done_at
    assert await world.value(SENT) == 1


async def test_another_amount_than_ours_is_not_believed(
    world: World, peer: StripePeer, refund_id: UUID
) -> None:
    await follow_found(world, refund_id, replace(arrived(refund_id, "succeeded"), amount_cents=199))

    assert await state(world) == ("due", "paid")
    assert await world.value(SENT) == 0


async def test_what_was_read_before_the_bank_sent_it_home_does_not_end_a_transfer(
    world: World, peer: StripePeer, refund_id: UUID
) -> None:
    services = world.services
    async with services.database.reading() as connection:
        known = await find_refund(connection, refund_id)
    assert known
    await follow_refund(services.database, services.clock, known, arrived(refund_id, "failed"))

    await follow_refund(services.database, services.clock, known, arrived(refund_id, "succeeded"))

    [row] = await world.rows("SELECT way::text, status::text FROM credits.refund")
    assert tuple(row) == ("transfer", "due")
    assert await world.value(SENT) == 0


def arrived(refund_id: UUID, status: ProviderRefundStatus) -> ProviderRefund:
    return ProviderRefund("re_1", refund_id, status, 200, None, None)
