"""An organiser earns in the books of every legal entity whose credit is spent there, each apart."""

from asyncio import gather
from uuid import UUID, uuid4

from msgspec.structs import replace

from credits.programme.programme import open_programme
from tests.builders import Resident, Session, World
from tests.credits.books import ENTERPRISE_NUMBER, check, figures, held, opening, settle
from uit.database.pool import Database

OTHER_NUMBER = "0212189151"
BALANCES = """
SELECT l.name, sum(e.amount_cents)::integer
FROM credits.account AS a
JOIN credits.legal_entity AS l ON l.region_id = a.region_id AND l.id = a.legal_entity_id
JOIN credits.entry AS e ON e.region_id = a.region_id AND e.account_id = a.id
WHERE a.kind = 'payable' AND a.owner_id = $1
GROUP BY l.name ORDER BY l.name
"""


async def other_entity(world: World) -> UUID:
    """A second legal entity of the region."""
    made = uuid4()
    await world.execute("INSERT INTO credits.legal_entity VALUES (1, $1, 'OCMW', $2)", made, OTHER_NUMBER)
    return made


async def credit_of(world: World, who: Resident, entity: UUID, cents: int, *, lapses_in_days: int) -> None:
    """Credit that is in the books of this entity."""
    purse = await world.purse(1, who.membership_id, cents, lapses_in_days=lapses_in_days)
    await world.execute("UPDATE credits.account SET legal_entity_id = $1 WHERE owner_id = $2", entity, purse)


async def earned_of_two(world: World) -> tuple[Session, Resident]:
    """Somebody paid 300 cents with 200 of one entity and 100 of another, and all of it was earned."""
    session, anna = await world.session(price_cents=300), await world.resident()
    await world.purse(1, anna.membership_id, 200, lapses_in_days=30)
    await credit_of(world, anna, await other_entity(world), 1000, lapses_in_days=60)
    holds = await held(world, anna, session)
    await settle_whole(world, holds)
    return session, anna


async def settle_whole(world: World, holds: list[UUID]) -> None:
    rows = await world.rows("SELECT id, amount_cents FROM credits.transfer WHERE id = ANY ($1)", holds)
    await settle(world, *((row["id"], row["amount_cents"]) for row in rows))


async def balances(world: World, session: Session) -> dict[str, int]:
    return {row[0]: row[1] for row in await world.rows(BALANCES, session.organiser_id)}


async def test_what_was_paid_with_credit_of_two_entities_is_owed_by_each_of_them(world: World) -> None:
    session, _ = await earned_of_two(world)

    assert await balances(world, session) == {"OCMW": 100, "Stad": 200}
    assert await world.value("SELECT count(*) FROM credits.account WHERE kind = 'payable'") == 2
    assert await check(world) == []


async def test_what_comes_back_comes_out_of_the_books_that_it_went_into(world: World) -> None:
    session, anna = await earned_of_two(world)

    await world.cancel(await world.value("SELECT id FROM reservations.booking"))

    assert await balances(world, session) == {"OCMW": 0, "Stad": 0}
    assert await figures(world, anna) == (1200, 0, 0, 0, 0)
    assert await check(world) == []


async def test_a_second_settlement_goes_to_the_same_two_accounts(world: World) -> None:
    session, anna = await earned_of_two(world)

    [hold] = await held(world, anna, session)
    await settle(world, (hold, 300))

    assert await balances(world, session) == {"OCMW": 400, "Stad": 200}
    assert await world.value("SELECT count(*) FROM credits.account WHERE kind = 'payable'") == 2


async def test_two_that_settle_at_the_same_moment_open_one_account_an_entity(world: World) -> None:
    session, people = await world.session(seats=30, price_cents=300), []
    entity = await other_entity(world)
    for _ in range(6):
        people.append(await world.resident())
        await world.purse(1, people[-1].membership_id, 200, lapses_in_days=30)
        await credit_of(world, people[-1], entity, 100, lapses_in_days=60)
    holds = [await held(world, who, session) for who in people]

    await gather(*(settle_whole(world, of_one) for of_one in holds))

    assert await balances(world, session) == {"OCMW": 600, "Stad": 1200}
    assert await check(world) == []


async def test_a_payable_with_credit_of_two_entities_is_found(world: World) -> None:
    """As it was before there was an account an entity."""
    session, _ = await earned_of_two(world)
    one, other = [
        row["id"]
        for row in await world.rows("SELECT id FROM credits.account WHERE kind = 'payable' ORDER BY id")
    ]

    await world.execute("UPDATE credits.transfer SET credit_id = $1 WHERE credit_id = $2", one, other)
    await world.execute("UPDATE credits.entry SET account_id = $1 WHERE account_id = $2", one, other)

    assert {each.invariant for each in await check(world)} == {"transfers_between_wrong_accounts"}
    assert await world.places_left(session) == 9


async def open_first(world: World, database: Database, number: str) -> bool:
    """Open the first programme of the region, on a connection of its own."""
    wanted = replace(opening(), enterprise_number=number)
    async with database.transaction() as tx:
        return await open_programme(tx, wanted, world.services.ids, world.clock.now())


async def test_of_two_first_programmes_at_the_same_moment_one_brings_the_entity(
    world: World, dsn: str
) -> None:
    database = await Database.open(dsn, connections=8)
    for attempt in range(5):
        await world.execute("TRUNCATE credits.legal_entity, credits.programme, credits.transfer CASCADE")
        numbers = [ENTERPRISE_NUMBER, OTHER_NUMBER] * 4 if attempt % 2 else [ENTERPRISE_NUMBER] * 8
        assert await gather(*(open_first(world, database, number) for number in numbers)) == [True] * 8
        assert await world.value("SELECT count(*) FROM credits.legal_entity") == 1
        assert await world.value("SELECT count(DISTINCT legal_entity_id) FROM credits.account") == 1
    await database.close()
    assert await check(world) == []
