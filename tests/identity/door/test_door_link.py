"""A door link: one device, one evening."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

from tests.builders import World
from uit.identity.door import door_link as door
from uit.identity.door.door_link import NewDoorLink
from uit.identity.errors import DoorClosed, DoorNotYetOpen
from uit.identity.visitor import Authenticator, Door
from uit.services.audit import Author

PHONE, OTHER_PHONE = "telefoon van de vrijwilliger", "een andere telefoon"
ORGANISER, SESSION = uuid4(), uuid4()


async def author(world: World, region_id: int = 1) -> Author:
    staff_id = await world.sign_in_staff("organiser", region_id=region_id, organiser_id=ORGANISER)
    return Author(region_id, "staff", str(staff_id), world.clock.now(), world.services.ids)


async def make(world: World, *, from_hours: int = 0, to_hours: int = 5) -> tuple[UUID, str]:
    now, link_id, by = world.clock.now(), uuid4(), await author(world)
    hours = (now + timedelta(hours=from_hours), now + timedelta(hours=to_hours))
    async with world.services.database.transaction() as tx:
        return link_id, await door.make(tx, by, NewDoorLink(ORGANISER, SESSION, *hours), link_id)


async def opens(world: World, token: str, device: str = PHONE) -> Door | DoorNotYetOpen | DoorClosed:
    async with world.services.database.transaction() as tx:
        return await door.open_door(tx, token, device, world.clock.now())


async def is_known(world: World, token: str, device: str = PHONE) -> bool:
    authenticator: Authenticator = world.app.state.authenticator
    return await authenticator.by_door(token, device) is not None


async def test_the_first_device_owns_the_link_and_may_come_back(world: World) -> None:
    link_id, token = await make(world)

    first, again = await opens(world, token), await opens(world, token)

    assert first == again == Door(1, SESSION, ORGANISER, link_id)
    assert await is_known(world, token)


async def test_another_device_is_refused(world: World) -> None:
    _, token = await make(world)
    await opens(world, token)

    assert await opens(world, token, OTHER_PHONE) == DoorClosed()
    assert not await is_known(world, token, OTHER_PHONE)


async def test_of_two_devices_at_the_same_moment_one_gets_in(world: World) -> None:
    _, token = await make(world)

    answers = await gather(*(opens(world, token, f"telefoon {number}") for number in range(6)))

    assert sum(isinstance(answer, Door) for answer in answers) == 1


async def test_a_link_opens_only_within_its_evening(world: World) -> None:
    opens_at = world.clock.now() + timedelta(hours=1)
    _, token = await make(world, from_hours=1, to_hours=3)

    assert await opens(world, token) == DoorNotYetOpen(opens_at)
    world.clock.move(timedelta(hours=1))
    assert isinstance(await opens(world, token), Door)
    world.clock.move(timedelta(hours=2))
    assert await opens(world, token) == DoorClosed()
    assert not await is_known(world, token)


async def test_a_revoked_link_is_closed_at_once(world: World) -> None:
    link_id, token = await make(world)
    await opens(world, token)
    by = await author(world)

    async with world.services.database.transaction() as tx:
        assert await door.revoke(tx, by, ORGANISER, link_id)

    assert not await is_known(world, token)
    assert await opens(world, token) == DoorClosed()


async def test_nobody_revokes_the_link_of_another_organiser_or_region(world: World) -> None:
    link_id, token = await make(world)

    here, elsewhere = await author(world), await author(world, region_id=2)

    async with world.services.database.transaction() as tx:
        assert not await door.revoke(tx, here, uuid4(), link_id)
        assert not await door.revoke(tx, elsewhere, ORGANISER, link_id)

    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'door.revoke'") == 0
    assert isinstance(await opens(world, token), Door)


async def test_the_organiser_sees_the_links_that_still_work_and_which_are_taken(world: World) -> None:
    taken, token = await make(world)
    free, _ = await make(world, to_hours=6)
    await make(world, from_hours=-2, to_hours=0)
    await opens(world, token)

    async with world.services.database.reading() as connection:
        links = await door.links_of(connection, 1, ORGANISER, SESSION, world.clock.now())

    assert {(link.id, link.taken) for link in links} == {(taken, True), (free, False)}


async def test_a_token_that_never_was_opens_nothing(world: World) -> None:
    await make(world)

    assert await opens(world, "niet van ons") == DoorClosed()
