"""The provider's own books beside ours: what agrees, what is taken over, and what is listed."""

from asyncio import gather
from datetime import timedelta
from uuid import uuid4

from credits.payments.reconciliation import claim_next, next_night
from tests.builders import World
from tests.credits.payments.orders import a_refund
from tests.reservations.payment.card_sale import CardSale
from uit.embedded.stripe_peer.peer import StripePeer

OPEN = "SELECT kind, expected_cents, found_cents, external_id FROM credits.difference WHERE closed_at IS NULL"


async def open_differences(world: World) -> list[tuple[str, int, int]]:
    return [(row["kind"], row["expected_cents"], row["found_cents"]) for row in await world.rows(OPEN)]


async def test_a_day_on_which_all_is_well_has_no_difference(sale: CardSale) -> None:
    await CardSale.made(sale.world, sale.peer, session=sale.session, places=1)
    refund_id = await sale.refund()
    await sale.send(refund_id)
    sale.peer.control.fail_refund(await sale.world.value("SELECT external_id FROM credits.refund"))
    await sale.report("refund.failed", await sale.world.value("SELECT external_id FROM credits.refund"))

    assert await sale.night() == 0
    assert await open_differences(sale.world) == []
    assert await sale.faults() == []


async def test_all_that_the_provider_keeps_and_pays_out_is_taken_over_once(sale: CardSale) -> None:
    await CardSale.made(sale.world, sale.peer, session=sale.session, places=10)
    await sale.close_dispute(await sale.dispute(), won=True)
    sale.peer.control.pay_out()

    assert (await sale.night(), await sale.night()) == (0, 0)

    fees = 40 + 100 + 2000
    assert await sale.cents("card", "fee", "bank") == [0, fees, 6000 - fees]
    assert await sale.faults() == []


async def test_a_payment_that_our_books_do_not_have_is_listed_and_goes_by_itself(sale: CardSale) -> None:
    world, intent_id = sale.world, await sale.intent_id()
    named = "UPDATE credits.transfer SET reference = $1 WHERE kind = 'capture'"
    await world.execute(named, "pi_elsewhere")

    assert await sale.night() == 1
    assert await open_differences(world) == [("charge", 0, 1000)]
    await world.execute(named, intent_id)
    assert await sale.night() == 0

    closed = await world.rows("SELECT closed_by, reason, closed_at IS NULL AS open FROM credits.difference")
    assert [tuple(row) for row in closed] == [(None, None, False)]


async def test_money_that_the_provider_does_not_know_is_listed(sale: CardSale) -> None:
    await sale.world.execute("UPDATE credits.payment SET reference = 'pi_elsewhere'")
    await sale.world.execute(
        "UPDATE credits.transfer SET reference = 'pi_elsewhere' WHERE reference IS NOT NULL"
    )

    await sale.night()

    assert ("charge", 1000, 0) in await open_differences(sale.world)
    assert ("charge", 0, 1000) in await open_differences(sale.world)


async def test_a_refund_that_the_seller_made_elsewhere_is_listed(sale: CardSale) -> None:
    assert sale.world.services.provider
    await sale.world.services.provider.refund(a_refund(await sale.intent_id(), 300))

    assert await sale.night() == 1
    assert await open_differences(sale.world) == [("refund", 0, -300)]


async def test_a_fee_that_is_other_than_ours_is_listed(sale: CardSale) -> None:
    await sale.world.execute("UPDATE credits.transfer SET amount_cents = 41 WHERE kind = 'fee'")

    assert await sale.night() == 1
    assert await open_differences(sale.world) == [("fee", 41, 40)]


async def test_a_refund_that_is_under_way_is_no_difference(sale: CardSale) -> None:
    sale.peer.control.let_refunds_take_time()
    await sale.send(await sale.refund())
    assert await sale.state_of_refund() == ("card", "sent", None)

    assert await sale.night() == 0


async def test_each_account_is_compared_once_a_night_day_by_day(sale: CardSale) -> None:
    assert await sale.worker_night() == 1
    assert await sale.worker_night() == 1
    sale.world.clock.move(timedelta(days=2))

    assert await sale.worker_night() == 3
    assert await sale.worker_night() == 1


async def test_an_account_that_is_refused_waits_until_the_next_night_and_holds_up_no_other(
    world: World, peer: StripePeer
) -> None:
    for account in ("", "acct_nobody"):
        await world.seller((await world.session()).organiser_id, account=account)

    assert await CardSale(world, peer, await world.session(), uuid4(), uuid4()).worker_night() == 2
    again = "SELECT card_account FROM credits.seller WHERE reconciled_on IS NULL"
    assert await world.value(again) == "acct_nobody"
    due_at = await world.value(
        "SELECT reconcile_due_at FROM credits.seller WHERE card_account = 'acct_nobody'"
    )
    assert due_at == next_night(world.clock.now())


async def test_two_workers_that_ask_at_once_get_different_accounts(world: World) -> None:
    """Two sellers share the first of them."""
    for account in ("acct_1", "acct_1", "acct_2"):
        await world.seller((await world.session()).organiser_id, account=account)
    now, database = world.clock.now(), world.services.database

    first, second = await gather(claim_next(database, now), claim_next(database, now))

    assert first
    assert second
    assert {first.account, second.account} == {"acct_1", "acct_2"}


async def test_a_payout_of_an_account_that_two_sellers_share_is_for_a_person(sale: CardSale) -> None:
    await sale.world.seller(await sale.world.organiser(), account="")
    sale.peer.control.pay_out()

    await sale.night()

    assert [kind for kind, _, _ in await open_differences(sale.world)] == ["payout"]


async def test_the_own_account_of_a_seller_is_compared_in_its_name(world: World, peer: StripePeer) -> None:
    assert world.services.provider
    session = await world.session()
    account = await world.services.provider.open_account(session.organiser_id, "De Werf", None)
    peer.control.enable_account(account.id)
    await world.seller(session.organiser_id, account=account.id)
    sale = await CardSale.made(world, peer, account=account.id, session=session)
    peer.control.pay_out(account.id)

    assert await sale.night() == 0

    assert await sale.cents("card", "fee", "bank") == [0, 40, 960]


async def test_an_account_of_nobody_is_left_alone(sale: CardSale) -> None:
    sale.account = "acct_nobody"

    assert await sale.report("payout.paid", "po_1") == "not_ours"
