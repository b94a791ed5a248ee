"""Grants and pledges: from a funder's budget to somebody's purse, once, and never more than there is."""

from asyncio import gather
from uuid import uuid4

import asyncpg
import pytest

from credits.errors import AlreadyGranted, BudgetSpent
from credits.ledger.ledger import Granted
from credits.programme.programme import open_programme
from tests.builders import World
from tests.credits.books import a_programme, check, figures, give_to, left_to_give, opening
from uit.database.pool import Database


async def test_a_grant_moves_money_from_the_fund_to_a_new_purse(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()

    answer = await give_to(world, programme_id, anna)

    assert isinstance(answer, Granted)
    assert answer.amount_cents == 5000
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)
    assert await left_to_give(world, programme_id) == 1_000_000 - 5000
    assert await check(world) == []


async def test_the_same_grant_twice_gives_once(world: World) -> None:
    programme_id, anna, grant_id = await a_programme(world), await world.resident(), uuid4()

    first, again = [await give_to(world, programme_id, anna, grant_id) for _ in range(2)]

    assert isinstance(first, Granted)
    assert isinstance(again, Granted)
    assert (first.new, again.new) == (True, False)
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)


async def test_another_grant_in_the_same_programme_year_is_refused(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    await give_to(world, programme_id, anna)

    assert await give_to(world, programme_id, anna) == AlreadyGranted("Jong in Aalst", "2026")


async def test_a_budget_is_given_to_the_last_cent_and_no_further(world: World) -> None:
    programme_id = await a_programme(world, budget_cents=9999)
    anna, bilal = await world.resident(), await world.resident()

    assert isinstance(await give_to(world, programme_id, anna), Granted)
    assert await give_to(world, programme_id, bilal) == BudgetSpent("Jong in Aalst")
    assert await left_to_give(world, programme_id) == 4999


async def test_two_hundred_grants_at_once_give_what_fifty_can_have(world: World, dsn: str) -> None:
    programme_id = await a_programme(world, budget_cents=50 * 5000)
    residents = [await world.resident() for _ in range(200)]
    many = await Database.open(dsn, connections=30)

    answers = await gather(*(give_to(world, programme_id, each, database=many) for each in residents))

    await many.close()
    assert [isinstance(answer, Granted) for answer in answers].count(True) == 50
    assert [isinstance(answer, BudgetSpent) for answer in answers].count(True) == 150
    assert await left_to_give(world, programme_id) == 0
    assert await check(world) == []


async def test_one_person_is_granted_once_also_at_the_same_moment(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()

    answers = await gather(*(give_to(world, programme_id, anna) for _ in range(8)))

    assert [isinstance(answer, Granted) for answer in answers].count(True) == 1
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)


async def test_a_programme_opens_once_under_one_id(world: World) -> None:
    wanted, services = opening(), world.services

    for _ in range(2):
        async with services.database.transaction() as tx:
            await open_programme(tx, wanted, services.ids, world.clock.now())

    assert await left_to_give(world, wanted.id) == 1_000_000
    assert await world.value("SELECT count(*) FROM credits.transfer WHERE kind = 'pledge'") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credits.transfer SET amount_cents = 1",
        "DELETE FROM credits.transfer",
        "UPDATE credits.resolution SET settled_cents = 0",
        "DELETE FROM credits.resolution",
        "UPDATE credits.account SET kind = 'bank'",
        "UPDATE credits.programme_version SET amount_cents = 1",
    ],
)
async def test_the_application_cannot_rewrite_the_books(world: World, statement: str) -> None:
    async with world.services.database.reading() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
