"""What a course is called in other languages is read by who chose one."""

from uuid import uuid4

from reservations.booking.answers import Booked
from reservations.booking.notifications import MADE
from tests.builders import World
from tests.reservations.booking.test_notifications import tell
from tests.reservations.booking.test_notifications import text_of as words_of_mail
from tests.reservations.courses.dates import dates
from tests.reservations.courses.test_desk import address_of, save
from tests.reservations.enrolment.world import TestCourse, enrol
from tests.reservations.sessions.test_desk import text_of

FRENCH = "Yoga pour débutants"


async def named(world: World, **others: str) -> TestCourse:
    course = await dates(world)
    await save(world, course, naam="Yoga voor beginners", naam_fr=f" {FRENCH} ", **others)
    return course


async def test_who_reads_french_reads_it_where_they_choose_and_others_read_dutch(world: World) -> None:
    course = await named(world)
    pages = [
        f"/dender/evenementen/{course.first.event_id}",
        f"/dender/sessies/{course.first.id}/boeken/{uuid4()}?reeks={course.id}",
        f"/dender/sessies/{course.first.id}/wachtlijst?reeks={course.id}",
    ]

    in_dutch = [text_of(await world.client.get(each)) for each in pages]
    await world.client.get("/taal/fr")
    in_french = [text_of(await world.client.get(each)) for each in pages]
    await world.client.get("/taal/de")
    in_german = [text_of(await world.client.get(each)) for each in pages]

    assert [FRENCH in each for each in in_dutch] == [False] * 3
    assert [FRENCH in each and "Yoga voor beginners" not in each for each in in_french] == [True] * 3
    assert ["Yoga voor beginners" in each for each in in_german] == [True] * 3


async def test_who_enrolled_reads_it_on_their_booking_and_where_they_change_it(world: World) -> None:
    course, anna = await named(world), await world.resident(5000)
    booked = await enrol(world, anna, course)
    assert isinstance(booked, Booked)
    await world.sign_in(anna)
    await world.client.get("/taal/fr")
    own = f"/dender/boekingen/{booked.booking.id}"

    shown = await world.client.get(own)
    change = await world.client.get(f"{own}/wijzigen")

    assert [FRENCH in text_of(each) for each in (shown, change)] == [True, True]


async def test_a_mail_says_it_in_the_language_of_who_enrolled(world: World) -> None:
    course, anna = await named(world), await world.resident(5000)
    await world.execute("UPDATE identity.person SET language = 'fr' WHERE id = $1", anna.person_id)

    booked = await enrol(world, anna, course)
    assert isinstance(booked, Booked)
    await tell(world, booked.booking.id, MADE)

    assert FRENCH in words_of_mail(world.mails[0])


async def test_the_form_shows_it_again_and_says_what_is_too_long(world: World) -> None:
    course = await named(world)

    shown = await world.client.get(address_of(course, course.id))
    wrong = await save(world, course, naam_en="a" * 101)
    await save(world, course)

    assert f'value="{FRENCH}"' in shown.text
    assert wrong.status_code == 422
    assert "Naam in het Engels" in text_of(wrong)
    assert await world.value("SELECT name_translations FROM reservations.course") == "{}"
