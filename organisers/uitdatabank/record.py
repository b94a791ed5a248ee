"""Records of a source: a JSON document and its position in the source."""

import codecs
from collections.abc import Iterable
from types import UnionType
from typing import Final, TypeVar, cast

import msgspec
from msgspec import Raw, Struct

from organisers.uitdatabank.field import Unreadable

T = TypeVar("T")

MOST_RECORD_BYTES: Final = 2_000_000
MOST_DOCUMENT_BYTES: Final = 32_000_000
# What a document becomes in memory goes by its values, not by its bytes: `[0,0,0…` is the worst of both.
MOST_VALUES: Final = 2_000_000
LINES: Final = "put each record on a line of its own (.ndjson)"


class Record(Struct, frozen=True):
    """One record, to be read with `read_event`, or what kept it from being decoded.

    `position` is for a person to find it: `kust.ndjson, line 7`, `dender.json, item 3`,
    `search.uitdatabank.be, item 61`; counting starts at 1. `share` is how much of the source has been read
    with it, from 0 to 1: what a progress bar needs.
    """

    position: str
    raw: object | Unreadable
    share: float


class Members(Struct, frozen=True):
    """A document with several records, each as bytes to be decoded in its turn, and the `rest` of it."""

    records: list[Raw]
    rest: dict[str, object]


def decode(document: bytes) -> object | Unreadable:
    """Decode JSON in UTF-8, with or without a byte order mark; Unreadable when it is not, or is too long."""
    if len(document) > MOST_RECORD_BYTES:
        return Unreadable("", f"is {len(document)} bytes long; a record has at most {MOST_RECORD_BYTES}")
    return _decode(document, object)


def decode_each(records: Iterable[Raw]) -> Iterable[object | Unreadable]:
    """The records one by one: what cannot be read of one keeps no other from being read."""
    return (decode(bytes(record)) for record in records)


def read_members(document: bytes) -> Members | object | Unreadable:
    """An array, or a page with its `member`, as Members; any other document decoded, or Unreadable."""
    if len(document) > MOST_DOCUMENT_BYTES:
        return Unreadable("", f"is larger than {MOST_DOCUMENT_BYTES} bytes: {LINES}")
    if document.count(b",") > MOST_VALUES:
        return Unreadable("", f"has more than {MOST_VALUES} values: {LINES}")
    opening = document.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if opening == b"[":
        found = _decode(document, list[Raw])
        return found if isinstance(found, Unreadable) else Members(found, {})
    parts = _decode(document, dict[str, Raw]) if opening == b"{" else Unreadable("", "")
    if isinstance(parts, Unreadable) or "member" not in parts:
        return decode(document)
    records = _records(bytes(parts.pop("member")))
    rest = {name: decode(bytes(value)) for name, value in parts.items()}
    return records if isinstance(records, Unreadable) else Members(records, rest)


def _records(member: bytes) -> list[Raw] | Unreadable:
    """A list of records; an object whose keys are numbers is one too, and null is none."""
    found = _decode(member, list[Raw] | dict[str, Raw] | None)
    if isinstance(found, dict) and all(key.isdecimal() for key in found):
        return [found[key] for key in sorted(found, key=int)]
    return found or [] if isinstance(found, list | None) else Unreadable("member", "is not a list")


def _decode(document: bytes, kind: type[T] | UnionType) -> T | Unreadable:
    try:
        return cast("T", msgspec.json.decode(document.removeprefix(codecs.BOM_UTF8), type=kind))
    except UnicodeDecodeError:
        return Unreadable("", "is not UTF-8")
    except RecursionError:
        return Unreadable("", "is nested too deeply")
    except msgspec.MsgspecError as error:
        return Unreadable("", f"is not JSON: {error}")
