"""How a payment ended, read back from the provider: in time, late, never, or not as it should."""

from asyncio import gather
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from credits.payments.checkout import Fee, PaymentKey, record_fee
from credits.payments.payment import CLOSED_BEFORE, TO_PAY
from credits.payments.provider import Checkout
from credits.payments.stripe import StripeProvider
from reservations.booking.commands import Pay
from reservations.booking.expiry import expire_due
from reservations.payment.following import close_due, follow_payment
from tests.builders import World
from tests.reservations.payment.waiting import Waiting, faults, paid_by_peer
from uit.database.outbox import GiveUp, TryLater
from uit.embedded.stripe_peer.peer import StripePeer

FEE = "SELECT sum(amount_cents)::integer FROM credits.transfer WHERE kind = 'fee'"
REFUNDS = "SELECT sum(amount_cents)::integer FROM credits.refund"


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


async def lapse(waiting: Waiting) -> None:
    """The places lapse while the provider cannot be reached to close the page."""
    waiting.world.clock.move(TO_PAY)
    await expire_due(waiting.world.services)
    assert await waiting.state() == ("lapsed", "expired")


# In time


async def test_what_is_paid_is_confirmed_with_what_the_provider_kept_of_it(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()

    assert await waiting.follow() is None

    assert await waiting.state() == ("confirmed", "paid")
    assert await world.value(FEE) > 0
    assert await faults(world) == []


async def test_what_is_followed_again_is_paid_once(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    await waiting.follow()
    fee = await world.value(FEE)

    assert await waiting.follow() is None
    assert await waiting.follow(close=True) is None

    assert await world.value("SELECT count(*) FROM credits.transfer WHERE kind = 'capture'") == 1
    assert await world.value(FEE) == fee


async def test_of_two_that_write_the_fee_at_once_one_does(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    key = PaymentKey(1, waiting.booking_id, waiting.payment_id)

    async def write() -> None:
        async with world.services.database.transaction() as tx:
            await record_fee(tx, key, Fee(25, "txn_1"), world.clock.now())

    await gather(*(write() for _ in range(4)))

    assert await world.value(FEE) == 25
    assert await world.value("SELECT count(*) FROM credits.entry WHERE abs(amount_cents) = 25") == 2


async def test_who_died_before_the_fee_was_written_leaves_it_to_the_next(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    await world.services.turnstile.answer(Pay(1, waiting.booking_id, waiting.payment_id, 200, "pi_1"))
    assert await world.value(FEE) is None

    await waiting.follow()

    assert await world.value(FEE) > 0


async def test_who_did_not_pay_yet_still_can(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)

    assert await waiting.follow() is None

    assert await waiting.state() == ("held", "pending")


# Never


async def test_a_page_that_the_provider_closed_lets_the_places_go(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    assert world.services.provider
    await world.services.provider.expire_checkout(await waiting.checkout_id(), None)

    await waiting.follow()

    assert await waiting.state() == ("lapsed", "expired")
    assert await waiting.left() == (10, 300)


async def test_a_page_is_closed_a_minute_before_its_places_lapse(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    world.clock.move(TO_PAY - CLOSED_BEFORE - timedelta(seconds=1))
    too_early = await close_due(world.services)
    world.clock.move(timedelta(seconds=1))

    closed = await close_due(world.services)

    assert (too_early, closed) == (0, 1)
    assert await waiting.state() == ("lapsed", "expired")
    with pytest.raises(ValueError, match="expired"):
        await waiting.pay()


async def test_a_page_that_cannot_be_closed_keeps_no_other_open(world: World, peer: StripePeer) -> None:
    """One was paid, and its seller has one account for both ends of a payment: nobody can write it down."""
    broken, good = await Waiting.opened(world, peer), await Waiting.opened(world, peer)
    await world.execute(
        "UPDATE credits.seller SET sale_account_id = card_account_id WHERE organiser_id = $1",
        broken.session.organiser_id,
    )
    await broken.pay()
    world.clock.move(TO_PAY - CLOSED_BEFORE)

    assert await close_due(world.services) == 1

    assert await good.state() == ("lapsed", "expired")


async def test_who_paid_in_the_last_minute_is_confirmed_when_the_page_is_closed(
    world: World, peer: StripePeer
) -> None:
    waiting = await Waiting.opened(world, peer)
    world.clock.move(TO_PAY - timedelta(seconds=30))
    await waiting.pay()

    assert await close_due(world.services) == 1

    assert await waiting.state() == ("confirmed", "paid")


# Late


async def test_money_that_comes_late_books_the_same_anew(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await lapse(waiting)
    back = await waiting.left()
    await waiting.pay()

    await waiting.follow()

    assert (back, await waiting.left()) == ((10, 300), (9, 0))
    assert await waiting.state() == ("confirmed", "paid")
    assert await faults(world) == []


async def test_money_that_comes_when_the_last_place_is_gone_goes_back(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer, seats=1)
    await lapse(waiting)
    await world.book(await world.resident(500), waiting.session)
    await waiting.pay()

    await waiting.follow()

    assert await waiting.state() == ("lapsed", "paid")
    assert await world.value(REFUNDS) == 200
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'payment.refund'") == 1
    assert await faults(world) == []


async def test_money_that_is_under_way_confirms_when_it_arrives(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    checkout_id = await waiting.checkout_id()
    peer.control.pay_later(checkout_id)
    await waiting.follow()
    before = await waiting.state()

    peer.control.finish_later(checkout_id, succeeds=True)
    await waiting.follow()

    assert before == ("held", "pending")
    assert await waiting.state() == ("confirmed", "paid")


async def test_places_do_not_wait_for_money_that_never_arrives(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    checkout_id = await waiting.checkout_id()
    peer.control.pay_later(checkout_id)
    peer.control.finish_later(checkout_id, succeeds=False)
    world.clock.move(TO_PAY)

    await close_due(world.services)
    await expire_due(world.services)

    assert await waiting.state() == ("lapsed", "expired")
    assert await waiting.left() == (10, 300)


# Not as it should


async def test_a_page_of_another_payment_pays_nothing(world: World, peer: StripePeer) -> None:
    waiting, other = await Waiting.opened(world, peer), await Waiting.opened(world, peer)
    await other.pay()
    foreign = await other.checkout_id()
    await world.execute("UPDATE credits.payment SET checkout_id = NULL WHERE id = $1", other.payment_id)
    await world.execute(
        "UPDATE credits.payment SET checkout_id = $2 WHERE id = $1", waiting.payment_id, foreign
    )

    assert await waiting.follow() == GiveUp("not_this_payment")

    assert await waiting.state() == ("held", "pending")


async def test_another_amount_pays_nothing(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    await says(world, peer, amount_cents=199)

    assert await waiting.follow() == GiveUp("reservations.payment_differs")

    assert await waiting.state() == ("held", "pending")
    assert await world.value(FEE) is None


async def test_another_currency_pays_nothing(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    await says(world, peer, currency="usd")

    assert await waiting.follow() == GiveUp("not_this_payment")

    assert await waiting.state() == ("held", "pending")


async def says(world: World, peer: StripePeer, **otherwise: Any) -> None:
    """From now on the provider says this of every page."""

    class Otherwise(StripeProvider):
        async def read_checkout(self, checkout_id: str, account: str | None) -> Checkout:
            return replace(await super().read_checkout(checkout_id, account), **otherwise)

    assert isinstance(world.services.provider, StripeProvider)
    await world.services.provider.close()
    world.pay_by(Otherwise(peer.secret_key, [peer.webhook_secret], peer.url))


async def test_while_the_provider_is_away_nothing_is_believed(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)
    await waiting.pay()
    peer.control.misbehave("server_error")

    assert isinstance(await waiting.follow(), TryLater)
    assert await waiting.state() == ("held", "pending")
    assert await waiting.follow() is None
    assert await waiting.state() == ("confirmed", "paid")


async def test_a_payment_that_nobody_knows_is_given_up(world: World, peer: StripePeer) -> None:
    waiting = await Waiting.opened(world, peer)

    assert await follow_payment(world.services, 1, waiting.booking_id, waiting.booking_id) == GiveUp(
        "payment_unknown"
    )
    assert await follow_payment(world.services, 2, waiting.booking_id, waiting.payment_id) == GiveUp(
        "payment_unknown"
    )
