"""What comes out of a source, whatever kind it is: one JSON document and where it was found."""

import codecs

import msgspec
from msgspec import Struct

from organisers.uitdatabank.field import Wrong


class Record(Struct, frozen=True):
    """One record, to be read with `read_event`, or what kept it from being decoded.

    `position` is for a person to find it: `kust.ndjson, line 7`, `dender.json, item 3`,
    `search.uitdatabank.be, item 61`; counting starts at 1. `share` is how much of the source has been read
    with it, from 0 to 1: what a progress bar needs.
    """

    position: str
    raw: object | Wrong
    share: float


def decode(document: bytes) -> object | Wrong:
    """The JSON in UTF-8, with or without a byte order mark, or why it is none."""
    try:
        return msgspec.json.decode(document.removeprefix(codecs.BOM_UTF8), type=object)
    except UnicodeDecodeError:
        return Wrong("", "is not UTF-8")
    except RecursionError:
        return Wrong("", "is nested too deeply")
    except msgspec.MsgspecError as error:
        return Wrong("", f"is not JSON: {error}")
