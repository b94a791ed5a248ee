"""The command that imports events: what it says, where, and with which exit code."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from organisers.example import example_events
from organisers.uitdatabank.record import Record
from tests.builders import World
from tests.town import command
from uit.entrypoints.import_events import import_events, progress_bars
from uit.entrypoints.refused import CommandRefused
from uit.services.municipality import load_municipalities

EVENTS = example_events("dender", date(2026, 3, 2))


@pytest.fixture
async def town(world: World) -> World:
    async with world.services.database.transaction() as tx:
        await load_municipalities(tx)
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, '41002'), (1, '41011')")
    return world


def written(path: Path, *records: object) -> str:
    path.write_text("\n".join(json.dumps(record) for record in records))
    return str(path)


async def test_when_all_is_well_it_says_so_and_ends_with_zero(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await import_events(town.services.settings, [written(tmp_path / "a.ndjson", EVENTS[0], EVENTS[1])])

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert "Events: 2 added, 0 changed, 0 unchanged" in said.out


async def test_a_wrong_record_is_told_on_standard_error_and_ends_with_one(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = EVENTS[1] | {"name": {}, "@id": "https://uitdatabank.example/event/[red]1[/red]"}

    code = await import_events(town.services.settings, [written(tmp_path / "a.ndjson", EVENTS[0], wrong)])

    said = capsys.readouterr()
    assert code == 1
    assert "wrong: a.ndjson, line 2: " in said.err
    assert "Events: 1 added" in said.out


async def test_more_than_one_source_counts_as_one_import(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    online = next(event for event in EVENTS if event["name"] == {"nl": "Boekenclub vanuit je zetel"})
    host = next(event for event in EVENTS if event["name"] == {"nl": "Schrijver op bezoek"})
    sources = [written(tmp_path / "a.json", online), written(tmp_path / "b.json", host)]

    assert await import_events(town.services.settings, sources) == 0

    assert "Events: 2 added" in capsys.readouterr().out


def test_its_help_names_what_it_reads_and_how_it_ends(tmp_path: Path) -> None:
    said = " ".join(command(tmp_path, "import-events", "--help").stdout.split())

    assert all(word in said for word in ("an array", "NDJSON", "Search API"))
    assert "Exit code 1 when records were refused; the rest went in." in said


def test_on_a_terminal_it_shows_how_fast_it_goes_and_how_long_it_takes() -> None:
    shown = StringIO()

    with progress_bars(Console(file=shown, force_terminal=True, width=120), ["a.ndjson", "b.json"]) as watch:
        for share in (0.25, 0.5, 1.0):
            watch("a.ndjson", Record("a.ndjson, line 1", {}, share))

    first, second = [line for line in shown.getvalue().splitlines() if ".ndjson" in line or ".json" in line][
        -2:
    ]
    assert "100%" in first
    assert re.search(r"[0-9]/s", first)
    assert re.search(r"[0-9]:[0-9]{2}:[0-9]{2}", first)
    assert "-/s" in second
    assert "-:--:--" in second


def test_without_a_terminal_it_shows_no_bar() -> None:
    shown = StringIO()

    with progress_bars(Console(file=shown, force_terminal=False), ["a.ndjson"]) as watch:
        watch("a.ndjson", Record("a.ndjson, line 1", {}, 1.0))

    assert shown.getvalue().strip() == ""


async def test_what_was_left_out_of_a_record_is_told_and_is_no_error(
    town: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = EVENTS[0] | {"typicalAgeRange": "[red]4/10"}

    code = await import_events(town.services.settings, [written(tmp_path / "a.ndjson", event)])

    said = capsys.readouterr()
    assert code == 0
    assert said.err == "without: a.ndjson, line 1: typicalAgeRange is not a range of ages such as 6-12\n"
    assert "Fields: 1 left out." in said.out


async def test_a_region_that_is_not_there_is_said_with_those_that_are(town: World) -> None:
    with pytest.raises(CommandRefused, match=r"no region ergens\. Known are: "):
        await import_events(town.services.settings, [], region="ergens")


async def test_as_a_process_it_takes_a_file_in_and_ends_with_one_for_what_is_wrong(
    town: World, tmp_path: Path
) -> None:
    settings = town.services.settings
    stores = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    right = written(tmp_path / "right.ndjson", EVENTS[0])
    mixed = written(tmp_path / "mixed.ndjson", EVENTS[1], EVENTS[2] | {"name": {}})

    first = command(tmp_path, "import-events", right, **stores)
    second = command(tmp_path, "import-events", mixed, **stores)

    assert (first.returncode, first.stderr) == (0, "")
    assert second.returncode == 1
    assert second.stderr.startswith("wrong: mixed.ndjson, line 2: ")
    assert await town.value("SELECT count(*) FROM organisers.event") == 2
