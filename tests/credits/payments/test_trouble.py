"""The adapter against a peer that misbehaves: nothing is done twice, and nothing is taken for done."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from credits.payments.provider import ProviderAway, ProviderRefused
from credits.payments.stripe import StripeProvider
from tests.conftest import free_port
from tests.credits.payments.orders import a_refund, an_order
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.control import TroubleKind
from uit.embedded.stripe_peer.peer import StripePeer


@pytest.mark.parametrize("kind", ["rate_limit", "server_error", "cut_before", "cut_after"])
async def test_a_page_is_opened_once_whatever_happens_on_the_way(
    provider: StripeProvider, peer: StripePeer, clock: SetClock, kind: TroubleKind
) -> None:
    order = an_order(clock.now())
    peer.control.misbehave(kind)

    with pytest.raises(ProviderAway):
        await provider.open_checkout(order)
    opened = await provider.open_checkout(order)

    assert opened.payment_id == order.payment_id
    assert peer.control.count("checkout.session") == 1


@pytest.mark.parametrize("kind", ["rate_limit", "server_error", "cut_before", "cut_after"])
async def test_money_goes_back_once_whatever_happens_on_the_way(
    provider: StripeProvider, peer: StripePeer, clock: SetClock, kind: TroubleKind
) -> None:
    opened = await provider.open_checkout(an_order(clock.now()))
    peer.control.pay(opened.id)
    order = a_refund((await provider.read_checkout(opened.id, None)).intent_id, 200)
    peer.control.misbehave(kind, "/v1/refunds", "POST")

    with pytest.raises(ProviderAway):
        await provider.refund(order)
    made = await provider.refund(order)

    assert (made.refund_id, peer.control.count("refund")) == (order.refund_id, 1)


async def test_a_refund_that_stripe_made_and_called_broken_is_found(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    """Under the same key it would say "broken" for a day; looking first finds what it did."""
    opened = await provider.open_checkout(an_order(clock.now()))
    peer.control.pay(opened.id)
    order = a_refund((await provider.read_checkout(opened.id, None)).intent_id, 200)
    peer.control.misbehave("server_error_after", "/v1/refunds", "POST")

    with pytest.raises(ProviderAway):
        await provider.refund(order)

    assert (await provider.refund(order)).refund_id == order.refund_id
    assert peer.control.count("refund") == 1


async def test_one_request_is_sent_for_one_call(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    """The SDK would try again by itself; how long something may wait is for the caller to say."""
    peer.control.misbehave("server_error", times=2)

    for _ in range(2):
        with pytest.raises(ProviderAway, match="answered 500"):
            await provider.open_checkout(an_order(clock.now()))

    await provider.open_checkout(an_order(clock.now()))


async def test_two_at_the_same_time_open_one_page(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    order = an_order(clock.now())
    peer.control.misbehave("delay", seconds=0.2)

    answers = await asyncio.gather(
        provider.open_checkout(order), provider.open_checkout(order), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Checkout", "ProviderAway"]
    assert peer.control.count("checkout.session") == 1


async def test_a_peer_that_does_not_answer_is_given_up_in_time(
    peer: StripePeer, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credits.payments.stripe.WHOLE_SECONDS", 0.1)
    provider = StripeProvider(peer.secret_key, [], peer.url)
    peer.control.misbehave("delay", seconds=0.5)

    with pytest.raises(ProviderAway, match="no answer in time"):
        await provider.open_checkout(an_order(clock.now()))

    await provider.close()


async def test_nobody_at_the_address_is_away_and_no_more(clock: SetClock) -> None:
    provider = StripeProvider("sk_test_x", [], f"http://127.0.0.1:{free_port()}")

    with pytest.raises(ProviderAway, match="no answer") as away:
        await provider.open_checkout(an_order(clock.now()))

    assert away.value.retry_after is None
    await provider.close()


async def test_a_wrong_key_is_refused_without_being_told_again(peer: StripePeer, clock: SetClock) -> None:
    provider = StripeProvider("sk_test_somebody_else", [], peer.url)

    with pytest.raises(ProviderRefused) as refused:
        await provider.open_checkout(an_order(clock.now()))

    assert str(refused.value) == "authentication"
    assert refused.value.__cause__ is None
    await provider.close()


async def test_too_little_time_is_refused_by_the_name_of_the_parameter(
    provider: StripeProvider, clock: SetClock
) -> None:
    order = an_order(clock.now(), expires_at=clock.now() + timedelta(minutes=14))

    with pytest.raises(ProviderRefused) as refused:
        await provider.open_checkout(order)

    assert refused.value.param == "expires_at"


async def test_what_is_closed_asks_nothing_more(peer: StripePeer, clock: SetClock) -> None:
    provider = StripeProvider(peer.secret_key, [], peer.url)
    await provider.open_checkout(an_order(clock.now()))
    await provider.close()

    with pytest.raises(ProviderAway):
        await provider.open_checkout(an_order(clock.now()))


async def test_the_peer_can_be_asked_without_the_sdk(peer: StripePeer) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(
            f"{peer.url}/v1/events", headers={"Authorization": f"Bearer {peer.secret_key}"}
        )

    assert answer.json() == {"object": "list", "url": "/v1/events", "has_more": False, "data": []}
