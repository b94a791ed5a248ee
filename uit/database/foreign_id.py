"""Identifiers of other systems, per region, and the rows that were made for them here."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)


class ForeignId(Struct, frozen=True):
    """The identifier that another system gives to the row `owner`."""

    foreign_id: str
    owner: UUID


class ForeignIdRegion(Struct, frozen=True):
    foreign_id: str
    region_id: int


insert_foreign_ids = SQL.command("insert_foreign_ids")
change_foreign_ids = SQL.command("change_foreign_ids")
select_owners = SQL.many("select_owners", ForeignId)
select_regions = SQL.many("select_regions", ForeignIdRegion)


async def read_owners(
    tx: Executor, region_id: int, kind: str, source: str, foreign_ids: Iterable[str]
) -> dict[str, UUID]:
    """The row of each foreign id; ids that were never imported are left out."""
    found = await select_owners(tx, region_id, kind, source, list(foreign_ids))
    return {each.foreign_id: each.owner for each in found}


async def read_regions_of(tx: Executor, kind: str, source: str, foreign_ids: Iterable[str]) -> dict[str, int]:
    """The region in which each foreign id was imported; ids that never were are left out."""
    found = await select_regions(tx, kind, source, list(foreign_ids))
    return {each.foreign_id: each.region_id for each in found}


async def rename_foreign_ids(
    tx: Executor, region_id: int, kind: str, source: str, renamed: Mapping[str, str]
) -> None:
    """Their source calls these rows otherwise from now on: by old name, the new one, which no row has yet."""
    await change_foreign_ids(tx, region_id, kind, source, list(renamed), list(renamed.values()))


async def write_foreign_ids(
    tx: Executor, region_id: int, kind: str, source: str, owners: Mapping[str, UUID]
) -> None:
    """Store the foreign ids of these rows. A foreign id that is stored already keeps its row."""
    rows = [ForeignId(foreign_id, owner) for foreign_id, owner in owners.items()]
    await insert_foreign_ids(tx, region_id, kind, source, as_json(rows))
