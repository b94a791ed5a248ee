"""A mistake is undone by the same money the other way: once, and only while that money is there."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

from credits.errors import AlreadyReversed, CannotReverse
from credits.ledger.ledger import Granted
from credits.programme.programme import Rules
from credits.settlement.reversal import Reversed
from credits.wallet.lapse import lapse_due
from tests.builders import World
from tests.credits.books import (
    a_programme,
    check,
    figures,
    give_to,
    granted,
    held,
    left_to_give,
    settle,
    take_back,
)


async def last(world: World, kind: str) -> UUID:
    rows = await world.rows("SELECT id, kind::text FROM credits.transfer ORDER BY at DESC, id DESC")
    found: UUID = next(row["id"] for row in rows if row["kind"] == kind)
    return found


async def test_an_unused_grant_goes_back_to_the_fund_and_may_be_given_again(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    mistake = await granted(world, programme_id, anna)

    assert await take_back(world, mistake.purse_id) == Reversed(5000, new=True)

    assert await figures(world, anna) == (0, 0, 0, 0, 5000)
    assert await left_to_give(world, programme_id) == 1_000_000
    assert isinstance(await give_to(world, programme_id, anna), Granted)
    assert await check(world) == []


async def test_a_grant_of_which_something_was_used_stays(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    await held(world, anna, session)

    assert await take_back(world, await last(world, "grant")) == CannotReverse()
    assert await figures(world, anna) == (700, 300, 0, 0, 0)


async def test_a_reversal_happens_once_and_is_repeated_under_its_own_id(world: World) -> None:
    programme_id, anna, reversal_id = await a_programme(world), await world.resident(), uuid4()
    mistake = await granted(world, programme_id, anna)
    await take_back(world, mistake.purse_id, reversal_id)

    assert await take_back(world, mistake.purse_id, reversal_id) == Reversed(5000, new=False)
    assert await take_back(world, mistake.purse_id) == AlreadyReversed()
    assert await figures(world, anna) == (0, 0, 0, 0, 5000)


async def test_of_many_reversals_at_once_one_is_done(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    mistake = await granted(world, programme_id, anna)

    answers = await gather(*(take_back(world, mistake.purse_id) for _ in range(6)))

    assert [isinstance(answer, Reversed) for answer in answers].count(True) == 1
    assert await check(world) == []


async def test_a_reversed_settlement_is_credit_again_and_no_longer_owed(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    await settle(world, *((hold, 300) for hold in await held(world, anna, session)))

    assert await take_back(world, await last(world, "settle")) == Reversed(300, new=True)

    assert await figures(world, anna) == (1000, 0, 0, 0, 0)
    assert await world.value("SELECT sum(amount_cents) FROM credits.entry") == 0
    assert await check(world) == []


async def test_a_reversed_lapse_comes_back_while_the_fund_still_has_it(world: World) -> None:
    programme_id = await a_programme(world, Rules(5000, 1, "attendance"), budget_cents=5000)
    anna, bilal = await world.resident(), await world.resident()
    await granted(world, programme_id, anna)
    world.clock.move(timedelta(days=40))
    await lapse_due(world.services, world.clock.now())
    lapsed = await last(world, "lapse")

    await granted(world, programme_id, bilal)
    assert await take_back(world, lapsed) == CannotReverse()
    await take_back(world, await last(world, "grant"))
    assert await take_back(world, lapsed) == Reversed(5000, new=True)

    assert await figures(world, anna) == (5000, 0, 0, 0, 0)
    assert await check(world) == []


async def test_a_hold_a_pledge_and_a_reversal_are_not_reversed(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await settle(world, *((hold, 500) for hold in await held(world, anna, session)))
    await take_back(world, await last(world, "settle"))

    for kind in ("hold", "pledge", "reversal"):
        assert await take_back(world, await last(world, kind)) == CannotReverse()
    assert await take_back(world, uuid4()) == CannotReverse()
