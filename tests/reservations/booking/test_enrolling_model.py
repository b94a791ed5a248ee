"""Enrolments and single bookings of the same dates, against a model that is slow and plainly right."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from credits.wallet.spread import Admission, Purse
from reservations.booking.actor import ByClient, CardProof
from reservations.booking.answers import Booked, Ended
from reservations.booking.commands import Book, ChosenTickets, GiveUp, RequestedLine
from reservations.booking.decide import decide
from reservations.booking.enrolling import Courses
from reservations.booking.facts import STANDING, Booking, Facts, Holder, LineCredit, Session
from reservations.booking.pool import Pool
from reservations.booking.tariff import Tariff
from reservations.enrolment.course import (
    Course,
    CourseDate,
    CourseFacts,
    CoursePrice,
    Late,
    Leaving,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SINGLE_CENTS, CREDIT_CENTS = 1000, 9000
ORGANISER, PROGRAMME, MEMBER, CARD, PURSE = (UUID(int=no) for no in range(1, 6))


class Wish(Struct, frozen=True):
    """Who books these dates, by their numbers; none is all to come. In the course, or each by itself."""

    dates: tuple[int, ...]
    places: int
    in_course: bool


class Leave(Struct, frozen=True):
    """Who gives up a booking, by its number: all of it, or the tickets of one line."""

    booking: int
    line_no: int | None


class Small(Struct, frozen=True):
    """A course of so many dates, with so many places each, of which the first ones are behind."""

    places: tuple[int, ...]
    behind: int
    choice_least: int | None
    whole_cents: int
    late: bool


SMALL = st.builds(
    Small,
    places=st.lists(st.sampled_from([3, 2, 1, 4, 0]), min_size=2, max_size=4).map(tuple),
    behind=st.sampled_from([0, 0, 0, 1]),
    choice_least=st.sampled_from([None, 1, 2]),
    whole_cents=st.integers(0, 4500),
    late=st.booleans(),
)
WISHES = st.builds(
    Wish,
    dates=st.just(()) | st.sets(st.integers(0, 3), min_size=1).map(lambda found: tuple(sorted(found))),
    places=st.integers(1, 2),
    in_course=st.booleans(),
)
LEAVES = st.builds(Leave, booking=st.integers(0, 1), line_no=st.none() | st.integers(1, 4))


def session_id(no: int) -> UUID:
    return UUID(int=100 + no)


def facts_of(small: Small) -> Facts:
    starts = [NOW + DAY * (no - small.behind) + DAY / 2 for no in range(len(small.places))]
    tariffs = [
        Tariff(
            "base", SINGLE_CENTS, "anyone", None, None, (UUID(int=200 + no),), 0, "exempt", 1, 1, None, None
        )
        for no in range(len(small.places))
    ]
    sessions = [
        Session(
            session_id(no), ORGANISER, "culture", "offline", "scheduled", at, at + DAY / 4, None, at, at,
            tariffs[no].pool_ids, None, (tariffs[no],),
        )
        for no, at in enumerate(starts)
    ]  # fmt: skip
    dates = tuple(
        CourseDate(each.id, each.starts_at, each.ends_at, each.status, each.sale_closes_at)
        for each in sessions
    )
    course = Course(
        UUID(int=300), "Yoga", small.choice_least, Late.SHARE if small.late else Late.NO, None,
        Leaving.TO_COME, dates, (CoursePrice("base", 0, small.whole_cents),),
    )  # fmt: skip
    purse = Purse(
        PURSE, PURSE, MEMBER, PROGRAMME, CREDIT_CENTS, NOW + DAY * 90, frozenset(), frozenset(), None
    )
    return Facts(
        bookings=[],
        elsewhere=frozenset(),
        sessions=sessions,
        pools=[Pool(UUID(int=200 + no), 9, places, 0, 0) for no, places in enumerate(small.places)],
        holders=[
            Holder(
                MEMBER, CARD, 1, card_active=True, active=True, ends_on=None, social_until=None, born_on=None
            )
        ],
        purses=[purse],
        admissions=[Admission(PROGRAMME, ORGANISER, date(2020, 1, 1), None)],
        cancellations=[],
        courses=CourseFacts((course,)),
    )


def command_of(wish: Wish, facts: Facts) -> Book:
    course_id = facts.courses.courses[0].id if wish.in_course else None
    lines = tuple(
        RequestedLine(session_id(no), "base", wish.places, CardProof(CARD, 1), course_id=course_id)
        for no in wish.dates
    )
    return Book(1, uuid4(), "", ByClient("kassa", frozenset({ORGANISER})), lines, "api")


class Model:
    """What is left of each date and of the credit, and what was booked: by the rules as people say them."""

    def __init__(self, small: Small) -> None:
        self.small, self.left, self.cents = small, list(small.places), CREDIT_CENTS
        self.booked: list[tuple[Wish, list[int], bool]] = []

    def price_of(self, wish: Wish) -> tuple[list[int], bool] | None:
        """What each date costs for one place, and whether they are bound; None where it is not sold so."""
        small, dates = self.small, wish.dates
        to_come = tuple(range(small.behind, len(small.places)))
        if any(no not in to_come for no in dates):
            return None
        single = [SINGLE_CENTS] * len(dates)
        if not wish.in_course:
            return (single, False) if small.choice_least == 1 else None
        whole = small.whole_cents * len(to_come) // len(small.places)
        takes_all = small.behind == 0 or small.late
        if dates == to_come and takes_all:
            return parts(whole, len(dates)), True
        if small.choice_least is None or len(dates) < min(small.choice_least, len(small.places)):
            return None
        if takes_all and whole < sum(single):
            return parts(whole, len(dates)), True
        return single, small.choice_least > 1

    def book(self, wish: Wish) -> bool:
        priced = self.price_of(wish)
        if priced is None or any(self.left[no] < wish.places for no in wish.dates):
            return False
        cents, bound = [each * wish.places for each in priced[0]], priced[1]
        if sum(cents) > self.cents:
            return False
        self.cents -= sum(cents)
        for no in wish.dates:
            self.left[no] -= wish.places
        self.booked.append((wish, cents, bound))
        return True

    def leave(self, leave: Leave) -> bool:
        """Whether something ends by it; a part of what is bound does not."""
        wish, cents, bound = self.booked[leave.booking]
        lines = range(len(wish.dates)) if leave.line_no is None else [leave.line_no - 1]
        standing = [no for no in range(len(wish.dates)) if cents[no] >= 0]
        ending = [no for no in lines if no in standing]
        if bound and ending and len(ending) < len(standing):
            return False
        for no in ending:
            self.cents += cents[no]
            self.left[wish.dates[no]] += wish.places
            cents[no] = -1
        return bool(ending)


def parts(cents: int, dates: int) -> list[int]:
    found: list[int] = []
    for no in range(1, dates + 1):
        found.append(cents * no // dates - sum(found))
    return found


def with_booked(facts: Facts, command: Book, answer: Booked) -> Facts:
    """The facts as the database would have them next."""
    sessions = {each.id: each for each in facts.sessions}
    made = Courses(facts.courses).made_by(command, answer.booking, sessions)
    credit = [
        LineCredit(uuid4(), hold.line_no, PURSE, PURSE, ORGANISER, hold.cents, None, NOW + DAY * 90, 0)
        for hold in answer.holds
    ]
    courses = replace(facts.courses, enrolments=(*facts.courses.enrolments, *made))
    booking = replace(answer.booking, credit=credit)
    return moved(replace(facts, courses=courses, bookings=[*facts.bookings, booking]))


def moved(facts: Facts) -> Facts:
    """With what the tickets that stand draw on each pool, and what credit they leave."""
    taken: dict[UUID, int] = {}
    spent = sum(part.cents for booking in facts.bookings for part in booking.credit)
    for booking in facts.bookings:
        for line in booking.lines:
            stand = sum(ticket.status in STANDING for ticket in line.tickets)
            taken[line.pool_ids[0]] = taken.get(line.pool_ids[0], 0) + stand
    pools = [replace(each, taken=taken.get(each.id, 0)) for each in facts.pools]
    purses = [replace(each, available_cents=CREDIT_CENTS - spent) for each in facts.purses]
    return replace(facts, pools=pools, purses=purses)


def with_ended(facts: Facts, answer: Ended) -> Facts:
    holds = [
        LineCredit(uuid4(), hold.line_no, PURSE, PURSE, ORGANISER, hold.cents, None, NOW + DAY * 90, 0)
        for hold in answer.holds
    ]
    after = replace(answer.booking, credit=[*answer.booking.credit, *holds])
    return moved(replace(facts, bookings=[after if each.id == after.id else each for each in facts.bookings]))


def giving_up(leave: Leave, booking: Booking) -> GiveUp:
    chosen = () if leave.line_no is None else (ChosenTickets(leave.line_no),)
    return GiveUp(1, booking.id, ByClient("kassa", frozenset({ORGANISER})), chosen)


def holds_true(facts: Facts, model: Model) -> None:
    left = [each.capacity - each.taken for each in facts.pools]
    assert left == model.left
    assert facts.purses[0].available_cents == model.cents
    assert min(left) >= 0


@given(SMALL, st.lists(WISHES | LEAVES, min_size=1, max_size=8))
@settings(max_examples=300)
def test_dates_are_never_oversold_and_every_cent_is_where_the_model_says(
    small: Small, steps: Sequence[Wish | Leave]
) -> None:
    facts, model = facts_of(small), Model(small)
    for step in steps:
        if isinstance(step, Wish):
            wish = of_dates(step, small)
            command = command_of(wish, facts)
            answer = decide(facts, [command], NOW)[0]
            assert isinstance(answer, Booked) == model.book(wish), answer
            facts = with_booked(facts, command, answer) if isinstance(answer, Booked) else facts
        elif step.booking < len(facts.bookings) and fits(step, facts.bookings[step.booking]):
            answer = decide(facts, [giving_up(step, facts.bookings[step.booking])], NOW)[0]
            ended = isinstance(answer, Ended) and bool(answer.tickets)
            assert ended == model.leave(step), answer
            facts = with_ended(facts, answer) if isinstance(answer, Ended) else facts
        holds_true(facts, model)


def of_dates(wish: Wish, small: Small) -> Wish:
    """With dates that are there."""
    dates = tuple(no for no in wish.dates if no < len(small.places))
    return replace(wish, dates=dates or tuple(range(small.behind, len(small.places))))


def fits(leave: Leave, booking: Booking) -> bool:
    return leave.line_no is None or leave.line_no <= len(booking.lines)
