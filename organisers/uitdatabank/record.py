"""Records of a source: a JSON document and its position in the source."""

import codecs

import msgspec
from msgspec import Struct

from organisers.uitdatabank.field import Unreadable


class Record(Struct, frozen=True):
    """One record, to be read with `read_event`, or what kept it from being decoded.

    `position` is for a person to find it: `kust.ndjson, line 7`, `dender.json, item 3`,
    `search.uitdatabank.be, item 61`; counting starts at 1. `share` is how much of the source has been read
    with it, from 0 to 1: what a progress bar needs.
    """

    position: str
    raw: object | Unreadable
    share: float


def decode(document: bytes) -> object | Unreadable:
    """Decode JSON in UTF-8, with or without a byte order mark; Unreadable when that fails."""
    try:
        return msgspec.json.decode(document.removeprefix(codecs.BOM_UTF8), type=object)
    except UnicodeDecodeError:
        return Unreadable("", "is not UTF-8")
    except RecursionError:
        return Unreadable("", "is nested too deeply")
    except msgspec.MsgspecError as error:
        return Unreadable("", f"is not JSON: {error}")
