"""The sessions that a client may sell, as JSON documents, in pages ordered by their start.

`words` are looked for as the agenda does: folded, at the start of a word, inside one, and then with a typo.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.catalogue.cursor import Closeness, SearchCursor
from reservations.catalogue.query import FEW_EVENTS, events_with, make_query, read_asked_words
from reservations.cursor import Cursor
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
# One day within the range of `datetime`, so that a conversion of time zone cannot overflow.
EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC)
FIRST: Final = Cursor(EARLIEST, UUID(int=0))


class ListingQuery(Struct, frozen=True):
    """A search for what overlaps with a period; `after` is the last session of the page before.

    `client_id`: who asks, for whom places may be set apart.
    """

    region_id: int
    organiser_ids: tuple[UUID, ...]
    now: datetime
    since: datetime = EARLIEST
    until: datetime = LATEST
    words: str = ""
    after: SearchCursor | None = None
    limit: int = 50
    client_id: str | None = None


class EventDocument(Struct, frozen=True):
    """`names`: its name by language, as its organiser wrote it; `name` is the Dutch one."""

    id: UUID
    name: str
    names: dict[str, str]


class VenueDocument(Struct, frozen=True):
    name: str
    street: str
    postal_code: str
    locality: str


class TariffDocument(Struct, frozen=True):
    """The price of one ticket, in cents of a euro. A ticket for a family of four has a `weight` of 4.

    `least`: fewer tickets than that are not sold at once. An age and a date of birth, both included, are
    held against the pass of who comes; a line without a pass shows them at the door. Null is no bound.
    `for_members` asks a pass.

    `for_companion`: one at most for each other ticket of the date in the same booking; it needs no pass.
    `most_per_person` and `most_per_household` are over all their bookings of a date. With `asks_code` a line
    carries the code of the organiser. `shows`: what somebody shows at the door, to be said beside the price.
    """

    code: str
    name: str
    price_cents: int
    weight: int
    least: int
    age_from: int | None
    age_to: int | None
    born_from: date | None
    born_to: date | None
    for_members: bool
    for_companion: bool
    most_per_person: int | None
    most_per_household: int | None
    asks_code: bool
    shows: str


class SessionDocument(Struct, frozen=True):
    """`places_left` and `capacity` are of the tariff that sells most; null when nothing is counted.

    Where seats are numbered, `capacity` has no more free than there are seats that can be booked.
    `only_in_course`: it is sold with other dates of that course and not by itself; null where it is.
    """

    session_id: UUID
    event: EventDocument
    organiser_id: UUID
    venue: VenueDocument | None
    starts_at: datetime
    ends_at: datetime
    status: str
    places_left: int | None
    capacity: int | None
    only_in_course: UUID | None
    tariffs: list[TariffDocument]


class SessionPage(Struct, frozen=True):
    """`next` goes into `after` to get what follows; null at the end."""

    sessions: list[SessionDocument]
    next: str | None


class SessionText(Struct, frozen=True):
    """A session as JSON."""

    document: str


sessions_of_organisers = SQL.many("sessions_of_organisers", Cursor)
sessions_of_events = SQL.many("sessions_of_events", Cursor)
read_documents = SQL.many("read_documents", SessionText)


async def sessions(tx: Executor, wanted: ListingQuery) -> SessionPage:
    """One page, soonest first. One more row is read than shown, to know whether a page follows."""
    if not wanted.words.strip():
        return await page_of(tx, wanted, await find_sessions(tx, wanted, None))
    words = await read_asked_words(tx, wanted.words)
    for closeness in [wanted.after.closeness] if wanted.after else list(Closeness):
        query = await make_query(tx, wanted.region_id, words, closeness)
        found = await find_sessions(tx, wanted, query) if query else []
        if found:
            return await page_of(tx, wanted, found, closeness)
    return SessionPage([], None)


async def find_sessions(tx: Executor, wanted: ListingQuery, query: str | None) -> list[Cursor]:
    events = await events_with(tx, wanted.region_id, query, FEW_EVENTS + 1) if query else []
    after = wanted.after.at if wanted.after else FIRST
    find, asked = (
        (sessions_of_events, events)
        if query and len(events) <= FEW_EVENTS
        else (sessions_of_organisers, query)
    )
    return await find(
        tx,
        wanted.region_id,
        wanted.organiser_ids,
        wanted.since,
        wanted.until,
        after.starts_at,
        wanted.now,
        wanted.limit + 1,
        asked,
        after.id,
    )


async def page_of(
    tx: Executor, wanted: ListingQuery, found: Sequence[Cursor], closeness: Closeness = Closeness.START
) -> SessionPage:
    shown = found[: wanted.limit]
    rows = await read_documents(tx, wanted.region_id, [each.id for each in shown], wanted.client_id)
    documents = [msgspec.json.decode(row.document, type=SessionDocument) for row in rows]
    more = len(found) > wanted.limit
    return SessionPage(documents, SearchCursor(shown[-1], closeness).as_text() if more else None)
