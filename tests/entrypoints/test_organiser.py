"""An operator adds an organiser."""

import asyncio
import json
from uuid import UUID

import pytest

from tests.builders import World
from tests.entrypoints.steps import refused, typed
from uit.core.settings import Settings

ADD = ("organiser", "add", "--region", "dender", "--name", "De Werf")
Said = pytest.CaptureFixture[str]


async def stored(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows(
        "SELECT o.region_id, o.name, o.enterprise_number, o.email, d.key IS NOT NULL"
        " FROM organisers.organiser AS o"
        " LEFT JOIN uit.directory AS d ON d.key = o.id AND d.kind = 'organiser'"
    )
    return [tuple(row) for row in rows]


async def test_an_organiser_is_added_and_its_id_printed(
    world: World, settings: Settings, capsys: Said
) -> None:
    more = ("--enterprise-number", "BE 0123.456.749", "--email", "info@dewerf.example")

    assert await typed(settings, *ADD, *more) == 0

    made = UUID(capsys.readouterr().out.strip())
    assert await stored(world) == [(1, "De Werf", "0123456749", "info@dewerf.example", True)]
    [act] = await world.rows("SELECT region_id, actor_kind, actor_id, act, subject_id FROM uit.audit")
    assert tuple(act) == (1, "system", "operator", "organiser.add", str(made))


async def test_a_repeat_prints_the_id_of_the_one_that_is_there(
    world: World, settings: Settings, capsys: Said
) -> None:
    await asyncio.gather(*(typed(settings, *ADD, "--json") for _ in range(3)))

    said = capsys.readouterr().out
    found = [json.loads(part + "}") for part in said.split("}\n")[:-1]]
    assert len({each["id"] for each in found}) == 1
    assert sorted(each["added"] for each in found) == [False, False, True]
    assert len(await stored(world)) == 1


@pytest.mark.parametrize(
    ("more", "exit_code", "why"),
    [
        (("--name", "  "), 2, "Give the organiser a name"),
        (("--enterprise-number", "0123456748"), 2, "its ten digits do not add up"),
        (("--email", "a b@x"), 2, "is no e-mail address"),
        (("--region", "polder"), 1, "There is no region polder. Known are: dender, kust."),
    ],
)
async def test_what_cannot_be_right_is_said_and_nothing_is_added(
    world: World, settings: Settings, more: tuple[str, ...], exit_code: int, why: str
) -> None:
    assert why in await refused(settings, exit_code, *ADD, *more)
    assert await stored(world) == []


async def test_the_organisers_of_a_region_are_listed(world: World, settings: Settings, capsys: Said) -> None:
    ours = await world.organiser(name="De Werf")
    await world.organiser(2, name="Kursaal")

    await typed(settings, "organiser", "list", "--region", "dender")

    [_, line] = capsys.readouterr().out.splitlines()
    assert line.split("  ")[0] == str(ours)
