"""An operator opens a region."""

import asyncio
import json
from datetime import timedelta

import pytest

from tests.builders import World
from tests.entrypoints.steps import refused, typed
from uit.core.settings import Settings
from uit.entrypoints.refused import WRONG
from uit.services.municipality import load_municipalities
from uit.services.region import RESERVED_SLUGS

AALST, NINOVE, OOSTENDE = "41002", "41048", "35013"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
async def _flanders(world: World) -> None:
    async with world.services.database.transaction() as tx:
        await load_municipalities(tx)


def scheldt(*municipalities: str, slug: str = "schelde", name: str = "Schelde") -> list[str]:
    towns = [word for each in municipalities for word in ("--municipality", each)]
    return ["region", "add", "--slug", slug, "--name", name, *towns]


async def regions(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows(
        "SELECT r.slug, array_agg(m.refnis ORDER BY m.refnis) FROM uit.region AS r"
        " JOIN uit.region_municipality AS m ON m.region_id = r.id GROUP BY r.slug ORDER BY r.slug"
    )
    return [tuple(row) for row in rows]


async def test_a_region_is_added_with_its_towns_and_is_open_at_once(
    world: World, settings: Settings, capsys: Said
) -> None:
    assert (await world.client.get("/schelde")).status_code == 404
    help_line = ["--help-phone", "053 00 01 00", "--help-text", "Bel op een werkdag."]

    assert await typed(settings, *scheldt(AALST, NINOVE), *help_line) == 0

    assert capsys.readouterr().out == "Added: schelde, Schelde, with Aalst, Ninove.\n"
    assert await regions(world) == [("schelde", [AALST, NINOVE])]
    [act] = await world.rows("SELECT region_id, actor_id, act, subject_id, facts FROM uit.audit")
    assert [*act[:4], json.loads(act[4])] == [
        3, "operator", "region.add", "3", {"slug": "schelde", "municipalities": 2},
    ]  # fmt: skip
    world.clock.move(timedelta(seconds=5))
    assert (await world.client.get("/schelde")).status_code == 200


async def test_a_repeat_changes_nothing_and_a_dry_run_neither(
    world: World, settings: Settings, capsys: Said
) -> None:
    await typed(settings, *scheldt(AALST), "--dry-run")
    assert await regions(world) == []
    assert capsys.readouterr().out.startswith("Would be added: schelde")

    for _ in range(2):
        await typed(settings, *scheldt(AALST), "--json")

    first, again = [json.loads(part + "}") for part in capsys.readouterr().out.split("}\n")[:-1][-2:]]
    assert (first, again) == (
        {"id": 3, "slug": "schelde", "added": True},
        {"id": 3, "slug": "schelde", "added": False},
    )
    assert await world.value("SELECT count(*) FROM uit.audit") == 1


@pytest.mark.parametrize(
    ("words", "exit_code", "why"),
    [
        (scheldt(AALST, slug="dender"), 1, "The slug dender is taken by Dender"),
        (scheldt(AALST, slug="Schelde"), 2, "Schelde cannot be part of an address"),
        (scheldt(AALST, slug="team"), 2, "/team is an address of uit itself"),
        (scheldt("99999"), 2, "99999 is no REFNIS code"),
        (scheldt("aalst"), 2, "Aalst has 41002."),
        (scheldt(AALST, name=" "), 2, "Give the region a name"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_added(
    world: World, settings: Settings, words: list[str], exit_code: int, why: str
) -> None:
    assert why in await refused(settings, exit_code, *words)

    assert await regions(world) == []
    assert await world.value("SELECT count(*) FROM uit.audit") == 0


async def test_a_municipality_is_in_one_region(world: World, settings: Settings) -> None:
    await typed(settings, *scheldt(AALST))

    said = await refused(settings, 1, *scheldt(OOSTENDE, AALST, slug="zee", name="Zee"))

    assert said.startswith("Aalst (41002) is in the region schelde already.")
    assert await regions(world) == [("schelde", [AALST])]


async def test_of_two_at_once_that_want_the_same_town_one_gets_it(world: World, settings: Settings) -> None:
    wanted = [scheldt(AALST), scheldt(AALST, slug="zee", name="Zee")]

    answers = await asyncio.gather(*(typed(settings, *each) for each in wanted), return_exceptions=True)

    assert len([each for each in answers if each == 0]) == 1
    assert len(await regions(world)) == 1


async def test_regions_are_listed_with_their_towns(world: World, settings: Settings, capsys: Said) -> None:
    await typed(settings, *scheldt(AALST))
    capsys.readouterr()

    await typed(settings, "region", "list")
    listed = capsys.readouterr().out.splitlines()
    await typed(settings, "region", "list", "--json")

    assert listed[-1].split() == ["schelde", "Schelde", "Aalst"]
    [_, _, last] = json.loads(capsys.readouterr().out)
    assert last == {"id": 3, "slug": "schelde", "name": "Schelde", "municipalities": {AALST: "Aalst"}}


async def test_no_region_can_take_an_address_of_uit_itself(world: World) -> None:
    first = {route.path.split("/")[1] for route in world.app.routes}
    named = {each for each in first if each.isalpha()}

    assert len(named) > 10
    assert named <= RESERVED_SLUGS


async def test_a_region_says_from_which_age_outings_are_ones_own(
    world: World, settings: Settings, capsys: Said
) -> None:
    change = ["region", "set", "--slug", "dender", "--own-outings-from", "14"]

    assert [await typed(settings, *change) for _ in range(2)] == [0, 0]

    assert "Dender: parents do not see where a young person goes from 14." in capsys.readouterr().out
    assert await world.value("SELECT own_outings_from FROM uit.region WHERE slug = 'dender'") == 14
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'region.settings'") == 1


async def test_a_region_that_is_not_there_is_not_changed(settings: Settings) -> None:
    said = await refused(settings, WRONG, "region", "set", "--slug", "nergens", "--own-outings-from", "14")

    assert said == "There is no region nergens. See `region list`."
