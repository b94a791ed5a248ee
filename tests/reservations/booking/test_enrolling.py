"""One enrolment is one booking of all its dates, or nothing; each date goes on by itself."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from reservations.booking.actor import ByClient
from reservations.booking.answers import Booked, Ended
from reservations.booking.commands import ChangeBooking, ChosenTickets, GiveUp
from reservations.booking.turnstile import read_booking
from reservations.enrolment.errors import (
    CourseBegun,
    CourseLinesDiffer,
    CourseUnknown,
    EnrolmentTogether,
    NotAllOfCourse,
    OnlyInCourse,
)
from reservations.errors import SoldOut, TooLate
from tests.builders import CLIENT, World
from tests.reservations.dates import call_off
from tests.reservations.enrolment.world import WEEK, TestCourse, enrol, enrolled, enrolment, make_course


def giving_up(course: TestCourse, booking_id: UUID, *chosen: ChosenTickets) -> GiveUp:
    return GiveUp(1, booking_id, ByClient(CLIENT, frozenset({course.first.organiser_id})), chosen)


async def left(world: World, course: TestCourse) -> list[int]:
    return [await world.places_left(each) for each in course.dates]


async def test_who_enrols_has_a_place_on_every_date_at_one_price(world: World) -> None:
    course, anna = await make_course(world, 3, whole_cents=2500), await world.resident(credit_cents=3000)

    answer = await enrol(world, anna, course)

    assert isinstance(answer, Booked)
    assert [line.price_cents for line in answer.booking.lines] == [833, 833, 834]
    assert await left(world, course) == [9, 9, 9]
    assert await world.available_cents(anna) == 500


async def test_without_a_place_on_one_date_there_is_none_on_any(world: World) -> None:
    course = await make_course(world, 3, seats=1, choice_least=1)
    anna, bilal = await world.resident(5000), await world.resident(5000)
    assert isinstance(await world.book(bilal, course.dates[1]), Booked)

    assert await enrol(world, anna, course) == SoldOut(course.dates[1].id, 1, 0)
    assert await left(world, course) == [1, 0, 1]
    assert await world.available_cents(anna) == 5000


async def test_a_social_place_has_the_price_of_the_course_for_it(world: World) -> None:
    course = await make_course(world, 3)
    anna = await world.resident(5000, social_until=(world.clock.now() + WEEK * 9).date())

    answer = await world.services.turnstile.answer(enrolment(world, anna, course, tariff="kansentarief"))

    assert isinstance(answer, Booked)
    assert answer.booking.price_cents == 800


async def test_a_date_is_not_sold_by_itself_where_all_are_sold_together(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(5000)

    assert await world.book(anna, course.first) == OnlyInCourse(course.first.id, course.id, None)
    assert await enrol(world, anna, course, course.dates[:2]) == NotAllOfCourse(course.id, 3)


async def test_who_chooses_some_dates_pays_for_each(world: World) -> None:
    course, anna = await make_course(world, 5, choice_least=2), await world.resident(5000)

    answer = await enrol(world, anna, course, course.dates[1:3])

    assert isinstance(answer, Booked)
    assert [line.price_cents for line in answer.booking.lines] == [1000, 1000]
    assert await world.book(anna, course.first) == OnlyInCourse(course.first.id, course.id, 2)


async def test_who_comes_late_pays_for_the_dates_to_come(world: World) -> None:
    course, anna = await make_course(world, 5), await world.resident(5000)
    world.clock.move(WEEK)

    answer = await enrol(world, anna, course, course.dates[1:])

    assert isinstance(answer, Booked)
    assert answer.booking.price_cents == 3200


async def test_nobody_comes_late_where_the_organiser_says_so(world: World) -> None:
    course, anna = await make_course(world, 5, late="no"), await world.resident(5000)
    world.clock.move(WEEK)

    assert await enrol(world, anna, course, course.dates[1:]) == CourseBegun(course.id)


async def test_a_course_is_enrolled_for_evenly_and_by_its_own_dates(world: World) -> None:
    course, other = await make_course(world, 2), await world.session()
    anna = await world.resident(9000)
    whole = enrolment(world, anna, course)
    uneven = replace(whole, lines=(whole.lines[0], replace(whole.lines[1], places=2)))
    strange = replace(whole, lines=(*whole.lines, replace(whole.lines[0], session_id=other.id)))
    by = ByClient(CLIENT, frozenset({course.first.organiser_id, other.organiser_id}))

    assert await world.services.turnstile.answer(uneven) == CourseLinesDiffer(course.id)
    assert await world.services.turnstile.answer(replace(strange, by=by)) == CourseUnknown(course.id)
    unknown = replace(whole, lines=tuple(replace(each, course_id=other.id) for each in whole.lines))
    assert await world.services.turnstile.answer(unknown) == CourseUnknown(other.id)


async def test_the_last_place_of_every_date_goes_to_one(world: World) -> None:
    course = await make_course(world, 4, seats=1, choice_least=1)
    people = [await world.resident(5000) for _ in range(6)]

    answers = await gather(
        *[enrol(world, each, course) for each in people[:3]],
        *[world.book(each, course.dates[no]) for no, each in enumerate(people[3:])],
    )

    taken = [len(each.booking.lines) for each in answers if isinstance(each, Booked)]
    assert all(isinstance(each, Booked | SoldOut) for each in answers)
    assert await left(world, course) in ([0, 0, 0, 0], [0, 0, 0, 1])
    assert sum(taken) == 4 - sum(await left(world, course))


async def test_who_leaves_gives_back_what_is_to_come(world: World) -> None:
    course, anna = await make_course(world, 4, whole_cents=4000), await world.resident(4000)
    booking_id = await enrolled(world, anna, course)
    world.clock.move(WEEK * 2 - timedelta(hours=1))

    answer = await world.services.turnstile.answer(giving_up(course, booking_id))

    assert isinstance(answer, Ended)
    assert [each.line_no for each in answer.tickets] == [3, 4]
    assert await world.available_cents(anna) == 2000


async def test_after_its_start_nothing_comes_back_where_that_was_said(world: World) -> None:
    course, anna = await make_course(world, 4, leaving="before_start"), await world.resident(4000)
    booking_id = await enrolled(world, anna, course)
    await world.execute("UPDATE reservations.course SET leaving = 'to_come'")
    world.clock.move(WEEK)

    answer = await world.services.turnstile.answer(giving_up(course, booking_id))

    assert isinstance(answer, TooLate)


async def test_one_date_of_an_enrolment_is_not_given_up_or_changed(world: World) -> None:
    course, anna = await make_course(world, 3, choice_least=2), await world.resident(4000)
    booking_id = await enrolled(world, anna, course)
    whole = enrolment(world, anna, course)
    fewer = tuple(replace(each, course_id=None) for each in whole.lines[1:])

    one = await world.services.turnstile.answer(giving_up(course, booking_id, ChosenTickets(1)))
    change = ChangeBooking(1, booking_id, uuid4(), "", whole.by, fewer)

    assert one == EnrolmentTogether(booking_id, course.id)
    assert await world.services.turnstile.answer(change) == EnrolmentTogether(booking_id, course.id)


async def test_one_of_several_who_are_enrolled_leaves_all_dates(world: World) -> None:
    course, anna = await make_course(world, 3, whole_cents=2000), await world.resident(4000)
    made = await world.services.turnstile.answer(enrolment(world, anna, course, places=2))
    assert isinstance(made, Booked)
    chosen = [ChosenTickets(no, (2,)) for no in (1, 2, 3)]

    answer = await world.services.turnstile.answer(giving_up(course, made.booking.id, *chosen))

    assert isinstance(answer, Ended)
    assert await world.available_cents(anna) == 2000
    assert await left(world, course) == [9, 9, 9]


async def test_the_fee_of_who_leaves_is_kept_once_and_not_for_each_date(world: World) -> None:
    course, anna = await make_course(world, 4), await world.resident(4000)
    await world.seller(course.first.organiser_id, fee_cents=250)

    answer = await enrol(world, anna, course)

    assert isinstance(answer, Booked)
    assert [line.cancel_fee_cents for line in answer.booking.lines] == [62, 63, 62, 63]


async def test_chosen_dates_with_prices_of_their_own_are_given_up_one_by_one(world: World) -> None:
    course, anna = await make_course(world, 5, choice_least=1), await world.resident(4000)
    booking_id = await enrolled(world, anna, course, course.dates[:2])

    answer = await world.services.turnstile.answer(giving_up(course, booking_id, ChosenTickets(2)))

    assert isinstance(answer, Ended)
    assert await world.available_cents(anna) == 3000


async def test_a_date_that_is_called_off_gives_its_part_back(world: World) -> None:
    course, anna = await make_course(world, 3, whole_cents=2500), await world.resident(2500)
    booking_id = await enrolled(world, anna, course)

    await call_off(world, course.dates[1])

    assert await world.available_cents(anna) == 833
    async with world.services.database.reading() as tx:
        booking = await read_booking(tx, 1, booking_id)
    assert booking
    assert [line.tickets[0].status for line in booking.lines] == ["confirmed", "cancelled", "confirmed"]


@pytest.mark.parametrize("leaving", ["to_come", "before_start"])
async def test_a_date_that_moves_may_be_left_by_itself(world: World, leaving: str) -> None:
    course, anna = await make_course(world, 3, leaving=leaving), await world.resident(4000)
    booking_id = await enrolled(world, anna, course)
    world.clock.move(timedelta(hours=1))
    await world.execute(
        "UPDATE reservations.session SET moved_at = $2 WHERE id = $1", course.dates[2].id, world.clock.now()
    )

    answer = await world.services.turnstile.answer(giving_up(course, booking_id, ChosenTickets(3)))

    assert isinstance(answer, Ended)
    assert [each.end for each in answer.tickets] == ["moved_away"]
