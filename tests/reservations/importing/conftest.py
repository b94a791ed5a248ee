"""A town with municipalities, and the import of records into it."""

import json
from pathlib import Path

import pytest

from reservations.importing.importer import Report, import_sources, open_importer
from tests.builders import World
from tests.reservations.importing.events import DENDER, Import
from uit.services.municipality import load_municipalities


@pytest.fixture
async def town(world: World) -> World:
    """A world with municipalities; those of the Dender are in its region."""
    async with world.services.database.transaction() as tx:
        await load_municipalities(tx)
    await world.execute("INSERT INTO uit.region_municipality SELECT 1, unnest($1::text[])", DENDER)
    return world


@pytest.fixture
def take_in(town: World, tmp_path: Path) -> Import:
    """Import these records, from a file with a line for each."""

    async def run(*records: object, region: str | None = None) -> Report:
        path = tmp_path / "events.ndjson"
        path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in records))
        services = town.services
        chosen = await services.regions.by_slug(region) if region else None
        region_id = chosen.id if chosen else None
        importer = await open_importer(services.database, services.clock, services.ids, region_id)
        return await import_sources(importer, [str(path)])

    return run
