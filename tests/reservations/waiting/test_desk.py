"""The line at its organiser's desk: by numbers, with why each offer went where it went."""

from datetime import timedelta

from reservations.waiting.due import serve_due_lines
from tests.builders import Session, World
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.waiting.lines import join, rule, sold_out, state

NOT_FOUND, UNPROCESSABLE = 404, 422


def line_of(session: Session) -> str:
    return f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/wachtlijst"


async def test_an_organiser_reads_who_stands_where_without_a_name(world: World) -> None:
    session, booked = await sold_out(world)
    await join(world, await world.resident(), session, places=3)
    await join(world, await world.resident(), session)
    await world.cancel(booked[0])
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = (await world.client.get(line_of(session))).text

    assert "Nummer 1: plaatsen nodig: 3, vrij: 1." in page
    assert "Nummer 2: kreeg 1 plaats aangeboden." in page
    assert "klopt met de regel" in page
    assert "Yasmine" not in page
    assert "@example.org" not in page


async def test_a_log_that_does_not_follow_the_rule_shows(world: World) -> None:
    session, booked = await sold_out(world)
    await join(world, await world.resident(), session)
    await world.cancel(booked[0])
    await world.execute(
        "UPDATE reservations.waiting_pass SET known = jsonb_set(known, '{free}',"
        " (SELECT jsonb_object_agg(k, 0) FROM jsonb_object_keys(known -> 'free') AS k))"
    )
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    assert "klopt niet met de regel" in (await world.client.get(line_of(session))).text


async def test_why_somebody_may_not_have_it_is_not_told(world: World) -> None:
    session, booked = await sold_out(world)
    anna = await world.resident(social_until=(world.clock.now() + timedelta(days=300)).date())
    await join(world, anna, session, tariff="kansentarief")
    await world.execute("UPDATE passes.membership SET social_until = NULL WHERE id = $1", anna.membership_id)
    await world.cancel(booked[0])
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = (await world.client.get(line_of(session))).text

    assert "kan deze datum nu niet boeken" in page
    assert "kansentarief" not in page.lower()


async def test_the_rule_is_chosen_and_the_line_gone_through_by_it(world: World) -> None:
    session, booked = await sold_out(world)
    group = await join(world, await world.resident(), session, places=3)
    await world.cancel(booked[0])
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    await world.post_form(line_of(session), rule="keep")
    assert await world.places_left(session) == 0
    await world.post_form(line_of(session), rule="pass_on")

    assert await world.places_left(session) == 1
    assert await state(world, group) == "waiting"
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'event.waiting_rule'") == 2
    assert (await world.post_form(line_of(session), rule="x")).status_code == UNPROCESSABLE


async def test_another_organiser_sees_nothing_of_it(world: World) -> None:
    session, _ = await sold_out(world)
    other = await world.organiser(name="Het Paard")
    await world.sign_in_staff("organiser", organiser_id=other)

    address = f"/dender/organisaties/{other}/sessies/{session.id}/wachtlijst"

    assert (await world.client.get(address)).status_code == NOT_FOUND
    assert (await world.post_form(address, rule="keep")).status_code == NOT_FOUND


async def test_what_comes_free_outside_the_turnstile_goes_to_who_waits_by_the_worker(world: World) -> None:
    session, _ = await sold_out(world)
    entry = await join(world, await world.resident(), session)
    await world.execute("UPDATE reservations.pool SET capacity = 5 WHERE id = $1", session.pool_id)

    assert await serve_due_lines(world.services) == 1

    assert await state(world, entry) == "offered"
    assert await serve_due_lines(world.services) == 0


async def test_a_line_of_which_every_date_is_over_is_over(world: World) -> None:
    session, _ = await sold_out(world)
    await rule(world, session, "keep")
    entry = await join(world, await world.resident(), session)
    world.clock.move(timedelta(days=20))

    await serve_due_lines(world.services)

    assert await state(world, entry) == "over"
    assert await serve_due_lines(world.services) == 0


async def test_an_organiser_finds_every_date_for_which_somebody_waits(world: World) -> None:
    session, booked = await sold_out(world)
    await join(world, await world.resident(), session, places=3)
    await join(world, await world.resident(), session)
    await world.cancel(booked[0])
    own = f"/dender/organisaties/{session.organiser_id}/wachtlijsten"
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    waited_for = text_of(await world.client.get(own))
    other = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=other)
    of_another = await world.client.get(f"/dender/organisaties/{other}/wachtlijsten")

    assert "Voor 1 datum wacht iemand" in waited_for
    assert "1 wacht · 1 aanbod is nog niet beantwoord" in waited_for
    assert "Nu wacht niemand" in text_of(of_another)
