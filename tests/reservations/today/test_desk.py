"""What an organiser reads of today, of the days to come and of what was."""

from datetime import date, timedelta
from uuid import uuid4

from reservations.booking.answers import Booked
from reservations.places.shared.sharing import NewSharing, share
from reservations.settlement.earning import settle_earned
from reservations.today.line import HEIGHT, WIDTH, line_of
from tests.builders import World
from tests.reservations.booking_list.evening import an_evening, booked_by, somebody
from tests.reservations.box_office.tills import waiting
from tests.reservations.choosing.dates import A_WEEK, booked_two, two_dates
from tests.reservations.dates import call_off, call_off_all, postpone
from tests.reservations.measures.test_measure import cap
from tests.reservations.sessions.test_desk import desk, text_of
from tests.reservations.waiting.lines import join, sold_out
from tests.reservations.writing.test_desk import deliver_all, send
from uit.services.audit import Author

A_MONDAY = date(2026, 3, 2)


async def test_today_says_how_full_tonight_is_and_leads_to_its_door(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes", 3)
    await world.session(organiser_id=session.organiser_id)

    page = await world.client.get(f"{desk(session)}/vandaag")

    assert "11 u tot 13 u · De kleine prins Bezet 3 / 20 3 / 20 Binnen 0 / 3" in text_of(page)
    assert "do 12 mrt" not in text_of(page)
    assert f'href="{desk(session)}/sessies/{session.id}/boekingen/deurlijst"' in page.text
    assert "Niets wacht op jou" in text_of(page)


async def test_today_says_what_needs_me(world: World) -> None:
    session = await an_evening(world)
    await world.seller(session.organiser_id, desk_hours=48)
    await waiting(world, await somebody(world, "Anna", "Claes", credit_cents=0), session)
    await booked_by(world, session, "Bo", "Maes")
    await world.execute("UPDATE identity.person SET email = NULL")
    await world.execute("DELETE FROM uit.outbox")
    await send(world, session)
    await deliver_all(world)

    page = text_of(await world.client.get(f"{desk(session)}/vandaag"))

    assert "2 dingen voor jou" in page
    assert "1 boeking is nog niet betaald De kleine prins" in page
    assert "2 boekingen kregen je bericht niet De kleine prins" in page


async def test_today_names_a_date_with_more_people_than_a_measure_leaves(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes", 3)
    await cap(world, places=1)

    page = await world.client.get(f"{desk(session)}/vandaag")

    assert "1 ding voor jou" in text_of(page)
    assert "Te veel verkocht voor een maatregel: 2 personen De kleine prins" in text_of(page)
    assert f'href="{desk(session)}/maatregelen"' in page.text


async def test_today_names_places_that_another_asks_to_share(world: World) -> None:
    session, other = await an_evening(world), await world.session()
    async with world.services.database.transaction() as tx:
        author = Author(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)
        wanted = NewSharing(uuid4(), "Dorpsfeest", 30, [session.organiser_id])
        await share(tx, author, other.organiser_id, wanted)

    page = text_of(await world.client.get(f"{desk(session)}/vandaag"))

    assert "1 ding voor jou" in page
    assert "Je mag plaatsen delen: Dorpsfeest" in page


async def test_thirty_days_have_a_bar_and_a_line_of_how_it_filled(world: World) -> None:
    session = await an_evening(world)
    later = await world.session(organiser_id=session.organiser_id, starts_in=timedelta(days=29))
    far = await world.session(organiser_id=session.organiser_id, starts_in=timedelta(days=35))
    await booked_by(world, later, "Anna", "Claes", 2)
    world.clock.move(timedelta(days=3))
    await booked_by(world, later, "Bo", "Maes", 3)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = await world.client.get(f"{desk(session)}/dertig-dagen")

    assert "Eerste boeking op ma 2 mrt. Nu komen er 5, de laatste boekte op do 5 mrt." in text_of(page)
    assert "<polyline" in page.text
    assert "Bezet 5 / 10" in text_of(page)
    assert str(far.id) not in page.text


def test_a_line_goes_up_on_each_day_that_somebody_booked_and_is_level_between() -> None:
    line = line_of([A_MONDAY, A_MONDAY + timedelta(days=2)], [2, 2], 8, A_MONDAY + timedelta(days=4))

    assert line is not None
    half, quarter = WIDTH // 2, HEIGHT // 4
    assert line.points == (
        f"0,{HEIGHT} 0,{HEIGHT} 0,{HEIGHT - quarter} {half},{HEIGHT - quarter} {half},{HEIGHT - 2 * quarter}"
        f" {WIDTH},{HEIGHT - 2 * quarter}"
    )
    assert line_of([], [], 8, A_MONDAY) is None


async def test_what_is_over_says_who_came_and_what_it_brought_once_all_is_settled(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes", 2)
    world.clock.move(timedelta(hours=4))
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    before = text_of(await world.client.get(f"{desk(session)}/voorbij"))
    world.clock.move(timedelta(days=1))
    await settle_earned(world.services, world.clock.now())
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    after = text_of(await world.client.get(f"{desk(session)}/voorbij"))

    assert "0 van 2 nog niet verrekend" in before
    assert "0 van 2 € 0,00 € 10,00 € 10,00" in after


async def test_the_evenings_of_another_organiser_are_not_among_them(world: World) -> None:
    other = await an_evening(world)
    assert isinstance(await world.book(await somebody(world, "An", "Maes"), other), Booked)
    session = await an_evening(world)

    for page in ("vandaag", "dertig-dagen", "voorbij"):
        assert str(other.id) not in (await world.client.get(f"{desk(session)}/{page}")).text
        assert (await world.client.get(f"{desk(other)}/{page}")).status_code == 403


async def test_what_begins_after_midnight_belongs_to_the_evening_before(world: World) -> None:
    session = await an_evening(world)
    late, dawn = [
        await world.session(organiser_id=session.organiser_id, starts_in=timedelta(hours=hours))
        for hours in (15.5, 21)
    ]
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = await world.client.get(f"{desk(session)}/vandaag")

    assert "1.30 u tot 3.30 u · De kleine prins na middernacht" in text_of(page)
    assert (str(late.id) in page.text, str(dawn.id) in page.text) == (True, False)


async def test_today_says_how_many_wait_and_which_offers_are_open(world: World) -> None:
    session, [first, *_] = await sold_out(world, seats=2, starts_in=timedelta(days=3))
    for _ in range(2):
        await join(world, await world.resident(5000), session)
    await world.cancel(first)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = text_of(await world.client.get(f"{desk(session)}/vandaag"))

    assert "do 5 mrt, 10 u tot 12 u 1 wacht · 1 aanbod is nog niet beantwoord" in page
    assert "Niets wacht op jou" in page


async def test_today_says_who_did_not_choose_yet_and_which_date_waits_for_another(world: World) -> None:
    first, _ = await two_dates(world)
    await booked_two(world, first)
    later = await world.session(organiser_id=first.organiser_id)
    await booked_two(world, later)
    await call_off(world, first, choose=A_WEEK)
    await postpone(world, later)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)

    page = text_of(await world.client.get(f"{desk(first)}/vandaag"))
    world.clock.move(A_WEEK)
    await call_off_all(world.services)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)
    after = text_of(await world.client.get(f"{desk(first)}/vandaag"))

    assert "2 dingen voor jou" in page
    assert "1 boeking heeft nog niet gekozen" in page
    assert "1 boeking wacht op een nieuwe datum" in page
    assert "heeft nog niet gekozen" not in after
