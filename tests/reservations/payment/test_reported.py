"""What the provider reports after a payment: disputes, refunds that come home, accounts that close."""

from uuid import uuid4

from credits.payments.provider import RefundOrder
from tests.builders import World
from tests.reservations.payment.card_sale import CardSale
from uit.database.outbox import TryLater
from uit.embedded.stripe_peer.peer import StripePeer

TICKETS = "SELECT DISTINCT status::text FROM reservations.ticket"


async def test_money_that_is_contested_is_held_apart_once(sale: CardSale) -> None:
    dispute_id = await sale.dispute()

    assert await sale.report("charge.dispute.funds_withdrawn", dispute_id) == "done"

    assert await sale.cents("sale", "disputed") == [-1000, 1000]
    assert await sale.world.value("SELECT status::text FROM credits.dispute") == "open"


async def test_a_dispute_that_is_won_gives_the_money_back(sale: CardSale) -> None:
    (before,) = await sale.cents("card")
    dispute_id = await sale.dispute()

    await sale.close_dispute(dispute_id, won=True)
    await sale.report("charge.dispute.closed", dispute_id)

    assert await sale.cents("card", "disputed", "sale") == [before, 0, -1000]
    assert await sale.world.value(TICKETS) == "confirmed"


async def test_a_dispute_that_is_lost_is_money_that_never_came(sale: CardSale) -> None:
    dispute_id = await sale.dispute()

    await sale.close_dispute(dispute_id, won=False)

    assert await sale.cents("sale", "disputed") == [0, 0]
    assert await sale.faults() == []


async def test_a_dispute_can_be_reported_when_it_is_over_already(sale: CardSale) -> None:
    dispute = sale.peer.control.raise_dispute(await sale.intent_id())
    sale.peer.control.close_dispute(dispute["id"], won=False)

    await sale.report("charge.dispute.created", dispute["id"])

    assert await sale.world.value("SELECT status::text FROM credits.dispute") == "lost"
    assert await sale.cents("sale", "disputed") == [0, 0]


async def test_what_is_contested_is_not_paid_back_until_that_is_decided(sale: CardSale) -> None:
    dispute_id = await sale.dispute()
    refund_id = await sale.refund()

    assert await sale.send(refund_id) is None
    assert await sale.state_of_refund() == ("card", "due", None)
    await sale.close_dispute(dispute_id, won=True)

    waiting = "SELECT count(*) FROM uit.outbox WHERE topic = 'payment.refund' AND key = $1"
    assert await sale.world.value(waiting, refund_id) == 2


async def test_what_a_bank_gave_back_is_not_paid_back_again(sale: CardSale) -> None:
    dispute_id = await sale.dispute()
    refund_id = await sale.refund()

    await sale.close_dispute(dispute_id, won=False)
    assert await sale.send(refund_id) is None

    assert await sale.state_of_refund() == ("card", "done", None)
    assert sale.peer.control.count("refund") == 0
    assert (await sale.payment()).status == "refunded"
    assert await sale.cents("sale") == [0]
    assert await sale.faults() == []


async def test_who_gives_up_after_the_bank_paid_them_gets_nothing_twice(sale: CardSale) -> None:
    await sale.close_dispute(await sale.dispute(), won=False)

    refund_id = await sale.refund()
    await sale.send(refund_id)

    assert await sale.state_of_refund() == ("card", "done", None)
    assert sale.peer.control.count("refund") == 0
    assert await sale.faults() == []


async def test_a_refund_that_comes_home_is_owed_by_transfer(sale: CardSale) -> None:
    refund_id = await sale.refund()
    await sale.send(refund_id)
    assert await sale.state_of_refund() == ("card", "done", None)
    external_id = await sale.world.value("SELECT external_id FROM credits.refund")

    sale.peer.control.fail_refund(external_id)
    await sale.report("charge.refund.updated", external_id)
    await sale.report("refund.failed", external_id)

    assert await sale.state_of_refund() == ("transfer", "due", "expired_or_canceled_card")
    assert await sale.cents("sale") == [-1000]
    assert (await sale.payment()).status == "paid"
    assert await sale.faults() == []


