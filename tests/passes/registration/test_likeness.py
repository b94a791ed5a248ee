"""Who may be the person that a clerk is registering, and why."""

from datetime import date

import pytest

from tests.builders import World
from tests.passes.counter import acts, insz, open_counter, person_fields, register
from tests.rows import counting_rows
from uit.passes.registration.likeness import find_alike, turned_day

MOST_READ = 40
BORN_ON = date(1950, 1, 8)
MEMBERS = """
    WITH made AS (
        INSERT INTO identity.person (id, given_name, family_name, born_on, created_at)
        SELECT gen_random_uuid(), 'An' || n, 'Baert' || n, date '1950-01-01' + n, $1
        FROM generate_series(1, 5000) AS n
        RETURNING id
    )
    INSERT INTO passes.membership (region_id, id, person_id, starts_on, created_at)
    SELECT 1, gen_random_uuid(), id, '2026-01-01', $1 FROM made
"""
WHY = {
    "Zelfde rijksregisternummer",
    "Zelfde e-mailadres",
    "Zelfde naam en geboortedatum",
    "Bijna dezelfde naam, zelfde geboortedatum",
    "Zelfde of bijna dezelfde naam, dag en maand omgewisseld",
    "Zelfde naam, andere geboortedatum",
    "Zelfde naam",
}


async def look(world: World, **typed: str) -> str:
    answer = await world.post_form("/dender/balie/nieuw/gelijkenis", **person_fields() | typed)
    assert answer.status_code == 200
    return str(answer.text)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"given_name": "zoe", "family_name": "dhondt"}, "Bijna dezelfde naam, zelfde geboortedatum"),
        ({}, "Zelfde naam en geboortedatum"),
        ({"given_name": "Zoe", "family_name": "D Hond"}, "Bijna dezelfde naam, zelfde geboortedatum"),
        ({"given_name": "D'Hondt", "family_name": "Zoë"}, "Bijna dezelfde naam, zelfde geboortedatum"),
        ({"born_on": "1981-01-02"}, "Zelfde naam, andere geboortedatum"),
        ({"born_on": ""}, "Zelfde naam"),
        ({"family_name": "Peeters", "email": "ZOE@example.org"}, "Zelfde e-mailadres"),
        ({"given_name": "", "family_name": "", "insz": insz(7)}, "Zelfde rijksregisternummer"),
    ],
    ids=str,
)
async def test_each_likeness_says_why(world: World, typed: dict[str, str], why: str) -> None:
    await open_counter(world)
    membership_id = await register(world, email="zoe@example.org", insz=insz(7))

    page = await look(world, **typed)

    assert {each for each in WHY if f">{each}<" in page} == {why}
    assert page.count(f'href="/dender/balie/personen/{membership_id}"') == 1
    assert "person.search" in await acts(world)


async def test_a_day_and_a_month_that_changed_places_are_seen(world: World) -> None:
    await open_counter(world)
    await register(world, born_on="1990-03-05")

    assert "dag en maand omgewisseld" in await look(world, born_on="1990-05-03")


async def test_who_is_like_nobody_is_told_so_and_nothing_is_written(world: World) -> None:
    await open_counter(world)
    await register(world)

    page = await look(world, given_name="Mehmet", family_name="Yildiz")

    assert "We vinden nog niemand die hierop lijkt." in page
    assert await world.value("SELECT count(*) FROM identity.person") == 1


async def test_a_first_name_alone_is_like_nobody(world: World) -> None:
    await open_counter(world)
    await register(world)

    assert "We vinden nog niemand" in await look(world, family_name="", born_on="")


@pytest.mark.parametrize("typed", [{"family_name": "Dhond"}, {"given_name": "D'Hondt", "family_name": "Zoë"}])
async def test_who_is_nearly_a_member_is_asked_about_before_they_are_written_down(
    world: World, typed: dict[str, str]
) -> None:
    await open_counter(world)
    membership_id = await register(world)
    form = person_fields() | {"email": "nieuw@example.org"} | typed

    asked = await world.post_form("/dender/balie/nieuw", **form)
    before = await world.value("SELECT count(*) FROM identity.person")
    done = await world.post_form("/dender/balie/nieuw", **form, sure="true")
    again = await world.post_form("/dender/balie/nieuw", **form, sure="true")

    assert (asked.status_code, before) == (422, 1)
    for said in ("Bijna dezelfde naam, zelfde geboortedatum", 'href="#sure"', "Dit is iemand anders"):
        assert said in asked.text
    assert f'href="/dender/balie/personen/{membership_id}"' in asked.text
    assert 'value="nieuw@example.org"' in asked.text
    assert (done.status_code, again.status_code) == (303, 303)
    assert await world.value("SELECT count(*) FROM identity.person") == 2


async def test_a_look_keeps_the_tick_of_who_is_somebody_else(world: World) -> None:
    await open_counter(world)
    await register(world)

    ticked, unticked = (
        await look(world, family_name="Dhond", sure="true"),
        await look(world, family_name="Dhond"),
    )

    assert 'name="sure"' in unticked
    assert ticked.count("checked") == unticked.count("checked") + 1


async def test_who_is_protected_is_not_what_a_clerk_is_asked_about(world: World) -> None:
    await open_counter(world)
    await register(world)
    await world.execute("UPDATE identity.person SET is_protected = true")

    await register(world, family_name="Dhond")

    assert await world.value("SELECT count(*) FROM identity.person") == 2


async def test_a_clerk_of_another_town_or_region_sees_nobody(world: World) -> None:
    await open_counter(world)
    await register(world)
    await world.sign_in_staff("clerk", refnis=await world.municipality("41048", "Ninove"))

    assert "We vinden nog niemand" in await look(world)


def test_a_turned_day_has_to_exist() -> None:
    assert turned_day(date(1990, 3, 5)) == date(1990, 5, 3)
    assert turned_day(date(1990, 5, 17)) is None
    assert turned_day(None) is None


@pytest.mark.own_database
@pytest.mark.parametrize("plan", ["force_generic_plan", "force_custom_plan"])
async def test_a_look_reads_no_more_where_many_are_members(world: World, plan: str) -> None:
    """Those who were born on the day, and those with the same words in their name."""
    await world.execute(MEMBERS, world.clock.now())
    await world.execute("ANALYZE")

    async with counting_rows(world, plan) as (tx, read):
        found = await find_alike(tx, 1, None, "An7 Baert7", BORN_ON, None, 5)

    assert [each.why for each in found] == ["same"]
    assert 0 < read["identity.person"] < MOST_READ
    assert read["passes.membership"] < MOST_READ
