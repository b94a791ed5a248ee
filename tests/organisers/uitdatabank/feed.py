"""Records as publiq publishes them, from the files next to the tests, to read and to spoil."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from organisers.uitdatabank.event import Event, read_event
from organisers.uitdatabank.field import Unreadable

FOLDER = Path(__file__).parent / "records"
TODAY = date(2026, 3, 10)


def record(name: str) -> dict[str, Any]:
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=dict[str, Any])


def spoiled(name: str, path: str, value: object) -> dict[str, Any]:
    """The record with one field changed: `spoiled("single", "subEvent.0.startDate", 7)`."""
    whole = copy.deepcopy(record(name))
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    inner: Any = whole
    for step in way:
        inner = inner[step]
    inner[last] = value
    return whole


def read(raw: object, today: date = TODAY) -> Event:
    event = read_event(raw, today)
    assert isinstance(event, Event), event
    return event


def dropped(raw: object, today: date = TODAY) -> list[str]:
    """What is left out of an event that comes in."""
    return [str(each) for each in read(raw, today).dropped]


def refuse(raw: object) -> Unreadable:
    wrong = read_event(raw, TODAY)
    assert isinstance(wrong, Unreadable), wrong
    return wrong
