"""`python -m uit anchors verify`: what it prints, and its exit code."""

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from credits.anchors.anchoring import EVER
from tests.builders import World
from tests.credits.anchors.test_anchoring import anchored, write
from tests.entrypoints.steps import refused
from uit.entrypoints.anchors import verify_anchors

DAYS = date(2026, 3, 2), date(2026, 3, 5)


async def test_a_folder_that_is_not_there_is_not_taken_for_days_that_are_as_they_were(
    world: World, tmp_path: Path
) -> None:
    settings = replace(world.services.settings, anchor_folder=str(tmp_path / "mistyped"))

    said = await refused(settings, 1, "anchors", "verify")

    assert said.startswith(f"{tmp_path}/mistyped is not a folder, so no day was compared. ")


async def test_a_town_of_today_has_no_day_to_compare_and_says_so(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = replace(world.services.settings, anchor_folder="", home=str(tmp_path))
    named = replace(new, anchor_folder=str(tmp_path))

    codes = [await verify_anchors(each, *EVER, as_json=False) for each in (new, named)]

    assert codes == [0, 0]
    assert capsys.readouterr().out.splitlines() == [
        f"No day was compared: {tmp_path}/anchors has no anchor of these days yet.",
        f"No day was compared: {tmp_path} has no anchor of these days yet.",
    ]


async def test_days_that_are_as_they_were_end_well_and_one_that_is_not_is_named(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "anchors"
    await anchored(world, folder)
    settings = replace(world.services.settings, anchor_folder=str(folder))

    well = await verify_anchors(settings, *DAYS, as_json=False)
    await world.execute("DELETE FROM uit.audit WHERE at::date = '2026-03-03'")
    wrong = await verify_anchors(settings, *DAYS, as_json=False)
    as_text = capsys.readouterr().out.splitlines()
    await verify_anchors(settings, *DAYS, as_json=True)

    assert (well, wrong) == (0, 1)
    assert as_text == [
        "4 days are as they were anchored.",
        "dender: 2026-03-03 has other rows in the audit trail than were anchored.",
    ]
    assert json.loads(capsys.readouterr().out)["differences"] == [
        {"region": "dender", "day": "2026-03-03", "why": "trail"}
    ]


async def test_days_that_were_anchored_late_are_said_and_are_no_fault(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = await anchored(world, tmp_path / "anchors")
    for day in (2, 3, 4, 5):
        (tmp_path / "anchors" / "dender" / f"2026-03-0{day}.json").unlink()
    await write(world, store)
    settings = replace(world.services.settings, anchor_folder=str(tmp_path / "anchors"))
    capsys.readouterr()

    assert await verify_anchors(settings, *DAYS, as_json=False) == 0
    assert capsys.readouterr().out.splitlines() == [
        "4 days are as they were anchored.",
        "dender: 3 days were anchored more than a day late, from 2026-03-02 to 2026-03-04.",
    ]
