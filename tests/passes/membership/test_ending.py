"""A membership ends, by a clerk or by its last day; with it ends what its person has, and erasing begins."""

from asyncio import create_task, sleep, timeout
from datetime import date, timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from credits.check import check_ledger
from tests.builders import Resident, World
from tests.identity.steps import ask_link, is_inside, link_in_mail
from tests.passes.counter import acts, insz, issue, open_counter, person_fields, register
from tests.reservations.dates import settle
from uit.database.retention import erase_due
from uit.identity.visitor import Authenticator
from uit.passes.counter import Counter
from uit.passes.errors import PassNotActive
from uit.passes.membership.ending import end as end_in
from uit.passes.membership.ending import end_what_is_over

RECENT = timedelta(seconds=6)
"""Longer than a process recognises somebody by itself, shorter than the cache does."""
TWO_YEARS = timedelta(days=731)


def page_of(membership_id: UUID) -> str:
    return f"/dender/balie/personen/{membership_id}"


async def end(world: World, membership_id: UUID, why: str = "moved") -> int:
    return int((await world.post_form(f"{page_of(membership_id)}/einde", why=why)).status_code)


async def end_over(world: World) -> int:
    services, apart = (
        world.services,
        Authenticator(world.services.database, world.services.cache, world.clock),
    )
    return await end_what_is_over(services.database, apart, world.clock, services.ids)


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

    ended = [await end_over(world) for _ in range(2)]

    assert ended == [1, 0]
    assert (await person_of(world, anna.membership_id))["ended_why"] == "over"
    assert (await person_of(world, anna.membership_id))["ends_on"] == date(2026, 3, 1)
    assert (await person_of(world, bilal.membership_id))["status"] == "active"


async def test_who_ends_by_the_last_day_is_signed_out_at_once_where_they_were_just_seen(world: World) -> None:
    """The worker is a process of its own: the sign-in stands in the cache that they share."""
    anna = await world.resident()
    await world.sign_in(anna)
    before = await is_inside(world)
    await world.execute("UPDATE passes.membership SET ends_on = '2026-03-01'")

    await end_over(world)
    world.clock.move(RECENT)

    assert (before, await is_inside(world)) == (True, False)


@pytest.mark.own_database
async def test_one_that_cannot_be_ended_holds_up_no_other(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    for who, day in ((anna, date(2026, 2, 1)), (bilal, date(2026, 3, 1))):
        await world.execute("UPDATE passes.membership SET ends_on = $2 WHERE id = $1", who.membership_id, day)
    await world.execute(
        f"ALTER TABLE passes.membership ADD CHECK (id <> '{anna.membership_id}' OR status <> 'ended')"
    )

    with capture_logs() as logs:
        ended = [await end_over(world) for _ in range(2)]

    assert ended == [1, 0]
    assert [line["id"] for line in logs if line["event"] == "membership_not_ended"] == (
        [str(anna.membership_id)] * 2
    )
    assert (await person_of(world, bilal.membership_id))["status"] == "ended"


async def test_what_ended_by_its_last_day_is_not_taken_back_and_the_clerk_is_told_what_to_do(
    world: World,
) -> None:
    anna = await world.resident()
    await world.execute("UPDATE passes.membership SET ends_on = '2026-03-01'")
    await end_over(world)
    await open_counter(world)

    page = (await world.client.get(page_of(anna.membership_id))).text
    answer = await world.post_form(f"{page_of(anna.membership_id)}/einde/hervatten")

    assert ["Laat weer lid zijn" in page, "nieuwe laatste dag" in page] == [False, True]
    assert (answer.status_code, "nieuwe laatste dag" in answer.text) == (409, True)
    assert await person_of(world, anna.membership_id) == {
        "ended": True, "died_on": None, "status": "ended", "ends_on": date(2026, 3, 1), "ended_why": "over",
    }  # fmt: skip


@pytest.mark.parametrize("number", [{}, {"insz": insz()}], ids=["by address", "by number"])
async def test_who_moves_and_registers_in_another_region_signs_in_again(
    world: World, number: dict[str, str]
) -> None:
    who = {"email": "zoe@example.org", **number}
    await open_counter(world)
    await end(world, await register(world, **who))
    await open_counter(world, region_id=2)

    there = await register(world, "kust", **who)
    world.client.cookies.clear()
    await ask_link(world, "zoe@example.org")
    await world.post_form(link_in_mail(world))

    assert await is_inside(world)
    assert (await person_of(world, there))["ended"] is False
    assert await world.value("SELECT count(*) FROM identity.person") == 1
    assert "person.resume" in await acts(world)


async def test_who_registers_while_another_region_ends_their_last_membership_lives_on(world: World) -> None:
    await open_counter(world)
    here = await register(world, insz=insz())
    await open_counter(world, region_id=2)
    counter = Counter(1, "staff", "an", world.clock.now(), world.services.ids)

    async with world.services.database.transaction() as tx:
        await end_in(tx, counter, here, "moved")
        registering = create_task(register(world, "kust", insz=insz()))
        await somebody_waits(world)
    there = await registering

    assert (await person_of(world, there))["ended"] is False


async def somebody_waits(world: World) -> None:
    """Until a transaction waits for a lock of another."""
    async with timeout(5):
        while not await world.value(  # noqa: ASYNC110  what is waited for is the server's
            "SELECT EXISTS (SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)"
            " WHERE NOT l.granted AND a.datname = current_database())"
        ):
            await sleep(0.01)


@pytest.mark.parametrize("who", [{"email": "zoe@example.org"}, {"insz": insz()}], ids=["address", "number"])
async def test_who_died_does_not_live_on_by_a_registration(world: World, who: dict[str, str]) -> None:
    await open_counter(world)
    here = await register(world, **who)
    await end(world, here, "died")
    await open_counter(world, region_id=2)

    answer = await world.post_form("/kust/balie/nieuw", **(person_fields() | who))

    assert (answer.status_code, "moet dat eerst terugnemen" in answer.text) == (409, True)
    assert (await person_of(world, here))["ended"] is True
    assert await world.value("SELECT count(*) FROM passes.membership") == 1


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

    world.clock.move(TWO_YEARS - timedelta(days=3))
    await erase_due(dsn, world.clock.now())
    too_early = await rows_of(world, anna)
    world.clock.move(timedelta(days=5))
    await erase_due(dsn, world.clock.now())
    put_aside = await rows_of(world, anna)
    await settle(world)
    transfers = await world.value("SELECT count(*) FROM credits.transfer")
    world.clock.move(timedelta(days=5))
    await erase_due(dsn, world.clock.now())

    assert too_early == (1, 1, 1, 1)
    assert put_aside[:2] == (1, 1)
    assert await rows_of(world, anna) == (0, 0, 0, 1)
    assert await rows_of(world, bilal) == (1, 1, 1, 1)
    assert await world.value("SELECT count(*) FROM credits.transfer") == transfers
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
