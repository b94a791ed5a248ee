"""An organiser says its enterprise number at its desk, and its books are kept under it."""

from typing import Any
from uuid import UUID

import pytest

from credits.payments.seller import open_books
from tests.builders import World

NUMBER = "0417497106"


@pytest.fixture
async def organiser_id(world: World) -> UUID:
    """Whose own staff is signed in."""
    made = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=made)
    return made


async def with_books(world: World, organiser_id: UUID) -> None:
    async with world.services.database.transaction() as tx:
        await open_books(tx, 1, organiser_id, world.services.ids)


async def say(world: World, organiser_id: UUID, number: str = "BE 0417.497.106") -> Any:
    page = f"/dender/organisaties/{organiser_id}/betalen/nummer"
    return await world.post_form(page, enterprise_number=number)


async def numbers(world: World, organiser_id: UUID) -> tuple[str | None, str | None]:
    """That of the organiser, and that of the legal entity of its books."""
    row = (
        await world.rows(
            "SELECT o.enterprise_number AS own, l.enterprise_number AS books FROM organisers.organiser AS o"
            " LEFT JOIN credits.seller AS s ON s.organiser_id = o.id"
            " LEFT JOIN credits.legal_entity AS l ON l.id = s.legal_entity_id WHERE o.id = $1",
            organiser_id,
        )
    )[0]
    return row["own"], row["books"]


async def test_a_number_is_written_with_the_books_that_are_there(world: World, organiser_id: UUID) -> None:
    await with_books(world, organiser_id)

    answers = [await say(world, organiser_id) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert await numbers(world, organiser_id) == (NUMBER, NUMBER)
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'seller.number'") == 2


async def test_books_that_open_later_are_kept_under_the_number(world: World, organiser_id: UUID) -> None:
    await say(world, organiser_id)

    await with_books(world, organiser_id)

    assert await numbers(world, organiser_id) == (NUMBER, NUMBER)


async def test_a_number_that_is_wrong_comes_back_as_it_was_typed(world: World, organiser_id: UUID) -> None:
    answer = await say(world, organiser_id, "0417497107")

    assert answer.status_code == 422
    assert 'value="0417497107"' in answer.text
    assert await numbers(world, organiser_id) == (None, None)


async def test_a_number_is_said_once(world: World, organiser_id: UUID) -> None:
    await say(world, organiser_id)

    answer = await say(world, organiser_id, "0876543270")

    assert (answer.status_code, "Je ondernemingsnummer staat vast" in answer.text) == (409, True)
    assert await numbers(world, organiser_id) == (NUMBER, None)


async def entity_of_another(world: World) -> UUID:
    """The legal entity of another organiser that has the number."""
    other = await world.organiser()
    await world.execute("UPDATE organisers.organiser SET enterprise_number = $2 WHERE id = $1", other, NUMBER)
    await with_books(world, other)
    found: UUID = await world.value(
        "SELECT legal_entity_id FROM credits.seller WHERE organiser_id = $1", other
    )
    return found


async def test_empty_books_join_those_of_the_same_number(world: World, organiser_id: UUID) -> None:
    await with_books(world, organiser_id)
    entity_id = await entity_of_another(world)

    await say(world, organiser_id)

    of_accounts = (
        "SELECT a.legal_entity_id AS id FROM credits.account AS a"
        " JOIN credits.seller AS s ON s.till_account_id = a.id WHERE s.organiser_id = $1"
    )
    assert [row["id"] for row in await world.rows(of_accounts, organiser_id)] == [entity_id]
    assert await numbers(world, organiser_id) == (NUMBER, NUMBER)


async def test_books_with_something_in_them_join_no_other(world: World, organiser_id: UUID) -> None:
    await with_books(world, organiser_id)
    await entity_of_another(world)
    await world.execute(
        "INSERT INTO credits.balance SELECT region_id, till_account_id, 500, now() FROM credits.seller"
        " WHERE organiser_id = $1",
        organiser_id,
    )

    answer = await say(world, organiser_id)

    assert (answer.status_code, "Dit nummer heeft al eigen boeken" in answer.text) == (409, True)
    assert await numbers(world, organiser_id) == (None, None)
