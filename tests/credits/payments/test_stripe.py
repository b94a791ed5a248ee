"""The adapter against the peer, verb by verb; `journeys.py` has what Stripe itself is asked as well."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from credits.payments.provider import ProviderRefused
from credits.payments.stripe import STRIPE_VERSION, StripeProvider
from tests.credits.payments import journeys
from tests.credits.payments.orders import A_SELLER, a_refund, an_order
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.form import decode_form
from uit.embedded.stripe_peer.payment import Method
from uit.embedded.stripe_peer.peer import Exchange, StripePeer
from uit.embedded.stripe_peer.server import Answer, Request, Response, serving

A_DAY = timedelta(days=1)


@pytest.mark.parametrize("journey", journeys.WITHOUT_A_PAYER, ids=lambda journey: journey.__name__)
async def test_it_does_what_a_provider_has_to(
    journey: Callable[[StripeProvider, datetime], Awaitable[None]], provider: StripeProvider, clock: SetClock
) -> None:
    await journey(provider, clock.now())


async def test_it_pays_back_in_parts_and_each_once(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    await journeys.pays_back_in_parts_and_each_once(
        provider, clock.now(), await a_paid_intent(provider, peer, clock)
    )


async def a_paid_intent(
    provider: StripeProvider, peer: StripePeer, clock: SetClock, account: str | None = None
) -> str:
    opened = await provider.open_checkout(an_order(clock.now(), account=account))
    peer.control.pay(opened.id, "card")
    intent_id = (await provider.read_checkout(opened.id, account)).intent_id
    assert intent_id is not None
    return intent_id


async def a_seller(provider: StripeProvider, peer: StripePeer) -> str:
    account = await provider.open_account(A_SELLER, "De Werf vzw", "kassa@example.org")
    peer.control.enable_account(account.id)
    return account.id


async def test_a_page_is_opened_with_our_ids_and_nothing_of_a_person(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    seen: list[Exchange] = []
    peer.observe = seen.append
    order = an_order(clock.now())

    await provider.open_checkout(order)

    request = seen[0].request
    sent = decode_form(request.body.decode())
    assert sent["metadata"] == {
        "region_id": "1",
        "booking_id": str(order.booking_id),
        "payment_id": str(order.payment_id),
    }
    assert sent["payment_intent_data"]["metadata"] == sent["metadata"]
    assert sent["payment_method_types"] == ["bancontact", "card"]
    assert sent["expires_at"] == str(int(order.expires_at.timestamp()))
    assert request.headers["stripe-version"] == STRIPE_VERSION
    assert request.headers["idempotency-key"] == f"checkout-{order.payment_id}"
    assert "x-stripe-client-telemetry" not in request.headers


async def test_every_post_has_a_key(provider: StripeProvider, peer: StripePeer, clock: SetClock) -> None:
    seen: list[Exchange] = []
    peer.observe = seen.append
    intent_id = await a_paid_intent(provider, peer, clock, await a_seller(provider, peer))
    account = seen[0].response.body

    await provider.refund(a_refund(intent_id, 100, json.loads(account)["id"]))
    await provider.account_link(json.loads(account)["id"], "https://example.org/a", "https://example.org/b")

    posts = [each.request for each in seen if each.request.method == "POST"]
    keys = [post.headers["idempotency-key"] for post in posts]
    assert len(posts) == len(set(keys)) == 4


@pytest.mark.parametrize(("method", "fee_cents"), [("card", 33), ("bancontact", 39)])
async def test_what_was_paid_is_read_back_with_its_fee(
    provider: StripeProvider, peer: StripePeer, clock: SetClock, method: Method, fee_cents: int
) -> None:
    opened = await provider.open_checkout(an_order(clock.now()))
    peer.control.pay(opened.id, method)

    paid = await provider.read_checkout(opened.id, None)

    assert (paid.status, paid.paid, paid.url) == ("complete", True, None)
    assert paid.fee_cents == fee_cents


async def test_a_page_stays_open_after_a_bank_refused(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    opened = await provider.open_checkout(an_order(clock.now()))
    peer.control.refuse(opened.id)

    refused = await provider.read_checkout(opened.id, None)
    peer.control.pay(opened.id)
    paid = await provider.read_checkout(opened.id, None)

    assert (refused.status, refused.paid) == ("open", False)
    assert (paid.paid, paid.intent_id) == (True, refused.intent_id)


async def test_a_page_that_was_paid_is_not_closed_but_given_back(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    opened = await provider.open_checkout(an_order(clock.now()))
    peer.control.pay(opened.id)

    found = await provider.expire_checkout(opened.id, None)

    assert (found.status, found.paid) == ("complete", True)


async def test_a_page_closes_by_itself_when_its_time_is_over(
    provider: StripeProvider, clock: SetClock
) -> None:
    opened = await provider.open_checkout(an_order(clock.now()))
    clock.move(timedelta(minutes=31))

    assert (await provider.read_checkout(opened.id, None)).status == "expired"


async def test_money_that_is_under_way_is_not_there_yet(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    opened = await provider.open_checkout(an_order(clock.now()))
    peer.control.pay_later(opened.id)
    under_way = await provider.read_checkout(opened.id, None)
    peer.control.finish_later(opened.id, succeeds=True)

    assert (under_way.status, under_way.paid) == ("complete", False)
    assert (await provider.read_checkout(opened.id, None)).paid


async def test_a_seller_is_paid_on_its_own_account_and_nowhere_else(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    account = await a_seller(provider, peer)
    opened = await provider.open_checkout(an_order(clock.now(), account=account))
    peer.control.pay(opened.id)

    assert (await provider.read_checkout(opened.id, account)).account == account
    with pytest.raises(ProviderRefused) as refused:
        await provider.read_checkout(opened.id, None)
    assert refused.value.code == "resource_missing"
    now = clock.now()
    assert await provider.balance_entries(None, now - A_DAY, now + A_DAY) == []
    assert len(await provider.balance_entries(account, now - A_DAY, now + A_DAY)) == 1


async def test_an_account_that_stripe_closed_takes_no_cards(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    account = await a_seller(provider, peer)
    peer.control.disable_account(account, missing=("individual.verification.document",))

    found = await provider.read_account(account)
    with pytest.raises(ProviderRefused):
        await provider.open_checkout(an_order(clock.now(), account=account))

    assert not found.charges_enabled
    assert found.missing == ("individual.verification.document",)
    assert found.disabled_reason == "requirements.past_due"


async def test_an_account_of_others_is_refused(provider: StripeProvider, clock: SetClock) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await provider.open_checkout(an_order(clock.now(), account="acct_of_others"))

    assert refused.value.code == "account_invalid"


async def test_an_account_whose_owner_left_is_not_there_for_us(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    account = await a_seller(provider, peer)
    order = a_refund(await a_paid_intent(provider, peer, clock, account), 100, account)
    peer.control.revoke_access(account)

    for asked in (provider.refund(order), provider.read_account(account)):
        with pytest.raises(ProviderRefused, match="account_invalid"):
            await asked


async def test_money_may_come_in_after_a_page_was_closed(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    """Stripe never did so, that we know; who relies on it says so by name."""
    opened = await provider.open_checkout(an_order(clock.now()))
    await provider.expire_checkout(opened.id, None)

    with pytest.raises(ValueError, match="expired"):
        peer.control.pay(opened.id)
    peer.control.pay(opened.id, even_expired=True)

    assert (await provider.read_checkout(opened.id, None)).paid


async def test_a_refund_is_made_once_also_when_stripe_forgot_the_key(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    order = a_refund(await a_paid_intent(provider, peer, clock), 200)
    made = await provider.refund(order)
    clock.move(timedelta(days=3))

    assert await provider.refund(order) == made


async def test_no_more_is_refunded_than_was_paid(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    intent_id = await a_paid_intent(provider, peer, clock)

    with pytest.raises(ProviderRefused) as refused:
        await provider.refund(a_refund(intent_id, 501))

    assert (refused.value.code, refused.value.param) == ("invalid_request_error", "amount")


async def test_a_refund_may_take_time_and_may_still_fail(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    peer.control.let_refunds_take_time()
    made = await provider.refund(a_refund(await a_paid_intent(provider, peer, clock), 500))
    peer.control.fail_refund(made.id)

    failed = await provider.read_refund(made.id, None)

    assert (made.status, failed.status) == ("pending", "failed")
    assert failed.failure == "expired_or_canceled_card"


async def test_among_many_refunds_it_finds_its_own(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    intent_id = await a_paid_intent(provider, peer, clock)
    first = a_refund(intent_id, 1)
    made = await provider.refund(first)
    for _ in range(100):
        await provider.refund(a_refund(intent_id, 1))
    clock.move(timedelta(days=3))

    assert await provider.refund(first) == made


@pytest.mark.parametrize(("status", "net_cents"), [("won", 500), ("lost", -2500)])
async def test_a_dispute_takes_the_money_until_it_is_decided(
    provider: StripeProvider, peer: StripePeer, clock: SetClock, status: str, net_cents: int
) -> None:
    intent_id = await a_paid_intent(provider, peer, clock)
    raised = peer.control.raise_dispute(intent_id)
    peer.control.close_dispute(raised["id"], won=status == "won")

    dispute = await provider.read_dispute(raised["id"], None)

    assert (dispute.status, dispute.amount_cents, dispute.intent_id) == (status, 500, intent_id)
    assert dispute.respond_by == clock.now() + timedelta(days=7)
    entries = await provider.balance_entries(None, clock.now() - A_DAY, clock.now() + A_DAY)
    assert entries[0].net_cents == net_cents


async def test_what_is_disputed_is_not_refunded(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    intent_id = await a_paid_intent(provider, peer, clock)
    peer.control.raise_dispute(intent_id)

    with pytest.raises(ProviderRefused) as refused:
        await provider.refund(a_refund(intent_id, 100))

    assert refused.value.code == "charge_disputed"


async def test_the_books_are_read_whole_with_fees_and_payouts(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    for _ in range(101):
        await a_paid_intent(provider, peer, clock)
    payout = peer.control.pay_out()

    entries = await provider.balance_entries(None, clock.now(), clock.now() + timedelta(seconds=1))

    assert len(entries) == 102
    assert (entries[0].type, entries[0].payout_id) == ("payout", payout["id"])
    assert sum(entry.net_cents for entry in entries) == 0
    assert {entry.payout_id for entry in entries[1:]} == {None}
    assert {entry.amount_cents - entry.fee_cents - entry.net_cents for entry in entries} == {0}


async def test_the_books_of_a_day_end_before_the_next(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    await a_paid_intent(provider, peer, clock)

    assert await provider.balance_entries(None, clock.now() - A_DAY, clock.now()) == []


async def test_what_a_webhook_says_is_read_back(
    provider: StripeProvider, peer: StripePeer, clock: SetClock
) -> None:
    taken: list[Request] = []
    account = await a_seller(provider, peer)
    opened = await provider.open_checkout(an_order(clock.now(), account=account))

    async with serving(taking(taken), "127.0.0.1", 0) as port:
        peer.control.send_webhooks_to(f"http://127.0.0.1:{port}/stripe/webhook")
        peer.control.pay(opened.id)
        await peer.control.until_delivered()

    events = [provider.open_event(each.body, each.headers["stripe-signature"], clock.now()) for each in taken]
    assert events == [await provider.read_event(event.id, account) for event in events]
    assert (events[-1].type, events[-1].object_id) == ("checkout.session.completed", opened.id)
    assert (events[-1].account, events[-1].created) == (account, clock.now())


def taking(taken: list[Request]) -> Answer:
    async def take(request: Request) -> Response:
        taken.append(request)
        return Response(200)

    return take
