"""At the counter somebody enters a waiting room by the share that is kept for counters, and books in turn."""

from datetime import timedelta

from tests.builders import World
from tests.reservations.counter.helpers import at_the_counter, book_on, of, order_page, scan
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.waiting_room.queue import a_room, open_now


async def test_a_clerk_enters_who_is_there_once_and_it_stands_in_the_trail(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    await a_room(world, session)
    await at_the_counter(world, anna)
    own = of(anna, "wachtkamer", session.id)
    assert "staat er nog niet in" in text_of(await world.client.get(own))

    for _ in range(2):
        assert (await world.post_form(own)).status_code == 303

    assert await world.rows("SELECT share, membership_id FROM reservations.queue_entry") == [
        ("counter", anna.membership_id)
    ]
    assert "is binnen. De loting is" in text_of(await world.client.get(own))
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'waiting_room.enter'") == 2


async def test_with_a_turn_a_clerk_books_for_them_and_not_before(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=2_000)
    await a_room(world, session)
    await at_the_counter(world, anna)
    bilal = await world.resident(credit_cents=2_000)
    await world.post_form(of(anna, "wachtkamer", session.id))

    await open_now(world, session)
    await at_the_counter(world, anna)
    answer = await book_on(world, await order_page(world, anna, session))

    assert answer.status_code == 303
    await scan(world, bilal)
    too_soon = await book_on(world, await order_page(world, bilal, session))
    assert "Het is nog niet jouw beurt" in too_soon.text
    assert "heeft geboekt" in text_of(await world.client.get(of(anna, "wachtkamer", session.id)))


async def test_the_dates_of_a_counter_lead_to_the_waiting_room(world: World) -> None:
    session = await world.session(starts_in=timedelta(hours=4), cancel_before=timedelta())
    anna = await world.resident()
    await a_room(world, session)
    await at_the_counter(world, anna)

    page = (await world.client.get(of(anna, "boeken"))).text

    assert f'href="{of(anna, "wachtkamer", session.id)}"' in page
