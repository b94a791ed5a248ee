"""What is on: sessions found by day, place and name, as one visitor sees them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.entitlement import BASE, is_for, is_own
from reservations.booking.facts import Holder, Tariff
from reservations.catalogue.search import Search, escaped, midnight, week_from
from reservations.cursor import Cursor
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PAGE: Final = 24
FIRST_FEW: Final = 6
LONGEST_SESSION: Final = timedelta(days=400)
FIRST: Final = UUID(int=0)


class AgendaSession(Struct, frozen=True):
    """A session with the event that it is of. `venue` and `town` are empty where there is no place."""

    id: UUID
    event_id: UUID
    name: str
    domain: str
    type_label: str
    attendance: str
    status: str
    status_reason: str | None
    starts_at: datetime
    ends_at: datetime
    sale_opens_at: datetime | None
    sale_closes_at: datetime
    cancel_until: datetime
    venue: str
    town: str


class TariffOnSale(Tariff, frozen=True):
    """`places_left` is None when nothing is counted."""

    session_id: UUID
    name: str
    places_left: int | None


class Event(Struct, frozen=True):
    """`contact` is the JSON of a `Contact`; `email`, `phone` and `url` are the organiser's."""

    id: UUID
    name: str
    description: str
    domain: str
    type_label: str
    theme_label: str
    age_from: int | None
    age_to: int | None
    attendance: str
    contact: str
    organiser: str
    email: str | None
    phone: str | None
    url: str | None
    venue: str
    street: str
    postal_code: str
    town: str


