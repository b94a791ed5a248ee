"""A region adds its partners, and invites who works there."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from tests.reservations.groups.groups import a_partner

HOME = "/dender/beheer/partners"
FILLED: dict[str, object] = {"name": "De Brug", "kind": "association", "enterprise_number": "0207.437.468"}


async def add(world: World, partner_id: UUID | None = None, **fields: object) -> Any:
    return await world.post_form(HOME, partner_id=partner_id or uuid4(), **{**FILLED, **fields})


async def stored(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows(
        "SELECT region_id, name, kind, enterprise_number FROM identity.partner ORDER BY name"
    )
    return [tuple(row) for row in rows]


async def test_a_partner_is_added_once_and_is_in_the_list(world: World) -> None:
    await world.sign_in_staff("region_officer")
    partner_id = uuid4()

    answers = [await add(world, partner_id) for _ in range(2)]

    page = (await world.client.get(answers[1].headers["location"])).text
    assert "De Brug" in page
    assert "Vereniging waar armen het woord nemen" in page
    assert await stored(world) == [(1, "De Brug", "association", "0207437468")]
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'partner.add'") == 1


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("kind", "bank"), ("kind", ""), ("enterprise_number", "12")]
)
async def test_what_is_wrong_comes_back(world: World, field: str, typed: str) -> None:
    await world.sign_in_staff("region_officer")

    wrong: dict[str, Any] = {field: typed}
    answer = await add(world, **wrong)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert await stored(world) == []


async def test_a_name_is_there_once(world: World) -> None:
    await world.sign_in_staff("region_officer")
    await add(world)

    answer = await add(world, name="DE BRUG")

    assert answer.status_code == 422
    assert "Deze naam staat al in de lijst." in answer.text


async def test_who_is_invited_works_for_that_partner(world: World) -> None:
    partner_id = await a_partner(world)
    await world.sign_in_staff("region_officer")
    person = {"name": "Noor Maes", "email": "noor@brug.example", "role": "group_worker"}

    refused = [
        await world.post_form("/dender/beheer/collegas", **person, partner=partner)
        for partner in ("", uuid4(), await a_partner(world, "Elders", region_id=2))
    ]
    answer = await world.post_form("/dender/beheer/collegas", **person, partner=partner_id)

    assert [each.status_code for each in refused] == [422] * 3
    assert answer.status_code in {200, 201}
    rows = await world.rows(
        "SELECT role::text, partner_id FROM identity.role WHERE role::text = 'group_worker'"
    )
    assert [tuple(row) for row in rows] == [("group_worker", partner_id)]
    assert "De Brug" in (await world.client.get("/dender/beheer")).text


async def test_the_work_of_a_worker_leads_to_their_partner(world: World) -> None:
    partner_id = await a_partner(world)
    await world.sign_in_staff("group_worker", partner_id=partner_id)

    assert f'href="/dender/partners/{partner_id}"' in (await world.client.get("/team")).text
