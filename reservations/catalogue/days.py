"""The days of activities: what starts from a day on, and what already runs on it, found by words and kind.

Each is a row of `reservations.listing`, for an event and a day, so that many times on a day are one card.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.facts import Holder
from reservations.catalogue.agenda import SessionCard, read_cards
from reservations.catalogue.cursor import Closeness, SearchCursor
from reservations.catalogue.query import FEW_EVENTS, events_with, in_town, make_query, read_asked_words
from reservations.catalogue.search import ONE_DAY, Search, week_from
from reservations.cursor import Cursor, from_moment
from uit.core.clock import day_in_flanders, start_of_day
from uit.core.translation import DUTCH
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PAGE: Final = 24
FIRST_FEW: Final = 6
RUNNING_FEW: Final = 3
LONGEST_WALK: Final = 600
WHOLE_REGION: Final = 2**31 - 1
"""A number, since a LIMIT of NULL makes the plan one for all rows."""
MOST_EVENTS: Final = 20_000
LAST: Final = UUID(int=2**128 - 1)


class ListedDay(Struct, frozen=True):
    """An event on a day; `at` is what it is sorted by: the first start, or the last end."""

    at: datetime
    event_id: UUID
    starts_at: datetime

    @property
    def place(self) -> Cursor:
        return Cursor(self.at, self.event_id)


class ChosenSession(Struct, frozen=True):
    session_id: UUID
    times: int


class FoundDays(Struct, frozen=True):
    """One page of a search. `running` started before the first day; `more_running`: there is more of it.

    `closeness`: how closely what was typed stands in it.
    """

    days: Sequence[ListedDay] = ()
    running: Sequence[ListedDay] = ()
    next: SearchCursor | None = None
    more_running: bool = False
    closeness: Closeness = Closeness.START


class DayQuery(Struct, frozen=True):
    """What the statements ask. Without `words` all matches; `events` are what matches them, when few do."""

    region_id: int
    wanted: Search
    now: datetime
    words: str | None = None
    events: Sequence[UUID] | None = None


walk_days = SQL.many("walk_days", ListedDay)
walk_domain = SQL.many("walk_domain", ListedDay)
days_of_events = SQL.many("days_of_events", ListedDay)
find_running = SQL.many("find_running", ListedDay)
choose_sessions = SQL.many("choose_sessions", ChosenSession)


async def search(tx: Executor, region_id: int, wanted: Search, now: datetime, most: int = PAGE) -> FoundDays:
    """What starts in the days of a search and is not over, in order of time; on page one also what runs.

    A search for what runs has only that, in order of its end. When the words as typed find nothing, they are
    looked for inside words, and then with a typo.
    """
    if not wanted.words:
        return await find(tx, DayQuery(region_id, wanted, now), most)
    words = await read_asked_words(tx, wanted.words)
    for closeness in [wanted.after.closeness] if wanted.after else list(Closeness):
        asked = await make_query(tx, region_id, words, closeness, wanted.domain)
        if asked is None:
            continue
        query = await day_query(tx, region_id, wanted, now, asked)
        found = await find(tx, query, most, closeness)
        if found.days or found.running:
            return found
    return FoundDays()


async def day_query(tx: Executor, region_id: int, wanted: Search, now: datetime, words: str) -> DayQuery:
    events = await events_with(tx, region_id, words, FEW_EVENTS + 1)
    return DayQuery(region_id, wanted, now, words, events if len(events) <= FEW_EVENTS else None)


async def find(tx: Executor, query: DayQuery, most: int, closeness: Closeness = Closeness.START) -> FoundDays:
    if query.wanted.is_running:
        running = await find_already_running(tx, query, most + 1)
        further = cursor_of(running, most, closeness)
        return FoundDays(running=running[:most], next=further, closeness=closeness)
    days = await find_starting(tx, query, most + 1)
    running = [] if query.wanted.after else await find_already_running(tx, query, RUNNING_FEW + 1)
    further, more = cursor_of(days, most, closeness), len(running) > RUNNING_FEW
    return FoundDays(days[:most], running[:RUNNING_FEW], further, more, closeness)


def cursor_of(found: Sequence[ListedDay], most: int, closeness: Closeness) -> SearchCursor | None:
    return SearchCursor(found[most - 1].place, closeness) if len(found) > most else None


async def find_starting(tx: Executor, query: DayQuery, most: int) -> list[ListedDay]:
    """Days of the events that match: of each apart when they are few, else by a walk that soon meets some.

    They may be many and none of them near. Then the walk ends, and each is looked at after all.
    """
    if query.events is not None:
        return await find_days_of(tx, query, query.events, most)
    found = await walk(tx, query, most)
    if query.words is None or len(found) == most:
        return found
    events = await events_with(tx, query.region_id, query.words, MOST_EVENTS)
    return await find_days_of(tx, query, events, most)


async def walk(tx: Executor, query: DayQuery, most: int) -> list[ListedDay]:
    wanted, after = query.wanted, first_after(query)
    longest = LONGEST_WALK if query.words else WHOLE_REGION
    until = start_of_day(wanted.last_day + ONE_DAY)
    given = query.region_id, after.starts_at, after.id, until, query.now, most, longest, query.words
    return await (walk_domain(tx, *given, wanted.domain) if wanted.domain else walk_days(tx, *given))


async def find_days_of(tx: Executor, query: DayQuery, events: Sequence[UUID], most: int) -> list[ListedDay]:
    wanted, after = query.wanted, first_after(query)
    day = max(wanted.from_day, day_in_flanders(after.starts_at))
    place = after.starts_at, after.id
    until = start_of_day(wanted.last_day + ONE_DAY)
    return await days_of_events(
        tx, query.region_id, events, wanted.domain, day, *place, query.now, until, most
    )


def first_after(query: DayQuery) -> Cursor:
    """What the first row comes after: the first day begins, or the page before ends."""
    first = from_moment(start_of_day(query.wanted.from_day))
    return max(first, query.wanted.after.at) if query.wanted.after else first


async def find_already_running(tx: Executor, query: DayQuery, most: int) -> list[ListedDay]:
    begin = start_of_day(query.wanted.from_day)
    first = Cursor(max(begin, query.now), LAST)
    after = max(first, query.wanted.after.at) if query.wanted.after else first
    place = after.starts_at, after.id
    words = query.words if query.events is None else None
    return await find_running(
        tx, query.region_id, query.wanted.domain, *place, begin, query.now, most, words, query.events
    )


async def read_day_cards(
    tx: Executor,
    query: DayQuery,
    days: Sequence[ListedDay],
    member: Holder | None,
    *,
    language: str = DUTCH,
) -> list[SessionCard]:
    """A card for each event and day, in that order: of the first session with a place, else of the first.

    What is over before the first day that is asked is none of them.
    """
    dates = [day_in_flanders(each.starts_at) for each in days]
    chosen = await choose_sessions(
        tx,
        query.region_id,
        [each.event_id for each in days],
        [start_of_day(day) for day in dates],
        [start_of_day(day + ONE_DAY) for day in dates],
        query.now,
        max(query.now, start_of_day(query.wanted.from_day)),
        member is not None,
        member.social_until if member else None,
        member.born_on if member else None,
    )
    found = [each.session_id for each in chosen]
    cards = await read_cards(tx, query.region_id, found, member, query.now, language=language)
    by_session = {card.session.id: card for card in cards}
    return [
        replace(by_session[each.session_id], times=each.times)
        for each in chosen
        if each.session_id in by_session
    ]


def starting_and_running(
    cards: Sequence[SessionCard], from_day: date
) -> tuple[list[SessionCard], list[SessionCard]]:
    """The cards of what starts on a day or later, and of what already runs on it."""
    first = start_of_day(from_day)
    running = [card for card in cards if card.session.starts_at < first]
    return [card for card in cards if card.session.starts_at >= first], running


async def this_week(  # noqa: PLR0913  what is shown to whom, when, where and in which language
    tx: Executor,
    region_id: int,
    member: Holder | None,
    now: datetime,
    refnis: str = "",
    *,
    language: str = DUTCH,
) -> list[SessionCard]:
    """The first that starts in the coming seven days, then what runs; with `refnis` only in that town."""
    today = day_in_flanders(now)
    wanted = Search(today, week_from(today))
    query = (
        await day_query(tx, region_id, wanted, now, in_town(refnis))
        if refnis
        else DayQuery(region_id, wanted, now)
    )
    found = await find(tx, query, FIRST_FEW)
    shown = [*found.days, *found.running][:FIRST_FEW]
    return await read_day_cards(tx, query, shown, member, language=language)
