"""Who may get credit on a day, how much and until when."""

from asyncio import gather
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from credits.errors import GrantIdTaken, NotEntitled
from credits.ledger.ledger import Granted
from credits.programme.grant import (
    Member,
    Terms,
    entitled,
    lapses_after,
    last_day,
    period_on,
    read_member,
    read_offers,
)
from credits.programme.programme import Rules
from tests.builders import World
from tests.credits.books import a_programme, check, figures, give_to, granted
from uit.core.errors import NotFound
from uit.database.pool import Database

DAY = date(2026, 3, 2)
TERMS = Terms(
    programme_id=UUID(int=1),
    programme="Jong",
    opened_at=datetime(2026, 1, 1, tzinfo=UTC),
    version=1,
    refnis=[],
    age_from=None,
    age_to=None,
    social_only=False,
    amount_cents=5000,
    valid_months=12,
    on_moving="stop",
)
MEMBER = Member(
    UUID(int=2),
    "Yasmine",
    "Peeters",
    date(2008, 3, 2),
    "41002",
    None,
    active=True,
    ends_on=None,
    came_from=None,
    moved_on=None,
    moves_away=False,
)
MOVED = replace(MEMBER, came_from="41048", moved_on=DAY)


@pytest.mark.parametrize(
    ("terms", "member", "may"),
    [
        (TERMS, MEMBER, True),
        (replace(TERMS, age_from=18), MEMBER, True),
        (replace(TERMS, age_from=18), replace(MEMBER, born_on=date(2008, 3, 3)), False),
        (replace(TERMS, age_to=17), MEMBER, False),
        (replace(TERMS, age_to=18), MEMBER, True),
        (replace(TERMS, age_to=18), replace(MEMBER, born_on=None), False),
        (replace(TERMS, refnis=["41002"]), MEMBER, True),
        (replace(TERMS, refnis=["41048"]), MEMBER, False),
        (replace(TERMS, refnis=["41048"]), replace(MEMBER, refnis=None), False),
        (replace(TERMS, refnis=["41048"]), MOVED, False),
        (replace(TERMS, refnis=["41048"], on_moving="return"), MOVED, False),
        (replace(TERMS, refnis=["41048"], on_moving="keep"), MOVED, True),
        (
            replace(TERMS, refnis=["41048"], on_moving="keep"),
            replace(MOVED, moved_on=date(2025, 12, 31)),
            False,
        ),
        (TERMS, replace(MEMBER, moves_away=True), False),
        (replace(TERMS, social_only=True), MEMBER, False),
        (replace(TERMS, social_only=True), replace(MEMBER, social_until=DAY), True),
        (replace(TERMS, social_only=True), replace(MEMBER, social_until=DAY - timedelta(days=1)), False),
        (TERMS, replace(MEMBER, active=False), False),
        (TERMS, replace(MEMBER, ends_on=DAY), True),
        (TERMS, replace(MEMBER, ends_on=DAY - timedelta(days=1)), False),
    ],
)
def test_the_rules_of_a_programme_decide_who_gets_it(terms: Terms, member: Member, may: bool) -> None:  # noqa: FBT001
    assert entitled(terms, member, DAY) is may


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 9, 29), 6, date(2027, 3, 29)),
    ],
)
def test_credit_can_be_used_through_the_same_day_months_later(day: date, months: int, last: date) -> None:
    assert last_day(lapses_after(day, months)) == last


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_credit_always_lasts_past_its_first_day(day: date, months: int) -> None:
    assert last_day(lapses_after(day, months)) > day


def test_a_programme_year_begins_on_the_day_that_the_programme_opened() -> None:
    opened_at = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)  # 1 September in Brussels

    days = [date(2026, 9, 1), date(2027, 8, 31), date(2027, 9, 1)]
    assert [period_on(opened_at, day) for day in days] == ["2026", "2026", "2027"]


