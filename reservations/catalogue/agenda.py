"""What the agenda shows: sessions with their event and the prices of one visitor."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Final, Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.condition import Condition
from reservations.booking.entitlement import BASE, is_for, is_own
from reservations.booking.facts import Holder
from reservations.booking.tariff import Tariff
from reservations.cursor import Cursor
from uit.core.age import is_for_minors
from uit.core.clock import day_in_flanders
from uit.core.period import last_day
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

CHILDREN: Final = re.compile("(kind|baby|peuter|kleuter|enfant|child)", re.IGNORECASE)
"""How the name of a tariff begins that is for children."""


class AgendaSession(Struct, frozen=True):
    """A session with its event. `venue` and `town` are empty when there is no venue.

    `language`: that of its name. `in_course`: it is sold together with other dates, and not by itself.
    """

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
    language: str
    in_course: bool


class TariffOnSale(Tariff, frozen=True, kw_only=True):
    """A tariff of a session. `places_left`: how many tickets are left; None when they are not counted."""

    session_id: UUID
    name: str
    places_left: int | None


class TariffRow(Struct, frozen=True):
    """The same as it is stored; `condition` is the JSON of a `Condition`."""

    code: str
    price_cents: int
    eligibility: str
    age_from: int | None
    age_to: int | None
    pool_ids: tuple[UUID, ...]
    rank: int
    vat_code: str
    weight: int
    least: int
    born_from: date | None
    born_to: date | None
    session_id: UUID
    name: str
    places_left: int | None
    condition: str | None

    def as_tariff(self, kind: "type[AnyTariffOnSale]") -> "AnyTariffOnSale":
        """The same with its condition read, as a kind of tariff that has the fields of this row."""
        condition = msgspec.json.decode(self.condition, type=Condition) if self.condition else None
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name != "condition"}
        return kind(**fields, condition=condition)


class Event(Struct, frozen=True):
    """An event. `contact` is the JSON of a `Contact`; `email`, `phone` and `url` are the organiser's.

    `language` and `text_language`: those of its name and of its description. `languages`: in which its name
    was written.
    """

    id: UUID
    name: str
    description: str
    domain: str
    type_label: str
    facilities: list[str]
    age_from: int | None
    age_to: int | None
    born_from: date | None
    born_to: date | None
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
    language: str
    text_language: str
    languages: list[str]


class Contact(Struct, frozen=True):
    """The contact of an event; `booking_url` is where the organiser itself takes bookings."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    booking_url: str = ""


class Towns(Struct, frozen=True):
    region_id: int
    names: list[str]


coming_sessions = SQL.many("coming_sessions", Cursor)
read_listed = SQL.many("read_listed", AgendaSession)
read_rows = SQL.many("read_tariffs", TariffRow)
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


class OnSale(Protocol):
    """What a session says of its sale."""

    @property
    def status(self) -> str: ...

    @property
    def sale_opens_at(self) -> datetime | None: ...

    @property
    def sale_closes_at(self) -> datetime: ...


AnyTariffOnSale = TypeVar("AnyTariffOnSale", bound=TariffOnSale)


class SessionCard(Struct, frozen=True):
    """A session with the prices of one visitor.

    `times`: how many times its event has that day, of which this one is shown.
    `price_cents`: the lowest tariff meant for the visitor, and then `is_theirs`; else the lowest bookable
    tariff, of those for one person where there are any. `full_price_cents`: the price for everybody. Both are
    None when there is no such tariff. `free_for_children`: children are free, and nobody else.
    """

    session: AgendaSession
    availability: Availability
    price_cents: int | None
    is_theirs: bool
    full_price_cents: int | None
    places_left: int | None
    free_for_children: bool = False
    times: int = 1

    @property
    def last_day(self) -> date:
        return last_day(self.session.starts_at, self.session.ends_at)

    @property
    def is_reduced(self) -> bool:
        """Whether the price is lower than the price for everybody."""
        if self.price_cents is None or self.full_price_cents is None:
            return False
        return self.price_cents < self.full_price_cents

    def is_to_come(self, event_id: UUID, now: datetime) -> bool:
        """Whether the session is of this event and is not over."""
        return self.session.event_id == event_id and self.session.ends_at > now


