"""The sessions that a client may sell, as JSON documents, in pages ordered by their start."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.cursor import Cursor
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
# One day within the range of `datetime`, so that a conversion of time zone cannot overflow.
EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC)
FIRST: Final = Cursor(EARLIEST, UUID(int=0))


class ListingQuery(Struct, frozen=True):
    """A search: `words` in the name of event or venue; `after` is the last session of the page before."""

    region_id: int
    organiser_ids: tuple[UUID, ...]
    starts_from: datetime = EARLIEST
    starts_to: datetime = LATEST
    words: str = ""
    after: Cursor = FIRST
    limit: int = 50


class EventDocument(Struct, frozen=True):
    id: UUID
    name: str


class VenueDocument(Struct, frozen=True):
    name: str
    street: str
    postal_code: str
    locality: str


class TariffDocument(Struct, frozen=True):
    """The price of one ticket, in cents of a euro. A ticket for a family of four has a `weight` of 4.

    `least`: fewer tickets than that are not sold at once. With an age or a date of birth, both included, it
    asks the pass of who comes; null is no bound.
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


class SessionDocument(Struct, frozen=True):
    """`places_left` and `capacity` are of the tariff that sells most; null when nothing is counted."""

    session_id: UUID
    event: EventDocument
    organiser_id: UUID
    venue: VenueDocument | None
    starts_at: datetime
    ends_at: datetime
    status: str
    places_left: int | None
    capacity: int | None
    tariffs: list[TariffDocument]


class SessionPage(Struct, frozen=True):
    """`next` goes into `after` to get what follows; null at the end."""

    sessions: list[SessionDocument]
    next: str | None


class ListedSession(Struct, frozen=True):
    """A session as JSON, with its sort key."""

    starts_at: datetime
    id: UUID
    document: str


list_sessions = SQL.many("list_sessions", ListedSession)


async def sessions(tx: Executor, wanted: ListingQuery) -> SessionPage:
    """One page, soonest first. One more row is read than shown, to know whether a page follows."""
    rows = await list_sessions(
        tx,
        wanted.region_id,
        wanted.organiser_ids,
        wanted.starts_from,
        wanted.starts_to,
        wanted.words.lower(),
        wanted.after.starts_at,
        wanted.after.id,
        wanted.limit + 1,
    )
    shown = rows[: wanted.limit]
    documents = [msgspec.json.decode(row.document, type=SessionDocument) for row in shown]
    more = len(rows) > wanted.limit
    return SessionPage(documents, Cursor(shown[-1].starts_at, shown[-1].id).as_text() if more else None)
