"""Regions are read once for all who ask at a moment."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import World
from uit.services import region as regions
from uit.services.region import SECONDS_KEPT, Regions


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One for each time that they are read."""
    read, made = regions.read_regions, list[int]()

    async def counted(tx: Any) -> Any:
        made.append(1)
        return await read(tx)

    monkeypatch.setattr(regions, "read_regions", counted)
    return made


async def test_a_crowd_at_one_moment_costs_one_reading(world: World, readings: list[int]) -> None:
    known = Regions(world.services.database, world.clock)

    found = await asyncio.gather(*(known.by_slug("dender") for _ in range(50)))

    assert {each.id for each in found if each} == {1}
    assert len(readings) == 1
    world.clock.move(timedelta(seconds=SECONDS_KEPT))
    await asyncio.gather(*(known.by_slug("dender") for _ in range(50)))
    assert len(readings) == 2


async def test_what_changed_while_they_were_read_is_read_again(
    world: World, readings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, read = Regions(world.services.database, world.clock), regions.read_regions

    async def changing(tx: Any) -> Any:
        found = await read(tx)
        if len(readings) == 1:
            known.forget()
        return found

    monkeypatch.setattr(regions, "read_regions", changing)

    assert await known.by_slug("dender")
    assert len(readings) == 2


async def test_when_the_database_fails_everybody_hears_and_the_next_reads(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Regions(world.services.database, world.clock)

    async def away(_: Any) -> Any:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(regions, "read_regions", away)
        asked = await asyncio.gather(*(known.by_id(1) for _ in range(3)), return_exceptions=True)
        assert all(isinstance(each, ConnectionError) for each in asked)

    assert await known.by_id(1)
