"""Who is enrolled shows one ticket at every date; each door lets it in once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from reservations.booking.tickets import number_of
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scope
from reservations.checkin.errors import AlreadyIn, OtherSession
from reservations.checkin.scan import Shown, scan
from tests.builders import Session, World
from tests.reservations.enrolment.world import WEEK, TestCourse, enrolled, make_course
from uit.core.errors import Refusal
from uit.core.seal import PartySeal, TicketSeal, seal_party, seal_ticket


def first_ticket(world: World, booking_id: UUID) -> str:
    return seal_ticket(world.services.secrets.signing, TicketSeal(1, booking_id, 1, 1))


async def show(world: World, date: Session, text: str) -> CheckedIn | Refusal:
    scope = Scope(1, frozenset({date.organiser_id}), date.id)
    shown = Shown(text, scope, CheckinActor("door", "deur"), uuid4())
    return (await scan(world.services, shown)).answer


async def at_date(world: World, number: int) -> tuple[TestCourse, UUID, str]:
    """Somebody who is enrolled, at the door of a date, with their pass."""
    course, anna = await make_course(world, 3), await world.resident(5000)
    booking_id = await enrolled(world, anna, course)
    world.clock.move(WEEK * number - timedelta(hours=1))
    return course, booking_id, anna.token


async def test_one_ticket_opens_each_date_once(world: World) -> None:
    course, booking_id, _ = await at_date(world, 1)
    ticket = first_ticket(world, booking_id)

    first = await show(world, course.dates[0], ticket)
    again = await show(world, course.dates[0], ticket)
    world.clock.move(WEEK)
    second = await show(world, course.dates[1], ticket)

    assert isinstance(first, CheckedIn)
    assert isinstance(again, AlreadyIn)
    assert isinstance(second, CheckedIn)
    assert second.session_id == course.dates[1].id
    attended = "SELECT array_agg(line_no ORDER BY line_no) FROM reservations.ticket WHERE status = 'attended'"
    assert await world.value(attended) == [1, 2]


@pytest.mark.parametrize("shown", ["pass", "number", "half", "together"])
async def test_a_pass_a_number_and_the_code_of_all_open_a_later_date_too(world: World, shown: str) -> None:
    course, booking_id, token = await at_date(world, 2)
    number = number_of(booking_id)
    texts = {
        "pass": token,
        "number": f"{number} · 1.1",
        "half": number,
        "together": seal_party(world.services.secrets.signing, PartySeal(1, booking_id, 1)),
    }

    answer = await show(world, course.dates[1], texts[shown])

    assert isinstance(answer, CheckedIn)
    assert [each.line_no for each in answer.tickets] == [2]


async def test_dates_that_were_booked_each_by_itself_keep_their_own_tickets(world: World) -> None:
    course, anna = await make_course(world, 3, choice_least=1), await world.resident(5000)
    booking_id = await enrolled(world, anna, course, course.dates[:2])
    world.clock.move(WEEK * 2 - timedelta(hours=1))

    answer = await show(world, course.dates[1], first_ticket(world, booking_id))

    assert isinstance(answer, OtherSession)
