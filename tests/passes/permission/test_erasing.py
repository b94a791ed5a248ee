"""What permitted something is soon forgotten, and the word goes with its person; the trail stays."""

from datetime import timedelta
from uuid import uuid4

from tests.builders import World
from tests.passes.counter import open_counter
from tests.passes.permission.test_desk import asking, say
from uit.database.retention import erase_due


async def kept(world: World) -> tuple[int, int]:
    permissions = await world.value("SELECT count(*) FROM passes.permission")
    return permissions, await world.value("SELECT count(*) FROM passes.spoken_word")


async def test_a_permission_is_forgotten_after_a_week(world: World, dsn: str) -> None:
    anna = await world.resident()
    await world.sign_in_staff("clerk")
    await say(world, anna, soort="known")
    await world.post_form(asking(anna, "woord"), nieuw_woord="zonnebloem")

    world.clock.move(timedelta(days=6))
    await erase_due(dsn, world.clock.now())
    soon = await kept(world)
    world.clock.move(timedelta(days=2))
    await erase_due(dsn, world.clock.now())

    assert (soon, await kept(world)) == ((1, 1), (0, 1))
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'permission.give'") == 1


async def test_who_asks_is_erased_with_their_word(world: World, dsn: str) -> None:
    anna = await world.resident()
    await open_counter(world)
    await say(world, anna, soort="known", permission_id=uuid4())
    await world.post_form(asking(anna, "woord"), nieuw_woord="zonnebloem")
    await world.post_form(f"/dender/balie/personen/{anna.membership_id}/wissen")

    world.clock.move(timedelta(days=15))
    await erase_due(dsn, world.clock.now())

    assert await kept(world) == (0, 0)
    assert await world.value("SELECT count(*) FROM passes.membership") == 0
