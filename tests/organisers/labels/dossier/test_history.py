"""The chain of a dossier: whatever is changed afterwards, shows."""

import pytest

from organisers.labels.dossier import history
from tests.builders import World
from tests.organisers.labels.dossiers import Town, assessed, submitted


async def first_broken_entry(world: World, town: Town) -> int | None:
    async with world.services.database.reading() as connection:
        return await history.check(connection, town.dossier_id)


async def test_an_untouched_history_is_whole(world: World) -> None:
    assert await first_broken_entry(world, await assessed(world)) is None


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("UPDATE labels.history SET reason = 'anders' WHERE no = 2", 2),
        ("UPDATE labels.history SET at = at - interval '1 day' WHERE no = 1", 1),
        ("UPDATE labels.history SET by_staff = gen_random_uuid() WHERE no = 3", 3),
        ("DELETE FROM labels.history WHERE no = 2", 2),
        ("DELETE FROM labels.history WHERE no = 3", 3),
        ("UPDATE labels.history SET facts = replace(facts, '60000', '90000') WHERE no = 3", 3),
    ],
)
async def test_a_broken_chain_says_where_it_breaks(world: World, change: str, wrong: int) -> None:
    town = await submitted(world)

    await world.execute(change)

    assert await first_broken_entry(world, town) == wrong


async def test_the_dossier_page_warns_of_a_broken_history(world: World) -> None:
    town = await submitted(world)
    await world.execute("UPDATE labels.history SET reason = 'anders' WHERE no = 2")

    shown = await world.client.get(town.address)

    assert "klopt niet meer vanaf stap 2" in shown.text


async def test_the_application_itself_cannot_touch_what_happened(world: World) -> None:
    may = "SELECT has_table_privilege('uit_app', 'labels.history', $1)"

    allowed = {act for act in ("SELECT", "INSERT", "UPDATE", "DELETE") if await world.value(may, act)}

    assert allowed == {"SELECT", "INSERT"}
