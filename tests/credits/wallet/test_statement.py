"""What a resident sees of their own credit, on their page and with their own program."""

from datetime import date, timedelta
from uuid import uuid4

from credits.wallet import statement
from credits.wallet.statement import Lapse, Statement, read_statement
from tests.builders import Resident, World
from tests.credits.books import a_programme, granted, held, settle


async def statement_of(world: World, who: Resident, region_id: int | None = None) -> Statement:
    async with world.services.database.reading() as connection:
        return await read_statement(connection, who.person_id, region_id, None, world.clock.now())


async def test_a_statement_says_what_is_free_held_and_spent_and_until_when(world: World) -> None:
    anna, session = await world.resident(), await world.session(price_cents=300)
    await world.purse(1, anna.membership_id, 1000, lapses_in_days=30)
    await settle(world, *((hold, 300) for hold in await held(world, anna, session)))
    await held(world, anna, session)

    found = await statement_of(world, anna)

    assert (found.available_cents, found.held_cents, found.spent_cents) == (400, 300, 300)
    assert found.lapses == [Lapse(date(2026, 4, 1), 400)]


async def test_movements_say_what_happened_newest_first(world: World) -> None:
    anna, session = await world.resident(), await world.session(price_cents=300)
    await granted(world, await a_programme(world), anna)
    await world.purse(1, anna.membership_id, 300, lapses_in_days=3)
    world.clock.move(timedelta(hours=1))
    [hold_id] = await held(world, anna, session)
    world.clock.move(timedelta(hours=1))
    await settle(world, (hold_id, 300))

    movements = (await statement_of(world, anna)).movements

    assert [(each.kind, each.change_cents, each.what) for each in movements[:2]] == [
        ("settle", 0, "De Werf"),
        ("hold", -300, "De Werf"),
    ]
    assert {(each.kind, each.change_cents, each.what) for each in movements[2:]} == {
        ("grant", 5000, "Jong in Aalst"),
        ("grant", 300, "Cultuurkrediet"),
    }


async def test_credit_that_is_over_is_not_free_any_more(world: World) -> None:
    anna = await world.resident()
    await world.purse(1, anna.membership_id, 1000, lapses_in_days=1)
    world.clock.move(timedelta(days=2))

    found = await statement_of(world, anna)

    assert (found.available_cents, found.lapses) == (0, [])


async def test_a_program_reads_its_holder_and_nobody_else(world: World) -> None:
    anna, _ = await world.resident(credit_cents=700), await world.resident(credit_cents=900)

    answer = await world.client.get("/api/v1/me/statement", headers=await world.holder_headers(anna))

    assert answer.status_code == 200
    assert answer.json()["available_cents"] == 700
    assert [each["kind"] for each in answer.json()["movements"]] == ["grant"]


async def test_a_statement_is_of_all_regions_or_of_the_one_that_is_asked(world: World) -> None:
    anna = await world.resident(credit_cents=700)
    await world.execute(
        "INSERT INTO passes.membership (region_id, id, person_id, starts_on, created_at)"
        " VALUES (2, $1, $2, '2026-01-01', now())",
        anna.membership_id,
        anna.person_id,
    )
    await world.execute("INSERT INTO credits.wallet VALUES (2, $1)", anna.membership_id)
    await world.purse(2, anna.membership_id, 100)
    headers = await world.holder_headers(anna)

    async def available(query: str) -> int:
        answer = await world.client.get(f"/api/v1/me/statement{query}", headers=headers)
        return int(answer.json()["available_cents"])

    assert [await available(each) for each in ("", "?region=dender", "?region=kust")] == [800, 700, 100]
    unknown = await world.client.get("/api/v1/me/statement?region=nergens", headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "ground.not_found")


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(world: World) -> None:
    anna, headers = await world.resident(), None
    for _ in range(5):
        await world.purse(1, anna.membership_id, 100)
    headers, most, seen = await world.holder_headers(anna), statement.MOVEMENTS, list[str]()
    statement.MOVEMENTS = 2

    after: str | None = ""
    while after is not None:
        query = f"?after={after}" if after else ""
        answer = (await world.client.get(f"/api/v1/me/statement{query}", headers=headers)).json()
        seen, after = seen + [each["id"] for each in answer["movements"]], answer["next"]

    statement.MOVEMENTS = most
    assert len(seen) == len(set(seen)) == 5


async def test_another_persons_movement_opens_no_page(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=100), await world.resident(credit_cents=100)
    theirs = (await statement_of(world, bilal)).movements[0].id
    headers = await world.holder_headers(anna)

    for after in (theirs, uuid4()):
        answer = await world.client.get(f"/api/v1/me/statement?after={after}", headers=headers)
        assert answer.json()["movements"] == []


async def test_a_client_or_a_stranger_reads_no_statement(world: World) -> None:
    for headers in ({}, await world.api_client(await world.organiser())):
        answer = await world.client.get("/api/v1/me/statement", headers=headers)
        assert answer.status_code in {401, 403}
