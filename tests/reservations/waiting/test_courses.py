"""Who waits for a course waits for all of its dates: what they are offered is held on each, or on none."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.answers import Accepted, Booked, Ended, InWaitingList
from reservations.waiting.due import serve_due_lines
from reservations.waiting.join_form import date_field
from reservations.waiting_line.errors import PlacesFree
from tests.builders import Resident, Session, World
from tests.reservations.catalogue.test_event import plain
from tests.reservations.dates import call_off
from tests.reservations.dates import plain as text_of
from tests.reservations.enrolment.world import TestCourse, enrolled, make_course
from tests.reservations.waiting.lines import LIES, accept, decline, join, joining, offer_of, rule, state
from tests.reservations.waiting.test_pages import deliver, link


async def taken(world: World, *dates: Session) -> list[UUID]:
    """Bookings of others that have the last place of these dates."""
    found = []
    for date in dates:
        answer = await world.book(await world.resident(5000), date)
        assert isinstance(answer, Booked), answer
        found.append(answer.booking.id)
    return found


async def full(world: World, *nos: int, count: int = 3) -> tuple[TestCourse, list[UUID]]:
    """A course of which single dates are sold, full on some, and the bookings that have their places."""
    course = await make_course(world, count, seats=1, choice_least=1)
    return course, await taken(world, *(course.dates[no] for no in nos))


async def free(world: World, *booking_ids: UUID) -> None:
    for booking_id in booking_ids:
        assert isinstance(await world.cancel(booking_id), Ended)


async def wait(world: World, who: Any, course: TestCourse, *dates: Session) -> UUID:
    command = replace(joining(who, *(dates or course.dates)), course_id=course.id)
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, InWaitingList), answer
    return command.entry_id


async def left(world: World, course: TestCourse) -> list[int]:
    return [await world.places_left(each) for each in course.dates]


async def someone(world: World) -> Resident:
    return await world.resident(10_000)


async def test_when_the_last_date_has_room_all_of_them_are_offered_as_one_enrolment(world: World) -> None:
    course, booked = await full(world, 1)
    anna = await someone(world)
    entry_id = await wait(world, anna, course)

    await free(world, *booked)

    assert await state(world, entry_id) == "offered"
    assert await left(world, course) == [0, 0, 0]
    cents = await world.rows(
        "SELECT price_cents FROM reservations.line WHERE holder_id = $1", anna.membership_id
    )
    assert sum(each["price_cents"] for each in cents) == 4000
    assert await world.value("SELECT line_nos FROM reservations.enrolment") == [1, 2, 3]


async def test_nothing_is_offered_or_kept_as_long_as_one_date_is_full(world: World) -> None:
    course, booked = await full(world, 0, 1)
    await rule(world, course.first, "keep")
    entry_id = await wait(world, await someone(world), course)

    await free(world, booked[0])

    assert await state(world, entry_id) == "waiting"
    assert await left(world, course) == [1, 0, 1]


async def test_who_fits_comes_before_a_course_that_does_not_and_after_one_that_does(world: World) -> None:
    course, booked = await full(world, 0, 1)
    of_course = await wait(world, await someone(world), course)
    bilal = await someone(world)
    of_date = await join(world, bilal, course.first)

    await free(world, booked[0])
    first = await state(world, of_date)
    await decline(world, bilal, of_date)
    again = await join(world, await someone(world), course.dates[1])
    await free(world, booked[1])

    assert first == "offered"
    assert [await state(world, each) for each in (of_course, again)] == ["offered", "waiting"]


async def test_the_offer_is_accepted_with_credit_or_given_on_whole(world: World) -> None:
    course, booked = await full(world, 2)
    anna, bilal = await someone(world), await someone(world)
    entries = [await wait(world, each, course) for each in (anna, bilal)]
    await free(world, *booked)

    declined = await decline(world, anna, entries[0])
    accepted = await accept(world, bilal, entries[1])

    assert isinstance(declined, Ended)
    assert isinstance(accepted, Accepted)
    assert await world.available_cents(bilal) == 6000
    assert await left(world, course) == [0, 0, 0]


async def test_of_a_course_with_room_on_every_date_nobody_has_to_wait(world: World) -> None:
    course, _ = await full(world)

    answer = await world.services.turnstile.answer(
        replace(joining(await someone(world), *course.dates), course_id=course.id)
    )

    assert answer == PlacesFree(course.first.id, 1)


async def test_a_date_that_is_called_off_no_longer_counts(world: World) -> None:
    course, booked = await full(world, 0, 1)
    anna = await someone(world)
    entry_id = await wait(world, anna, course)

    await call_off(world, course.first)
    await free(world, booked[1])

    assert await state(world, entry_id) == "offered"
    lines = await world.rows(
        "SELECT session_id FROM reservations.line WHERE booking_id = $1", await offer_of(world, entry_id)
    )
    assert {each["session_id"] for each in lines} == {each.id for each in course.dates[1:]}


async def test_a_course_that_is_not_sold_any_more_is_offered_to_nobody(world: World) -> None:
    course, booked = await full(world, 1)
    entry_id = await wait(world, await someone(world), course)
    await world.execute("DELETE FROM reservations.course_date")

    await free(world, *booked)

    assert await state(world, entry_id) == "waiting"
    assert await left(world, course) == [1, 1, 1]


async def test_the_worker_looks_again_only_where_every_date_has_room(world: World) -> None:
    course, _ = await full(world, 0, 1)
    entry_id = await wait(world, await someone(world), course)
    more = "UPDATE reservations.pool SET capacity = 2, licensed_capacity = 2 WHERE id = $1"

    await world.execute(more, course.dates[0].pool_id)
    before = await serve_due_lines(world.services)
    await world.execute(more, course.dates[1].pool_id)
    after = await serve_due_lines(world.services)

    assert (before, after) == (0, 1)
    assert await state(world, entry_id) == "offered"


async def test_a_resident_waits_on_the_page_and_reads_all_dates_of_the_offer(world: World) -> None:
    course, booked = await full(world, 1)
    anna = await someone(world)
    await world.sign_in(anna)
    activity = (await world.client.get(f"/dender/evenementen/{course.first.event_id}")).text
    address = f"/dender/sessies/{course.first.id}/wachtlijst"
    page = plain((await world.client.get(f"{address}?reeks={course.id}")).text)
    two = {date_field(each.id): "true" for each in course.dates[:2]}

    joined = await world.post_form(address, reeks=str(course.id), **two, **{"plaatsen-base": "1"})
    place = plain((await world.client.get(joined.headers["location"])).text)
    await free(world, *booked)
    offer = plain((await world.client.get(joined.headers["location"])).text)

    assert f"{address}?reeks={course.id}" in activity
    assert "Welke keren wil je?" in page
    assert "Alle keren samen" in place
    assert "Yoga" in place
    assert "Je betaalt nog € 0,00" in offer
    assert "1 plaats € 20,00" in offer
    assert await left(world, course) == [0, 0, 1]


async def test_a_course_that_is_sold_whole_is_waited_for_whole_by_whatever_date_one_comes(
    world: World,
) -> None:
    course = await make_course(world, 3, seats=1)
    await enrolled(world, await someone(world), course)
    await world.sign_in(await someone(world))
    address = f"/dender/sessies/{course.dates[1].id}/wachtlijst"

    page = plain((await world.client.get(address)).text)
    joined = await world.post_form(address, **{"plaatsen-base": "1"})

    assert "Je wacht op al deze keren" in page
    assert joined.status_code == 303
    assert len(await world.value("SELECT session_ids FROM reservations.waiting_entry")) == 3


async def test_a_guest_hears_by_mail_of_every_date(world: World) -> None:
    course, booked = await full(world, 1)
    entry_id = await wait(world, LIES, course)
    await free(world, *booked)

    await deliver(world)

    offered = [each for each in world.mails if "Er is plaats" in str(each["subject"])]
    text = text_of(offered[0])
    assert "Yoga" in text
    assert text.count(" · ") >= 2
    assert link(world, entry_id) in text
