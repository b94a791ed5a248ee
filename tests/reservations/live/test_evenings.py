"""How many booked and how many are in is told to every open page of a desk."""

import asyncio
from datetime import timedelta

import pytest

from reservations.live.desk import PARTS, events
from reservations.live.evenings import LiveEvenings
from reservations.live.live import OpenPage
from tests.builders import Session, World


@pytest.fixture
def live(world: World) -> LiveEvenings:
    """One that reads only when the test says so."""
    return LiveEvenings(world.services.database, world.clock, lambda: False)


async def test_a_desk_hears_who_booked_and_who_came_in(world: World, live: LiveEvenings) -> None:
    session, anna = await world.session(seats=10), await world.resident(credit_cents=5_000)
    news = live.news(OpenPage(1, (session.id,), None))
    first = asyncio.ensure_future(anext(news))
    await asyncio.sleep(0)
    await live.read()
    assert ((await first)[session.id].taken, (await first)[session.id].expected) == (0, 0)

    await world.book(anna, session, places=3)
    await world.execute(
        "UPDATE reservations.ticket SET status = 'attended', attended_at = $1 WHERE no = 1", world.clock.now()
    )
    await live.read()

    told = (await anext(news))[session.id]
    assert (told.taken, told.capacity, told.inside, told.expected) == (3, 10, 1, 3)


async def test_nothing_is_told_of_another_organiser(world: World, live: LiveEvenings) -> None:
    own, other = await world.session(), await world.session()
    assert own.organiser_id != other.organiser_id
    page = OpenPage(1, (own.id, other.id), None)
    stream = events(live, page, own.organiser_id, PARTS["avond"])
    assert (await anext(stream)).startswith("retry:")
    told = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)

    await live.read()

    assert str(own.id) in await told
    assert str(other.id) not in await told


async def test_the_pages_of_a_desk_say_where_they_hear_it(world: World) -> None:
    session = await tonight(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    home = f"/dender/organisaties/{session.organiser_id}"

    today = (await world.client.get(f"{home}/vandaag")).text
    door = (await world.client.get(f"{home}/sessies/{session.id}")).text

    assert f'data-live-from="{home}/live/avond"' in today
    assert f'data-live-from="{home}/live/binnen"' in door
    assert all(f'data-live="{session.id}"' in page for page in (today, door))


async def test_what_a_page_does_not_show_is_not_there(world: World) -> None:
    session = await world.session()
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    answer = await world.client.get(f"/dender/organisaties/{session.organiser_id}/live/namen")

    assert answer.status_code == 404


async def tonight(world: World) -> Session:
    session = await world.session()
    now = world.clock.now()
    await world.execute(
        "UPDATE reservations.session SET starts_at = $1, ends_at = $2", now, now + timedelta(hours=1)
    )
    return session
