"""The courses of an activity, as browsers without script make them."""

import re
from typing import Any
from uuid import uuid4

from reservations.booking.answers import Booked
from tests.builders import World
from tests.reservations.courses.dates import dates
from tests.reservations.enrolment.world import TestCourse, enrol, enrolled
from tests.reservations.sessions.test_desk import text_of

HIDDEN = re.compile(r'<input type="hidden" name="(tabel-van)" value="([^"]*)"')


def address_of(course: TestCourse, *more: object) -> str:
    first = course.first
    home = f"/dender/organisaties/{first.organiser_id}/activiteiten/{first.event_id}/cursussen"
    return "/".join((home, *map(str, more)))


async def save(world: World, course: TestCourse, **others: str) -> Any:
    typed = {f"datum-{each.id.hex}": "true" for each in course.dates}
    typed |= {"naam": "Yoga", "prijs-base": "35", "verkoop": "geheel", "minstens": "1"}
    typed |= {"laat": "share", "uitschrijven": "to_come"}
    return await world.post_form(address_of(course, course.id), **typed | others)


async def test_dates_become_a_course_that_is_sold_whole(world: World) -> None:
    course, anna = await dates(world), await world.resident(5000)

    await save(world, course)
    answer = await save(world, course)

    assert answer.headers["location"] == f"{address_of(course)}?gedaan=bewaard"
    booked = await enrol(world, anna, course)
    assert isinstance(booked, Booked)
    assert booked.booking.price_cents == 3500
    assert "Yoga Datums die nog komen 4 Ingeschreven 1" in text_of(await world.client.get(address_of(course)))
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'course.make'") == 1


async def test_what_is_wrong_comes_back_with_what_was_typed(world: World) -> None:
    course = await dates(world)
    none = {f"datum-{each.id.hex}": "" for each in course.dates[1:]}
    wrong = {"naam": " ", "prijs-base": "veel", "laat": "table", "tabel": "drie", "tot": "1/1/2020"}

    answer = await save(world, course, **none, **wrong, verkoop="keuze", minstens="0")

    said = text_of(answer)
    assert answer.status_code == 422
    for words in ("Geef de cursus een naam", "minstens twee datums", "een dag die nog komt", "zoals 8: 65"):
        assert words in said
    assert "Vul een getal in van 1 tot 40" in said
    assert await world.value("SELECT count(*) FROM reservations.course") == 0


async def test_a_course_shows_as_it_was_saved_and_changes(world: World) -> None:
    course = await dates(world)
    more = {"laat": "table", "tabel": "3: 30\n2: 20,50", "tot": "20/03/2026", "prijs-kansentarief": "7"}
    await save(world, course, **more)

    shown = await world.client.get(address_of(course, course.id))
    await save(world, course, naam="Yoga voor iedereen", verkoop="keuze", minstens="2")

    assert "3: 30,00\n2: 20,50" in shown.text
    assert "2026-03-20" in shown.text
    row = (await world.rows("SELECT name, choice_least, late FROM reservations.course"))[0]
    assert tuple(row) == ("Yoga voor iedereen", 2, "share")


async def test_a_table_says_the_other_prices_in_proportion(world: World) -> None:
    course = await dates(world)

    await save(world, course, laat="table", tabel="2: 20", **{"prijs-kansentarief": "7"})

    found = await world.rows(
        "SELECT tariff_code, dates, price_cents FROM reservations.course_price ORDER BY 1, 2"
    )
    assert [tuple(each) for each in found] == [
        ("base", 0, 3500),
        ("base", 2, 2000),
        ("kansentarief", 0, 700),
        ("kansentarief", 2, 400),
    ]


async def test_a_social_price_that_is_left_empty_follows_from_the_first(world: World) -> None:
    course = await dates(world)

    await save(world, course)

    found = await world.rows("SELECT tariff_code, price_cents FROM reservations.course_price ORDER BY 1")
    assert [tuple(each) for each in found] == [("base", 3500), ("kansentarief", 700)]


async def test_a_date_is_of_one_course(world: World) -> None:
    course = await dates(world)
    await save(world, course)

    answer = await save(world, TestCourse(uuid4(), course.dates))

    assert answer.status_code in {409, 422}
    assert await world.value("SELECT count(*) FROM reservations.course") == 1


async def test_a_course_that_stops_leaves_its_dates_to_be_booked_and_its_people_enrolled(
    world: World,
) -> None:
    course = await dates(world)
    await save(world, course)
    anna, bilal = await world.resident(5000), await world.resident(5000)
    await enrolled(world, anna, course)

    await world.post_form(address_of(course, course.id, "stoppen"))
    answer = await world.post_form(address_of(course, course.id, "stoppen"))

    assert answer.headers["location"] == f"{address_of(course)}?gedaan=gestopt"
    assert isinstance(await world.book(bilal, course.first), Booked)
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'confirmed'") == 5
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'course.end'") == 1


async def test_the_address_of_a_course_that_stopped_opens_no_empty_form(world: World) -> None:
    course = await dates(world)
    await save(world, course)
    await world.post_form(address_of(course, course.id, "stoppen"))

    shown = await world.client.get(address_of(course, course.id))

    assert shown.status_code == 404
    assert 'name="naam"' not in shown.text


