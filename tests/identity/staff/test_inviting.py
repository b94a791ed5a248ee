"""Two who invite one address at the same moment are answered as if one came after the other."""

import asyncio

from tests.builders import World
from tests.identity.steps import CLERK, invitation
from uit.database.statements import Executor
from uit.identity.errors import WorksElsewhere
from uit.identity.staff.inviting import Invited, invite_again, invite_here
from uit.identity.staff.staff import Colleague, hire
from uit.identity.visitor import Role
from uit.services.audit import Author

EMAIL = "an.claes@example.org"
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def officer(world: World, region_id: int) -> Author:
    return Author(region_id, "staff", "1", world.clock.now(), world.services.ids)


def clerk_of(region_id: int) -> Colleague:
    return Colleague("An Claes", EMAIL, [Role("clerk", region_id, None, None)])


async def wait_for_a_lock(world: World) -> None:
    """Until somebody in this database waits for a row that another holds."""
    for _ in range(500):
        if await world.value(WAITING):
            return
        await asyncio.sleep(0.01)
    raise AssertionError


async def invite(world: World, region_id: int) -> Invited | WorksElsewhere:
    async with world.services.database.transaction() as tx:
        return await invite_here(tx, officer(world, region_id), clerk_of(region_id))


async def roles_by_region(world: World) -> list[int]:
    rows = await world.rows("SELECT region_id FROM identity.role WHERE ends_at IS NULL ORDER BY region_id")
    return [row[0] for row in rows]


async def test_of_two_regions_that_invite_a_new_address_at_once_the_second_gets_no_link(world: World) -> None:
    async with world.services.database.transaction() as tx:
        first = await invite_here(tx, officer(world, 1), clerk_of(1))
        second = asyncio.create_task(invite(world, 2))
        await wait_for_a_lock(world)

    assert isinstance(first, Invited)
    assert first.may_show
    assert await second == WorksElsewhere()
    assert await roles_by_region(world) == [1]
    assert (await world.client.get(first.path or "")).status_code == 200


async def test_who_is_given_more_while_they_are_invited_here_gets_the_link_by_mail_only(world: World) -> None:
    await invitation(world, EMAIL, CLERK)
    async with world.services.database.transaction() as tx:
        await hire(tx, officer(world, 2), clerk_of(2))
        here = asyncio.create_task(invite(world, 1))
        await wait_for_a_lock(world)

    invited = await here
    assert isinstance(invited, Invited)
    assert (invited.path is not None, invited.may_show) == (True, False)


async def test_who_accepts_while_they_are_invited_here_gets_no_link(world: World) -> None:
    await invitation(world, EMAIL, CLERK)
    async with world.services.database.transaction() as tx:
        await join(tx)
        here = asyncio.create_task(invite(world, 1))
        await wait_for_a_lock(world)

    assert await here == Invited("An Claes", EMAIL, None, may_show=False)


async def test_who_is_given_more_while_they_are_invited_again_gets_the_link_by_mail_only(
    world: World,
) -> None:
    await invitation(world, EMAIL, CLERK)
    staff_id = await world.value("SELECT id FROM identity.staff")

    async def again() -> object:
        async with world.services.database.transaction() as tx:
            return await invite_again(tx, officer(world, 1), staff_id)

    async with world.services.database.transaction() as tx:
        await hire(tx, officer(world, 2), clerk_of(2))
        invited = asyncio.create_task(again())
        await wait_for_a_lock(world)

    found = await invited
    assert isinstance(found, Invited)
    assert not found.may_show


async def join(tx: Executor) -> None:
    """As `accept` writes it last."""
    await tx.execute("UPDATE identity.staff SET password_hash = 'x', totp_secret = 'x'")
