"""A membership ends, by a clerk or by its last day; with it ends what its person has, and erasing begins."""

from datetime import date, timedelta
from uuid import UUID

from credits.check import check_ledger
from tests.builders import Resident, World
from tests.passes.counter import acts, insz, issue, open_counter, register
from uit.database.retention import erase_due
from uit.passes.errors import PassNotActive
from uit.passes.membership.ending import end_what_is_over

TWO_YEARS = timedelta(days=731)


def page_of(membership_id: UUID) -> str:
    return f"/dender/balie/personen/{membership_id}"


async def end(world: World, membership_id: UUID, why: str = "moved") -> int:
    return int((await world.post_form(f"{page_of(membership_id)}/einde", why=why)).status_code)


async def person_of(world: World, membership_id: UUID) -> dict[str, object]:
    (row,) = await world.rows(
        "SELECT p.ended_at IS NOT NULL AS ended, p.died_on, m.status::text, m.ends_on, m.ended_why"
        " FROM passes.membership AS m JOIN identity.person AS p ON p.id = m.person_id WHERE m.id = $1",
        membership_id,
    )
    return dict(row)


async def test_a_clerk_is_asked_first_and_says_why(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()

    page = (await world.client.get(page_of(anna.membership_id))).text
    without = await end(world, anna.membership_id, "")
    before = await person_of(world, anna.membership_id)
    done = await end(world, anna.membership_id, "died")

    assert "Ja, stop het lidmaatschap" in page
    assert (without, before["status"], before["ended"]) == (422, "active", False)
    today = date(2026, 3, 2)
    assert done == 303
    assert await person_of(world, anna.membership_id) == {
        "ended": True, "died_on": today, "status": "ended", "ends_on": today, "ended_why": "died",
    }  # fmt: skip


async def test_who_ended_books_nothing_and_is_signed_out(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await world.sign_in(anna)
    before = (await world.client.get("/dender/mijn-boekingen", follow_redirects=False)).status_code
    cookies = dict(world.client.cookies)
    await open_counter(world)

    await end(world, anna.membership_id)
    world.client.cookies.update(cookies)
    after = (await world.client.get("/dender/mijn-boekingen", follow_redirects=False)).status_code

    assert (before, after) == (200, 303)
    assert isinstance(await world.book(anna, session), PassNotActive)


async def test_the_trail_says_who_did_it_and_not_why(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()

    for _ in range(2):
        await end(world, anna.membership_id, "died")
    await world.post_form(f"{page_of(anna.membership_id)}/einde/hervatten")

    assert await acts(world) == ["membership.end", "membership.resume"]
    assert await world.value("SELECT count(*) FROM uit.audit WHERE facts::text LIKE '%died%'") == 0


async def test_it_can_be_taken_back_and_then_a_new_pass_is_given(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await end(world, anna.membership_id, "died")

    offered = "Laat weer lid zijn" in (await world.client.get(page_of(anna.membership_id))).text
    await world.post_form(f"{page_of(anna.membership_id)}/einde/hervatten")
    await issue(world, anna.membership_id)

    assert offered
    assert await person_of(world, anna.membership_id) == {
        "ended": False, "died_on": None, "status": "active", "ends_on": None, "ended_why": None,
    }  # fmt: skip


async def test_who_is_a_member_elsewhere_stays_a_person(world: World) -> None:
    await open_counter(world, region_id=2)
    elsewhere = await register(world, "kust", insz=insz())
    await open_counter(world)
    here = await register(world, insz=insz())

    await end(world, here)
    first = (await person_of(world, here))["ended"]
    await open_counter(world, region_id=2)
    await world.post_form(f"/kust/balie/personen/{elsewhere}/einde", why="moved")

    assert (first, (await person_of(world, here))["ended"]) == (False, True)


async def test_a_membership_ends_by_itself_when_its_last_day_is_past(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    for who, day in ((anna, date(2026, 3, 1)), (bilal, date(2026, 3, 2))):
        await world.execute("UPDATE passes.membership SET ends_on = $2 WHERE id = $1", who.membership_id, day)
    services = world.services

    ended = [await end_what_is_over(services.database, world.clock, services.ids) for _ in range(2)]

    assert ended == [1, 0]
    assert (await person_of(world, anna.membership_id))["ended_why"] == "over"
    assert (await person_of(world, anna.membership_id))["ends_on"] == date(2026, 3, 1)
    assert (await person_of(world, bilal.membership_id))["status"] == "active"


async def rows_of(world: World, who: Resident) -> tuple[int, ...]:
    counted = [
        ("identity.person", "id", who.person_id),
        ("passes.membership", "id", who.membership_id),
        ("passes.card", "membership_id", who.membership_id),
        ("credits.purse", "wallet_id", who.membership_id),
    ]
    return tuple(
        [
            await world.value(f"SELECT count(*) FROM {table} WHERE {column} = $1", key)
            for table, column, key in counted
        ]
    )


async def test_two_years_later_they_are_erased_and_the_books_are_right_without_a_name(
    world: World, dsn: str
) -> None:
    """What accounts keep stays: purses and transfers, by ids that name nobody any more."""
    session, anna = await world.session(), await world.resident(credit_cents=500)
    bilal = await world.resident(credit_cents=500)
    await world.book(anna, session)
    await open_counter(world)
    await end(world, anna.membership_id)
    transfers = await world.value("SELECT count(*) FROM credits.transfer")

    world.clock.move(TWO_YEARS - timedelta(days=3))
    await erase_due(dsn, world.clock.now())
    too_early = await rows_of(world, anna)
    world.clock.move(timedelta(days=10))
    await erase_due(dsn, world.clock.now())

    assert too_early == (1, 1, 1, 1)
    assert await rows_of(world, anna) == (0, 0, 0, 1)
    assert await rows_of(world, bilal) == (1, 1, 1, 1)
    assert await world.value("SELECT count(*) FROM credits.transfer") == transfers
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
