"""Where an activity is, as its organiser fills it in."""

from datetime import timedelta
from uuid import uuid4

from tests.builders import World
from tests.reservations.activities.making import HALL, begin, published
from tests.reservations.choosing.dates import booked_two, choose_date, two_dates
from tests.reservations.dates import deliver, plain, statuses
from tests.reservations.sessions.test_desk import desk, page_of, text_of
from uit.core.seal import ChoiceSeal, seal_choice

AALST = "41002"
WHERE = uuid4()


async def test_a_new_place_is_in_the_town_that_its_postal_code_says(world: World) -> None:
    this, venue_id = await begin(world, await world.organiser()), uuid4()
    await world.municipality(AALST)

    for _ in range(2):
        await world.post_form(f"{this}/waar", **HALL, venue_id=venue_id)

    [venue] = await world.rows("SELECT id, name, refnis FROM organisers.venue")
    assert tuple(venue) == (venue_id, "Zaal De Kring", AALST)
    assert "Zaal De Kring, Aalst" in text_of(await world.client.get(this))


async def test_a_place_that_is_known_is_found_by_name_or_town(world: World) -> None:
    organiser_id = await world.organiser()
    await published(world, organiser_id)
    other = await begin(world, await world.organiser(name="Chiro"), "Bal")

    found = await world.client.get(f"{other}/waar?zoek=aalst")
    nothing = await world.client.get(f"{other}/waar?zoek=Gent")
    venue_id = await world.value("SELECT id FROM organisers.venue")
    answer = await world.post_form(f"{other}/waar", attendance="offline", venue=venue_id)

    assert "Dorp 1, 9300 Aalst" in text_of(found)
    assert "Niets gevonden met “Gent”." in text_of(nothing)
    assert answer.headers["location"] == f"{other}?gedaan=bewaard"


async def test_the_places_of_before_are_there_without_a_search(world: World) -> None:
    organiser_id = await world.organiser()
    await published(world, organiser_id)
    this = await begin(world, organiser_id, "Bal")

    assert "Zaal De Kring" in (await world.client.get(f"{this}/waar")).text


async def test_online_needs_a_link_and_no_place(world: World) -> None:
    this = await begin(world, await world.organiser())

    wrong = await world.post_form(f"{this}/waar", attendance="online", url="meet.example")
    right = await world.post_form(f"{this}/waar", attendance="online", url="https://meet.example/quiz")

    assert wrong.status_code == 422
    assert "Schrijf een volledig adres, dat begint met https://" in text_of(wrong)
    assert right.status_code == 303
    assert await world.value("SELECT online_url FROM organisers.event") == "https://meet.example/quiz"


async def test_what_is_missing_of_a_new_place_is_said_all_at_once(world: World) -> None:
    this = await begin(world, await world.organiser())

    nothing = await world.post_form(f"{this}/waar", attendance="offline")
    unknown = await world.post_form(f"{this}/waar", attendance="offline", venue=uuid4())
    half = await world.post_form(f"{this}/waar", attendance="offline", venue="nieuw", name="Zaal")

    assert "Kies een plaats, of voeg er een toe." in text_of(nothing)
    assert "Kies een plaats, of voeg er een toe." in text_of(unknown)
    assert "Schrijf straat en nummer." in text_of(half)
    assert "Schrijf de vier cijfers." in text_of(half)
    assert await world.value("SELECT count(*) FROM organisers.venue") == 0


async def test_who_booked_is_told_of_another_place_and_may_leave(world: World) -> None:
    first, other = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    await world.execute("UPDATE organisers.event SET made_here = true")
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)
    this = f"{desk(first)}/activiteiten/{first.event_id}"
    warned = text_of(await world.client.get(f"{this}/waar"))
    world.clock.move(timedelta(minutes=1))

    for _ in range(2):
        await world.post_form(f"{this}/waar", **HALL, venue_id=WHERE)

    assert "Op 1 datum heeft al iemand een ticket." in warned
    [mail] = await deliver(world)
    assert mail["Subject"].startswith("Andere plaats: De kleine prins")
    assert "Nu in: Zaal De Kring, Aalst" in plain(mail)
    seal = ChoiceSeal(1, booking_id, first.id, anna.person_id)
    link = f"/dender/keuze/{seal_choice(world.services.secrets.signing, seal)}"
    assert "Het is nu hier: Zaal De Kring, Aalst" in text_of(await world.client.get(link))
    await choose_date(world, link, other)
    assert (await statuses(world, booking_id))[2:] == ["confirmed", "confirmed"]
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)
    page = text_of(await world.client.get(f"{page_of(first)}/geworden"))
    assert "Het is nu op een andere plaats." in page
    assert "Andere datum 1 boeking" in page
