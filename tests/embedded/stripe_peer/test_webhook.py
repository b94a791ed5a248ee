"""Webhooks: signed, sent until they are taken, and out of order or double when asked."""

from datetime import timedelta

import pytest

from credits.payments.provider import BadSignature
from credits.payments.signature import check_signature
from tests.embedded.stripe_peer.conftest import StripeCaller, WebhookInbox
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import StripePeer

PAID = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


async def test_each_is_signed_with_the_secret(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    peer.control.pay((await caller.checkout(clock))["id"])
    await peer.control.until_delivered()

    assert inbox.types == PAID
    for request in inbox.taken:
        check_signature(request.body, request.headers["stripe-signature"], [peer.webhook_secret], clock.now())


async def test_one_that_is_not_taken_comes_again(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    inbox.answers = [500, 400, 302]
    peer.control.pay((await caller.checkout(clock))["id"])
    await peer.control.until_delivered()

    assert inbox.types == PAID + PAID
    assert len({event["id"] for event in inbox.events}) == 3


async def test_one_comes_again_when_nobody_was_there(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    peer.control.send_webhooks_to("http://127.0.0.1:9/", inbox.url)
    peer.control.hold_webhooks()
    peer.control.pay((await caller.checkout(clock))["id"])

    assert inbox.types == []
    peer.control.behave()
    while len(inbox.taken) < len(PAID):
        await caller.get("/v1/events")
    assert inbox.types == PAID


async def test_one_may_come_twice(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    peer.control.duplicate_webhooks()
    peer.control.pay((await caller.checkout(clock))["id"])
    await peer.control.until_delivered()

    assert inbox.types == [PAID[0], *PAID]


async def test_they_may_come_the_other_way_round(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    peer.control.turn_webhooks_about(3)
    peer.control.pay((await caller.checkout(clock))["id"])
    await peer.control.until_delivered()

    assert inbox.types == PAID[::-1]


async def test_one_may_be_forged_and_then_comes_as_it_should(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    inbox.answers = [400]
    peer.control.forge_webhooks()
    peer.control.pay((await caller.checkout(clock))["id"])
    await peer.control.until_delivered()

    first = inbox.taken[0]
    with pytest.raises(BadSignature):
        check_signature(first.body, first.headers["stripe-signature"], [peer.webhook_secret], clock.now())
    assert inbox.types == [*PAID, PAID[0]]


async def test_those_of_a_seller_name_its_account(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    account = (await caller.post("/v1/accounts", {"type": "standard"})).json()["id"]
    peer.control.enable_account(account)
    peer.control.pay((await caller.checkout(clock, account))["id"])
    peer.control.pay((await caller.checkout(clock))["id"])
    await peer.control.until_delivered()

    assert inbox.types == ["account.updated", *PAID, *PAID]
    assert [event.get("account") for event in inbox.events] == [account] * 4 + [None] * 3


async def test_a_page_whose_time_is_over_is_told(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    await caller.checkout(clock)
    clock.move(timedelta(minutes=32))
    await caller.get("/v1/events")
    await peer.control.until_delivered()

    assert inbox.types == ["checkout.session.expired"]


async def test_all_that_may_happen_to_money_is_told(
    caller: StripeCaller, peer: StripePeer, inbox: WebhookInbox, clock: SetClock
) -> None:
    """Also that each of these events is as Stripe's document has it, which the inbox looks at."""
    control = peer.control
    first, second, third = [(await caller.checkout(clock))["id"] for _ in range(3)]
    control.refuse(first)
    intent = control.pay(first, "card")["payment_intent"]
    made = (await caller.post("/v1/refunds", {"payment_intent": intent, "amount": "100"})).json()
    control.fail_refund(made["id"])
    control.pay_out()
    control.close_dispute(control.raise_dispute(intent)["id"], won=True)
    for session in (second, third):
        control.pay_later(session)
        control.finish_later(session, succeeds=session == second)
    await control.until_delivered()

    assert set(inbox.types) == {
        *PAID,
        "payment_intent.payment_failed",
        "charge.refunded",
        "charge.refund.updated",
        "payout.created",
        "payout.paid",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
    }
