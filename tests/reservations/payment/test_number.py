"""An organiser says its enterprise number at its desk, and its books are kept under it."""

from asyncio import create_task, gather, sleep, timeout
from typing import Any
from uuid import UUID, uuid4

import pytest

from credits.errors import BooksBegun, NumberFixed
from credits.payments.enterprise_number import set_enterprise_number
from credits.payments.seller import open_books
from tests.builders import World
from tests.credits.till.drawers import a_drawer

NUMBER = "0417497106"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


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


async def say_directly(world: World, organiser_id: UUID) -> NumberFixed | BooksBegun | None:
    async with world.services.database.transaction() as tx:
        return await set_enterprise_number(tx, 1, organiser_id, NUMBER, world.services.ids)


async def until_somebody_waits(world: World) -> None:
    async with timeout(10):
        while not await world.value(WAITING):  # noqa: ASYNC110  only the database knows
            await sleep(0.01)


@pytest.mark.own_database
async def test_a_number_waits_for_a_first_sale_that_is_being_written(
    world: World, organiser_id: UUID
) -> None:
    await with_books(world, organiser_id)
    await entity_of_another(world)

    async with world.services.database.transaction() as tx:
        await tx.execute(
            "INSERT INTO credits.payment (region_id, id, booking_id, seller_id, means, amount_cents,"
            " line_cents, made_at) VALUES (1, $1, $1, $2, 'desk', 500, '{500}', now())",
            uuid4(), organiser_id,
        )  # fmt: skip
        said = create_task(say_directly(world, organiser_id))
        await until_somebody_waits(world)

    assert isinstance(await said, BooksBegun)
    assert await numbers(world, organiser_id) == (None, None)


@pytest.mark.own_database
async def test_books_that_open_while_a_number_is_being_said_are_kept_under_it(
    world: World, organiser_id: UUID
) -> None:
    async with world.services.database.transaction() as tx:
        assert await set_enterprise_number(tx, 1, organiser_id, NUMBER, world.services.ids) is None
        opened = create_task(with_books(world, organiser_id))
        await until_somebody_waits(world)
    await opened

    assert await numbers(world, organiser_id) == (NUMBER, NUMBER)


async def test_many_who_open_books_and_say_one_number_at_once_share_them(
    world: World, organiser_id: UUID
) -> None:
    others = [await world.organiser() for _ in range(3)]

    await gather(*(say_directly(world, each) for each in others), with_books(world, organiser_id))
    await gather(*(with_books(world, each) for each in (*others, *others)), say_directly(world, organiser_id))

    assert (
        await world.value("SELECT count(*) FROM credits.legal_entity WHERE enterprise_number = $1", NUMBER)
        == 1
    )
    assert {await numbers(world, each) for each in (*others, organiser_id)} == {(NUMBER, NUMBER)}


async def test_a_till_that_was_opened_keeps_its_books(world: World, organiser_id: UUID) -> None:
    await with_books(world, organiser_id)
    await a_drawer(world, 0, seller_id=organiser_id)
    await entity_of_another(world)

    assert isinstance(await say_directly(world, organiser_id), BooksBegun)