async def test_nobody_makes_a_course_of_the_dates_of_another_organiser(world: World) -> None:
    course, own = await dates(world), await world.session()
    await world.sign_in_staff("organiser", organiser_id=own.organiser_id)

    strange = await save(world, course)
    home = (
        f"/dender/organisaties/{own.organiser_id}/activiteiten/{course.first.event_id}/cursussen/{course.id}"
    )
    answer = await world.post_form(home, naam="Van mij")

    assert strange.status_code == 403
    assert answer.status_code == 404


async def test_a_course_of_another_activity_is_not_taken_over(world: World) -> None:
    course = await dates(world)
    await save(world, course)
    other = [await world.session(organiser_id=course.first.organiser_id) for _ in range(2)]
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = ANY ($2)",
        other[0].event_id,
        [each.id for each in other],
    )

    answer = await save(world, TestCourse(course.id, other))
    stopped = await world.post_form(address_of(TestCourse(course.id, other), course.id, "stoppen"))

    assert {answer.status_code, stopped.status_code} == {404}


async def test_what_is_saved_from_an_old_tab_after_the_stop_is_not_there(world: World) -> None:
    course = await dates(world)
    await save(world, course)
    await world.post_form(address_of(course, course.id, "stoppen"))

    answer = await save(world, course)

    assert answer.status_code == 404
    assert (await save(world, TestCourse(uuid4(), course.dates))).status_code == 303


async def test_a_date_that_is_gone_since_the_form_was_shown_is_not_left_out_in_silence(world: World) -> None:
    course = await dates(world)
    last = course.dates[-1].id
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", last)

    answer = await save(world, course)

    assert answer.status_code == 422
    assert "gaat niet meer door. Kijk na wat blijft" in text_of(answer)


async def test_a_price_in_the_table_is_bounded_as_that_of_all_is(world: World) -> None:
    course = await dates(world)

    answer = await save(world, course, laat="table", tabel="2: 100.000,01")

    assert answer.status_code == 422
    assert "een prijs tot € 100.000,00" in text_of(answer)


async def test_what_follows_from_the_table_is_never_more_than_all_of_it(world: World) -> None:
    course = await dates(world)

    answer = await save(
        world, course, laat="table", tabel="2: 40", **{"prijs-base": "20", "prijs-kansentarief": "100.000"}
    )

    assert answer.status_code == 303
    found = await world.rows(
        "SELECT tariff_code, price_cents FROM reservations.course_price WHERE dates = 2 ORDER BY 1"
    )
    assert [tuple(each) for each in found] == [("base", 2000), ("kansentarief", 10_000_000)]


async def priced_twice(world: World) -> TestCourse:
    """Dates with a price above the one that they have, which is called Jongeren."""
    course = await dates(world)
    for each in course.dates:
        await world.tariff(each, "jong", 500, rank=-1, name="Jongeren")
    return course


async def base_with_two_to_come(world: World) -> object:
    return await world.value(
        "SELECT price_cents FROM reservations.course_price WHERE tariff_code = 'base' AND dates = 2"
    )


async def test_a_table_stays_that_of_its_price_when_one_above_it_is_filled_in(world: World) -> None:
    course = await priced_twice(world)
    await save(world, course, laat="table", tabel="2: 20")
    shown = (await world.client.get(address_of(course, course.id))).text

    more = dict(HIDDEN.findall(shown))
    await save(world, course, laat="table", tabel="2: 20", **more | {"prijs-jong": "17,50"})

    assert more == {"tabel-van": "base"}
    assert "de prijs voor base" in shown
    assert await base_with_two_to_come(world) == 2000


async def test_a_table_of_a_price_that_was_emptied_is_not_taken_for_that_of_another(world: World) -> None:
    course = await priced_twice(world)
    typed = {"laat": "table", "tabel": "2: 20", "prijs-base": "", "prijs-jong": "17,50"}

    answer = await save(world, course, **typed | {"tabel-van": "base"})
    again = await save(world, course, **typed | dict(HIDDEN.findall(answer.text)))

    assert answer.status_code == 422
    assert "en die liet je leeg. Schrijf die voor Jongeren" in text_of(answer)
    assert again.status_code == 303


async def test_a_table_is_not_that_of_a_social_price_that_stands_first(world: World) -> None:
    course = await dates(world)
    await world.execute("UPDATE reservations.tariff SET rank = -1 WHERE code = 'kansentarief'")
    await save(world, course, laat="table", tabel="2: 20")

    shown = await world.client.get(address_of(course, course.id))

    assert "2: 20,00" in shown.text
    assert dict(HIDDEN.findall(shown.text)) == {"tabel-van": "base"}


async def test_an_organiser_finds_all_courses_of_which_dates_are_to_come(world: World) -> None:
    course, anna = await dates(world), await world.resident(5000)
    own = f"/dender/organisaties/{course.first.organiser_id}/cursussen"
    await save(world, course)
    await enrol(world, anna, course)

    listed = await world.client.get(own)
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")
    afterwards = text_of(await world.client.get(own))

    assert f'href="{address_of(course, course.id)}"' in listed.text
    assert "Yoga" in text_of(listed)
    assert "Nog 4 datums" in text_of(listed)
    assert "1 plaats ingeschreven" in text_of(listed)
    assert "Nog geen cursus" in afterwards
