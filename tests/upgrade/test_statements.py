"""Every statement of a version that landed prepares on the schema of now: its processes can go on with it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.upgrade.landed import Landed, NoHistoryError, read_landed
from uit.database.migrate import read_migrations
from uit.database.pool import APPLICATION_ROLE
from uit.database.statements import split

LANDED = read_landed()
FEWEST_STATEMENTS = 100


@pytest.fixture
async def application(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    made = await asyncpg.connect(dsn, server_settings={"role": APPLICATION_ROLE})
    yield made
    await made.close()


@pytest.mark.parametrize("landed", LANDED, ids=str)
async def test_what_landed_still_prepares(
    landed: Landed, application: "asyncpg.Connection[Any]", tmp_path: Path
) -> None:
    tree, faults, count = landed.take_out(tmp_path), [], 0
    for path in sorted(tree.glob("*/**/sql/*.sql")):
        if path.is_relative_to(tree / "tests"):
            continue
        for name, text in split(path.read_text()):
            count += 1
            try:
                await application.prepare(text)
            except asyncpg.PostgresError as wrong:
                faults.append(f"{path.relative_to(tree)}: {name}: {wrong}")

    assert faults == []
    assert count > FEWEST_STATEMENTS


@pytest.mark.parametrize("landed", LANDED, ids=str)
def test_what_landed_has_the_migrations_of_now(landed: Landed, tmp_path: Path) -> None:
    tree = landed.take_out(tmp_path, "uit/migrations")
    then, now = read_migrations(tree / "uit/migrations"), read_migrations()

    assert then == now[: len(then)]
    assert f"{then[-1].number:04}" == landed.last_migration


def test_what_landed_last_is_recorded() -> None:
    """Each landing adds a line: the version that runs when the next one comes."""
    assert [each.last_migration for each in LANDED] == sorted(each.last_migration for each in LANDED)
    assert int(LANDED[-1].last_migration) >= 28


def test_without_the_history_the_tests_of_an_upgrade_say_what_is_missing(tmp_path: Path) -> None:
    nowhere = Landed("0" * 40, "0001", "nothing")

    with pytest.raises(NoHistoryError, match="run them in a whole clone"):
        nowhere.take_out(tmp_path)
