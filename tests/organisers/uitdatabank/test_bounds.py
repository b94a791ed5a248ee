"""Sources that mean harm: what is too large is refused in words, and memory stays where it is."""

import asyncio
import gzip
import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from organisers.uitdatabank.event import Event, read_event
from organisers.uitdatabank.field import Unreadable
from organisers.uitdatabank.record import MOST_RECORD_BYTES
from organisers.uitdatabank.source import read_source
from tests.organisers.uitdatabank.feed import TODAY, dropped, read, record, refuse, spoiled
from tests.organisers.uitdatabank.test_search_api import Peer, peer, wrongs

__all__ = ["peer"]
GOOD: Final = json.dumps(record("single")).encode()
MOST_MEMORY_KB: Final = 250_000

READ_ALL: Final = """
import asyncio, sys
from datetime import date
from pathlib import Path
from organisers.uitdatabank.event import Event, read_event
from organisers.uitdatabank.field import Unreadable
from organisers.uitdatabank.source import read_source

async def main():
    good = 0
    async for found in read_source(sys.argv[1], None):
        read = found.raw if isinstance(found.raw, Unreadable) else read_event(found.raw, date(2026, 3, 10))
        good += isinstance(read, Event)
        if isinstance(read, Unreadable):
            print(str(read)[:200])
    status = Path("/proc/self/status").read_text()
    print(good, status.partition("VmHWM:")[2].split()[0])

asyncio.run(main())
"""


async def read_apart(source: str) -> tuple[list[str], int, int]:
    """What is said of a source, how many events it gives, and the most memory that it took, in KB."""
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", READ_ALL, source], capture_output=True, text=True, check=True
    )
    *said, figures = ran.stdout.splitlines()
    good, most_kb = figures.split()
    return said, int(good), int(most_kb)


def bomb(megabytes: int) -> bytes:
    """A page in gzip, a thousandth of what it unpacks to."""
    packing = zlib.compressobj(9, wbits=31)
    parts = [packing.compress(b'{"totalItems": 1, "itemsPerPage": 1, "member": ["')]
    parts += [packing.compress(b"a" * 1_000_000) for _ in range(megabytes)]
    return b"".join([*parts, packing.compress(b'"]}'), packing.flush()])


async def test_half_a_megabyte_that_unpacks_to_one_gigabyte_is_refused_in_words(peer: Peer) -> None:
    packed = bomb(1_000)
    peer.troubles = [(200, {"Content-Encoding": "gzip"}, packed)]

    said, good, most_kb = await read_apart(peer.address)

    assert len(packed) < 1_100_000
    assert said == ["unpacks to more than 100 times what was sent"]
    assert good == 0
    assert most_kb < MOST_MEMORY_KB


async def test_a_page_is_read_no_further_than_a_page_may_be_long(peer: Peer) -> None:
    peer.troubles = [(200, {}, b'{"totalItems": 1, "member": ["' + b"a" * 40_000_000 + b'"]}')]

    (wrong,) = wrongs(await peer.read())

    assert wrong.endswith("is larger than 32000000 bytes: ask for smaller pages")


async def test_a_page_in_gzip_is_read(peer: Peer) -> None:
    page = {"totalItems": 2, "itemsPerPage": 2, "member": [record("single"), record("online")]}
    peer.troubles = [(200, {"Content-Encoding": "gzip"}, gzip.compress(json.dumps(page).encode()))]

    records = await peer.read()

    assert [isinstance(read_event(found.raw, TODAY), Event) for found in records] == [True, True]


@pytest.mark.parametrize(
    ("packing", "body", "why"),
    [
        ("br", b"abc", "is packed as br, which nobody asked for"),
        ("gzip", b"no gzip at all", "says that it is gzip, and is not"),
        ("gzip", gzip.compress(GOOD)[:-9], "broke off its answer, 5 times in a row"),
    ],
)
async def test_what_cannot_be_unpacked_is_said(peer: Peer, packing: str, body: bytes, why: str) -> None:
    peer.troubles = [(200, {"Content-Encoding": packing}, body)] * 5

    (wrong,) = wrongs(await peer.read())

    assert wrong.endswith(why)


