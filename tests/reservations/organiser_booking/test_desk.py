"""One booking at the desk of an organiser: marked, noted, sent, printed and ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.booking.tickets import number_of
from tests.builders import Session, World
from tests.reservations.booking_list.evening import an_evening, booked_by, somebody
from tests.reservations.sessions.test_desk import page_of, text_of


def page_for(session: Session, booking_id: UUID) -> str:
    return f"{page_of(session)}/boekingen/{booking_id}"


async def test_all_who_come_by_a_booking_are_marked_as_in_once_and_taken_back(world: World) -> None:
    session = await an_evening(world)
    own, form = page_for(session, await booked_by(world, session, "An", "Maes", 3)), uuid4()

    for _ in range(2):
        assert (await world.post_form(f"{own}/binnen", checkin_id=form)).status_code == 303
    inside = text_of(await world.client.get(own))
    await world.post_form(f"{own}/terug", ticket="1.2", checkin_id=form)
    fewer = text_of(await world.client.get(own))

    assert "Binnen 3 van 3" in inside
    assert "Binnen 2 van 3" in fewer


async def test_some_of_them_are_marked_and_more_than_there_are_is_refused(world: World) -> None:
    session = await an_evening(world)
    own = page_for(session, await booked_by(world, session, "An", "Maes", 3))

    await world.post_form(f"{own}/binnen", checkin_id=uuid4(), places="2")
    some = text_of(await world.client.get(own))
    too_many = await world.post_form(f"{own}/binnen", checkin_id=uuid4(), places="2")
    unread = await world.post_form(f"{own}/binnen", checkin_id=uuid4(), places="veel")

    assert "Binnen 2 van 3" in some
    assert (too_many.status_code, unread.status_code) == (409, 422)


async def test_a_note_is_kept_changed_and_taken_away_and_stands_on_the_door_list(world: World) -> None:
    session = await an_evening(world)
    own = page_for(session, await booked_by(world, session, "An", "Maes"))

    await world.post_form(f"{own}/notitie", note="Komt  iets later")
    await world.post_form(f"{own}/notitie", note="Zit graag vooraan")
    door = text_of(await world.client.get(f"{page_of(session)}/boekingen/deurlijst"))
    too_long = await world.post_form(f"{own}/notitie", note="a" * 201)
    await world.post_form(f"{own}/notitie", note="")

    assert "Zit graag vooraan" in door
    assert "Komt" not in door
    assert (too_long.status_code, "a" * 201 in too_long.text) == (422, True)
    assert await world.value("SELECT count(*) FROM reservations.booking_note") == 0


async def test_another_organiser_of_the_same_booking_does_not_read_the_note(world: World) -> None:
    session = await an_evening(world)
    booking_id = await booked_by(world, session, "An", "Maes")
    await world.post_form(f"{page_for(session, booking_id)}/notitie", note="Geheim")
    other = await an_evening(world)
    await world.execute("UPDATE reservations.ticket SET session_id = $1", other.id)

    shown = text_of(await world.client.get(page_for(other, booking_id)))

    assert "Geheim" not in shown


async def test_tickets_are_sent_again_once_for_a_form(world: World) -> None:
    session = await an_evening(world)
    own, form = page_for(session, await booked_by(world, session, "An", "Maes")), uuid4()
    await world.execute("DELETE FROM uit.outbox")

    sent = [await world.post_form(f"{own}/opsturen", mail_id=form) for _ in range(2)]

    assert {each.headers["location"] for each in sent} == {f"{own}?gedaan=verstuurd"}
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'booking.made'") == 1


async def test_tickets_are_printed_and_none_of_what_is_unpaid(world: World) -> None:
    session = await an_evening(world)
    own = page_for(session, await booked_by(world, session, "An", "Maes"))

    printed = await world.client.get(f"{own}/afdruk/a4.pdf")
    await world.execute("UPDATE reservations.ticket SET status = 'held'")
    unpaid = await world.client.get(f"{own}/afdruk/a4.pdf")

    assert printed.content.startswith(b"%PDF")
    assert unpaid.status_code == 404


async def end(world: World, own: str, **more: Any) -> Any:
    return await world.post_form(f"{own}/annuleren", **{"cancellation_id": uuid4(), **more})


async def test_what_an_organiser_withdraws_gives_credit_back_that_lasts_longer(world: World) -> None:
    session = await an_evening(world)
    anna = await somebody(world, "An", "Maes", credit_cents=1000)
    await world.execute("UPDATE credits.purse SET lapses_at = $1", world.clock.now() + timedelta(days=3))
    answer = await world.book(anna, session, 2)
    assert isinstance(answer, Booked)
    own = page_for(session, answer.booking.id)

    ended = await end(world, own, **{"ticket-1.2": "true", "uitzondering": "our_fault"})

    assert ended.headers["location"] == f"{page_of(session)}/boekingen?gedaan=geannuleerd"
    assert await world.value("SELECT ending::text FROM reservations.ticket WHERE no = 2") == "withdrawn"
    assert await world.available_cents(anna) == 500
    longer = await world.value("SELECT lapses_at FROM credits.purse")
    assert longer - world.clock.now() == timedelta(days=90)
    assert "Plaatsen 1" in text_of(await world.client.get(own))


async def test_a_form_that_is_sent_twice_ends_it_once_and_says_the_same(world: World) -> None:
    session = await an_evening(world)
    booking_id, form = await booked_by(world, session, "An", "Maes"), uuid4()
    own = page_for(session, booking_id)

    answers = [
        await end(world, own, cancellation_id=form, **{"ticket-1.1": "true", "uitzondering": "goodwill"})
        for _ in range(2)
    ]

    assert {each.headers["location"] for each in answers} == {
        f"{page_of(session)}/boekingen?gedaan=geannuleerd"
    }
    assert number_of(booking_id) not in text_of(await world.client.get(f"{page_of(session)}/boekingen"))


async def test_by_its_own_rules_it_may_be_too_late_and_nothing_chosen_is_asked_again(world: World) -> None:
    session = await an_evening(world)
    own = page_for(session, await booked_by(world, session, "An", "Maes", 2))
    await world.execute(
        "UPDATE reservations.session SET cancel_until = $1", world.clock.now() - timedelta(days=1)
    )

    late = await end(world, own, **{"ticket-1.1": "true"})
    nothing = await end(world, own)

    assert (late.status_code, nothing.status_code) == (422, 422)
    assert "Dit is te laat volgens je voorwaarden" in text_of(late)
    assert "Kies minstens één ticket." in text_of(nothing)


async def test_of_a_booking_for_two_sessions_a_page_ends_its_own_tickets_alone(world: World) -> None:
    session = await an_evening(world)
    sister = await world.session(organiser_id=session.organiser_id)
    command = world.command(await somebody(world, "An", "Maes"), [(session, "base", 1), (sister, "base", 1)])
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked)
    own = page_for(session, answer.booking.id)
    theirs = await world.value("SELECT line_no FROM reservations.ticket WHERE session_id = $1", sister.id)

    refused = await end(world, own, **{f"ticket-{theirs}.1": "true", "uitzondering": "goodwill"})

    assert refused.status_code == 404
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'confirmed'") == 2
