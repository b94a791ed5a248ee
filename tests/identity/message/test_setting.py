"""What somebody chose for a kind of message."""

from tests.builders import World
from uit.identity.message.setting import MessageSetting, choose, read_settings
from uit.identity.message.way import Way


async def test_a_way_is_chosen_changed_and_taken_back(world: World) -> None:
    anna, now = await world.resident(), world.clock.now()

    async with world.services.database.transaction() as tx:
        for way, help_way in ((Way.LETTER, Way.EMAIL), (Way.OFF, None)):
            assert await choose(tx, anna.person_id, {"booked": way, "help": help_way}, now)
        chosen = await read_settings(tx, anna.person_id)
        assert await choose(tx, anna.person_id, {"booked": None}, now)

        assert chosen == [MessageSetting("booked", "off")]
        assert await read_settings(tx, anna.person_id) == []


async def test_what_may_not_be_missed_is_not_switched_off(world: World) -> None:
    anna, now = await world.resident(), world.clock.now()

    async with world.services.database.transaction() as tx:
        for kind, way in (("called_off", Way.OFF), ("unknown", Way.EMAIL)):
            assert not await choose(tx, anna.person_id, {"booked": Way.LETTER, kind: way}, now)

        assert await read_settings(tx, anna.person_id) == []
