"""A programme officer gives groups their pass, their number of tickets, and credit."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from tests.credits.books import a_programme
from tests.reservations.groups.groups import a_group, a_partner, credit_of

HOME = "/dender/groepen"


async def give_pass(world: World, partner_id: UUID, group_id: UUID, **fields: object) -> Any:
    filled = {"partner": partner_id, "name": "Woensdaggroep", "tickets": "80", "until": "31/12/2026"}
    return await world.post_form(HOME, group_id=group_id, **{**filled, **fields})


async def test_a_group_gets_a_pass_once_with_a_number_and_a_wallet(world: World) -> None:
    partner_id, group_id = await a_partner(world), uuid4()
    await world.sign_in_staff("programme_officer")

    answers = [await give_pass(world, partner_id, group_id) for _ in range(2)]

    assert [each.headers["location"] for each in answers] == [f"{HOME}/{group_id}?gedaan=nieuw"] * 2
    (row,) = await world.rows("SELECT id, name, tickets_a_year, social_until, number FROM passes.group_pass")
    assert tuple(row)[:4] == (group_id, "Woensdaggroep", 80, date(2026, 12, 31))
    assert row["number"].startswith("09001")
    assert await world.value("SELECT count(*) FROM credits.wallet WHERE id = $1", group_id) == 1
    assert await world.value("SELECT owner FROM uit.directory WHERE key = $1", group_id) == partner_id
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'group.add'") == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("partner", ""), ("partner", str(UUID(int=7))), ("name", " "), ("tickets", "veel"), ("tickets", "-1"),
        ("until", ""), ("until", "1/3/2026"),
    ],
)  # fmt: skip
async def test_what_is_wrong_comes_back_as_it_was_typed(world: World, field: str, typed: str) -> None:
    partner_id = await a_partner(world)
    await world.sign_in_staff("programme_officer")

    answer = await give_pass(world, partner_id, uuid4(), **{field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert await world.rows("SELECT id FROM passes.group_pass") == []


async def test_the_id_of_a_member_gives_no_group_their_purse(world: World) -> None:
    """A form names the id of a group, and the wallet has the same: so it may be nobody's."""
    partner_id, rich, poor = await a_partner(world), await world.resident(500), await world.resident()
    await world.sign_in_staff("programme_officer")

    answers = [await give_pass(world, partner_id, each.membership_id) for each in (rich, poor)]

    assert [each.status_code for each in answers] == [403, 403]
    assert await world.rows("SELECT id FROM passes.group_pass") == []


async def test_credit_is_given_once_a_year_and_a_repeat_gives_no_more(world: World) -> None:
    group, programme_id = await a_group(world), await a_programme(world)
    await world.sign_in_staff("programme_officer")
    fields = {"grant_id": uuid4(), "programme": programme_id, "amount": "250"}

    answers = [await world.post_form(f"{HOME}/{group.id}/krediet", **fields) for _ in range(2)]
    more = await world.post_form(f"{HOME}/{group.id}/krediet", **{**fields, "grant_id": uuid4()})

    assert [each.status_code for each in answers] == [303, 303]
    assert more.status_code == 409
    assert await credit_of(world, group) == 25_000
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'grant.give'") == 1


@pytest.mark.parametrize(("field", "typed"), [("programme", ""), ("amount", "nul"), ("amount", "-5")])
async def test_credit_of_nothing_is_refused_in_its_field(world: World, field: str, typed: str) -> None:
    group, programme_id = await a_group(world), await a_programme(world)
    await world.sign_in_staff("programme_officer")
    fields = {"grant_id": uuid4(), "programme": programme_id, "amount": "250"}

    answer = await world.post_form(f"{HOME}/{group.id}/krediet", **{**fields, field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert await credit_of(world, group) == 0


async def test_more_than_the_budget_has_is_not_given(world: World) -> None:
    group, programme_id = await a_group(world), await a_programme(world)
    await world.sign_in_staff("programme_officer")

    answer = await world.post_form(
        f"{HOME}/{group.id}/krediet", grant_id=uuid4(), programme=programme_id, amount="9.000.000"
    )

    assert answer.status_code == 409
    assert 'value="9.000.000"' in answer.text
    assert await credit_of(world, group) == 0


async def test_the_number_and_the_day_can_change(world: World) -> None:
    group = await a_group(world, tickets=10)
    await world.sign_in_staff("programme_officer")

    answer = await world.post_form(f"{HOME}/{group.id}", tickets="25", until="2028-01-31")

    assert answer.status_code == 303
    row = await world.rows("SELECT tickets_a_year, social_until FROM passes.group_pass")
    assert tuple(row[0]) == (25, date(2028, 1, 31))


async def test_a_pass_stops_once_and_takes_no_more_credit(world: World) -> None:
    group, programme_id = await a_group(world), await a_programme(world)
    await world.sign_in_staff("programme_officer")

    for _ in range(2):
        await world.post_form(f"{HOME}/{group.id}/stoppen")
    answer = await world.post_form(
        f"{HOME}/{group.id}/krediet", grant_id=uuid4(), programme=programme_id, amount="10"
    )

    assert answer.status_code == 404
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'group.end'") == 1
    assert (await world.post_form(f"{HOME}/{group.id}", tickets="5", until="2028-01-31")).status_code == 404


async def test_a_group_of_another_region_is_not_there(world: World) -> None:
    group = await a_group(world)
    await world.sign_in_staff("programme_officer", region_id=2)

    assert (await world.client.get(f"/kust/groepen/{group.id}")).status_code == 404
    assert "Woensdaggroep" not in (await world.client.get("/kust/groepen")).text
