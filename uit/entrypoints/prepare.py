"""Prepares a database: migrations, and the municipalities of `uit/data`."""

from argparse import Namespace

from uit.core.settings import Settings
from uit.database.migrate import Migration, migrate
from uit.entrypoints.operating import opened_database
from uit.services.municipality import load_municipalities


async def prepare(settings: Settings) -> list[Migration]:
    """Bring a database up to date and return the migrations that were applied. A repeat changes nothing."""
    applied = await migrate(settings.owner_url)
    async with opened_database(settings) as database, database.transaction() as tx:
        await load_municipalities(tx)
    return applied


async def run(settings: Settings, _given: Namespace) -> int:
    """`python -m uit migrate`."""
    for migration in await prepare(settings):
        print(f"{migration.number:04} {migration.name}")
    print("The database is up to date.")
    return 0
