"""Sources of events: a file, a folder or an address of the Search API, read one record at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from organisers.uitdatabank.field import Unreadable
from organisers.uitdatabank.record import (
    MOST_DOCUMENT_BYTES,
    MOST_RECORD_BYTES,
    Members,
    Record,
    decode,
    decode_each,
    read_members,
)
from organisers.uitdatabank.search_api import Sleep, read_search_api

LINE_SUFFIXES: Final = {".ndjson", ".jsonl"}
SUFFIXES: Final = LINE_SUFFIXES | {".json"}


async def read_source(
    source: str, client_id: str | None, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[Record]:
    """The records of a source, in its order. One that cannot be read is an `Unreadable`, and others follow.

    - a file `.ndjson` or `.jsonl`: a record per line, read line by line, so that the file can be of any size;
    - any other file: one object, an array, a page of the Search API, or a record per line. What is not read
      line by line has at most MOST_DOCUMENT_BYTES;
    - a folder: all `.json`, `.ndjson` and `.jsonl` files in and below it, sorted by path;
    - an address (`https://search.uitdatabank.be/events/?q=…`): see `read_search_api`, which takes `client_id`
      and waits with `sleep`.
    """
    if "://" in source:
        async for record in read_search_api(source, client_id, sleep):
            yield record
    else:
        for record in read_path(Path(source)):
            yield record


def read_path(path: Path) -> Iterator[Record]:
    """The records of a file, or of the files in and below a folder."""
    files = _files(path)
    if not files:
        yield Record(
            path.name, Unreadable("", f"has no file that ends in {', '.join(sorted(SUFFIXES))}"), 1.0
        )
        return
    sizes = [_size(file) for file in files]
    before, total = 0, sum(sizes) or 1
    for file, size in zip(files, sizes, strict=True):
        name = file.relative_to(path).as_posix() if file != path else file.name
        for position, raw, done in _read_file(file, size):
            yield Record(f"{name}{position}", raw, min(1.0, (before + done) / total))
        before += size


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _read_file(file: Path, size: int) -> Iterator[tuple[str, object | Unreadable, int]]:
    """The position in the file, the decoded value, and the bytes read until then."""
    try:
        if file.suffix.lower() in LINE_SUFFIXES:
            yield from _read_lines(file)
        else:
            yield from _read_whole(file, size)
    except OSError as error:
        yield "", Unreadable("", f"cannot be read: {error.strerror}"), size


def _read_lines(file: Path) -> Iterator[tuple[str, object | Unreadable, int]]:
    done = number = 0
    with file.open("rb") as opened:
        while line := opened.readline(MOST_RECORD_BYTES + 1):
            number += 1
            done += len(line)
            if len(line) > MOST_RECORD_BYTES:
                done += _skip_line(opened, line)
                yield f", line {number}", decode(line), done
            elif line.strip():
                yield f", line {number}", decode(line), done


def _skip_line(opened: BinaryIO, line: bytes) -> int:
    """Read on to the end of a line that is too long, and forget it; how many bytes that were."""
    skipped = 0
    while not line.endswith(b"\n") and (line := opened.readline(MOST_RECORD_BYTES)):
        skipped += len(line)
    return skipped


def _read_whole(file: Path, size: int) -> Iterator[tuple[str, object | Unreadable, int]]:
    with file.open("rb") as opened:
        document = opened.read(MOST_DOCUMENT_BYTES + 1)
    content = read_members(document)
    if isinstance(content, Unreadable) and isinstance(decode(document.lstrip().partition(b"\n")[0]), dict):
        yield from _read_lines(file)
    elif isinstance(content, Members):
        for number, raw in enumerate(decode_each(content.records), 1):
            yield f", item {number}", raw, size * number // len(content.records)
    else:
        yield "", content, size
