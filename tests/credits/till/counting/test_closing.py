"""Closing a till: counted blind, compared afterwards, a difference with its reason."""

from asyncio import gather
from uuid import uuid4

import pytest

from credits.errors import DrawerTooLow, TillClosed, TillCounted, TillIdTaken, TillNotCounted
from credits.till.till import TillDone
from tests.builders import World
from tests.credits.till.drawers import a_drawer, account_cents, faults


async def test_a_drawer_that_fits_closes_without_a_reason(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)
    await drawer.sell(500)

    closed = await drawer.end(10_500, to_safe_cents=500)

    assert (closed.expected_cents, closed.difference_cents, closed.left_cents) == (10_500, 0, 10_000)
    assert await account_cents(world, drawer.worker.organiser_id, "safe") == -9500
    assert await faults(world) == []


@pytest.mark.parametrize(("counted_cents", "booked_cents"), [(10_450, 50), (10_600, -100)])
async def test_a_difference_is_booked_with_its_reason(
    world: World, counted_cents: int, booked_cents: int
) -> None:
    drawer = await a_drawer(world, float_cents=10_000)
    await drawer.sell(500)

    closed = await drawer.end(counted_cents, reason="Verkeerd teruggegeven")

    assert closed.difference_reason == "Verkeerd teruggegeven"
    assert await account_cents(world, drawer.worker.organiser_id, "difference") == booked_cents
    assert await account_cents(world, drawer.worker.organiser_id, "till") == counted_cents
    assert await faults(world) == []


async def test_a_difference_without_a_reason_is_never_written(world: World) -> None:
    drawer = await a_drawer(world)
    await drawer.count(9950)

    with pytest.raises(ValueError, match="says why"):
        await drawer.close()

    assert await world.value("SELECT closed_at FROM credits.till_session") is None


async def test_a_count_is_made_once_and_the_same_count_again_changes_nothing(world: World) -> None:
    drawer = await a_drawer(world)

    first, again, other = await drawer.count(9950), await drawer.count(9950), await drawer.count(10_000)

    assert (first.new, again.new, first.session) == (True, False, again.session)
    assert other == TillCounted("Kassa inkom")


async def test_nothing_goes_in_or_out_of_a_counted_drawer(world: World) -> None:
    drawer = await a_drawer(world)
    await drawer.count(10_000)

    assert await drawer.drop(500) == TillCounted("Kassa inkom")
    await drawer.close()
    assert await drawer.drop(500) == TillClosed("Kassa inkom")
    assert await drawer.count(9000) == TillClosed("Kassa inkom")


async def test_a_till_is_not_closed_before_it_is_counted(world: World) -> None:
    drawer = await a_drawer(world)

    assert await drawer.close() == TillNotCounted("Kassa inkom")


async def test_closing_twice_at_once_moves_money_to_the_safe_once(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)
    await drawer.count(10_000)

    answers = await gather(*(drawer.close(to_safe_cents=4000) for _ in range(3)))

    assert all(isinstance(each, TillDone) and each.session.left_cents == 6000 for each in answers)
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 6000
    assert await faults(world) == []


async def test_a_sale_during_the_count_is_in_it_or_refused_and_never_lost(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)

    answers = await gather(drawer.sell(500), drawer.count(10_000), return_exceptions=True)

    sold = await world.value("SELECT count(*) FROM credits.receipt")
    assert await world.value("SELECT expected_cents FROM credits.till_session") == 10_000 + 500 * sold
    assert isinstance(answers[1], TillDone)
    assert await faults(world) == []


async def test_a_drop_goes_to_the_safe_once(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)
    drop_id = drawer.worker.ids.new()

    for _ in range(2):
        await drawer.drop(4000, drop_id)

    assert await account_cents(world, drawer.worker.organiser_id, "till") == 6000
    assert await world.value("SELECT reference FROM credits.transfer WHERE kind = 'drop'") == "zak 12"
    assert await faults(world) == []


async def test_a_form_with_another_amount_than_it_dropped_drops_nothing(world: World) -> None:
    drawer, drop_id = await a_drawer(world), uuid4()

    first, other = await drawer.drop(4000, drop_id), await drawer.drop(5000, drop_id)

    assert isinstance(first, TillDone)
    assert other == TillIdTaken(drop_id)
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 6000
    assert await faults(world) == []


async def test_no_more_is_dropped_than_the_books_say_is_there(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)

    assert await drawer.drop(10_001) == DrawerTooLow(10_001)
    assert isinstance(await drawer.drop(10_000), TillDone)


async def test_a_drawer_says_only_three_times_that_it_holds_less(world: World) -> None:
    """Nobody tries amounts until one fits, and so knows before the count what should be there."""
    drawer = await a_drawer(world, float_cents=10_000)

    for cents in (14_000, 12_000, 11_000):
        assert await drawer.drop(cents) == DrawerTooLow(cents)

    assert await drawer.drop(5000) == DrawerTooLow(5000)
    assert isinstance(await drawer.count(10_000), TillDone)
