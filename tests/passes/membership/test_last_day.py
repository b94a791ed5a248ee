"""The last day of a membership: a clerk gives it, and it comes back with an end that is taken back."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.builders import World
from tests.passes.counter import acts, insz, issue, open_counter, person_fields, register
from tests.passes.membership.test_ending import end, end_over, page_of, person_of
from tests.reservations.sessions.test_desk import text_of

TODAY = date(2026, 3, 2)


async def set_last_day(world: World, membership_id: UUID, day: str) -> int:
    answer = await world.post_form(f"{page_of(membership_id)}/laatste-dag", ends_on=day)
    return int(answer.status_code)


async def last_day(world: World, membership_id: UUID) -> date | None:
    return (await person_of(world, membership_id))["ends_on"]  # type: ignore[return-value]


async def resume(world: World, membership_id: UUID) -> int:
    return int((await world.post_form(f"{page_of(membership_id)}/einde/hervatten")).status_code)


async def test_a_clerk_gives_a_last_day_changes_it_and_takes_it_away(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    seen = []

    for day in ("2026-06-30", "2026-03-02", ""):
        assert await set_last_day(world, anna.membership_id, day) == 303
        seen.append(await last_day(world, anna.membership_id))

    assert seen == [date(2026, 6, 30), TODAY, None]
    assert await acts(world) == ["membership.last_day"] * 3
    noted = await world.rows("SELECT facts ->> 'ends_on' AS day FROM uit.audit")
    assert {row["day"] for row in noted} == {"2026-06-30", "2026-03-02", None}


async def test_the_page_shows_the_last_day_in_its_box(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await set_last_day(world, anna.membership_id, "2026-06-30")

    page = (await world.client.get(page_of(anna.membership_id))).text

    assert re.search(r'name="ends_on"[^>]*value="2026-06-30"', page)


@pytest.mark.parametrize("day", ["2026-03-01", "2037-01-01", "31 juni", "2026-02-30"])
async def test_a_day_that_cannot_be_stands_next_to_its_field_with_what_was_typed(
    world: World, day: str
) -> None:
    await open_counter(world)
    anna = await world.resident()

    answer = await world.post_form(f"{page_of(anna.membership_id)}/laatste-dag", ends_on=day)

    assert answer.status_code == 422
    assert 'id="ends_on-error"' in answer.text
    assert f'value="{day}"' in answer.text
    assert await last_day(world, anna.membership_id) is None


async def test_who_is_a_member_until_today_books_today_and_not_tomorrow(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await set_last_day(world, anna.membership_id, "2026-03-02")
    today = await end_over(world)
    world.clock.move(timedelta(days=1))

    assert (today, await end_over(world)) == (0, 1)
    assert await last_day(world, anna.membership_id) == TODAY


async def test_an_end_that_is_taken_back_gives_the_last_day_again_and_no_more(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await set_last_day(world, anna.membership_id, "2026-06-30")
    await end(world, anna.membership_id)
    ended = await last_day(world, anna.membership_id)
    told = text_of(await world.client.get(page_of(anna.membership_id)))
    assert "Twee jaar na de laatste dag wissen we de gegevens" in told

    await resume(world, anna.membership_id)

    assert (ended, await last_day(world, anna.membership_id)) == (TODAY, date(2026, 6, 30))
    assert "De laatste dag wordt dan weer 30 juni" in told


async def test_one_of_which_the_last_day_went_by_meanwhile_runs_today_and_is_given_another(
    world: World,
) -> None:
    await open_counter(world)
    anna = await world.resident()
    await set_last_day(world, anna.membership_id, "2026-03-02")
    await end(world, anna.membership_id)
    world.clock.move(timedelta(days=3))
    await open_counter(world)
    told = text_of(await world.client.get(page_of(anna.membership_id)))

    done = await resume(world, anna.membership_id)
    again = await last_day(world, anna.membership_id)
    today = await end_over(world)
    given = await set_last_day(world, anna.membership_id, "2026-06-30")

    assert "Vandaag wordt dan de laatste dag: geef meteen een nieuwe." in told
    assert (done, again, today, given) == (303, TODAY + timedelta(days=3), 0, 303)
    assert (await person_of(world, anna.membership_id))["status"] == "active"


async def test_one_without_a_last_day_has_none_again(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await end(world, anna.membership_id)

    await resume(world, anna.membership_id)

    assert await last_day(world, anna.membership_id) is None


async def test_who_is_over_runs_again_with_another_last_day_and_a_new_pass(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await set_last_day(world, anna.membership_id, "2026-03-02")
    world.clock.move(timedelta(days=1))
    await end_over(world)
    await open_counter(world)

    done = await set_last_day(world, anna.membership_id, "2027-03-02")
    await issue(world, anna.membership_id)

    assert done == 303
    assert await person_of(world, anna.membership_id) == {
        "ended": False, "died_on": None, "status": "active", "ends_on": date(2027, 3, 2), "ended_why": None,
    }  # fmt: skip


async def test_what_a_clerk_ended_is_taken_back_first(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await end(world, anna.membership_id)

    answer = await world.post_form(f"{page_of(anna.membership_id)}/laatste-dag", ends_on="2027-03-02")

    assert (answer.status_code, "eerst weer lid zijn" in answer.text) == (409, True)
    assert (await person_of(world, anna.membership_id))["status"] == "ended"
    assert 'name="ends_on"' not in answer.text


async def test_who_died_elsewhere_does_not_live_on_by_a_last_day(world: World) -> None:
    await open_counter(world)
    here = await register(world, insz=insz())
    await set_last_day(world, here, "2026-03-02")
    await open_counter(world, region_id=2)
    there = await register(world, "kust", **(person_fields() | {"insz": insz()}))
    world.clock.move(timedelta(days=1))
    await end_over(world)
    await open_counter(world, region_id=2)
    await world.post_form(f"/kust/balie/personen/{there}/einde", why="died")
    await open_counter(world)

    answer = await world.post_form(f"{page_of(here)}/laatste-dag", ends_on="2027-03-02")

    assert answer.status_code == 409
    assert (await person_of(world, here))["status"] == "ended"


@pytest.mark.parametrize("role", ["social_worker", "programme_officer"])
async def test_only_a_clerk_gives_one(world: World, role: str) -> None:
    anna = await world.resident()
    await open_counter(world, role)

    assert await set_last_day(world, anna.membership_id, "2026-06-30") == 403
    assert await last_day(world, anna.membership_id) is None
