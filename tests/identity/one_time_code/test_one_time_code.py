"""Codes that sign in once: how they look, whose a number is, and how long they work."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.builders import World
from uit.identity.one_time_code.one_time_code import (
    LENGTHS,
    SIGNS,
    CodeKind,
    PhoneOwner,
    give_on_paper,
    make_for_phone,
    new_code,
    read_code,
    the_one,
    use,
)

TODAY = date(2026, 3, 2)
MOTHER, FATHER = PhoneOwner(UUID(int=1), date(1990, 1, 1)), PhoneOwner(UUID(int=2), None)
CHILD, OTHER_CHILD = PhoneOwner(UUID(int=3), date(2012, 1, 1)), PhoneOwner(UUID(int=4), date(2010, 1, 1))


@pytest.mark.parametrize("kind", CodeKind)
def test_a_code_comes_back_as_it_was_made_however_it_is_typed(kind: CodeKind) -> None:
    code = new_code(kind)
    signs = code.replace("-", "")

    assert len(signs) == LENGTHS[kind]
    assert set(signs) <= set(SIGNS)
    assert read_code(f" {code.lower()} ") == read_code(signs) == read_code(code.replace("-", " ")) == signs


@pytest.mark.parametrize("text", ["", "ABCD", "ABCD-234O", "ABCD-2345-6", "ABCDEFGHJKM", "ABCD-234'"])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_no_sign_looks_like_another() -> None:
    assert not set("01OIL") & set(SIGNS)
    assert len(SIGNS) == len(set(SIGNS)) == 31


def test_a_child_below_thirteen_gets_no_text_message() -> None:
    young = PhoneOwner(UUID(int=5), date(2019, 5, 1))

    assert the_one([young], TODAY) is None
    assert the_one([young, CHILD], TODAY) is CHILD


def test_the_number_of_a_family_is_that_of_its_only_adult() -> None:
    assert the_one([CHILD, MOTHER, OTHER_CHILD], TODAY) is MOTHER
    assert the_one([CHILD], TODAY) is CHILD
    assert the_one([FATHER], TODAY) is FATHER
    assert the_one([MOTHER, FATHER], TODAY) is None
    assert the_one([CHILD, OTHER_CHILD], TODAY) is None
    assert the_one([], TODAY) is None


@pytest.mark.parametrize(("kind", "days"), [(CodeKind.SLIP, 1), (CodeKind.LETTER, 14)])
async def test_a_code_on_paper_works_once_and_not_for_ever(world: World, kind: CodeKind, days: int) -> None:
    anna, now = await world.resident(), world.clock.now()
    last = now + timedelta(days=days) - timedelta(seconds=1)

    async with world.services.database.transaction() as tx:
        late = read_code(await give_on_paper(tx, anna.person_id, kind, now)) or ""
        assert await use(tx, late, last + timedelta(seconds=1)) is None
        used = await use(tx, late, last)
        assert used
        assert used.person_id == anna.person_id
        assert await use(tx, late, last) is None


async def test_a_new_code_on_paper_replaces_the_old_and_leaves_a_text_message(world: World) -> None:
    anna, now = await world.resident(), world.clock.now()
    await world.execute("UPDATE identity.person SET phone = '+32470123456'")

    async with world.services.database.transaction() as tx:
        text = await make_for_phone(tx, "+32470123456", "/", now)
        first = await give_on_paper(tx, anna.person_id, CodeKind.LETTER, now)
        second = await give_on_paper(tx, anna.person_id, CodeKind.SLIP, now)
        used = [await use(tx, read_code(each or "") or "", now) is not None for each in (first, second, text)]

    assert used == [False, True, True]


async def test_who_left_or_died_comes_in_by_no_code(world: World) -> None:
    anna, now = await world.resident(), world.clock.now()
    async with world.services.database.transaction() as tx:
        code = await give_on_paper(tx, anna.person_id, CodeKind.SLIP, now)
    for change in ("ended_at = now()", "ended_at = NULL, died_on = '2026-03-01'"):
        await world.execute(f"UPDATE identity.person SET {change}")

        async with world.services.database.transaction() as tx:
            assert await use(tx, read_code(code) or "", now) is None
            assert await make_for_phone(tx, "+32470123456", "/", now) is None


async def test_of_a_code_the_database_has_its_digest_alone(world: World) -> None:
    anna = await world.resident()
    async with world.services.database.transaction() as tx:
        code = await give_on_paper(tx, anna.person_id, CodeKind.SLIP, world.clock.now())

    stored = str(await world.rows("SELECT l::text FROM identity.link AS l"))
    assert anna.person_id.hex in stored.replace("-", "")
    assert code not in stored
    assert (read_code(code) or "").encode().hex() not in stored
