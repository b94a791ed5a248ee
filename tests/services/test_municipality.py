"""The municipalities that come with the project, and which of them an address lies in."""

import pytest

from tests.builders import World
from uit.services.municipality import Gazetteer, load_municipalities, read_gazetteer, read_municipalities

ZEMST, VILVOORDE, AALST, OOSTENDE = "23096", "23088", "41002", "35013"


@pytest.fixture
async def gazetteer(world: World) -> Gazetteer:
    async with world.services.database.transaction() as tx:
        await load_municipalities(tx)
        return await read_gazetteer(tx)


async def test_all_municipalities_of_flanders_are_there_and_loading_them_again_changes_none(
    world: World,
) -> None:
    written_by = []
    for _ in range(2):
        async with world.services.database.transaction() as tx:
            await load_municipalities(tx)
            every = await read_municipalities(tx)
        written_by.append(await world.rows("SELECT refnis, xmin::text FROM uit.municipality ORDER BY refnis"))
        assert len(every) == 285

    assert written_by[0] == written_by[1]


@pytest.mark.parametrize(
    ("postal_code", "locality", "refnis"),
    [
        ("9300", "Aalst", AALST),
        ("9320", "Erembodegem", AALST),
        ("8400", "OSTENDE", OOSTENDE),
        ("1804", "Zemst", ZEMST),
        ("1804", "Vilvoorde", VILVOORDE),
        ("1804", "Cargovil", None),
        ("9300", "", None),
        ("9300", "Gent", None),
        ("1000", "Brussel", None),
    ],
)
async def test_postal_code_and_locality_together_say_where_something_is(
    gazetteer: Gazetteer, postal_code: str, locality: str, refnis: str | None
) -> None:
    assert gazetteer.refnis(postal_code, locality) == refnis
