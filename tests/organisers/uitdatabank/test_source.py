import json
from pathlib import Path

import pytest

from organisers.uitdatabank.event import Event, read_event
from organisers.uitdatabank.field import Unreadable
from organisers.uitdatabank.record import Record
from organisers.uitdatabank.source import read_source
from tests.organisers.uitdatabank.feed import FOLDER, TODAY, record


async def read_all(source: Path | str) -> list[Record]:
    return [found async for found in read_source(str(source), client_id=None)]


def names(records: list[Record]) -> list[str]:
    """What a person would see of each record: the name of the event, or what is wrong."""
    read = [
        found.raw if isinstance(found.raw, Unreadable) else read_event(found.raw, TODAY) for found in records
    ]
    return [event.name["nl"] if isinstance(event, Event) else str(event) for event in read]


async def test_a_file_holds_one_event() -> None:
    (found,) = await read_all(FOLDER / "single.json")

    assert found.position == "single.json"
    assert found.raw == record("single")
    assert found.share == 1.0


async def test_broken_lines_are_reported_where_they_are_and_the_rest_goes_on() -> None:
    records = await read_all(FOLDER / "mixed.ndjson")

    positions = [found.position for found in records]
    assert positions == [f"mixed.ndjson, line {line}" for line in (1, 3, 4, 5, 6, 7)]
    assert names(records) == [
        "Breien op de bus",
        "is not JSON: JSON is malformed: invalid character (byte 137)",
        "Prijs onbekend",
        "is only a link to an event; ask the Search API for it with embed=true",
        "is not a JSON object",
        "Nog een rit",
    ]


@pytest.mark.parametrize(
    "document",
    [
        [record("single"), 7, record("online")],
        {"@type": "PagedCollection", "totalItems": 3, "member": [record("single"), 7, record("online")]},
    ],
    ids=["array", "page"],
)
async def test_an_array_and_a_page_are_read_item_by_item(tmp_path: Path, document: object) -> None:
    (tmp_path / "agenda.json").write_text(json.dumps(document), encoding="utf-8")

    records = await read_all(tmp_path / "agenda.json")

    assert [found.position for found in records] == [f"agenda.json, item {item}" for item in (1, 2, 3)]
    assert names(records) == [
        "Avond van het trage lied",
        "is not a JSON object",
        "Sterrenkijken vanuit je zetel",
    ]


async def test_lines_in_a_file_that_says_json_are_read_as_lines(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(record(name)) for name in ("single", "online"))
    (tmp_path / "agenda.json").write_text(lines, encoding="utf-8")

    assert [found.position for found in await read_all(tmp_path / "agenda.json")] == [
        "agenda.json, line 1",
        "agenda.json, line 2",
    ]


async def test_a_folder_is_read_in_order_with_what_lies_below_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.json", "b/z.ndjson", "a.JSONL", "readme.txt"):
        (tmp_path / name).write_text(json.dumps(record("online")), encoding="utf-8")

    records = await read_all(tmp_path)

    assert [found.position for found in records] == ["a.JSONL, line 1", "b/z.ndjson, line 1", "c.json"]


async def test_the_share_that_is_read_only_grows_and_ends_at_all(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps([record("online")] * 5), encoding="utf-8")

    shares = [found.share for found in await read_all(tmp_path)]

    assert shares == sorted(shares)
    assert shares[4] == 0.5
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not JSON"),
        (b'{"name": "caf\xe9"}', "is not UTF-8"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"name": "\\ud800"}', "is not JSON"),
        (b'{"price": 1e999}', "is not JSON"),
    ],
)
async def test_a_file_that_is_no_json_is_one_wrong_record(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "kapot.json").write_bytes(content)

    (found,) = await read_all(tmp_path / "kapot.json")

    assert isinstance(found.raw, Unreadable)
    assert found.raw.why.startswith(why)


async def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "bom.json").write_text(json.dumps(record("single")), encoding="utf-8-sig")

    assert names(await read_all(tmp_path / "bom.json")) == ["Avond van het trage lied"]


async def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (gone,) = await read_all(tmp_path / "weg.json")
    (empty,) = await read_all(tmp_path)

    assert str(gone.raw) == "cannot be read: No such file or directory"
    assert str(empty.raw) == "has no file that ends in .json, .jsonl, .ndjson"


async def test_a_long_file_is_read_line_by_line(tmp_path: Path) -> None:
    line = json.dumps(record("online")) + "\n"
    with (tmp_path / "lang.ndjson").open("w", encoding="utf-8") as file:
        file.writelines(line for _ in range(2_000))

    records = read_source(str(tmp_path / "lang.ndjson"), client_id=None)
    first = await anext(records)
    (tmp_path / "lang.ndjson").unlink()

    assert first.share < 0.001
    assert sum([1 async for _ in records]) == 1_999