async def test_one_record_of_a_page_that_is_wrong_keeps_no_other_out(peer: Peer) -> None:
    """Digits without end are no number, and no reason to lose the rest of the page."""
    wrong = [b'{"@id": ' + b"9" * 1_000_000 + b"}", b'{"name": "' + b"a" * MOST_RECORD_BYTES + b'"}']
    members = b", ".join([GOOD, *wrong, GOOD])
    peer.troubles = [(200, {}, b'{"totalItems": 4, "itemsPerPage": 4, "member": [' + members + b"]}")]

    records = await peer.read()

    assert [type(found.raw) for found in records] == [dict, Unreadable, Unreadable, dict]
    assert [each.split(" ", 3)[3] for each in wrongs(records)] == [
        "is not JSON: Integer value out of range - at `$[...]`",
        f"is {MOST_RECORD_BYTES + 12} bytes long; a record has at most {MOST_RECORD_BYTES}",
    ]


def lines_that_mean_harm() -> Iterator[bytes]:
    yield GOOD
    yield b'{"name": "' + b"a" * 200_000_000 + b'"}'
    yield b"[" * 1_000_000
    yield b'{"@id": ' + b"9" * 1_000_000 + b"}"
    yield b'{"@id": "' + b"&amp;" * 300_000 + b'"}'
    yield b"[" + b"[]," * 600_000 + b"[]]"
    yield json.dumps(spoiled("single", "subEvent", [{"startDate": "2026-05-01"}] * 20_000)).encode()
    yield json.dumps(spoiled("single", "name", {"nl": "a" * 200_000})).encode()
    yield GOOD


async def test_lines_that_mean_harm_are_refused_one_by_one_in_bounded_memory(tmp_path: Path) -> None:
    with (tmp_path / "kwaad.ndjson").open("wb") as file:
        file.writelines(line + b"\n" for line in lines_that_mean_harm())

    said, good, most_kb = await read_apart(str(tmp_path / "kwaad.ndjson"))

    assert said == [
        f"is {MOST_RECORD_BYTES + 1} bytes long; a record has at most {MOST_RECORD_BYTES}",
        "is nested too deeply",
        "is not JSON: Integer value out of range - at `$[...]`",
        "is only a link to an event; ask the Search API for it with embed=true",
        "is not a JSON object",
        "subEvent has 20000 items, and at most 10000 are read",
        "name.nl is 200000 letters long, and at most 500 are read",
    ]
    assert good == 2
    assert most_kb < MOST_MEMORY_KB


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b'[{"name": "' + b"a" * 33_000_000 + b'"}]', "is larger than 32000000 bytes"),
        (b"[" + b"0," * 3_000_000 + b"0]", "has more than 2000000 values"),
        (b"[" * 1_000_000, "is nested too deeply"),
    ],
    ids=["long", "many", "deep"],
)
async def test_a_file_that_is_read_whole_has_a_bound(tmp_path: Path, document: bytes, why: str) -> None:
    (tmp_path / "groot.json").write_bytes(document)

    said, good, most_kb = await read_apart(str(tmp_path / "groot.json"))

    assert [each.partition(":")[0] for each in said] == [why]
    assert good == 0
    assert most_kb < MOST_MEMORY_KB


async def test_a_large_file_with_a_record_per_line_is_read_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "agenda.json").write_bytes((GOOD + b"\n") * (34_000_000 // len(GOOD)))

    found = [each.raw async for each in read_source(str(tmp_path / "agenda.json"), None)]

    assert len(found) == 34_000_000 // len(GOOD)
    assert not any(isinstance(each, Unreadable) for each in found)


def test_a_name_is_refused_and_a_description_is_left_out_when_they_are_too_long() -> None:
    assert refuse(spoiled("single", "name", "a" * 501)) == Unreadable(
        "name", "is 501 letters long, and at most 500 are read"
    )
    assert dropped(spoiled("single", "description", {"nl": "a" * 20_001})) == [
        "description.nl is 20001 letters long, and at most 20000 are read"
    ]
    assert read(spoiled("single", "name", "a" * 500)).name == {"nl": "a" * 500}


def test_an_amount_of_a_million_digits_is_no_amount() -> None:
    price: Any = [{"category": "base", "name": "Basis", "price": "9" * 1_000_000}]

    (why,) = dropped(spoiled("single", "priceInfo", price))

    assert why == "priceInfo[0].price is 1000000 letters long, which is no amount"


def test_names_of_fields_are_not_kept_whatever_their_length() -> None:
    (why,) = dropped(spoiled("single", "description", {"n" * 100_000: "Tekst"}))

    assert why == "description has a field of which the name is 100000 letters long"
