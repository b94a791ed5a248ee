"""Credit that was not used in time goes back to its fund; what is put aside does not."""

from asyncio import gather
from datetime import timedelta

from credits.wallet import lapse
from credits.wallet.lapse import lapse_due
from tests.builders import World
from tests.credits.books import a_programme, check, figures, granted, held, left_to_give

LONG = timedelta(days=400)


async def test_what_is_left_lapses_and_can_be_given_to_others(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    await granted(world, programme_id, anna)
    world.clock.move(LONG)

    assert await lapse_due(world.services, world.clock.now()) == 1

    assert await figures(world, anna) == (0, 0, 0, 5000, 0)
    assert await left_to_give(world, programme_id) == 1_000_000
    assert await check(world) == []


async def test_credit_lives_through_its_last_day_in_brussels(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    answer = await granted(world, programme_id, anna)
    world.clock.set(answer.lapses_at - timedelta(microseconds=1))

    assert await lapse_due(world.services, world.clock.now()) == 0
    world.clock.set(answer.lapses_at)
    assert await lapse_due(world.services, world.clock.now()) == 1


async def test_what_is_held_does_not_lapse_until_it_comes_back(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    [hold_id] = await held(world, anna, session)
    booking_id = await world.value("SELECT booking_id FROM credits.transfer WHERE id = $1", hold_id)
    now = world.clock.now()

    await lapse_due(world.services, now + LONG)
    assert await figures(world, anna) == (0, 300, 0, 700, 0)

    await world.cancel(booking_id)
    assert await lapse_due(world.services, now + LONG) == 1
    assert await figures(world, anna) == (0, 0, 0, 1000, 0)
    assert await check(world) == []


async def test_many_lapse_in_batches_and_two_workers_do_it_once(world: World) -> None:
    programme_id = await a_programme(world)
    people = [await world.resident() for _ in range(25)]
    for each in people:
        await granted(world, programme_id, each)
    world.clock.move(LONG)
    most, lapse.MOST_AT_ONCE = lapse.MOST_AT_ONCE, 10

    lapsed = await gather(*(lapse_due(world.services, world.clock.now()) for _ in range(2)))

    lapse.MOST_AT_ONCE = most
    assert sum(lapsed) == 25
    assert await world.value("SELECT count(*) FROM credits.transfer WHERE kind = 'lapse'") == 25
    assert await left_to_give(world, programme_id) == 1_000_000


async def test_lapsing_waits_for_nobody_who_is_booking(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    await granted(world, programme_id, anna)
    world.clock.move(LONG)

    async with world.services.database.transaction() as booking:
        await booking.execute(
            "SELECT FROM credits.wallet WHERE id = $1 FOR NO KEY UPDATE", anna.membership_id
        )
        assert await lapse_due(world.services, world.clock.now()) == 0
    assert await lapse_due(world.services, world.clock.now()) == 1
