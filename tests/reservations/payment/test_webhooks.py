"""What the provider reports over HTTP, and what the worker makes of it: once, in any order, also again."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from credits.payments.event import replay_events, store_event
from reservations.payment.reported import MOST_ATTEMPTS, handle_events
from tests.builders import World
from tests.conftest import A_MONDAY
from tests.reservations.payment.waiting import Waiting, faults, paid_by_peer
from uit.embedded.stripe_peer.peer import StripePeer
from uit.embedded.stripe_peer.webhook import signature_header

OUTCOMES = "SELECT array_agg(DISTINCT outcome ORDER BY outcome) FROM credits.provider_event"
CAPTURES = "SELECT count(*) FROM credits.transfer WHERE kind = 'capture'"


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


def a_body(event_id: str, checkout_id: str, kind: str = "checkout.session.completed") -> bytes:
    """A report as the provider writes it, as far as we read it."""
    return (
        f'{{"id": "{event_id}", "type": "{kind}", "created": {int(A_MONDAY.timestamp())}, "livemode": false,'
        f' "data": {{"object": {{"id": "{checkout_id}", "object": "checkout.session"}}}}}}'
    ).encode()


async def report(world: World, secret: str, body: bytes) -> int:
    header = signature_header(body, secret, int(world.clock.now().timestamp()))
    answer = await world.client.post("/stripe/webhook", content=body, headers={"Stripe-Signature": header})
    return int(answer.status_code)


async def store(
    world: World, event_id: str, object_id: str, kind: str = "checkout.session.completed"
) -> None:
    async with world.services.database.transaction() as tx:
        await store_event(tx, event_id, kind, None, object_id, world.clock.now())


async def test_a_report_of_a_payment_is_stored_and_confirms_it_later(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()

    status = await report(world, peer.webhook_secret, a_body("evt_1", await waiting.checkout_id()))
    before = await waiting.state()
    handled = await handle_events(world.services)

    assert (status, before, handled) == (200, ("held", "pending"), 1)
    assert await waiting.state() == ("confirmed", "paid")
    assert await world.value(OUTCOMES) == ["done"]


async def test_a_report_that_lies_is_not_believed(world: World, peer: StripePeer) -> None:
    """Also with our own secret: what it says is read back."""
    waiting = await Waiting.opened(world, peer)

    await report(world, peer.webhook_secret, a_body("evt_1", await waiting.checkout_id()))
    await handle_events(world.services)

    assert await waiting.state() == ("held", "pending")


async def test_a_report_of_somebody_else_is_refused_and_not_stored(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()

    assert await report(world, "whsec_of_others", a_body("evt_1", await waiting.checkout_id())) == 400

    assert await handle_events(world.services) == 0
    assert await waiting.state() == ("held", "pending")


async def test_a_report_that_comes_twice_is_handled_once(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    body = a_body("evt_1", await waiting.checkout_id())

    for _ in range(2):
        assert await report(world, peer.webhook_secret, body) == 200
        await handle_events(world.services)

    assert await world.value("SELECT count(*) FROM credits.provider_event") == 1
    assert await world.value(CAPTURES) == 1


async def test_reports_in_the_wrong_order_come_to_the_same(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    checkout_id = await waiting.checkout_id()
    peer.control.pay_later(checkout_id)
    peer.control.finish_later(checkout_id, succeeds=True)

    for kind in ("async_payment_succeeded", "completed", "expired"):
        await store(world, f"evt_{kind}", checkout_id, f"checkout.session.{kind}")
        await handle_events(world.services)

    assert await waiting.state() == ("confirmed", "paid")
    assert await world.value(CAPTURES) == 1
    assert await faults(world) == []


async def test_reports_that_are_handled_again_change_nothing(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    await store(world, "evt_1", await waiting.checkout_id())
    await handle_events(world.services)
    async with world.services.database.transaction() as tx:
        assert await replay_events(tx, A_MONDAY - timedelta(days=1), world.clock.now()) == 1

    assert await handle_events(world.services) == 1

    assert await world.value(CAPTURES) == 1
    assert await waiting.state() == ("confirmed", "paid")


async def test_while_the_provider_is_away_a_report_waits_longer_each_time(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    await store(world, "evt_1", await waiting.checkout_id())
    peer.control.misbehave("server_error", times=2)

    await handle_events(world.services)
    at_once = await handle_events(world.services)
    world.clock.move(timedelta(seconds=20))
    await handle_events(world.services)
    world.clock.move(timedelta(seconds=39))
    too_early = await handle_events(world.services)
    world.clock.move(timedelta(seconds=1))

    assert (at_once, too_early, await handle_events(world.services)) == (0, 0, 1)
    assert await waiting.state() == ("confirmed", "paid")


async def test_a_report_that_never_leads_anywhere_ends_in_the_list(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await store(world, "evt_1", await waiting.checkout_id())
    await world.execute("UPDATE credits.provider_event SET attempts = $1", MOST_ATTEMPTS)
    peer.control.misbehave("server_error")

    await handle_events(world.services)

    assert await world.value("SELECT due_at FROM credits.provider_event") is None
    assert await world.value(OUTCOMES) != ["done"]


async def test_a_report_of_what_is_not_there_is_given_up(world: World, peer: StripePeer) -> None:
    await store(world, "evt_1", "cs_test_elsewhere")

    await handle_events(world.services)

    assert await world.value(OUTCOMES) == ["resource_missing"]
    assert await handle_events(world.services) == 0


async def test_one_that_cannot_be_handled_holds_up_no_other_and_comes_again_less_often(
    world: World, peer: StripePeer
) -> None:
    """Its seller has one account for both ends of a payment, so that nobody can write it down."""
    broken, good = await Waiting.opened(world, peer), await Waiting.opened(world, peer)
    await world.execute(
        "UPDATE credits.seller SET sale_account_id = card_account_id WHERE organiser_id = $1",
        broken.session.organiser_id,
    )
    for name, each in (("evt_1", broken), ("evt_2", good)):
        await each.pay()
        await store(world, name, await each.checkout_id())

    assert await handle_events(world.services) == 2

    assert await good.state() == ("confirmed", "paid")
    assert (
        await world.value("SELECT outcome FROM credits.provider_event WHERE id = 'evt_1'")
        == "CheckViolationError"
    )
    assert await handle_events(world.services) == 0
    await world.execute(
        "UPDATE credits.provider_event SET attempts = $1, due_at = $2 WHERE id = 'evt_1'",
        MOST_ATTEMPTS,
        A_MONDAY,
    )
    await handle_events(world.services)
    assert await world.value("SELECT due_at FROM credits.provider_event WHERE id = 'evt_1'") is None
