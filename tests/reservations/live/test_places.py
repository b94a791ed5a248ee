"""What is free is told to every open page, by one query for all of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from reservations.booking.answers import Booked
from reservations.booking.facts import Holder
from reservations.booking.member import read_member
from reservations.catalogue.agenda import Availability
from reservations.live import live as live_module
from reservations.live import places
from reservations.live.live import OpenPage
from reservations.live.places import Free, LivePlaces
from tests.builders import Session, World
from uit.database.statements import Executor


@pytest.fixture
def live(world: World) -> LivePlaces:
    """One that reads only when the test says so."""
    return LivePlaces(world.services.public_database, world.clock, lambda: False)


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many sessions each query asked."""
    asked: list[int] = []
    read = places.read_watched

    async def counted(tx: Executor, region_id: int, session_ids: list[UUID], now: datetime) -> Any:
        asked.append(len(session_ids))
        return await read(tx, region_id, session_ids, now)

    monkeypatch.setattr(places, "read_watched", counted)
    return asked


def page_of(*sessions: Session, member: Holder | None = None) -> OpenPage:
    return OpenPage(1, tuple(each.id for each in sessions), member)


News = dict[UUID, Free]


async def next_of(news: AsyncIterator[News]) -> News:
    async with asyncio.timeout(5):
        return await anext(news)


async def opened(live: LivePlaces, page: OpenPage) -> tuple[AsyncIterator[News], News]:
    """A page that heard what is free at first."""
    news = live.news(page)
    first = asyncio.ensure_future(next_of(news))
    await asyncio.sleep(0)
    await live.read()
    return news, await first


async def test_a_page_hears_what_is_free_and_then_what_changed(world: World, live: LivePlaces) -> None:
    session, anna = await world.session(seats=12), await world.resident(credit_cents=5_000)
    news, first = await opened(live, page_of(session))
    assert first[session.id].places_left == 12

    assert isinstance(await world.book(anna, session, places=2), Booked)
    await live.read()

    assert (await next_of(news))[session.id].places_left == 10


async def test_the_last_place_makes_it_full(world: World, live: LivePlaces) -> None:
    session, anna = await world.session(seats=1), await world.resident(credit_cents=5_000)
    news, _ = await opened(live, page_of(session))

    await world.book(anna, session)
    await live.read()

    assert (await next_of(news))[session.id].availability is Availability.FULL


async def test_only_what_changed_is_sent(world: World, live: LivePlaces) -> None:
    hot, quiet = await world.session(), await world.session()
    anna = await world.resident(credit_cents=5_000)
    news, first = await opened(live, page_of(hot, quiet))
    assert first.keys() == {hot.id, quiet.id}

    await world.book(anna, hot)
    await live.read()

    assert (await next_of(news)).keys() == {hot.id}


async def test_a_sale_that_begins_is_news_although_no_row_changed(world: World, live: LivePlaces) -> None:
    session, opens_at = await world.session(), world.clock.now() + timedelta(minutes=5)
    await world.execute(
        "UPDATE reservations.session SET sale_opens_at = $2 WHERE id = $1", session.id, opens_at
    )
    news, first = await opened(live, page_of(session))
    assert first[session.id].availability is Availability.NOT_YET

    world.clock.set(opens_at)
    await live.read()

    assert (await next_of(news))[session.id].availability is Availability.OPEN


async def test_many_pages_of_one_region_cost_one_query_a_second(
    world: World, live: LivePlaces, queries: list[int]
) -> None:
    sessions = [await world.session() for _ in range(3)]
    pages = [live.news(page_of(*sessions)) for _ in range(20)]
    hearing = [asyncio.ensure_future(next_of(each)) for each in pages]
    await asyncio.sleep(0)

    await live.read()

    assert queries == [3]
    assert [each.keys() for each in await asyncio.gather(*hearing)] == [{each.id for each in sessions}] * 20


async def test_a_page_that_is_closed_is_asked_for_no_more(
    world: World, live: LivePlaces, queries: list[int]
) -> None:
    session = await world.session()
    news, _ = await opened(live, page_of(session))

    async with aclosing(news):  # type: ignore[type-var]
        pass
    queries.clear()
    await live.read()

    assert queries == []


async def test_above_the_most_a_page_hears_nothing_and_asks_later(
    world: World, live: LivePlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "MOST_PAGES", 1)
    session = await world.session()
    await opened(live, page_of(session))

    assert [each async for each in live.news(page_of(session))] == []


async def test_an_event_that_is_not_shown_is_not_told_of(world: World, live: LivePlaces) -> None:
    shown, hidden = await world.session(), await world.session()
    await world.execute("UPDATE organisers.event SET published = false WHERE id = $1", hidden.event_id)

    _, first = await opened(live, page_of(shown, hidden))

    assert first.keys() == {shown.id}


async def test_a_price_that_is_not_theirs_counts_for_nobody_else(world: World, live: LivePlaces) -> None:
    session = await world.session(seats=5)
    await world.execute("UPDATE reservations.tariff SET active = (code = 'kansentarief')")
    anna = await world.resident(social_until=date(2027, 4, 30))
    async with world.services.database.reading() as connection:
        member = await read_member(connection, 1, anna.person_id)

    _, stranger = await opened(live, page_of(session))
    _, own = await opened(live, page_of(session, member=member))

    assert stranger[session.id].availability is Availability.FULL
    assert own[session.id].places_left == 5
