"""What an organiser says here of an event that a source has: it goes before the source, until it is let go.

It is kept as data, column by column, with what the source says of the same columns. An import asks for it in
one place, so that importing twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("name", "name_translations"),
    "text": ("description", "description_translations"),
    "kind": ("type_label",),
    "ages": ("age_from", "age_to"),
    "facilities": ("facilities",),
    "place": ("attendance", "venue_id", "online_url"),
}
"""The columns of an event that may be said here, by what people call them."""

Columns = dict[str, Any]
"""Columns of an event with their values."""


class Said(Struct, frozen=True):
    """`said` is JSON of `Columns`."""

    event_id: UUID
    said: str


class AtSource(Struct, frozen=True):
    """What the source of an event says of the columns that are said here."""

    event_id: UUID
    at_source: Columns


AnyRow = TypeVar("AnyRow", bound=Struct)

select_said = SQL.many("select_said", Said)
write_at_source = SQL.command("write_at_source")
write_said = SQL.command("write_said")
delete_said = SQL.command("delete_said")
write_columns = SQL.command("write_columns")


async def with_what_is_said_here(
    tx: Executor, region_id: int, rows: Mapping[UUID, AnyRow], now: datetime
) -> list[AnyRow]:
    """The rows of events as they are to be written; what their source says instead is kept beside it."""
    said = {
        each.event_id: msgspec.json.decode(each.said, type=Columns)
        for each in await select_said(tx, region_id, list(rows))
    }
    if said:
        kept = [
            AtSource(event_id, {name: getattr(rows[event_id], name) for name in columns})
            for event_id, columns in said.items()
        ]
        await write_at_source(tx, region_id, as_json(kept), now)
    return [replace(row, **said.get(event_id, {})) for event_id, row in rows.items()]


async def say_here(tx: Executor, author: Author, event_id: UUID, said: Columns, source: Columns) -> None:
    """Let these columns go before the source from now on, and all others be as the source has them.

    `source` has all columns of GROUPS. The event must be locked against imports.
    """
    region_id, now = author.region_id, author.now
    if said:
        at_source = {name: source[name] for name in said}
        await write_said(tx, region_id, event_id, as_text(said), as_text(at_source), now)
    else:
        await delete_said(tx, region_id, event_id)
    await write_columns(tx, region_id, as_text([{"id": str(event_id), **source, **said}]), now)
    await author.note(tx, "activity.say", "event", event_id, said=" ".join(groups_of(said)))


def as_text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def groups_of(columns: Mapping[str, object]) -> Sequence[str]:
    """What people call the columns that are said here."""
    return [group for group, names in GROUPS.items() if names[0] in columns]
