"""An enrolment changes as one: other dates, fewer, another who comes; and the old one is never lost."""

import re
from collections.abc import Sequence
from uuid import UUID, uuid4

from msgspec.structs import replace

from reservations.booking.actor import ByRepresentative, MembershipProof
from reservations.booking.answers import Answer, Booked, Changed
from reservations.booking.commands import Book, ChangeBooking, PayWith
from reservations.enrolment.errors import EnrolmentTogether, NotAllOfCourse, TooFewDates
from reservations.errors import SoldOut, TooLate
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child
from tests.reservations.catalogue.test_event import plain as words
from tests.reservations.enrolment.world import WEEK, TestCourse, enrolled, enrolment, make_course
from tests.reservations.seats.world import HALL, seat_by_plan, seats_taken
from uit.core.errors import Busy

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


async def change(
    world: World,
    who: Resident,
    booking_id: UUID,
    course: TestCourse,
    dates: Sequence[Session] | None = None,
    *,
    places: int = 1,
    tariff: str = "base",
) -> Answer | Busy:
    wanted = enrolment(world, who, course, dates, places=places, tariff=tariff)
    command = ChangeBooking(1, booking_id, uuid4(), "", wanted.by, wanted.lines)
    return await world.services.turnstile.answer(command)


async def left(world: World, course: TestCourse) -> list[int]:
    return [await world.places_left(each) for each in course.dates]


async def standing(world: World, booking_id: UUID) -> list[tuple[int, int]]:
    """The lines of which something stands, with their price."""
    rows = await world.rows(
        "SELECT l.no, l.price_cents FROM reservations.line AS l WHERE l.booking_id = $1 AND EXISTS ("
        "SELECT 1 FROM reservations.ticket AS t WHERE t.booking_id = l.booking_id AND t.line_no = l.no"
        " AND t.status = 'confirmed') ORDER BY l.no",
        booking_id,
    )
    return [(each["no"], each["price_cents"]) for each in rows]


async def test_who_wants_other_dates_has_them_at_their_price_and_the_old_ones_are_free(world: World) -> None:
    course, anna = await make_course(world, 4, seats=1, choice_least=2), await world.resident(6000)
    booking_id = await enrolled(world, anna, course, course.dates[:2])

    answer = await change(world, anna, booking_id, course, course.dates[1:])

    assert isinstance(answer, Changed)
    assert await left(world, course) == [1, 0, 0, 0]
    assert await standing(world, booking_id) == [(3, 1000), (4, 1000), (5, 1000)]
    assert await world.available_cents(anna) == 3000
    assert await world.value("SELECT array_agg(line_nos::text ORDER BY no) FROM reservations.enrolment") == [
        "{1,2}",
        "{3,4,5}",
    ]


async def test_who_leaves_some_dates_pays_what_the_others_cost(world: World) -> None:
    """All of it was cheaper for each date than a choice of it is."""
    course, anna = await make_course(world, 5, choice_least=1, whole_cents=3000), await world.resident(6000)
    booking_id = await enrolled(world, anna, course)

    answer = await change(world, anna, booking_id, course, course.dates[:2])

    assert isinstance(answer, Changed)
    assert await world.available_cents(anna) == 4000
    assert await left(world, course) == [9, 9, 10, 10, 10]


async def test_fewer_than_the_course_sells_is_refused_and_the_old_stands(world: World) -> None:
    course, anna = await make_course(world, 4, choice_least=3), await world.resident(6000)
    whole, bilal = await make_course(world, 3), await world.resident(6000)
    booking_id, other_id = await enrolled(world, anna, course), await enrolled(world, bilal, whole)

    few = await change(world, anna, booking_id, course, course.dates[:2])
    some = await change(world, bilal, other_id, whole, whole.dates[:2])

    assert few == TooFewDates(course.id, 2, 3)
    assert some == NotAllOfCourse(whole.id, 3)
    assert await left(world, course) == [9, 9, 9, 9]


