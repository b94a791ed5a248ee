"""On the page of a date everybody reads until when fewer people may come in, and why."""

from tests.builders import World
from tests.reservations.measures.test_measure import cap
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import card_date

WHY = "mogen er minder mensen binnen: De trap wordt hersteld."


async def shown(world: World, session_id: object, event_id: object) -> str:
    return text_of(await world.client.get(f"/dender/evenementen/{event_id}?sessie={session_id}"))


async def test_a_date_with_fewer_places_says_until_when_and_why(world: World) -> None:
    session = await world.session(20)
    await cap(world, places=10)

    page = await shown(world, session.id, session.event_id)

    assert f"Tot en met 1 mei 2026 {WHY}" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Nog 10 plaatsen" in page


async def test_a_measure_that_leaves_as_many_places_says_nothing(world: World) -> None:
    session = await world.session(20)
    await cap(world, places=30)

    assert WHY not in await shown(world, session.id, session.event_id)


async def test_what_is_online_and_a_card_of_turns_fill_no_room(world: World) -> None:
    session = await world.session(20)
    card = await card_date(world, session)
    await cap(world, places=10)
    await world.execute("UPDATE reservations.session SET attendance = 'online' WHERE id = $1", session.id)

    pages = [await shown(world, each.id, each.event_id) for each in (session, card)]

    assert [WHY in page for page in pages] == [False, False]
    assert "Nog 20 plaatsen" in pages[0]
