"""What a booking brings to a session, and taking a check-in of it back."""

import re
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from tests.builders import Session, World
from tests.reservations.sessions.test_desk import SOON, desk, organised, page_of, text_of, ticket


async def test_a_mistake_is_taken_back_from_the_page_of_its_booking(world: World) -> None:
    session = await organised(world)
    shown, checkin_id = await ticket(world, session, places=2), uuid4()
    scanned = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=checkin_id)
    [booking] = re.findall(r'href="(/[^"]+/boekingen/[0-9a-f-]{36})"', scanned.text)
    before = text_of(await world.client.get(booking))

    answer = await world.post_form(f"{booking}/terug", ticket="1.1", checkin_id=checkin_id)
    after = text_of(await world.client.get(answer.headers["location"]))
    wrong = await world.post_form(f"{booking}/terug", ticket="2.9999", checkin_id=checkin_id)

    assert "Ticket 1.1 · 1 persoon Binnen om 10 u" in before
    assert "Ticket 1.2 · 1 persoon Nog niet binnen" in before
    assert "De check-in is teruggenomen. Het ticket is weer geldig." in after
    assert "Binnen om" not in after
    assert (wrong.status_code, "Dit is geen ticket van ons" in text_of(wrong)) == (404, True)
    acts = await world.rows("SELECT actor_kind, facts FROM uit.audit WHERE act = 'ticket.take_back'")
    assert [tuple(row) for row in acts] == [("staff", '{"line_no": 1, "ticket_no": 1}')]


async def let_in(world: World, session: Session) -> tuple[UUID, UUID]:
    """A booking whose ticket is in, and by which check-in."""
    checkin_id = uuid4()
    shown = await ticket(world, session)
    await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=checkin_id)
    return await world.value("SELECT id FROM reservations.booking"), checkin_id


async def test_a_booking_is_not_found_under_a_session_that_it_is_not_for(world: World) -> None:
    session = await organised(world)
    sister = await world.session(organiser_id=session.organiser_id, starts_in=SOON)
    booking_id, checkin_id = await let_in(world, session)
    strange = f"{page_of(sister)}/boekingen/{booking_id}"

    looked = await world.client.get(strange)
    undone = await world.post_form(f"{strange}/terug", ticket="1.1", checkin_id=checkin_id)

    assert (looked.status_code, undone.status_code) == (404, 404)
    assert await still_in(world)


async def test_a_booking_is_not_found_at_the_desk_of_another_organiser(world: World) -> None:
    session = await organised(world)
    booking_id, checkin_id = await let_in(world, session)
    theirs = await organised(world)
    foreign = {
        f"{page_of(theirs)}/boekingen/{booking_id}": 404,
        f"{desk(theirs)}/sessies/{session.id}/boekingen/{booking_id}": 404,
        f"{page_of(session)}/boekingen/{booking_id}": 403,
    }

    for address, status in foreign.items():
        looked = await world.client.get(address)
        undone = await world.post_form(f"{address}/terug", ticket="1.1", checkin_id=checkin_id)
        assert (looked.status_code, undone.status_code) == (status, status), address
    assert await still_in(world)


async def test_of_a_booking_for_two_sessions_each_page_takes_back_its_own_tickets(world: World) -> None:
    session = await organised(world)
    sister = await world.session(organiser_id=session.organiser_id, starts_in=SOON, cancel_before=SOON)
    anna = await world.resident(credit_cents=5000)
    answer = await world.services.turnstile.answer(
        world.command(anna, [(session, "base", 1), (sister, "base", 1)])
    )
    assert isinstance(answer, Booked)
    number, checkin_id = answer.booking.id.hex[-8:], uuid4()
    await world.post_form(f"{page_of(session)}/binnen", ticket=number, checkin_id=checkin_id)
    own, other = (f"{page_of(each)}/boekingen/{answer.booking.id}" for each in (session, sister))
    [name] = re.findall(r'name="ticket" value="([0-9.]+)"', (await world.client.get(own)).text)

    refused = await world.post_form(f"{other}/terug", ticket=name, checkin_id=checkin_id)

    assert "Neem de check-in" not in (await world.client.get(other)).text
    assert (refused.status_code, "Dit ticket is voor een ander moment" in refused.text) == (409, True)
    assert await still_in(world)


async def still_in(world: World) -> bool:
    """Whether one ticket is in, and nobody took it back."""
    inside = await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'attended'")
    undone = await world.value("SELECT count(*) FROM uit.audit WHERE act = 'ticket.take_back'")
    return bool(inside == 1 and undone == 0)
