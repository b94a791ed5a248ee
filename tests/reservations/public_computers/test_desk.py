"""A region names the computers on which many people book one after the other."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import World

HOME = "/dender/openbare-computers"
LIBRARY: dict[str, object] = {"name": "Bib Utopia", "network": "193.190.10.20"}


async def add(world: World, **fields: object) -> Any:
    return await world.post_form(HOME, **{"computer_id": uuid4(), **LIBRARY, **fields})


async def stored(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows(
        "SELECT region_id, name, network::text FROM reservations.public_computer ORDER BY 3"
    )
    return [tuple(row) for row in rows]


async def acts(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows("SELECT act, actor_kind FROM uit.audit ORDER BY act")
    return [tuple(row) for row in rows]


async def test_an_officer_names_a_computer_and_it_is_in_the_list(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    answer = await add(world)

    page = (await world.client.get(answer.headers["location"])).text
    assert "Bewaard." in page
    assert "Bib Utopia" in page
    assert ">193.190.10.20<" in page
    assert await stored(world) == [(1, "Bib Utopia", "193.190.10.20/32")]
    assert await acts(world) == [("public_computer.name", "staff")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 193.190.10.20 ", "193.190.10.20/32"),
        ("193.190.10.0/24", "193.190.10.0/24"),
        ("193.190.10.20/24", "193.190.10.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ("2001:DB8::7", "2001:db8::7/128"),
    ],
)
async def test_an_address_or_a_network_is_kept_as_a_network(world: World, typed: str, kept: str) -> None:
    await world.sign_in_staff("programme_officer")

    await add(world, network=typed)

    assert await stored(world) == [(1, "Bib Utopia", kept)]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("network", "bib"),
        ("network", "193.190.10.256"),
        ("network", "193.190.0.0/16"),
        ("network", "0.0.0.0/0"),
        ("network", "2001:db8::/32"),
        ("name", " "),
        ("name", "x" * 81),
    ],
)
async def test_what_is_wrong_comes_back_as_it_was_typed(world: World, field: str, typed: str) -> None:
    await world.sign_in_staff("programme_officer")

    answer = await add(world, **{field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert await stored(world) == []
    assert await acts(world) == []


async def test_a_form_that_is_sent_twice_names_one_computer(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    computer_id = uuid4()

    answers = [await add(world, computer_id=computer_id) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await stored(world)) == len(await acts(world)) == 1


async def test_an_address_that_is_there_already_is_not_named_again(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    await add(world)

    answer = await add(world, name="Bib Moorsel")

    assert answer.status_code == 422
    assert "Dit adres staat al in de lijst, bij Bib Utopia." in answer.text
    assert len(await stored(world)) == 1


async def test_one_that_is_removed_is_limited_again_and_a_repeat_changes_nothing(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    computer_id = uuid4()
    await add(world, computer_id=computer_id)

    answers = [await remove(world, computer_id) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert await stored(world) == []
    assert await acts(world) == [("public_computer.name", "staff"), ("public_computer.remove", "staff")]


async def remove(world: World, computer_id: UUID) -> Any:
    return await world.post_form(f"{HOME}/{computer_id}/weghalen")


async def test_an_officer_of_another_region_neither_sees_nor_removes_it(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    computer_id = uuid4()
    await add(world, computer_id=computer_id, name="Bib Moorsel")
    await world.sign_in_staff("programme_officer", region_id=2)

    page = (await world.client.get(HOME.replace("dender", "kust"))).text
    await world.post_form(f"{HOME.replace('dender', 'kust')}/{computer_id}/weghalen")

    assert "Bib Moorsel" not in page
    assert len(await stored(world)) == 1


async def test_the_page_says_the_address_of_the_computer_where_one_sits(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    page = (await world.client.get(HOME)).text

    assert "is dit het adres: 127.0.0.1." in page
