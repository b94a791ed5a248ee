"""Named SQL statements: read from `sql/<stem>.sql` beside a module, with the struct of their rows.

A statement is declared once, in the module of the same stem, and can then be called with a connection:

    SQL = Statements(__name__)
    read_ticket = SQL.maybe("read_ticket", TicketRow)
    row = await read_ticket(tx, region_id, booking_id)

Columns become fields by position; `tests/test_sql.py` prepares every statement against the migrated schema
and compares the names and types of its columns with its struct, so position is safe.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from asyncpg import Connection
from asyncpg.pool import PoolConnectionProxy
from msgspec import Struct

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
PARAMETER = re.compile(r"\$(\d+)")

Row = TypeVar("Row")
if TYPE_CHECKING:
    Executor = Connection[Any] | PoolConnectionProxy[Any]
else:  # asyncpg's classes are generic in their stubs only
    Executor = Connection | PoolConnectionProxy

Written = str | int | datetime | None
"""What a statement that is written out can carry."""

DECLARED: list["Statement"] = []


class Statement:
    """A named SQL text, and the type of its rows (`None` for a command)."""

    def __init__(self, origin: str, name: str, text: str, row: type | None) -> None:
        self.origin, self.name, self.text, self.row = origin, name, text, row
        DECLARED.append(self)


class Command(Statement):
    async def __call__(self, tx: Executor, *args: object) -> int:
        """Run the statement; returns the number of rows that it changed."""
        status = await tx.execute(self.text, *args)
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    def written_out(self, *args: Written) -> str:
        """The statement with its arguments in it, for a script: several statements in one round trip."""
        return PARAMETER.sub(lambda found: literal(args[int(found[1]) - 1]), self.text)


class One(Statement, Generic[Row]):
    async def __call__(self, tx: Executor, *args: object) -> Row:
        """The one row; a missing row is a bug."""
        record = await tx.fetchrow(self.text, *args)
        if record is None:
            raise LookupError(self.name)
        return self.row(*record)  # type: ignore[misc,no-any-return]


class Maybe(Statement, Generic[Row]):
    async def __call__(self, tx: Executor, *args: object) -> Row | None:
        record = await tx.fetchrow(self.text, *args)
        return None if record is None else self.row(*record)  # type: ignore[misc]


class Many(Statement, Generic[Row]):
    async def __call__(self, tx: Executor, *args: object) -> list[Row]:
        make = self.row
        return [make(*record) for record in await tx.fetch(self.text, *args)]  # type: ignore[misc]


class Value(Statement, Generic[Row]):
    async def __call__(self, tx: Executor, *args: object) -> Row:
        """The first column of the first row; `None` when there is no row."""
        return await tx.fetchval(self.text, *args)  # type: ignore[no-any-return]


class Statements:
    """The statements of the `.sql` file that belongs to the module with this name."""

    def __init__(self, module: str) -> None:
        self.origin = module.replace(".", "/")
        folder, _, stem = self.origin.rpartition("/")
        self.path = ROOT / folder / "sql" / f"{stem}.sql"
        self._texts = dict(split(self.path.read_text()))

    def command(self, name: str) -> Command:
        return Command(self.origin, name, self._texts[name], None)

    def one(self, name: str, row: type[Row]) -> One[Row]:
        return One(self.origin, name, self._texts[name], row)

    def maybe(self, name: str, row: type[Row]) -> Maybe[Row]:
        return Maybe(self.origin, name, self._texts[name], row)

    def many(self, name: str, row: type[Row]) -> Many[Row]:
        return Many(self.origin, name, self._texts[name], row)

    def value(self, name: str, kind: type[Row]) -> Value[Row]:
        return Value(self.origin, name, self._texts[name], kind)


def as_json(rows: Sequence[Struct]) -> str:
    """Rows as the JSON parameter of a statement that takes a whole set."""
    return msgspec.json.encode(rows).decode()


def literal(value: Written) -> str:
    """A value as SQL writes it. Inside quotes only a quote means something: `standard_conforming_strings`."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = value if isinstance(value, str) else value.isoformat()
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def split(text: str) -> Iterable[tuple[str, str]]:
    """Cut a file into (name, statement) pairs."""
    parts = NAME.split(text)[1:]
    return zip(parts[::2], (body.strip().removesuffix(";") for body in parts[1::2]), strict=True)
