"""The directory: the region and the owner of every id that can arrive without its region."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)


class Entry(Struct, frozen=True):
    key: UUID
    owner: UUID | None


class Elsewhere(Struct, frozen=True):
    key: UUID
    region_id: int


class ListedElsewhere(Exception):
    """The id belongs to another region already, so the transaction that lists it again must not commit."""

    def __init__(self, kind: str, found: Elsewhere) -> None:
        super().__init__(f"the {kind} {found.key} lives in another region already ({found.region_id})")


upsert_entries = SQL.command("upsert_entries")
find_elsewhere = SQL.many("find_elsewhere", Elsewhere)


async def lives_elsewhere(tx: Executor, kind: str, region_id: int, key: UUID) -> bool:
    """Whether an id that a caller chose belongs to another region, so that it cannot be used in this one."""
    return bool(await find_elsewhere(tx, kind, region_id, [key]))


async def list_in_directory(
    tx: Executor, kind: str, region_id: int, owners: Mapping[UUID, UUID | None]
) -> None:
    """List the region and the owner of these ids, in the transaction that makes them or changes their owner.

    Raises ListedElsewhere when one of the ids belongs to another region.
    """
    rows = [Entry(key, owner) for key, owner in owners.items()]
    await upsert_entries(tx, kind, region_id, as_json(rows))
    elsewhere = await find_elsewhere(tx, kind, region_id, list(owners))
    if elsewhere:
        raise ListedElsewhere(kind, elsewhere[0])
