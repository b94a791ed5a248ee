"""A year is closed once, by two people, when it is over and its books are right."""

from datetime import UTC, date, datetime
from uuid import uuid4

import asyncpg
import pytest

from credits.bookkeeping.closing import BookYear, YearClose, is_signed, read_years
from credits.check import MOST
from credits.errors import (
    BooksNotRight,
    EarlierYearOpen,
    SamePersonConfirms,
    YearChanged,
    YearClosed,
    YearNotAsked,
    YearNotOver,
    YearWaits,
)
from tests.builders import World
from tests.credits.bookkeeping.years import (
    KEY,
    LONG_AGO,
    a_full_year,
    ask,
    close,
    confirm,
    seller_entity,
    town,
)
from tests.credits.books import check
from tests.credits.till.drawers import a_drawer

BALANCES = """
SELECT a.kind::text, sum(b.balance_cents)::integer FROM credits.closing_balance AS b
JOIN credits.account AS a ON a.id = b.account_id WHERE b.legal_entity_id = $1 GROUP BY a.kind
"""


async def test_a_closed_year_keeps_what_its_accounts_stood_at(world: World) -> None:
    session = await a_full_year(world)
    entity = await seller_entity(world, session.organiser_id)

    await close(world, entity)

    kept = dict(await world.rows(BALANCES, entity))
    assert kept == {"sale": -503 - 600, "card": 600, "till": 6_505, "safe": -6_000, "rounding": -2}
    assert await check(world) == []


async def test_the_balances_of_a_town_are_what_was_pledged_and_not_spent(world: World) -> None:
    await a_full_year(world)
    entity = await town(world)

    await close(world, entity)

    kept = dict(await world.rows(BALANCES, entity))
    assert kept == {"claim": -100_000_000, "fund": 100_000_000 - 300, "payable": 300}


async def test_closing_is_asked_by_one_and_confirmed_by_another_and_both_are_written_down(
    world: World,
) -> None:
    await a_full_year(world)
    entity, an = await town(world), uuid4()

    assert await confirm(world, entity) == YearNotAsked(2014)
    assert isinstance(await ask(world, entity, staff_id=an), YearClose)
    assert await confirm(world, entity, staff_id=an) == SamePersonConfirms(2014)
    assert isinstance(await confirm(world, entity), YearClose)

    acts = await world.rows("SELECT act FROM uit.audit WHERE subject_id = $1 ORDER BY act", str(entity))
    assert [act for (act,) in acts] == ["year.ask", "year.close"]


async def test_a_year_is_closed_once(world: World) -> None:
    await a_full_year(world)
    entity = await town(world)
    await close(world, entity)

    assert await ask(world, entity) == YearClosed(2014)
    assert await confirm(world, entity) == YearClosed(2014)


async def test_a_year_that_is_not_over_is_not_closed(world: World) -> None:
    await a_full_year(world)
    entity = await town(world)

    assert await ask(world, entity, 2015) == YearNotOver(2015, date(2016, 1, 2))
    world.clock.set(datetime(2015, 1, 1, 12, 0, tzinfo=UTC))
    assert await ask(world, entity, 2014) == YearNotOver(2014, date(2015, 1, 2))


async def test_years_are_closed_in_order(world: World) -> None:
    await a_full_year(world)
    entity = await town(world)
    world.clock.set(datetime(2017, 2, 2, tzinfo=UTC))

    assert await ask(world, entity, 2016) == EarlierYearOpen(2016, 2014)
    await close(world, entity, 2014)
    await close(world, entity, 2016)

    assert await check(world) == []


async def test_a_year_is_not_closed_while_the_books_are_not_right(world: World) -> None:
    await a_full_year(world)
    await world.execute("UPDATE credits.fund SET available_cents = available_cents - 1")

    assert await ask(world, await town(world)) == BooksNotRight(1)


async def test_faults_of_other_regions_hide_none_of_a_region_and_are_none_of_its_own(world: World) -> None:
    """However many there are: a person reads twenty of each kind, a year asks for all."""
    await a_full_year(world)
    await world.execute(
        "INSERT INTO reservations.booking (region_id, id, digest, channel, actor_kind, actor_id, made_at)"
        " SELECT 0, gen_random_uuid(), '', 'api', 'worker', '', now() FROM generate_series(1, $1)",
        MOST + 1,
    )
    assert isinstance(await ask(world, await town(world)), YearClose)

    await world.execute(
        "INSERT INTO reservations.booking (region_id, id, digest, channel, actor_kind, actor_id, made_at)"
        " VALUES (1, gen_random_uuid(), '', 'api', 'worker', '', now())"
    )
    assert await ask(world, await town(world)) == BooksNotRight(1)


async def test_a_year_waits_for_a_till_that_nobody_closed(world: World) -> None:
    world.clock.set(LONG_AGO)
    drawer = await a_drawer(world, float_cents=10_000)
    entity = await seller_entity(world, drawer.worker.organiser_id)
    world.clock.set(datetime(2015, 2, 2, tzinfo=UTC))

    assert await ask(world, entity) == YearWaits(2014, tills=1, payments=0)


async def test_what_was_asked_for_is_not_confirmed_when_the_transfers_are_others(world: World) -> None:
    await a_full_year(world)
    entity = await town(world)
    await ask(world, entity)
    await world.execute("UPDATE credits.transfer SET reference = 'anders' WHERE kind = 'pledge'")

    assert await confirm(world, entity) == YearChanged(2014)


async def test_the_digest_of_a_year_is_signed(world: World) -> None:
    await a_full_year(world)
    entity = await town(world)

    closed = await close(world, entity)

    assert is_signed(KEY, BookYear(1, entity, 2014), closed)
    assert not is_signed(KEY, BookYear(1, entity, 2013), closed)
    assert not is_signed(b"other" * 8, BookYear(1, entity, 2014), closed)


async def test_nothing_is_written_in_a_year_that_was_closed(world: World) -> None:
    session = await a_full_year(world)
    await close(world, await seller_entity(world, session.organiser_id))
    world.clock.set(LONG_AGO)

    with pytest.raises(asyncpg.CheckViolationError, match="closed"):
        await a_drawer(world, float_cents=1_000, seller_id=session.organiser_id, name="Foyer")


async def test_a_balance_that_was_changed_after_closing_is_found(world: World) -> None:
    await a_full_year(world)
    await close(world, await town(world))
    await world.execute(
        "UPDATE credits.closing_balance SET balance_cents = balance_cents + 1 WHERE balance_cents = 300"
    )

    assert [each.invariant for each in await check(world)] == ["closing_balances_unlike_transfers"]


async def test_the_years_of_many_legal_entities_take_as_many_queries_as_those_of_one(world: World) -> None:
    counted = []
    async with world.services.database.reading() as connection:
        await read_years(connection, 1, [])  # the first time asks for the types, too
    for more in (1, 3):
        for _ in range(more):
            await world.seller(await world.organiser())
        asked: list[object] = []
        async with world.services.database.reading() as connection:
            with connection.query_logger(asked.append):
                await read_years(connection, 1, range(2012, 2016))
        counted.append(len(asked))

    assert counted == [2, 2]
