"""A death stops every message the same day, also those that wait, and ends who helps and is helped."""

from uuid import UUID, uuid4

import pytest

from tests.builders import Resident, World
from tests.identity.access.test_desk import deliver
from tests.identity.person.helpers import entrust
from tests.passes.counter import open_counter
from tests.passes.membership.test_ending import TWO_YEARS, end, end_over, page_of, person_of, rows_of
from uit.database.retention import erase_due


async def mailed(world: World) -> list[str]:
    await deliver(world)
    return [mail["To"] for mail in world.mails]


async def powers(world: World) -> set[UUID]:
    rows = await world.rows("SELECT id FROM identity.representation WHERE revoked_at IS NULL")
    return {row["id"] for row in rows}


async def test_a_message_that_waits_when_somebody_dies_is_sent_to_nobody(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await world.book(anna, session)
    await open_counter(world)

    await end(world, anna.membership_id, "died")

    assert await mailed(world) == []
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE delivered_at IS NULL") == 0


async def test_who_moved_away_still_reads_what_becomes_of_a_booking(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await world.book(anna, session)
    await open_counter(world)

    await end(world, anna.membership_id, "moved")

    assert set(await mailed(world)) == {anna.email}
    assert any(mail["Subject"].startswith("Je ticket: De kleine prins") for mail in world.mails)


async def test_a_death_ends_who_helps_and_who_is_helped_and_a_mistake_gives_it_back(world: World) -> None:
    anna, bilal, cem = [await world.resident() for _ in range(3)]
    given = {await entrust(world, anna, bilal), await entrust(world, cem, anna)}
    stays, stopped = await entrust(world, cem, bilal), await entrust(world, anna, cem)
    await world.execute(
        "UPDATE identity.representation SET revoked_at = $2::timestamptz - interval '1 day' WHERE id = $1",
        stopped,
        world.clock.now(),
    )
    await open_counter(world)

    await end(world, anna.membership_id, "died")
    after = await powers(world)
    await world.post_form(f"{page_of(anna.membership_id)}/einde/hervatten")

    assert after == {stays}
    assert await powers(world) == given | {stays}


async def test_what_they_asked_of_another_waits_no_more(world: World) -> None:
    anna = await world.resident()
    await world.execute(
        "INSERT INTO identity.asked_help (id, person_id, email, name, powers, ends_on, asked_at, lapses_at)"
        " VALUES ($1, $2, 'x@example.org', 'An', '{see}', '2027-01-01', $3, $4)",
        uuid4(),
        anna.person_id,
        world.clock.now(),
        world.clock.now() + TWO_YEARS,
    )
    await open_counter(world)

    await end(world, anna.membership_id, "died")

    assert await world.value("SELECT count(*) FROM identity.asked_help") == 0


async def elsewhere(world: World, who: Resident) -> UUID:
    """The same person is a member of another region too."""
    membership_id = uuid4()
    await world.execute("INSERT INTO uit.region (id, slug, name) VALUES (9, 'elders', 'Elders')")
    await world.execute(
        "INSERT INTO passes.membership (region_id, id, person_id, starts_on, created_at)"
        " VALUES (9, $1, $2, '2026-01-01', $3)",
        membership_id,
        who.person_id,
        world.clock.now(),
    )
    return membership_id


@pytest.mark.parametrize(("why", "ended", "still"), [("died", True, "ended"), ("moved", False, "active")])
async def test_a_death_ends_what_they_are_in_another_region_too_and_a_move_does_not(
    world: World, why: str, *, ended: bool, still: str
) -> None:
    anna = await world.resident()
    other = await elsewhere(world, anna)
    await open_counter(world)

    await end(world, anna.membership_id, why)
    at_once = (await person_of(world, anna.membership_id))["ended"]
    await end_over(world)

    assert at_once is ended
    assert await world.value("SELECT status::text FROM passes.membership WHERE id = $1", other) == still


async def test_who_died_is_erased_when_the_term_is_over_with_who_helped_them(world: World, dsn: str) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await entrust(world, anna, bilal)
    await open_counter(world)
    await end(world, anna.membership_id, "died")
    world.clock.move(TWO_YEARS)

    await erase_due(dsn, world.clock.now())

    assert await rows_of(world, anna) == (0, 0, 0, 0)
    assert await world.value("SELECT count(*) FROM identity.representation") == 0
    assert await world.value("SELECT count(*) FROM identity.person WHERE id = $1", bilal.person_id) == 1
