"""What an organiser earned leaves the purse once; what it did not earn goes back."""

from asyncio import gather
from uuid import UUID, uuid4

import pytest
from asyncpg import CheckViolationError

from credits.ledger.rollup import roll_up
from credits.settlement.settlement import was_earned_by_coming
from reservations.booking.answers import Ended
from tests.builders import World
from tests.credits.books import check, figures, held, settle

PAYABLE = (
    "SELECT coalesce((SELECT sum(balance_cents) FROM credits.balance), 0)"
    " + coalesce((SELECT sum(amount_cents) FROM credits.entry), 0)"
)


async def test_a_settled_hold_is_spent_and_owed_to_the_organiser(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    [hold_id] = await held(world, anna, session, places=2)

    assert await settle(world, (hold_id, 600)) == 1

    assert await figures(world, anna) == (400, 0, 600, 0, 0)
    assert await world.value(PAYABLE) == 600
    payee = await world.value("SELECT owner_id FROM credits.account WHERE kind = 'payable'")
    assert payee == session.organiser_id
    assert await check(world) == []


async def test_a_hold_settled_in_part_gives_the_rest_back(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    [hold_id] = await held(world, anna, session, places=2)

    await settle(world, (hold_id, 250))

    assert await figures(world, anna) == (750, 0, 250, 0, 0)
    assert await check(world) == []


async def test_nothing_earned_gives_everything_back(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    [hold_id] = await held(world, anna, session)

    await settle(world, (hold_id, 0))

    assert await figures(world, anna) == (500, 0, 0, 0, 0)
    assert await world.value(PAYABLE) == 0
    assert await check(world) == []


async def test_settling_again_changes_nothing(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    [hold_id] = await held(world, anna, session)

    assert sorted(await gather(*(settle(world, (hold_id, 500)) for _ in range(4)))) == [0, 0, 0, 1]
    assert await world.value(PAYABLE) == 500


async def test_a_hold_is_settled_or_cancelled_but_never_both(world: World) -> None:
    session, anna = await world.session(seats=50), await world.resident(credit_cents=10_000)
    holds = [(await held(world, anna, session))[0] for _ in range(20)]
    bookings = [
        row["booking_id"]
        for row in await world.rows("SELECT booking_id FROM credits.transfer WHERE kind = 'hold'")
    ]

    await gather(
        *(settle(world, (hold_id, 500)) for hold_id in holds), *(world.cancel(each) for each in bookings)
    )

    available, on_hold, spent, _, _ = await figures(world, anna)
    assert (available + spent, on_hold) == (10_000, 0)
    assert await world.value("SELECT count(*) FROM credits.resolution") == 20
    assert await check(world) == []


async def test_a_set_of_holds_over_many_purses_and_organisers_is_settled_at_once(world: World) -> None:
    sessions = [await world.session(price_cents=100, organiser_id=await world.organiser()) for _ in range(3)]
    people = [await world.resident(credit_cents=1000) for _ in range(4)]
    holds = [hold for who in people for session in sessions for hold in await held(world, who, session)]

    assert await settle(world, *((hold, 100) for hold in holds)) == 12

    assert [await figures(world, who) for who in people] == [(700, 0, 300, 0, 0)] * 4
    assert await world.value("SELECT count(*) FROM credits.account WHERE kind = 'payable'") == 3
    assert await check(world) == []


async def test_more_than_was_held_cannot_be_earned(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    [hold_id] = await held(world, anna, session)

    with pytest.raises(CheckViolationError):
        await settle(world, (hold_id, 501))
    assert await figures(world, anna) == (0, 500, 0, 0, 0)


async def test_a_cancelled_booking_leaves_nothing_to_settle(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    [hold_id] = await held(world, anna, session)
    booking_id = await world.value("SELECT booking_id FROM credits.transfer WHERE id = $1", hold_id)
    assert isinstance(await world.cancel(booking_id), Ended)

    assert await settle(world, (hold_id, 500)) == 0
    assert await figures(world, anna) == (500, 0, 0, 0, 0)


async def earned_by_coming(world: World, hold_id: UUID) -> bool:
    booking_id = await world.value("SELECT booking_id FROM credits.transfer WHERE id = $1", hold_id)
    async with world.services.database.reading() as connection:
        return await was_earned_by_coming(connection, 1, [(booking_id, 1)])


async def test_credit_is_earned_by_coming_once_it_is_settled(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    [settled], [open_still] = await held(world, anna, session), await held(world, anna, session)

    await settle(world, (settled, 500))

    assert [await earned_by_coming(world, each) for each in (settled, open_still)] == [True, False]


async def test_credit_that_is_earned_whoever_comes_is_not_earned_by_coming(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    [hold_id] = await held(world, anna, session)
    await world.execute("UPDATE credits.programme_version SET earning = 'session_end'")

    await settle(world, (hold_id, 500))

    assert not await earned_by_coming(world, hold_id)


async def test_entries_are_rolled_up_in_every_region(world: World) -> None:
    await world.execute(
        "INSERT INTO credits.entry (region_id, account_id, transfer_id, amount_cents)"
        " SELECT region_id, $1, gen_random_uuid(), 5 FROM unnest('{1,1,2}'::integer[]) AS region_id", uuid4()
    )  # fmt: skip

    assert await roll_up(world.services) == 3

    balances = "SELECT region_id, balance_cents FROM credits.balance ORDER BY region_id"
    assert [tuple(row) for row in await world.rows(balances)] == [(1, 10), (2, 5)]
    assert await world.value("SELECT count(*) FROM credits.entry") == 0


async def test_rolling_up_moves_what_waits_and_changes_no_sum(world: World) -> None:
    session, anna = await world.session(price_cents=100), await world.resident(credit_cents=1000)
    for _ in range(3):
        await settle(world, *((hold, 100) for hold in await held(world, anna, session)))

    assert sorted(await gather(roll_up(world.services), roll_up(world.services))) == [0, 3]
    await settle(world, *((hold, 100) for hold in await held(world, anna, session)))
    await roll_up(world.services)

    assert await world.value("SELECT count(*) FROM credits.entry") == 0
    assert await world.value(PAYABLE) == 400
    assert await check(world) == []
