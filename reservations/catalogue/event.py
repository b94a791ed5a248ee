"""The page of an event: the days to choose from, the one date that leads, and its prices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.entitlement import BASE, is_own
from reservations.booking.facts import Holder
from reservations.catalogue.agenda import (
    Availability,
    SessionCard,
    TariffOnSale,
    coming_sessions,
    may_have,
    read_cards,
    read_tariffs,
)
from reservations.catalogue.search import YEARS
from reservations.cursor import EPOCH, Cursor, from_moment, read_cursor
from uit.core.clock import BRUSSELS, day_in_flanders, start_of_day
from uit.core.one_line import one_line
from uit.core.period import is_span
from uit.core.translation import DUTCH
from uit.database.statements import Executor
from uit.web.form import read_day, read_id

MOST_DATES: Final = 96
MOST_DAYS: Final = 14
LONGEST_DAY: Final = 20


class ChosenDates(Struct, frozen=True):
    """What a visitor chose: a date, a day, or the dates that come after a place in the list.

    `typed` is what they typed for a day, also where it is none.
    """

    session_id: UUID | None = None
    day: date | None = None
    after: Cursor | None = None
    typed: str = ""

    @property
    def is_misread(self) -> bool:
        return bool(self.typed) and self.day is None


class ViewedEvent(Struct, frozen=True):
    """An event, and who looks at it when and in which language: a member of its region, or anybody."""

    region_id: int
    event_id: UUID
    member: Holder | None
    now: datetime
    language: str = DUTCH


class EventDay(Struct, frozen=True):
    """A day, and what begins on it."""

    day: date
    cards: Sequence[SessionCard]

    @property
    def availability(self) -> Availability:
        """Open when something is; else what all of it is, or closed when that differs."""
        found = {card.availability for card in self.cards}
        if Availability.OPEN in found:
            return Availability.OPEN
        return found.pop() if len(found) == 1 else Availability.CLOSED

    @property
    def leading(self) -> SessionCard:
        """What leads when the day is chosen: the first that is open, else the first."""
        return next((card for card in self.cards if card.availability is Availability.OPEN), self.cards[0])

    @property
    def is_span(self) -> bool:
        """Whether what begins on it goes on for days."""
        session = self.cards[0].session
        return is_span(session.starts_at, session.ends_at)


class EventDates(Struct, frozen=True):
    """Some of the coming dates of an event, by day. `first` leads: what was chosen, else the first open one.

    `other`: a date that can be booked besides the first. `more`: where the next days begin;
    `from_start`: no day comes before these.
    """

    days: Sequence[EventDay]
    first: SessionCard | None
    other: SessionCard | None
    more: Cursor | None
    from_start: bool

    def misses(self, day: date) -> bool:
        """Whether nothing of these dates is on a day."""
        return not any(day_of(card) <= day <= card.last_day for each in self.days for card in each.cards)

    @property
    def has_choice(self) -> bool:
        """Whether there is another date than the one that leads."""
        return bool(self.more) or not self.from_start or sum(len(each.cards) for each in self.days) > 1

    @property
    def months(self) -> list[tuple[date, list[EventDay]]]:
        """The days by month, which its first day names."""
        found = groupby(self.days, key=lambda each: each.day.replace(day=1))
        return [(month, list(days)) for month, days in found]

    @property
    def same_hours(self) -> bool:
        """Whether each day has one date, always from and to the same hour."""
        sessions = [card.session for day in self.days for card in day.cards]
        clock = {(clock_of(each.starts_at), clock_of(each.ends_at)) for each in sessions}
        return len(clock) == 1 and len(sessions) == len(self.days) and not self.days[0].is_span

    @property
    def times(self) -> Sequence[SessionCard]:
        """What begins on the day of the date that leads, where that is more than one."""
        of_day = next((each.cards for each in self.days if self.first in each.cards), ())
        return of_day if len(of_day) > 1 else ()


class Price(Struct, frozen=True):
    """A tariff as the page of an event tells it. `is_theirs`: it is what a place costs whoever looks."""

    tariff: TariffOnSale
    is_theirs: bool

    @property
    def is_personal(self) -> bool:
        """Whether it is theirs by a right that no page names."""
        return self.tariff.eligibility == "social"

    @property
    def is_base(self) -> bool:
        return self.tariff.code == BASE


def read_choice(asked: Mapping[str, str]) -> ChosenDates:
    """What an address asks for; what cannot be read chooses nothing."""
    typed = one_line(asked.get("dag", ""))[:LONGEST_DAY]
    day = read_day(typed)
    return ChosenDates(
        read_id(asked.get("sessie", "")),
        day if day and day.year in YEARS else None,
        read_cursor(asked.get("na", "")),
        typed,
    )


async def read_dates(tx: Executor, viewed: ViewedEvent, choice: ChosenDates) -> EventDates:
    """The dates from where somebody looks, with their prices; from the first where there are none.

    A chosen date of this event leads, also where it is not among them; what is over or of another is ignored.
    """
    start = choice.after or (from_moment(start_of_day(choice.day)) if choice.day else None)
    found, more = await coming_dates(tx, viewed, start)
    if start and not found:
        return await read_dates(tx, viewed, ChosenDates(choice.session_id))
    asked = {*found, choice.session_id} if choice.session_id else {*found}
    read = await read_cards(
        tx, viewed.region_id, [*asked], viewed.member, viewed.now, language=viewed.language
    )
    named = next((each for each in read if each.session.id == choice.session_id), None)
    chosen = named if named and named.is_to_come(viewed.event_id, viewed.now) else None
    if chosen and not start and chosen.session.id not in found:
        return await read_dates(tx, viewed, ChosenDates(choice.session_id, day_of(chosen)))
    days = days_of([card for card in read if card.session.id in found])
    first = chosen or leading(days, of_first_day=choice.day is not None)
    return EventDates(days, first, other_than(first, days), more, from_start=start is None)


async def coming_dates(
    tx: Executor, viewed: ViewedEvent, after: Cursor | None
) -> tuple[list[UUID], Cursor | None]:
    """The coming sessions of a few days, whole days where they fit, and the cursor of what comes next."""
    start = after or from_moment(EPOCH)
    found = await coming_sessions(
        tx, viewed.region_id, viewed.event_id, start.starts_at, start.id, viewed.now, MOST_DATES + 1
    )
    days = [list(day) for _, day in groupby(found, key=lambda each: day_in_flanders(each.starts_at))]
    if len(found) > MOST_DATES and len(days) > 1:
        days.pop()
    shown = [each for day in days[:MOST_DAYS] for each in day][:MOST_DATES]
    return [each.id for each in shown], shown[-1] if len(shown) < len(found) else None


def leading(days: Sequence[EventDay], *, of_first_day: bool) -> SessionCard | None:
    """The date that its page begins with: the first open one, of the first day where a day was asked for."""
    found = days[:1] if of_first_day else days
    is_open = (day for day in found if day.availability is Availability.OPEN)
    first = next(is_open, found[0] if found else None)
    return first.leading if first else None


def other_than(first: SessionCard | None, days: Sequence[EventDay]) -> SessionCard | None:
    """A date that can be booked, besides the one that leads."""
    every = (card for day in days for card in day.cards)
    return next((card for card in every if card.availability is Availability.OPEN and card != first), None)


def days_of(cards: Sequence[SessionCard]) -> list[EventDay]:
    return [EventDay(day, list(of_day)) for day, of_day in groupby(cards, key=day_of)]


def day_of(card: SessionCard) -> date:
    return day_in_flanders(card.session.starts_at)


def clock_of(at: datetime) -> time:
    return at.astimezone(BRUSSELS).time()


async def read_prices(tx: Executor, viewed: ViewedEvent, card: SessionCard) -> list[Price]:
    """Every price of a date, but a social one that is not theirs: who has none needs not read of it."""
    tariffs = await read_tariffs(tx, viewed.region_id, [card.session.id])
    member, day = viewed.member, day_of(card)
    return [
        Price(tariff, is_theirs=card.is_theirs and is_own_price(tariff, card, member, day))
        for tariff in tariffs
        if tariff.eligibility != "social" or may_have(tariff, member, day)
    ]


def is_own_price(tariff: TariffOnSale, card: SessionCard, member: Holder | None, day: date) -> bool:
    return member is not None and tariff.price_cents == card.price_cents and is_own(tariff, member, day)
