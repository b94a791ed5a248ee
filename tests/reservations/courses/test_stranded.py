"""An organiser is told on the form of a course that nobody could use a card of turns any more."""

from tests.builders import World
from tests.reservations.courses.dates import dates
from tests.reservations.courses.test_desk import save
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import buy, card_date

TOLD = "Dan kan niemand deze beurtenkaarten nog gebruiken"
COUNT = "SELECT count(*) FROM reservations.course"


async def test_it_is_said_before_it_is_saved_and_saved_once_the_organiser_agrees(world: World) -> None:
    course = await dates(world)
    card = await card_date(world, *course.dates)
    await buy(world, await world.resident(5000), card)

    asked = await save(world, course)
    before = await world.value(COUNT)
    await save(world, course, kaarten="true")
    again = await save(world, course)

    assert TOLD in text_of(asked)
    assert "1 verkochte kaart geldt nog" in text_of(asked)
    assert "Bewaar toch" in text_of(asked)
    assert before == 0
    assert await world.value(COUNT) == 1
    assert again.status_code == 303


async def test_nothing_is_said_where_a_turn_can_still_pay(world: World) -> None:
    course, elsewhere = await dates(world), await world.session()
    await card_date(world, *course.dates)

    one_left = await save(world, course, **{f"datum-{course.first.id.hex}": ""})
    single = await save(world, course, verkoop="keuze", minstens="1")
    await world.execute("INSERT INTO reservations.turn_card_event SELECT 1, $1, session_id"
                        " FROM reservations.turn_card", elsewhere.event_id)  # fmt: skip
    other = await save(world, course)

    assert [each.status_code for each in (one_left, single, other)] == [303] * 3


async def test_a_card_that_nobody_has_and_nobody_can_buy_is_no_matter(world: World) -> None:
    course = await dates(world)
    card = await card_date(world, *course.dates)
    await world.execute(
        "UPDATE reservations.session SET sale_closes_at = '2026-03-01' WHERE id = $1", card.id
    )

    assert (await save(world, course)).status_code == 303
