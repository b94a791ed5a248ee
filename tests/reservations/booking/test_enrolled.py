"""Who enrolled finds their dates and one code on the page of the booking, and leaves by one button."""

import re

from reservations.booking.answers import Booked
from tests.builders import Resident, World
from tests.reservations.dates import call_off, deliver, plain
from tests.reservations.enrolment.world import TestCourse, enrolled, enrolment, make_course
from tests.reservations.seats.world import seat_by_plan
from tests.reservations.sessions.test_desk import page_of, text_of
from uit.core.seat_format import seat

BOX = re.compile(r'name="(ticket-[0-9.+]+)"')
CANCELLATION = re.compile(r'name="cancellation_id" value="([^"]+)"')


async def enrolled_here(world: World, **more: object) -> tuple[TestCourse, Resident, str]:
    """A course, who is enrolled and signed in, and the address of the booking."""
    course, anna = await make_course(world, 3, **more), await world.resident(9000)  # type: ignore[arg-type]
    booking_id = await enrolled(world, anna, course)
    await world.sign_in(anna)
    return course, anna, f"/dender/boekingen/{booking_id}"


async def test_the_page_has_the_dates_and_one_code(world: World) -> None:
    course, _, own = await enrolled_here(world)
    await call_off(world, course.dates[1])

    shown = await world.client.get(own)

    said = text_of(shown)
    assert shown.text.count('class="pass"') == 1
    assert "Yoga Dit ticket opent elke keer waarvoor je inschreef." in said
    assert "Gaat niet door" in said


async def test_several_who_come_have_a_code_each_and_one_for_all(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(9000)
    made = await world.services.turnstile.answer(enrolment(world, anna, course, places=2))
    assert isinstance(made, Booked)
    await world.sign_in(anna)

    shown = await world.client.get(f"/dender/boekingen/{made.booking.id}")

    assert shown.text.count("QR-code") == 3


async def test_a_seat_on_one_of_the_dates_stands_on_the_ticket_and_in_the_list(world: World) -> None:
    course, anna = await make_course(world, 3, seats=18), await world.resident(9000)
    await seat_by_plan(world, course.dates[1])
    made = await world.services.turnstile.answer(enrolment(world, anna, course, places=2))
    assert isinstance(made, Booked)
    await world.sign_in(anna)
    own = await world.client.get(f"/dender/boekingen/{made.booking.id}")
    await world.sign_in_staff("organiser", organiser_id=course.first.organiser_id)
    lists = [f"{page_of(course.dates[1])}/boekingen{more}" for more in ("", "/deurlijst", "/boekingen.csv")]
    seated = [text_of(await world.client.get(each)) for each in lists]
    unseated = text_of(await world.client.get(f"{page_of(course.first)}/boekingen"))

    alone = [seat(each) for line in made.booking.lines for ticket in line.tickets for each in ticket.seats]
    tickets = own.text.split('class="pass"')[2:]
    assert [each for each, ticket in zip(alone, tickets, strict=True) if f": {each}</p>" in ticket] == alone
    assert all("stoel" in each for each in seated), seated
    assert "stoel" not in unseated


async def test_who_leaves_gives_all_dates_back_at_once(world: World) -> None:
    _, anna, own = await enrolled_here(world)
    asked = await world.client.get(f"{own}/annuleren")
    box, key = BOX.findall(asked.text), CANCELLATION.findall(asked.text)

    answer = await world.post_form(f"{own}/annuleren", cancellation_id=key[0], **dict.fromkeys(box, "true"))

    assert "Ja, schrijf mij uit voor 3 keren" in text_of(asked)
    assert "€ 40,00 krediet terug" in text_of(asked)
    assert box == ["ticket-1.1+2.1+3.1"]
    assert answer.status_code == 303
    assert await world.available_cents(anna) == 9000


async def test_one_date_of_them_is_refused_in_words(world: World) -> None:
    _, _, own = await enrolled_here(world)
    asked = await world.client.get(f"{own}/annuleren")
    key = CANCELLATION.findall(asked.text)

    answer = await world.post_form(f"{own}/annuleren", cancellation_id=key[0], **{"ticket-2.1": "true"})

    assert answer.status_code == 409
    assert "Deze keren horen samen" in text_of(answer)


async def test_what_is_sold_together_no_more_says_what_can_be_done_instead(world: World) -> None:
    _, _, own = await enrolled_here(world)
    await world.execute("DELETE FROM reservations.course_date")

    page = await world.client.get(f"{own}/wijzigen")

    assert page.status_code == 409
    assert "Deze keren horen samen" in text_of(page)
    assert f'href="{own}/annuleren"' in page.text
    assert "Bekijk wat het kost" not in page.text


async def test_the_booking_of_who_enrolled_leads_to_other_dates(world: World) -> None:
    _, _, own = await enrolled_here(world)

    shown = await world.client.get(own)

    assert "Liever anders? Kies andere keren, of meer of minder plaatsen." in text_of(shown)
    assert f'href="{own}/wijzigen"' in shown.text


async def test_the_mail_names_the_course_and_each_of_its_dates(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(9000)
    booking_id = await enrolled(world, anna, course)

    await deliver(world)

    said = plain(world.mails[-1])
    for words in ("Yoga", "ma 9", "ma 16", "ma 23", "Eén ticket opent elke keer."):
        assert words in said
    assert f"boekingen/{booking_id}" in said


async def test_the_list_of_each_date_says_who_is_enrolled(world: World) -> None:
    course, anna = await make_course(world, 3, choice_least=1), await world.resident(9000)
    await enrolled(world, anna, course)
    await world.book(anna, course.dates[1])
    organiser_id = course.first.organiser_id
    await world.sign_in_staff("organiser", organiser_id=organiser_id)
    desk = f"/dender/organisaties/{organiser_id}/sessies/{course.dates[1].id}/boekingen"

    listed, on_paper = await world.client.get(desk), await world.client.get(f"{desk}/deurlijst")

    assert text_of(listed).count("Yoga") == 1
    assert text_of(on_paper).count("Yoga") == 1
