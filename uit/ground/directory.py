"""The directory: in which region a thing lives whose id comes alone, and whose it is."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from msgspec import Struct

from uit.ground.sql import Executor, Statements

SQL = Statements("uit/ground", "directory")
upsert_entries = SQL.command("upsert_entries")


class Entry(Struct, frozen=True):
    key: UUID
    owner: UUID | None


async def list_in_directory(
    tx: Executor, kind: str, region_id: int, owners: Mapping[UUID, UUID | None]
) -> None:
    """Say where these live and whose they are, in the transaction that makes them or changes their owner."""
    rows = [Entry(key, owner) for key, owner in owners.items()]
    await upsert_entries(tx, kind, region_id, msgspec.json.encode(rows).decode())
