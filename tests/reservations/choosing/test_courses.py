"""A date of a course is called off: who enrolled gets that date back, and chooses no other."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import Resident, World
from tests.reservations.booking.test_giving_up import hidden
from tests.reservations.choosing.dates import A_WEEK, booked_two, link_in_mail, take_all_back
from tests.reservations.dates import call_off, call_off_all, deliver, faults, plain, statuses
from tests.reservations.enrolment.world import TestCourse, enrolled, make_course
from tests.reservations.sessions.test_desk import text_of

UNCHANGED = "Je andere keren veranderen niet."


async def called_off_third(world: World) -> tuple[Resident, UUID, TestCourse]:
    """A course of five at € 40,00, of which the third is called off after somebody enrolled."""
    course, anna = await make_course(world), await world.resident(credit_cents=5000)
    booking_id = await enrolled(world, anna, course)
    await deliver(world)
    await call_off(world, course.dates[2], choose=A_WEEK)
    return anna, booking_id, course


async def test_the_message_says_that_the_others_stay_and_offers_no_other_date(world: World) -> None:
    await called_off_third(world)

    [mail] = await deliver(world)

    for text in (plain(mail), mail.get_body(("html",)).get_content()):
        assert UNCHANGED in text
        assert "andere datum" not in text


async def test_the_link_gives_that_date_back_and_leads_to_no_other(world: World) -> None:
    anna, booking_id, course = await called_off_third(world)
    link = await link_in_mail(world)

    shown = text_of(await world.client.get(link))
    asked = await world.client.get(f"{link}/wijzigen?naar={course.dates[3].id}&stap=bekijk")
    sent = await world.post_form(f"{link}/wijzigen", naar=str(course.dates[3].id), stap="wijzig")
    await take_all_back(world, link)

    assert UNCHANGED in shown
    assert "Je krijgt € 8,00 krediet terug, meteen." in shown
    assert "andere datum" not in shown
    assert "Kies dit" not in shown
    assert [(each.status_code, each.headers["location"]) for each in (asked, sent)] == [(303, link)] * 2
    assert await statuses(world, booking_id) == ["confirmed"] * 2 + ["cancelled"] + ["confirmed"] * 2
    assert await world.available_cents(anna) == 1800
    assert await faults(world) == []


async def test_the_page_of_the_booking_gives_back_that_date_alone(world: World) -> None:
    anna, booking_id, course = await called_off_third(world)
    await world.sign_in(anna)
    own, off = f"/dender/boekingen/{booking_id}", course.dates[2]

    shown = text_of(await world.client.get(own))
    form = (await world.client.get(f"{own}/annuleren?sessie={off.id}")).text
    await world.post_form(f"{own}/annuleren", **hidden(form))

    assert UNCHANGED in shown
    assert "Een andere datum" not in shown
    assert "Annuleer alle" not in form
    assert "Dit gaat niet door: neem alles terug" in form
    assert "Nee, ik kom" not in form
    assert await statuses(world, booking_id) == ["confirmed"] * 2 + ["cancelled"] + ["confirmed"] * 2
    assert await world.available_cents(anna) == 1800


async def test_a_date_that_goes_on_is_given_back_with_all_of_its_course(world: World) -> None:
    anna, booking_id, course = await called_off_third(world)
    await world.sign_in(anna)

    form = (await world.client.get(f"/dender/boekingen/{booking_id}/annuleren?sessie={course.first.id}")).text

    assert "4 keren samen" in form


async def test_without_a_choice_the_date_comes_back_and_the_message_leads_to_the_rest(world: World) -> None:
    anna, _, _ = await called_off_third(world)
    await deliver(world)

    world.clock.move(A_WEEK + timedelta(minutes=1))
    await call_off_all(world.services)

    assert "Je andere tickets blijven geldig." in plain((await deliver(world))[-1])
    assert await world.available_cents(anna) == 1800


async def test_who_booked_one_date_is_offered_none_that_is_sold_in_a_course_alone(world: World) -> None:
    course, alone = await make_course(world, 2), await world.session(10, 500)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", course.first.event_id, alone.id
    )
    await booked_two(world, alone)
    await call_off(world, alone, choose=A_WEEK)

    shown = text_of(await world.client.get(await link_in_mail(world)))

    assert "Er is nu geen andere datum." in shown
    assert "Kies dit" not in shown


@pytest.mark.parametrize(("choice_least", "may_choose"), [(None, False), (1, True)])
async def test_an_organiser_lets_nobody_choose_among_dates_of_a_course_alone(
    world: World, choice_least: int | None, *, may_choose: bool
) -> None:
    course = await make_course(world, choice_least=choice_least)
    await world.sign_in_staff("organiser", organiser_id=course.first.organiser_id)

    desk = f"/dender/organisaties/{course.first.organiser_id}/sessies/{course.first.id}"
    shown = text_of(await world.client.get(f"{desk}/wijzigen/afgelasten"))

    assert ("Je kan wie boekte laten kiezen" in shown) is may_choose
