"""Money back in cash, against a code, once."""

from asyncio import gather
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from credits.errors import DrawerTooLow, RefundCodeUnknown, RefundFetched, TillIdTaken
from credits.till.giving_back import (
    CashPayout,
    CashRefund,
    TillRefund,
    find_cash,
    give_back,
    write_till_refunds,
)
from credits.till.till import TillDone
from tests.builders import World
from tests.credits.till.drawers import Drawer, a_drawer, a_refund, a_seller, account_cents, faults
from uit.database.statements import as_json

CODE = "K7MP3ROI"


async def pay(drawer: Drawer, code: str = CODE, payout_id: UUID | None = None) -> Any:
    return await drawer.run(give_back, CashPayout(payout_id or uuid4(), drawer.session_id, code))


async def test_cash_under_a_code_goes_from_the_till_to_the_sale(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)
    refund = await a_refund(world, drawer.worker.organiser_id, 500)

    assert isinstance(await pay(drawer), TillDone)

    assert await account_cents(world, drawer.worker.organiser_id, "till") == 9500
    assert await account_cents(world, drawer.worker.organiser_id, "sale") == 0
    [row] = await world.rows("SELECT status::text, done_at FROM credits.refund WHERE id = $1", refund)
    assert tuple(row) == ("done", world.clock.now())
    assert await faults(world) == []


async def test_a_payment_of_which_all_was_given_back_in_cash_says_so(world: World) -> None:
    drawer = await a_drawer(world)
    await a_refund(world, drawer.worker.organiser_id, 500)

    await pay(drawer)

    assert await world.value("SELECT status::text FROM credits.payment") == "refunded"


async def find(drawer: Drawer, typed: str) -> Any:
    async with drawer.world.services.database.reading() as connection:
        return await find_cash(connection, 1, drawer.worker.organiser_id, typed)


@pytest.mark.parametrize("typed", ["k7mp3roi", " K7MP 3ROI ", "k7mp-3r01"])
async def test_a_code_is_read_as_people_type_it(world: World, typed: str) -> None:
    drawer = await a_drawer(world)
    await a_refund(world, drawer.worker.organiser_id, 500)

    waiting = await find(drawer, typed)

    assert isinstance(waiting, CashRefund)
    assert waiting.cash_cents == 500


async def test_a_code_is_good_once_also_at_two_tills_at_the_same_time(world: World) -> None:
    seller = await a_seller(world)
    drawers = [await a_drawer(world, seller_id=seller, name=name) for name in ("Inkom", "Foyer")]
    await a_refund(world, seller, 500)

    answers = await gather(*(pay(drawer) for drawer in drawers))

    assert sorted(type(each).__name__ for each in answers) == ["RefundFetched", "TillDone"]
    assert await account_cents(world, seller, "sale") == 0
    assert await pay(drawers[0]) == RefundFetched(world.clock.now())
    assert await faults(world) == []


async def test_a_form_with_another_code_than_it_gave_for_gives_nothing(world: World) -> None:
    drawer, payout_id = await a_drawer(world), uuid4()
    await a_refund(world, drawer.worker.organiser_id, 500)
    await a_refund(world, drawer.worker.organiser_id, 300, code="M3PK7ROI")

    given, other = await pay(drawer, payout_id=payout_id), await pay(drawer, "M3PK7ROI", payout_id)
    after_a_drop = await pay(drawer, "M3PK7ROI", await dropped(drawer))

    assert isinstance(given, TillDone)
    assert other == TillIdTaken(payout_id)
    assert isinstance(after_a_drop, TillIdTaken)
    assert await world.value("SELECT status::text FROM credits.refund WHERE amount_cents = 300") == "due"
    assert await faults(world) == []


async def dropped(drawer: Drawer) -> UUID:
    """The id of a form by which money went to the safe."""
    drop_id = uuid4()
    await drawer.drop(1000, drop_id)
    return drop_id


async def test_a_form_that_is_sent_twice_gives_once_and_says_so_twice(world: World) -> None:
    drawer, payout_id = await a_drawer(world), uuid4()
    await a_refund(world, drawer.worker.organiser_id, 500)

    answers = [await pay(drawer, payout_id=payout_id) for _ in range(2)]

    assert all(isinstance(each, TillDone) for each in answers)
    assert await account_cents(world, drawer.worker.organiser_id, "sale") == 0


async def test_what_is_given_in_cash_is_rounded_too(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)
    await a_refund(world, drawer.worker.organiser_id, 1003)

    await pay(drawer)

    assert await account_cents(world, drawer.worker.organiser_id, "sale") == 0
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 10_000 - 1005
    assert await account_cents(world, drawer.worker.organiser_id, "rounding") == 2
    assert await faults(world) == []


async def test_a_code_of_another_seller_is_not_known_here(world: World) -> None:
    drawer, other = await a_drawer(world), await a_seller(world)
    await a_refund(world, other, 500)

    assert await pay(drawer) == RefundCodeUnknown()
    assert await pay(drawer, "") == RefundCodeUnknown()


async def test_an_empty_drawer_gives_nothing_back(world: World) -> None:
    drawer = await a_drawer(world, float_cents=0)
    await a_refund(world, drawer.worker.organiser_id, 500)

    assert await pay(drawer) == DrawerTooLow(500)


async def test_a_refund_that_goes_another_way_is_not_paid_at_a_till(world: World) -> None:
    drawer = await a_drawer(world)
    refund = await a_refund(world, drawer.worker.organiser_id, 500)
    await world.execute("UPDATE credits.refund SET way = 'card'")
    rows = [TillRefund(uuid4(), refund, drawer.session_id, drawer.worker.staff_id)]

    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="not due"):
        async with world.services.database.transaction() as tx:
            await write_till_refunds(tx, 1, as_json(rows), world.clock.now())

    assert await pay(drawer) == RefundCodeUnknown()