class Contact(Struct, frozen=True):
    """Whom to ask about an event, and `booking_url` where its organiser takes bookings itself."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    booking_url: str = ""


class Towns(Struct, frozen=True):
    region_id: int
    names: list[str]


find_sessions = SQL.many("find_sessions", Cursor)
coming_sessions = SQL.many("coming_sessions", Cursor)
read_listed = SQL.many("read_listed", AgendaSession)
read_tariffs = SQL.many("read_tariffs", TariffOnSale)
read_event = SQL.maybe("read_event", Event)
read_towns = SQL.many("read_towns", Towns)


class Availability(StrEnum):
    """Whether a session can be booked now, and if not, why."""

    OPEN = "open"
    FULL = "full"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    ELSEWHERE = "sold_elsewhere"
    POSTPONED = "postponed"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class SessionCard(Struct, frozen=True):
    """A session as one visitor sees it.

    `price_cents`: the lowest that is their own, and then `is_theirs`; for nobody in particular, and for who
    has no price of their own, the lowest that one can book. `full_price_cents`: what everybody pays.
    Both are None when there is no such tariff.
    """

    session: AgendaSession
    standing: Availability
    price_cents: int | None
    is_theirs: bool
    full_price_cents: int | None
    places_left: int | None

    @property
    def is_reduced(self) -> bool:
        """Whether this price is lower than what everybody pays."""
        if self.price_cents is None or self.full_price_cents is None:
            return False
        return self.price_cents < self.full_price_cents

    def is_to_come(self, event_id: UUID, now: datetime) -> bool:
        """Whether it is a date of this event that is not over."""
        return self.session.event_id == event_id and self.session.ends_at > now


async def search(
    tx: Executor, region_id: int, wanted: Search, now: datetime, most: int = PAGE
) -> tuple[list[UUID], Cursor | None]:
    """The sessions of a region that fit and are not over, in order of time, and where a next page begins."""
    first = Cursor(midnight(wanted.from_day), FIRST)
    after = max(first, wanted.after) if wanted.after else first
    found = await find_sessions(
        tx,
        region_id,
        after.starts_at,
        after.id,
        midnight(wanted.last_day + timedelta(days=1)),
        now,
        wanted.domain,
        wanted.words,
        f"%{escaped(wanted.words)}%",
        most + 1,
    )
    return paged(found, most)


async def this_week(
    tx: Executor, region_id: int, member: Holder | None, now: datetime, words: str = ""
) -> list[SessionCard]:
    """The first few of the coming seven days, or of those that fit some words."""
    today = day_in_flanders(now)
    found, _ = await search(tx, region_id, Search(today, week_from(today), words), now, FIRST_FEW)
    return await show(tx, region_id, found, member, now)


async def sessions_of_event(
    tx: Executor, region_id: int, event_id: UUID, now: datetime, after: Cursor | None
) -> tuple[list[UUID], Cursor | None]:
    """The coming sessions of an event, one page of them."""
    start = after or Cursor(now - LONGEST_SESSION, FIRST)
    found = await coming_sessions(tx, region_id, event_id, start.starts_at, start.id, now, PAGE + 1)
    return paged(found, PAGE)


def paged(found: list[Cursor], most: int) -> tuple[list[UUID], Cursor | None]:
    shown = found[:most]
    return [each.id for each in shown], shown[-1] if len(found) > most else None


async def show(
    tx: Executor, region_id: int, session_ids: Sequence[UUID], member: Holder | None, now: datetime
) -> list[SessionCard]:
    """Sessions as a member, or anybody, sees them; those of events that are not published are left out."""
    listed = await read_listed(tx, region_id, session_ids)
    tariffs = await read_tariffs(tx, region_id, session_ids)
    by_session = {key: list(own) for key, own in groupby(tariffs, key=lambda tariff: tariff.session_id)}
    return [as_card(each, by_session.get(each.id, []), member, now) for each in listed]


def as_card(
    session: AgendaSession, tariffs: Sequence[TariffOnSale], member: Holder | None, now: datetime
) -> SessionCard:
    day = day_in_flanders(session.starts_at)
    offered = [tariff for tariff in tariffs if may_have(tariff, member, day)]
    bookable = [tariff for tariff in offered if tariff.places_left != 0] or offered
    own = [tariff for tariff in bookable if member and is_own(tariff, member, day)]
    places_left = most_left(bookable)
    return SessionCard(
        session,
        availability_of(session, places_left, now),
        min((tariff.price_cents for tariff in own or bookable), default=None),
        bool(own),
        full_price(tariffs),
        places_left,
    )


def full_price(tariffs: Sequence[TariffOnSale]) -> int | None:
    """What everybody pays: the base price, and without one the first that is not personal."""
    everybody = [tariff for tariff in tariffs if tariff.eligibility == "anyone"]
    found = sorted(everybody, key=lambda tariff: tariff.code != BASE)
    return found[0].price_cents if found else None


def may_have(tariff: Tariff, member: Holder | None, day: date) -> bool:
    return tariff.eligibility != "social" if member is None else is_for(tariff, member, day)


def most_left(tariffs: Iterable[TariffOnSale]) -> int | None:
    """The places of the roomiest tariff: None when one is not counted, 0 when there is none."""
    left = [tariff.places_left for tariff in tariffs]
    counted = [places for places in left if places is not None]
    return None if len(counted) < len(left) else max(counted, default=0)


def availability_of(session: AgendaSession, places_left: int | None, now: datetime) -> Availability:
    if session.status != "scheduled":
        return Availability(session.status)
    if session.sale_closes_at <= now:
        return Availability.CLOSED
    if session.sale_opens_at is not None and session.sale_opens_at > now:
        return Availability.NOT_YET
    return Availability.FULL if places_left == 0 else Availability.OPEN


def by_day(cards: Iterable[SessionCard]) -> list[tuple[date, list[SessionCard]]]:
    days = groupby(cards, key=lambda card: day_in_flanders(card.session.starts_at))
    return [(day, list(of_day)) for day, of_day in days]


def contact_of(event: Event) -> Contact:
    """What the event says, and else what its organiser says. Only web addresses are kept as links."""
    told = msgspec.json.decode(event.contact, type=Contact)
    urls = told.urls or ((event.url,) if event.url else ())
    return Contact(
        told.phones or ((event.phone,) if event.phone else ()),
        told.emails or ((event.email,) if event.email else ()),
        tuple(url for url in urls if is_link(url)),
        told.booking_url if is_link(told.booking_url) else "",
    )


def is_link(url: str) -> bool:
    return url.startswith(("https://", "http://"))
