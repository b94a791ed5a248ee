"""Seats that bookings of a batch take and give back, against a set of seats that nobody has."""

from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from reservations.booking.commands import RequestedLine
from reservations.booking.facts import Line, Ticket, TicketEnd, TicketStatus
from reservations.booking.places import whole
from reservations.booking.remaining_seats import RemainingSeats
from reservations.seats.errors import NoSeats, SeatsTaken
from reservations.seats.facts import SeatedSession, Seating
from reservations.seats.plan import PlanLine, SeatPlan
from tests.reservations.seats.halls import PLAN_ID, halls

SESSION = UUID(int=3)
Hall = tuple[SeatPlan, frozenset[str]]
Ask = tuple[int, int, bool, int]


def a_line(places: int, weight: int = 1) -> Line:
    tickets = [Ticket(no, TicketStatus.CONFIRMED, weight) for no in range(1, places + 1)]
    return Line(1, SESSION, "base", 0, None, None, None, SESSION, places, 0, 0, "X", (), tickets)


def seats_had(line: Line) -> set[str]:
    return {seat for ticket in line.tickets for seat in ticket.seats}


def seats_left(hall: Hall) -> RemainingSeats:
    plan, gone = hall
    return RemainingSeats(Seating([SeatedSession(SESSION, PLAN_ID, gone)], {PLAN_ID: plan}))


def asks() -> st.SearchStrategy[list[Ask]]:
    """How many tickets, of how many people, whether the seats are chosen, and which booking ends first."""
    ask = st.tuples(st.integers(1, 3), st.sampled_from([1, 1, 1, 2, 4]), st.booleans(), st.integers(0, 9))
    return st.lists(ask, max_size=12)


@given(halls(), asks(), st.randoms(use_true_random=False))
def test_no_seat_is_had_twice_whatever_is_booked_chosen_and_given_up(
    hall: Hall, asked: list[Ask], dice: Random
) -> None:
    plan, gone = hall
    seats, free = seats_left(hall), {*plan.seats} - gone
    made: list[Line] = []

    for places, weight, chooses, ends in asked:
        people = places * weight
        if ends < len(made):
            line = made.pop(ends)
            seats.give_back(whole([line]))
            free |= seats_had(line)
        keys = sorted(plan.seats)
        chosen = tuple(dice.choice(keys) for _ in range(people)) if chooses and keys else ()
        line = a_line(places, weight)
        refusal = seats.seat([line], [RequestedLine(SESSION, "base", places, None, seats=chosen)])
        got = seats_had(line)
        if refusal is None:
            assert len(got) == people
            assert all(len(ticket.seats) == weight for ticket in line.tickets)
            assert got <= free
            assert not chosen or got == {*chosen}
            seats.take(whole([line]))
            free -= got
            made.append(line)
        elif chosen:
            assert isinstance(refusal, SeatsTaken)
            assert len({*chosen}) < people or not {*chosen} <= free
        else:
            assert isinstance(refusal, NoSeats)


def test_what_lapsed_does_not_come_back_on_a_seat_that_becomes_free_in_the_same_batch() -> None:
    plan = SeatPlan(PLAN_ID, [PlanLine("A", 1, 2)])
    seats, line = seats_left((plan, frozenset({"A-1"}))), a_line(1)
    line.tickets = [Ticket(1, TicketStatus.LAPSED, end=TicketEnd.LAPSED, seat="A-1")]
    before = seats.lacking(whole([line]))

    seats.give_back([(line, [Ticket(1, TicketStatus.CONFIRMED, seat="A-1")])])

    assert isinstance(before, SeatsTaken)
    assert isinstance(seats.lacking(whole([line])), SeatsTaken)