async def test_a_refund_that_another_payment_made_under_our_id_is_not_ours(sale: CardSale) -> None:
    """Who has an account of their own can write any id on a refund there."""
    refund_id = await sale.refund()
    other = await CardSale.made(sale.world, sale.peer, session=sale.session)
    provider = sale.world.services.provider
    assert provider
    made = await provider.refund(RefundOrder(refund_id, None, await other.intent_id(), 1000))

    assert await sale.report("charge.refund.updated", made.id) == "not_this_payment"

    assert await sale.state_of_refund() == ("card", "due", None)


async def test_a_refund_of_a_card_that_is_gone_is_owed_by_transfer(sale: CardSale) -> None:
    refund_id = await sale.refund()
    sale.peer.control.misbehave("refuse", "/v1/refunds", "POST", code="expired_card")

    assert await sale.send(refund_id) is None

    assert await sale.state_of_refund() == ("transfer", "due", "expired_card")


async def test_a_refund_that_the_account_cannot_make_is_tried_again(sale: CardSale) -> None:
    refund_id = await sale.refund()
    sale.peer.control.misbehave("refuse", "/v1/refunds", "POST", code="balance_insufficient")

    later = await sale.send(refund_id)

    assert later == TryLater("balance_insufficient")
    assert await sale.state_of_refund() == ("card", "due", None)


async def test_an_account_that_the_provider_closes_takes_no_cards_until_it_is_open_again(
    world: World, peer: StripePeer
) -> None:
    organiser_id = await world.organiser()
    assert world.services.provider
    account = await world.services.provider.open_account(uuid4(), "De Werf", None)
    await world.seller(organiser_id, account=account.id)
    peer.control.enable_account(account.id)
    peer.control.disable_account(account.id, missing=("external_account",))
    sale = CardSale(world, peer, await world.session(), uuid4(), uuid4(), account.id)
    card = "SELECT card_open FROM credits.seller WHERE organiser_id = $1"

    await sale.report("account.updated", account.id)
    assert await world.value(card, organiser_id) is False
    peer.control.enable_account(account.id)
    await sale.report("account.updated", account.id)
    assert await world.value(card, organiser_id) is True
    peer.control.revoke_access(account.id)
    await sale.report("account.application.deauthorized", "ca_example")
    assert await world.value(card, organiser_id) is False


async def test_a_payout_is_money_at_the_bank_without_what_was_kept(sale: CardSale) -> None:
    (before,) = await sale.cents("card")
    payout = sale.peer.control.pay_out()

    await sale.report("payout.created", payout["id"])
    await sale.report("payout.paid", payout["id"])

    assert await sale.cents("card", "bank") == [0, before]
    assert (
        await sale.world.value("SELECT reference FROM credits.transfer WHERE kind = 'card_payout'")
        == payout["id"]
    )


async def test_what_is_owed_from_an_account_that_is_gone_is_paid_by_transfer(
    world: World, peer: StripePeer
) -> None:
    assert world.services.provider
    account = (await world.services.provider.open_account(uuid4(), "De Werf", None)).id
    peer.control.enable_account(account)
    sale = await CardSale.made(world, peer, account=account)
    refund_id = await sale.refund()
    peer.control.revoke_access(account)

    unseen = await sale.send(refund_id)
    await sale.report("account.application.deauthorized", "ca_example")
    seen = await sale.send(refund_id)

    assert (unseen, seen) == (TryLater("account_invalid"), None), "before it is seen it may be our own key"
    assert await sale.state_of_refund() == ("transfer", "due", "account_invalid")
    assert await sale.worker_night() == 0, "its lines cannot be read any more"
    assert await sale.faults() == []