async def test_a_member_is_offered_what_fits_and_was_not_given_yet(world: World) -> None:
    young, old = await a_programme(world, Rules(2000, 6, "attendance", age_to=25)), await a_programme(world)
    anna = await world.resident(born_on=date(2010, 1, 1))
    await granted(world, old, anna)

    async with world.services.database.reading() as connection:
        member = await read_member(connection, 1, anna.membership_id)
        assert member is not None
        offers = await read_offers(connection, 1, member, world.clock.now())

    assert [(each.programme_id, each.amount_cents, each.lapses_on) for each in offers] == [
        (young, 2000, date(2026, 9, 2))
    ]


async def test_who_does_not_fit_is_refused_and_nothing_moves(world: World) -> None:
    programme_id = await a_programme(world, Rules(2000, 6, "attendance", age_to=17))
    anna = await world.resident(born_on=date(1990, 1, 1))

    assert await give_to(world, programme_id, anna) == NotEntitled("Jong in Aalst")
    assert await world.value("SELECT count(*) FROM credits.transfer WHERE kind = 'grant'") == 0


async def test_a_programme_of_another_region_does_not_exist_here(world: World) -> None:
    programme_id, elsewhere = await a_programme(world), await world.resident(region_id=2)

    assert await give_to(world, programme_id, elsewhere) == NotFound()
    assert await give_to(world, uuid4(), elsewhere) == NotFound()


async def test_next_programme_year_there_is_new_credit(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    await granted(world, programme_id, anna)
    world.clock.move(timedelta(days=365))

    assert isinstance(await give_to(world, programme_id, anna), Granted)


async def test_the_id_of_a_grant_used_again_for_somebody_else_is_a_conflict(world: World) -> None:
    programme_id, grant_id = await a_programme(world), uuid4()
    anna, bilal = await world.resident(), await world.resident()
    await give_to(world, programme_id, anna, grant_id)

    assert await give_to(world, programme_id, bilal, grant_id) == GrantIdTaken(grant_id)

    assert await figures(world, bilal) == (0, 0, 0, 0, 0)
    assert isinstance(await give_to(world, programme_id, bilal), Granted)
    assert await check(world) == []


async def test_the_id_of_a_grant_used_again_for_another_programme_is_a_conflict(world: World) -> None:
    first, second, grant_id = await a_programme(world), await a_programme(world), uuid4()
    anna = await world.resident()
    await give_to(world, first, anna, grant_id)

    assert await give_to(world, second, anna, grant_id) == GrantIdTaken(grant_id)
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)


async def test_a_grant_that_is_repeated_for_the_same_person_gets_the_same_answer(world: World) -> None:
    programme_id, anna, grant_id = await a_programme(world), await world.resident(), uuid4()
    first = await give_to(world, programme_id, anna, grant_id)
    assert isinstance(first, Granted)

    again = await give_to(world, programme_id, anna, grant_id)

    assert (first.new, again) == (True, replace(first, new=False))
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)


async def test_a_grant_is_repeated_also_when_its_person_fits_no_longer(world: World) -> None:
    """Who sends it again after a lost answer is told what it did, not what would happen now."""
    programme_id, grant_id = await a_programme(world, Rules(2000, 6, "attendance", age_to=15)), uuid4()
    anna = await world.resident(born_on=date(2010, 3, 3))
    first = await give_to(world, programme_id, anna, grant_id)
    assert isinstance(first, Granted)
    world.clock.move(timedelta(days=1))

    assert await give_to(world, programme_id, anna, grant_id) == replace(first, new=False)


async def test_of_one_id_for_two_people_at_the_same_moment_one_gets_the_credit(
    world: World, dsn: str
) -> None:
    programmes = [await a_programme(world), await a_programme(world)]
    people = [await world.resident() for _ in range(6)]
    database = await Database.open(dsn, connections=6)
    for _ in range(5):
        grant_id = uuid4()
        answers = await gather(
            *(give_to(world, programmes[n % 2], who, grant_id, database) for n, who in enumerate(people))
        )
        given = people.pop([type(answer) for answer in answers].index(Granted))
        assert Counter(type(answer) for answer in answers) == {Granted: 1, GrantIdTaken: len(people)}
        assert await figures(world, given) == (5000, 0, 0, 0, 0)
    await database.close()
    assert await check(world) == []