async def test_a_full_date_refuses_the_change_and_the_old_dates_stand(world: World) -> None:
    course, anna = await make_course(world, 4, seats=1, choice_least=2), await world.resident(6000)
    await enrolled(world, await world.resident(6000), course, course.dates[2:])
    booking_id = await enrolled(world, anna, course, course.dates[:2])

    answer = await change(world, anna, booking_id, course, course.dates[1:3])

    assert answer == SoldOut(course.dates[2].id, 1, 0)
    assert await left(world, course) == [0, 0, 0, 0]
    assert len(await standing(world, booking_id)) == 2


async def test_one_more_comes_along_on_every_date(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(20_000)
    booking_id = await enrolled(world, anna, course)

    answer = await change(world, anna, booking_id, course, places=2)

    assert isinstance(answer, Changed)
    assert await left(world, course) == [8, 8, 8]
    assert await world.available_cents(anna) == 12_000


async def test_the_same_again_changes_nothing(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(5000)
    booking_id = await enrolled(world, anna, course)
    before = await standing(world, booking_id)

    answer = await change(world, anna, booking_id, course)

    assert isinstance(answer, Changed)
    assert await standing(world, booking_id) == before


async def test_once_it_has_begun_what_is_behind_stays_and_the_rest_is_changed(world: World) -> None:
    course, anna = await make_course(world, 5), await world.resident(20_000)
    booking_id = await enrolled(world, anna, course)
    world.clock.move(WEEK)

    answer = await change(world, anna, booking_id, course, course.dates[1:], places=2)

    assert isinstance(answer, Changed)
    assert await standing(world, booking_id) == [(1, 800), *[(no, 1600) for no in range(6, 10)]]
    assert await world.available_cents(anna) == 20_000 - 800 - 6400


async def test_where_nothing_comes_back_once_it_has_begun_nothing_changes_either(world: World) -> None:
    course = await make_course(world, 4, leaving="before_start")
    anna = await world.resident(20_000)
    booking_id = await enrolled(world, anna, course)
    world.clock.move(WEEK)

    answer = await change(world, anna, booking_id, course, course.dates[1:], places=2)

    assert isinstance(answer, TooLate)


async def test_what_costs_more_is_held_beside_the_old_until_it_is_paid(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(4000)
    await world.seller(course.first.organiser_id, account="")
    booking_id = await enrolled(world, anna, course)
    wanted = enrolment(world, anna, course, places=2)
    command = ChangeBooking(1, booking_id, uuid4(), "", wanted.by, wanted.lines)
    command = replace(command, pay_with=PayWith.CREDIT_THEN_CARD, payment_id=uuid4())

    answer = await world.services.turnstile.answer(command)

    assert isinstance(answer, Changed)
    assert answer.payment is not None
    assert answer.payment.amount_cents == 4000
    assert await left(world, course) == [7, 7, 7]
    assert len(await standing(world, booking_id)) == 3


async def test_a_course_that_the_booking_has_nothing_of_is_no_change_of_it(world: World) -> None:
    course, other = await make_course(world, 2), await make_course(world, 2)
    anna = await world.resident(20_000)
    booking_id = await enrolled(world, anna, course)

    answer = await change(world, anna, booking_id, other)

    assert answer == EnrolmentTogether(booking_id, other.id)


async def ask(world: World, booking_id: UUID, **fields: str) -> str:
    return str((await world.client.get(f"/dender/boekingen/{booking_id}/wijzigen", params=fields)).text)


async def say_yes(world: World, booking_id: UUID, page: str) -> int:
    """Press the button below what it costs."""
    card = page.split('aria-labelledby="kost"')[1].split("</section>", maxsplit=1)[0]
    fields = {name: value for name, value in HIDDEN.findall(card) if name != "_csrf_token"}
    answer = await world.post_form(f"/dender/boekingen/{booking_id}/wijzigen", **fields)
    return int(answer.status_code)


def ticks(dates: Sequence[Session]) -> dict[str, str]:
    return {"kiest-keren": "ja"} | {f"keer-{each.id.hex}": "true" for each in dates}


async def test_a_resident_chooses_other_dates_on_the_page_of_the_booking(world: World) -> None:
    course, anna = await make_course(world, 4, choice_least=2), await world.resident(6000)
    booking_id = await enrolled(world, anna, course, course.dates[:2])
    await world.sign_in(anna)

    first = await ask(world, booking_id)
    chosen = {"stap": "bekijk", "aantal-base": "1"} | ticks(course.dates[1:])
    page = await ask(world, booking_id, **chosen)
    status = await say_yes(world, booking_id, page)

    assert first.count("checked") == 2
    assert "Welke keren?" in words(first)
    assert words(page).count("blijft zoals ze is.") == 1
    assert words(page).count("Nieuw: 1 plaats") == 2
    assert words(page).count("Weg: 1 plaats") == 1
    assert "Er gaat € 10,00 krediet meer af." in words(page)
    assert status == 303
    assert await left(world, course) == [10, 9, 9, 9]
    assert await world.available_cents(anna) == 3000


async def test_another_child_comes_in_the_place_of_who_was_enrolled(world: World) -> None:
    mother, course = await world.resident(), await make_course(world, 3)
    lotte = await a_child(world, mother, credit_cents=6000)
    noor = await a_child(world, mother, credit_cents=6000, name="Noor")
    by = ByRepresentative(mother.person_id, (lotte.membership_id, noor.membership_id))
    whose = MembershipProof(lotte.membership_id)
    wanted = [replace(each, holder=whose) for each in enrolment(world, lotte, course).lines]
    booked = await world.services.turnstile.answer(Book(1, uuid4(), "", by, tuple(wanted), "page"))
    assert isinstance(booked, Booked)
    await world.sign_in(mother)

    page = await ask(world, booked.booking.id, stap="bekijk", **rows(noor, 1), **rows(lotte, 0))
    status = await say_yes(world, booked.booking.id, page)

    assert "Je schrijft in voor deze keren" in words(page)
    assert status == 303
    assert await left(world, course) == [9, 9, 9]
    assert [await world.available_cents(each) for each in (lotte, noor)] == [6000, 2000]


def rows(who: Resident, places: int) -> dict[str, str]:
    return {f"aantal-base.{who.membership_id.hex}": str(places)}


async def test_without_a_date_one_is_asked_to_choose(world: World) -> None:
    course, anna = await make_course(world, 3, choice_least=2), await world.resident(6000)
    booking_id = await enrolled(world, anna, course)
    await world.sign_in(anna)

    page = await ask(world, booking_id, stap="bekijk", **ticks([]))

    assert "Kies minstens één keer." in words(page)
    assert 'aria-labelledby="kost"' not in page


async def test_a_course_that_is_not_sold_any_more_says_what_one_can_do(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(6000)
    booking_id = await enrolled(world, anna, course)
    await world.execute("DELETE FROM reservations.course_date")
    await world.sign_in(anna)

    page = words(await ask(world, booking_id))

    assert "Deze keren horen samen" in page
    assert "Schrijf je eerst in voor die keren" in page


async def test_a_place_for_a_wheelchair_goes_along_to_the_other_dates_of_a_course(world: World) -> None:
    course, anna = await make_course(world, 4, seats=18, choice_least=2), await world.resident(6000)
    for each in course.dates:
        await seat_by_plan(world, each, *HALL)
    command = enrolment(world, anna, course, course.dates[:2])
    lines = tuple(replace(line, wheelchairs=1) for line in command.lines)
    await world.services.turnstile.answer(replace(command, lines=lines))
    await world.sign_in(anna)

    chosen = {"stap": "bekijk", "aantal-base": "1"} | ticks(course.dates[1:])
    await say_yes(world, command.booking_id, await ask(world, command.booking_id, **chosen))

    assert [await seats_taken(world, each) for each in course.dates] == [[], ["C-1"], ["C-1"], ["C-1"]]
