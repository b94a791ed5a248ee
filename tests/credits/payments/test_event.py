"""What the provider reported waits in a list: lent to one worker at a time, put off, and done once."""

from datetime import timedelta

from credits.payments.event import (
    LENT,
    LONGEST_WAIT,
    claim,
    finish_event,
    put_event_off,
    replay_events,
    store_event,
    wait_after,
)
from tests.builders import World

KIND = "checkout.session.completed"


async def store(world: World, *ids: str) -> None:
    async with world.services.database.transaction() as tx:
        for each in ids:
            await store_event(tx, each, KIND, None, "cs_1", world.clock.now())


async def claimed(world: World, most: int = 10) -> list[str]:
    async with world.services.database.transaction() as tx:
        return [each.id for each in await claim(tx, world.clock.now(), most)]


async def test_an_event_is_stored_once_and_without_what_it_says(world: World) -> None:
    await store(world, "evt_1", "evt_1")

    [row] = await world.rows("SELECT * FROM credits.provider_event")

    assert (row["id"], row["object_id"], row["handled_at"]) == ("evt_1", "cs_1", None)


async def test_what_one_worker_has_no_other_gets(world: World) -> None:
    await store(world, "evt_1", "evt_2", "evt_3")

    first, second, third = await claimed(world, 2), await claimed(world), await claimed(world)

    assert (len(first), len(second), third) == (2, 1, [])
    assert sorted(first + second) == ["evt_1", "evt_2", "evt_3"]


async def test_two_workers_that_ask_at_once_get_different_events(world: World) -> None:
    await store(world, "evt_1", "evt_2")

    async with world.services.database.transaction() as one, world.services.database.transaction() as other:
        first = await claim(one, world.clock.now(), 1)
        second = await claim(other, world.clock.now(), 1)

    assert {first[0].id, second[0].id} == {"evt_1", "evt_2"}


async def test_what_a_worker_died_with_comes_again_and_counts(world: World) -> None:
    await store(world, "evt_1")
    await claimed(world)
    world.clock.move(LENT)

    async with world.services.database.transaction() as tx:
        [again] = await claim(tx, world.clock.now(), 10)

    assert (again.id, again.attempts) == ("evt_1", 2)


async def test_what_is_put_off_waits_until_then(world: World) -> None:
    await store(world, "evt_1")
    await claimed(world)
    async with world.services.database.transaction() as tx:
        await put_event_off(tx, "evt_1", world.clock.now() + timedelta(hours=1), "away")
    world.clock.move(LENT)
    too_early = await claimed(world)
    world.clock.move(timedelta(hours=1))

    assert (too_early, await claimed(world)) == ([], ["evt_1"])


async def test_what_is_done_comes_back_only_when_it_is_replayed(world: World) -> None:
    await store(world, "evt_1")
    await claimed(world)
    async with world.services.database.transaction() as tx:
        await finish_event(tx, "evt_1", world.clock.now(), "done")
    world.clock.move(timedelta(days=1))
    done = await claimed(world)
    await store(world, "evt_1")
    repeated = await claimed(world)

    async with world.services.database.transaction() as tx:
        count = await replay_events(tx, world.clock.now() - timedelta(days=2), world.clock.now())

    assert (done, repeated, count, await claimed(world)) == ([], [], 1, ["evt_1"])


async def test_a_replay_goes_back_to_its_moment_and_no_further(world: World) -> None:
    await store(world, "evt_old")
    world.clock.move(timedelta(days=2))
    await store(world, "evt_new")

    async with world.services.database.transaction() as tx:
        since = world.clock.now() - timedelta(days=1)
        assert await replay_events(tx, since, world.clock.now()) == 1


def test_waits_grow_and_never_beyond_the_longest() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 40)]

    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=20)
    assert waits[-1] == LONGEST_WAIT
