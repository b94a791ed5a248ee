"""Records as a source has them, and the sessions and bookings that come of them."""

import copy
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from organisers.example import example_events
from reservations.booking.answers import Booked
from reservations.importing.importer import Report
from tests.builders import Resident, Session, World

Import = Callable[..., Awaitable[Report]]
TODAY = date(2026, 3, 2)
DENDER = ["41002", "41011", "41048", "41018", "41024", "41034", "41082"]


def sketch(name: str, **changes: object) -> dict[str, Any]:
    """The event of the example that is called so."""
    found = next(each for each in example_events("dender", TODAY) if each["name"] == {"nl": name})
    return copy.deepcopy(found) | changes


def a_concert(**sub_event: object) -> dict[str, Any]:
    """One evening, 50 places, 1 euro; what is given changes its only date."""
    event = sketch("Een euro voor een lied")
    event["subEvent"][0] |= sub_event
    return event


def concerts(*starts: str, capacity: int | None = 20, **changes: object) -> dict[str, Any]:
    """The concert on dates of two hours, each given as `2026-03-13 20:00` on the clock in Flanders."""
    event = sketch("Een euro voor een lied", **changes)
    [template] = event["subEvent"]
    event["subEvent"] = [template | times(start) | places(capacity) for start in starts]
    return event | {"calendarType": "multiple"}


def times(start: str) -> dict[str, str]:
    at = datetime.fromisoformat(f"{start}:00+01:00")
    return {"startDate": at.isoformat(), "endDate": (at + timedelta(hours=2)).isoformat()}


def places(capacity: int | None, left: int | None = None, kind: str = "Available") -> dict[str, Any]:
    given = {"type": kind, "capacity": capacity, "remainingCapacity": left}
    return {"bookingAvailability": {name: value for name, value in given.items() if value is not None}}


async def sessions_of(world: World) -> Sequence[Session]:
    """All the sessions that there are, the first to start first."""
    rows = await world.rows(
        "SELECT region_id, id, organiser_id, event_id FROM reservations.session ORDER BY starts_at, id"
    )
    return [
        Session(row["region_id"], row["id"], row["organiser_id"], row["event_id"], row["id"]) for row in rows
    ]


async def session_of(world: World) -> Session:
    """The only session that there is."""
    [session] = await sessions_of(world)
    return session


async def session_for_credit(world: World) -> Session:
    """The only session that there is, of an organiser where credit is spent."""
    session = await session_of(world)
    await world._admit(session.region_id, session.organiser_id)
    return session


async def guest(world: World, session: Session, places: int, tariff: str = "base") -> Resident:
    """Somebody who booked."""
    await world._admit(session.region_id, session.organiser_id)
    resident = await world.resident(credit_cents=5000)
    assert isinstance(await world.book(resident, session, places, tariff), Booked)
    return resident
