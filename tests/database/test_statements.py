"""Named statements, and what a call of each kind gives."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from msgspec import Struct

from tests.builders import World
from uit.database import statements as sql
from uit.database.statements import DECLARED, Statements, split

TEXT = """-- Words before the first name are for the reader.

-- name: first
-- Why it is so.
SELECT 1 AS one;

-- name: second
SELECT $1::uuid AS id, $2::text AS name WHERE $2 <> 'nobody';
-- name: third
UPDATE uit.region SET name = name WHERE id = $1
"""


class Row(Struct, frozen=True):
    id: UUID
    name: str


@pytest.fixture
def statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Statements]:
    (tmp_path / "some" / "sql").mkdir(parents=True)
    (tmp_path / "some" / "sql" / "thing.sql").write_text(TEXT)
    monkeypatch.setattr(sql, "ROOT", tmp_path)
    before = len(DECLARED)
    yield Statements("some.thing")
    del DECLARED[before:]


def test_a_file_is_cut_at_its_names_and_nothing_is_lost() -> None:
    assert dict(split(TEXT)) == {
        "first": "-- Why it is so.\nSELECT 1 AS one",
        "second": "SELECT $1::uuid AS id, $2::text AS name WHERE $2 <> 'nobody'",
        "third": "UPDATE uit.region SET name = name WHERE id = $1",
    }


def test_a_statement_that_is_not_there_is_missed_at_once(statements: Statements) -> None:
    with pytest.raises(KeyError, match="fourth"):
        statements.command("fourth")


def test_a_declared_statement_says_where_it_comes_from(statements: Statements) -> None:
    made = statements.command("third")

    assert DECLARED[-1] is made
    assert (made.origin, made.name, made.row) == ("some/thing", "third", None)


async def test_each_kind_gives_what_it_says(statements: Statements, world: World) -> None:
    one, maybe, many = (kind("second", Row) for kind in (statements.one, statements.maybe, statements.many))
    anna = Row(UUID(int=7), "Anna")
    async with world.services.database.transaction() as tx:
        assert await one(tx, anna.id, "Anna") == anna
        assert await maybe(tx, anna.id, "Anna") == anna
        assert await many(tx, anna.id, "Anna") == [anna]
        assert await maybe(tx, anna.id, "nobody") is None
        assert await many(tx, anna.id, "nobody") == []
        assert await statements.value("first", int)(tx) == 1
        assert await statements.command("third")(tx, 1) == 1
        assert await statements.command("third")(tx, 99) == 0
        with pytest.raises(LookupError, match="second"):
            await one(tx, anna.id, "nobody")
