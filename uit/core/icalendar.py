"""Calendar files by RFC 5545: lines, texts and moments as a calendar reads them. Moments are in UTC."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from typing import Final

from msgspec import Struct

MEDIA_TYPE: Final = "text/calendar"
LONGEST_LINE: Final = 75
"""In octets, without the end of the line."""
PRODUCT: Final = "-//uit//uit//NL"
ESCAPED: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


class EventStatus(StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


class CalendarEvent(Struct, frozen=True):
    """An event with a `uid` for ever. A higher `sequence` goes before what a calendar has of it."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    status: EventStatus
    url: str | None = None


def as_calendar(events: Sequence[CalendarEvent], made_at: datetime) -> str:
    """The file of these events, as it was made at a moment."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines = chain(head, *(lines_of(each, made_at) for each in events), ["END:VCALENDAR"])
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def lines_of(event: CalendarEvent, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(event.uid)}"
    yield f"DTSTAMP:{moment(made_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{moment(event.starts_at)}"
    yield f"DTEND:{moment(event.ends_at)}"
    yield f"SUMMARY:{text(event.summary)}"
    if event.location:
        yield f"LOCATION:{text(event.location)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{event.status}"
    yield f"TRANSP:{'TRANSPARENT' if event.status is EventStatus.CANCELLED else 'OPAQUE'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text(words: str) -> str:
    """A text as a value: its signs escaped, and none that ends a line or that no calendar may hold."""
    return "".join(map(sign_of, words.replace("\r\n", "\n").replace("\r", "\n")))


def sign_of(sign: str) -> str:
    if sign in ESCAPED or sign.isprintable():
        return ESCAPED.get(sign, sign)
    return " " if sign.isspace() else ""


def folded(line: str) -> Iterable[str]:
    """The line in parts of at most so many octets, of which all but the first begin with a space.

    No sign is torn apart.
    """
    part, octets = "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > LONGEST_LINE:
            yield part
            part, octets = " ", 1
        part, octets = part + sign, octets + size
    yield part
