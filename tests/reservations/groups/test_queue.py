"""A group waits with its pass: once, drawn with the others, and with a turn its worker books."""

from datetime import timedelta

from reservations.booking.answers import Booked
from reservations.errors import NoPassHere
from reservations.room_errors import NotYourTurn
from reservations.waiting_room.entry import Enter
from tests.builders import Session, World
from tests.reservations.groups.groups import Group, a_group, book
from tests.reservations.groups.test_desk import at_work
from tests.reservations.waiting_room.queue import a_room, open_now, rooms_of
from tests.reservations.waiting_room.test_pages import deliver, said


def place_of(group: Group, session: Session) -> str:
    return f"{group.own}/wachtkamer/{session.id}"


async def entries(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM reservations.queue_entry"))


async def a_rush(world: World) -> tuple[Group, Session]:
    group, session = await a_group(world, credit_cents=2_000), await world.session(20)
    await a_room(world, session)
    await at_work(world, group)
    return group, session


async def test_a_worker_finds_the_room_among_the_dates_and_enters_once(world: World) -> None:
    group, session = await a_rush(world)
    dates = (await world.client.get(f"{group.own}/boeken")).text
    assert f'href="{place_of(group, session)}"' in dates
    assert "Eerst naar de wachtkamer" in dates

    for _ in range(2):
        await world.post_form(place_of(group, session))

    assert await entries(world) == 1
    assert "Je bent binnen" in await said(world, place_of(group, session))


async def test_with_a_turn_its_worker_is_mailed_and_books(world: World) -> None:
    group, session = await a_rush(world)
    await world.post_form(place_of(group, session))
    await open_now(world, session)
    await deliver(world)

    [mail] = world.mails
    body = mail.get_body(("plain",))
    assert body is not None
    assert place_of(group, session) in body.get_content()
    assert "Boek nu" in await said(world, place_of(group, session))
    assert isinstance(await book(world, await a_group(world), session, 3), NotYourTurn)
    assert isinstance(await book(world, group, session, 3), Booked)
    assert "heeft geboekt" in await said(world, place_of(group, session))


async def test_a_group_that_was_stopped_does_not_enter(world: World) -> None:
    group, session = await a_rush(world)
    await world.execute("UPDATE passes.group_pass SET ended_at = $1", world.clock.now() - timedelta(days=1))

    answer = await rooms_of(world).enter(Enter(1, session.id, world.services.ids.new(), group_id=group.id))

    assert isinstance(answer, NoPassHere)


async def test_a_group_of_another_partner_enters_at_no_other_desk(world: World) -> None:
    group, session = await a_rush(world)
    other = await a_group(world)
    address = place_of(group, session).replace(str(group.id), str(other.id))

    assert (await world.post_form(address)).status_code == 404
    assert await entries(world) == 0