async def read_tariffs(tx: Executor, region_id: int, session_ids: Sequence[UUID]) -> list[TariffOnSale]:
    """What these sessions are sold at, by session."""
    return [row.as_tariff(TariffOnSale) for row in await read_rows(tx, region_id, session_ids)]


async def read_cards(  # noqa: PLR0913  what is shown to whom, when, in which language
    tx: Executor,
    region_id: int,
    session_ids: Sequence[UUID],
    member: Holder | None,
    now: datetime,
    *,
    language: str,
) -> list[SessionCard]:
    """The cards of sessions for a member, or for anybody, without those of events that are not shown now.

    Each face says in which `language` its reader reads what organisers write.
    """
    listed = await read_listed(tx, region_id, session_ids, now, language)
    tariffs = await read_tariffs(tx, region_id, session_ids)
    by_session = {key: list(own) for key, own in groupby(tariffs, key=lambda tariff: tariff.session_id)}
    return [as_card(each, by_session.get(each.id, []), member, now) for each in listed]


def as_card(
    session: AgendaSession, tariffs: Sequence[TariffOnSale], member: Holder | None, now: datetime
) -> SessionCard:
    day = day_in_flanders(session.starts_at)
    free = still_free(tariffs, member, day)
    bookable = [tariff for tariff in free if is_for_one(tariff)] or free
    own = [tariff for tariff in bookable if member and is_own(tariff, member, day)]
    places_left = most_places_left(free)
    return SessionCard(
        session,
        availability_of(session, places_left, now),
        min((tariff.price_cents for tariff in own or bookable), default=None),
        bool(own),
        full_price(tariffs),
        places_left,
        is_free_for_children(bookable, day),
    )


def still_free(tariffs: Sequence[AnyTariffOnSale], member: Holder | None, day: date) -> list[AnyTariffOnSale]:
    """The tariffs that a member may have, or anybody: those with places left, where there are any."""
    offered = [tariff for tariff in tariffs if may_have(tariff, member, day) and not tariff.is_for_companion]
    return [tariff for tariff in offered if tariff.places_left != 0] or offered


def is_for_one(tariff: Tariff) -> bool:
    """Whether somebody who comes alone, without a code, may have it."""
    return tariff.weight == tariff.least == 1 and not tariff.asks_code


def is_free_for_children(tariffs: Sequence[TariffOnSale], day: date) -> bool:
    """Whether every price for children is free, and no other is."""
    free = {tariff.code for tariff in tariffs if not tariff.price_cents}
    return bool(free) and free == {tariff.code for tariff in tariffs if is_for_children(tariff, day)}


def is_for_children(tariff: TariffOnSale, day: date) -> bool:
    """By its ages, or by its name where it has none."""
    by_name = tariff.age_to is None and CHILDREN.match(tariff.name)
    return is_for_minors(tariff.age_to, tariff.born_from, day) or by_name is not None


def full_price(tariffs: Sequence[TariffOnSale]) -> int | None:
    """The price for everybody: the base price, else the first tariff for anyone."""
    everybody = [each for each in tariffs if not (each.asks_pass or each.is_for_companion or each.asks_code)]
    found = sorted(everybody, key=lambda tariff: tariff.code != BASE)
    return found[0].price_cents if found else None


def may_have(tariff: Tariff, member: Holder | None, day: date) -> bool:
    return tariff.eligibility != "social" if member is None else is_for(tariff, member, day)


def most_places_left(tariffs: Iterable[TariffOnSale]) -> int | None:
    """The most places left of one tariff; None when a tariff is not counted, 0 when there is no tariff."""
    left = [tariff.places_left for tariff in tariffs]
    counted = [places for places in left if places is not None]
    return None if len(counted) < len(left) else max(counted, default=0)


def availability_of(session: OnSale, places_left: int | None, now: datetime) -> Availability:
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
    """The contact of an event, else that of its organiser. URLs that are not http are left out."""
    contact = msgspec.json.decode(event.contact, type=Contact)
    urls = contact.urls or ((event.url,) if event.url else ())
    return Contact(
        contact.phones or ((event.phone,) if event.phone else ()),
        contact.emails or ((event.email,) if event.email else ()),
        tuple(url for url in urls if is_link(url)),
        contact.booking_url if is_link(contact.booking_url) else "",
    )


def is_link(url: str) -> bool:
    return url.startswith(("https://", "http://"))
