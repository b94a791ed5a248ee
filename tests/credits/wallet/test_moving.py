"""Somebody moves: what becomes of their credit is a rule of its programme."""

from datetime import date, timedelta
from typing import Any

import pytest

from credits.check import check_ledger
from credits.programme.grant import entitled, read_member, read_terms
from credits.wallet.lapse import lapse_some
from tests.builders import Resident, World
from tests.identity.access.test_desk import deliver
from tests.passes.counter import AALST, acts, changed_details, open_counter, register
from tests.passes.membership.test_ending import end_over, page_of, person_of

NINOVE = "41048"


async def in_area(world: World, *, credit_cents: int = 1000, **rules: str) -> Resident:
    """A member in Aalst with credit of a programme for Aalst, which has these rules."""
    await open_counter(world)
    await world.municipality(NINOVE, "Ninove")
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", NINOVE)
    anna = await world.resident(credit_cents=credit_cents)
    await world.execute("UPDATE passes.membership SET refnis = $1", AALST)
    await world.execute("UPDATE credits.programme_version SET refnis = ARRAY[$1]", AALST)
    for name, value in rules.items():
        await world.execute(f"UPDATE credits.programme_version SET {name} = $1", value)
    return anna


async def move_to(world: World, who: Resident, refnis: str) -> None:
    form = changed_details(given_name="Yasmine", family_name="Peeters", email=who.email, refnis=refnis)
    answer = await world.post_form(f"{page_of(who.membership_id)}/wijzigen", **form)
    assert answer.status_code == 303, answer.text


async def leave(world: World, who: Resident, last_day: str = "") -> Any:
    return await world.post_form(f"{page_of(who.membership_id)}/einde", why="moved", last_day=last_day)


async def follow(world: World) -> None:
    """What the worker does: deliver, and lapse."""
    await deliver(world)
    while await lapse_some(world.services, world.clock.now()):
        pass
    async with world.services.database.reading() as connection:
        assert not await check_ledger(connection)


async def left(world: World) -> tuple[int, int]:
    """What can be spent, and what lapsed."""
    (row,) = await world.rows("SELECT available_cents, lapsed_cents FROM credits.purse")
    return row["available_cents"], row["lapsed_cents"]


async def gets(world: World, who: Resident) -> bool:
    """Whether they may get credit of the programme today."""
    async with world.services.database.reading() as connection:
        member = await read_member(connection, 1, who.membership_id)
        (terms,) = await read_terms(connection, 1, None, world.clock.now())
    assert member is not None
    return entitled(terms, member, world.clock.now().date())


@pytest.mark.parametrize(
    ("rule", "spendable", "more"),
    [("keep", 1000, True), ("stop", 1000, False), ("return", 0, False)],
)
async def test_who_moves_inside_the_region_has_what_the_rule_says(
    world: World, rule: str, spendable: int, *, more: bool
) -> None:
    anna = await in_area(world, on_moving=rule)

    await move_to(world, anna, NINOVE)
    await follow(world)

    assert await left(world) == (spendable, 1000 - spendable)
    assert await gets(world, anna) is more
    row = await world.rows("SELECT refnis, came_from, moved_on, status::text FROM passes.membership")
    assert tuple(row[0]) == (NINOVE, AALST, date(2026, 3, 2), "active")


async def test_what_may_still_be_got_ends_with_the_programme_year(world: World) -> None:
    anna = await in_area(world, on_moving="keep")
    await move_to(world, anna, NINOVE)

    world.clock.move(timedelta(days=366))

    assert not await gets(world, anna)


async def test_credit_of_the_whole_region_stays(world: World) -> None:
    anna = await in_area(world, on_moving="return")
    await world.execute("UPDATE credits.programme_version SET refnis = '{}'")

    await move_to(world, anna, NINOVE)
    await follow(world)

    assert await left(world) == (1000, 0)


async def test_what_is_put_aside_for_a_booking_stays_there(
    world: World,
) -> None:
    anna = await in_area(world, on_moving="return")
    await world.book(anna, await world.session(price_cents=400))
    await open_counter(world)

    await move_to(world, anna, NINOVE)
    await follow(world)
    (row,) = await world.rows("SELECT available_cents, held_cents, lapsed_cents FROM credits.purse")

    assert tuple(row) == (0, 400, 600)


async def test_who_only_changes_a_street_has_not_moved(world: World) -> None:
    anna = await in_area(world, on_moving="return")

    await move_to(world, anna, AALST)
    await follow(world)

    assert await left(world) == (1000, 0)
    assert await world.value("SELECT moved_on FROM passes.membership") is None


@pytest.mark.parametrize(("rule", "spendable"), [("keep", 1000), ("return", 0)])
async def test_who_leaves_the_region_on_a_day_spends_until_then_as_the_rule_says(
    world: World, rule: str, spendable: int
) -> None:
    anna = await in_area(world, on_leaving=rule)

    answer = await leave(world, anna, "2026-04-30")
    await follow(world)

    assert answer.headers["location"].endswith("gedaan=vertrek")
    assert await left(world) == (spendable, 1000 - spendable)
    assert not await gets(world, anna)
    assert (await person_of(world, anna.membership_id))["status"] == "active"
    assert "hier lid tot en met 30" in (await world.client.get(page_of(anna.membership_id))).text
    world.clock.move(timedelta(days=61))
    await end_over(world)
    assert (await person_of(world, anna.membership_id))["status"] == "ended"


async def test_who_leaves_is_a_member_of_the_other_region_at_once(world: World) -> None:
    anna = await in_area(world)
    await leave(world, anna, "2026-04-30")
    await world.execute("INSERT INTO uit.region_municipality VALUES (2, '41048')")
    await open_counter(world, region_id=2)

    await register(world, "kust", given_name="Yasmine", family_name="Peeters", email=anna.email, refnis=AALST)

    rows = await world.rows("SELECT region_id, person_id FROM passes.membership ORDER BY region_id")
    assert [tuple(row) for row in rows] == [(1, anna.person_id), (2, anna.person_id)]


async def test_who_leaves_at_once_gives_back_what_the_rule_says(world: World) -> None:
    anna = await in_area(world, on_leaving="return")

    await leave(world, anna)
    await follow(world)

    assert await left(world) == (0, 1000)
    assert (await person_of(world, anna.membership_id))["ended_why"] == "moved"


async def test_who_leaves_twice_leaves_once_and_a_day_too_far_is_asked_again(world: World) -> None:
    anna = await in_area(world)

    far = await leave(world, anna, "2031-01-01")
    for _ in range(2):
        await leave(world, anna, "2026-04-30")

    assert far.status_code == 422
    assert 'value="2031-01-01"' in far.text
    assert (await acts(world)).count("membership.leave") == 1
