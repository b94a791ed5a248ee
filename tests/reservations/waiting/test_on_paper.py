"""Who is reached by letter has days to answer, at a counter, and none is sent that would come too late."""

from datetime import timedelta

import pytest

from tests.builders import World
from tests.reservations.waiting.lines import join, sold_out, state
from tests.reservations.waiting.test_pages import deliver

WANTS_PAPER = "UPDATE identity.person SET reached_by = 'letter', address_kind = 'home' WHERE id = $1"
HAS_NOTHING_ELSE = "UPDATE identity.person SET email = NULL WHERE id = $1"


@pytest.mark.parametrize("how", [WANTS_PAPER, HAS_NOTHING_ELSE])
async def test_who_is_reached_by_letter_has_days_to_answer(world: World, how: str) -> None:
    session, booked = await sold_out(world, starts_in=timedelta(days=30))
    anna = await world.resident()
    await world.execute(how, anna.person_id)
    entry = await join(world, anna, session)

    await world.cancel(booked[0])

    answer_by = await world.value("SELECT answer_by FROM reservations.waiting_entry WHERE id = $1", entry)
    assert answer_by - world.clock.now() == timedelta(days=8)


async def test_a_letter_says_until_when_and_that_a_counter_takes_the_answer(world: World) -> None:
    session, booked = await sold_out(world, starts_in=timedelta(days=30))
    anna = await world.resident()
    await world.execute(HAS_NOTHING_ELSE, anna.person_id)
    await join(world, anna, session)
    await world.cancel(booked[0])

    await deliver(world)

    [letter] = await world.rows("SELECT body FROM identity.letter WHERE kind = 'offer'")
    assert "Zeg ja of nee voor di 10 mrt, 10 u." in letter["body"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Zeg ja of nee aan een balie." in letter["body"]


async def test_near_the_date_the_next_gets_what_a_letter_would_come_too_late_for(world: World) -> None:
    session, booked = await sold_out(world, starts_in=timedelta(days=10))
    anna, bilal = await world.resident(), await world.resident()
    await world.execute(WANTS_PAPER, anna.person_id)
    first, second = await join(world, anna, session), await join(world, bilal, session)

    await world.cancel(booked[0])

    assert [await state(world, each) for each in (first, second)] == ["waiting", "offered"]
