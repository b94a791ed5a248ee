"""What comes back when tickets end, and what stays put aside: examples to the cent."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from reservations.booking.actor import ByClient, ByStaff
from reservations.booking.answers import Ended
from reservations.booking.commands import CallOff, CancellationKey, ChosenTickets, Command, GiveUp
from reservations.booking.decide import decide
from reservations.booking.ending import EndingLine, end_lines
from reservations.booking.facts import (
    Booking,
    BookingActor,
    Facts,
    Line,
    LineCredit,
    Session,
    StoredCancellation,
    Ticket,
    TicketEnd,
    TicketStatus,
)
from reservations.booking.planned import CreditHold
from reservations.booking.ticket_choice import choose
from reservations.errors import AlreadyUsed, BookingUnknown, CancellationIdTaken, LineUnknown
from tests.reservations.booking.strategies_basics import NOW, known
from uit.core.errors import Refusal

BOOKING, OTHER, SESSION, SELLER, ANNA, STAFF = known(1, 1, 2, 3, 4, 5, 6)
GENERAL, NARROW = known(2, 1, 2)
SOON, LATE, LONG_AGO = NOW + timedelta(days=30), NOW + timedelta(days=200), NOW - timedelta(days=30)
CONFIRMED, ATTENDED, NO_SHOW = TicketStatus.CONFIRMED, TicketStatus.ATTENDED, TicketStatus.NO_SHOW
GIVEN_UP, CALLED_OFF = TicketEnd.GIVEN_UP, TicketEnd.CALLED_OFF


def line(credit_cents: int, *statuses: TicketStatus, no: int = 1) -> Line:
    tickets = [Ticket(n, status) for n, status in enumerate(statuses, start=1)]
    return Line(
        no, SESSION, "base", 0, ANNA, ANNA, None, SELLER, len(tickets), credit_cents, credit_cents, "exempt",
        (), tickets,
    )  # fmt: skip


def part(cents: int, purse_id: UUID = GENERAL, *, settled: bool = False, no: int = 1) -> LineCredit:
    lapses_at = SOON if purse_id == GENERAL else LATE
    hold_id = UUID(int=purse_id.int << 8 | no << 1 | settled)
    return LineCredit(
        hold_id, no, purse_id, purse_id, SELLER, cents, hold_id if settled else None, lapses_at, 90
    )


def booked(*lines: Line, credit: list[LineCredit]) -> Booking:
    return Booking(1, BOOKING, "", "api", BookingActor("client", "kassa"), LONG_AGO, None, [*lines], credit)


def end(booking: Booking, *ticket_nos: int, how: TicketEnd = GIVEN_UP) -> Ended:
    first = booking.lines[0]
    tickets = [ticket for ticket in first.tickets if ticket.no in ticket_nos]
    return end_lines(booking, [EndingLine(first, tickets, how)], NOW)


def returned(answer: Ended) -> list[int]:
    return [ticket.returned_cents for ticket in answer.tickets]


def held_anew(answer: Ended) -> dict[UUID, int]:
    return {hold.purse_id: hold.cents for hold in answer.holds}


# To the cent


def test_three_tickets_of_three_thirty_three_come_back_as_they_were_paid() -> None:
    booking = booked(line(999, *[CONFIRMED] * 3), credit=[part(999)])

    answer = end(booking, 1, 3)

    assert returned(answer) == [333, 333]
    assert answer.holds == (CreditHold(1, GENERAL, GENERAL, SELLER, 333),)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_ten_euros_for_three_are_all_back_whoever_leaves_first(order: tuple[int, ...]) -> None:
    booking, back = booked(line(1000, *[CONFIRMED] * 3), credit=[part(1000)]), {}
    for no in order:
        answer = end(booking, no)
        back[no] = returned(answer)[0]
        left = [replace(part(hold.cents), hold_id=UUID(int=no)) for hold in answer.holds]
        booking = replace(answer.booking, credit=left)

    assert back == {1: 333, 2: 333, 3: 334}


def test_a_ticket_for_several_people_gives_back_what_all_of_them_cost() -> None:
    family = line(1000, CONFIRMED, CONFIRMED)
    family.tickets[0].weight = 3

    assert returned(end(booked(family, credit=[part(1000)]), 1)) == [750]


def test_places_without_credit_move_none() -> None:
    answer = end(booked(line(0, CONFIRMED, CONFIRMED), credit=[]), 1, 2)

    assert returned(answer) == [0, 0]
    assert (answer.undone, answer.holds, answer.extensions) == ((), (), {})


def test_the_booking_that_was_given_stays_as_it_was() -> None:
    booking = booked(line(500, CONFIRMED), credit=[part(500)])

    answer = end(booking, 1)

    assert booking.lines[0].tickets == [Ticket(1, CONFIRMED)]
    [ticket] = answer.booking.lines[0].tickets
    assert (ticket.status, ticket.end, ticket.ended_at) == (TicketStatus.CANCELLED, GIVEN_UP, NOW)


# What stays put aside, and until when the rest can be spent


def test_what_was_settled_goes_back_whole_and_is_put_aside_anew_for_who_stays() -> None:
    settled = part(1000, settled=True)

    answer = end(booked(line(1000, CONFIRMED, CONFIRMED), credit=[settled]), 2, how=CALLED_OFF)

    assert answer.undone == (settled,)
    assert held_anew(answer) == {GENERAL: 500}
    assert answer.booking.credit == []


def test_the_purse_that_lapses_last_is_the_one_that_gets_it_back() -> None:
    parts = [part(400, NARROW), part(600, GENERAL)]

    answer = end(booked(line(1000, CONFIRMED, CONFIRMED), credit=parts), 1)

    assert held_anew(answer) == {GENERAL: 500}
    assert {each.purse_id for each in answer.undone} == {GENERAL, NARROW}


def test_no_purse_pays_more_than_it_did() -> None:
    parts = [part(200, GENERAL), part(800, NARROW, settled=True)]

    answer = end(booked(line(1000, CONFIRMED, CONFIRMED), credit=parts), 1)

    assert held_anew(answer) == {GENERAL: 200, NARROW: 300}


def test_a_purse_that_lapsed_can_be_spent_again_when_a_date_is_called_off() -> None:
    lapsed = replace(part(500), lapses_at=LONG_AGO)

    answer = end(booked(line(500, CONFIRMED), credit=[lapsed]), 1, how=CALLED_OFF)

    assert answer.extensions == {GENERAL: NOW + timedelta(days=90)}


def test_who_leaves_by_choice_gets_it_back_for_as_long_as_it_was() -> None:
    lapsed = replace(part(500), lapses_at=LONG_AGO)

    assert end(booked(line(500, CONFIRMED), credit=[lapsed]), 1).extensions == {}


def test_a_purse_that_gets_nothing_back_or_lapses_later_anyhow_stays_as_it_is() -> None:
    parts = [part(500, GENERAL), part(500, NARROW)]

    answer = end(booked(line(1000, CONFIRMED, CONFIRMED), credit=parts), 1, how=CALLED_OFF)

    assert held_anew(answer) == {GENERAL: 500}
    assert answer.extensions == {}


def test_what_was_released_for_a_no_show_does_not_come_back_twice() -> None:
    """Half of the absent one's 5.00 was released before: 7.50 of 10.00 stood, and that is what comes back."""
    booking = booked(line(1000, ATTENDED, NO_SHOW), credit=[part(750, settled=True)])

    answer = end(booking, 1, 2, how=CALLED_OFF)

    assert returned(answer) == [375, 375]
    assert answer.holds == ()


def test_who_stays_is_paid_for_first_when_less_stands_than_the_line_cost() -> None:
    booking = booked(line(900, CONFIRMED, ATTENDED, NO_SHOW), credit=[part(750, settled=True)])

    answer = end(booking, 1)

    assert returned(answer) == [150]
    assert held_anew(answer) == {GENERAL: 600}


# Which tickets are meant


def chosen(booking: Booking, *wanted: ChosenTickets) -> object:
    found = choose(booking, booking.lines, wanted)
    return found if isinstance(found, Refusal) else [(each.no, [t.no for t in got]) for each, got in found]


def test_a_line_that_is_named_twice_ends_once() -> None:
    booking = booked(line(1000, *[CONFIRMED] * 3), credit=[part(1000)])

    wanted = ChosenTickets(1, (3,)), ChosenTickets(1, (1, 3))

    assert chosen(booking, *wanted) == [(1, [1, 3])]


def test_what_is_not_there_is_said_before_what_was_used() -> None:
    booking = booked(line(1000, ATTENDED), credit=[part(1000)])

    assert chosen(booking, ChosenTickets(1, (1,)), ChosenTickets(2)) == LineUnknown(BOOKING, 2)
    assert chosen(booking, ChosenTickets(1, (1, 7))) == LineUnknown(BOOKING, 1, 7)
    assert chosen(booking, ChosenTickets(1, (1,))) == AlreadyUsed(BOOKING, 1)


def test_giving_all_up_again_beside_a_line_that_was_used_changes_nothing() -> None:
    gone, off = line(0, TicketStatus.CANCELLED, no=2), line(0, TicketStatus.CANCELLED, no=2)
    gone.tickets[0].end, off.tickets[0].end = TicketEnd.GIVEN_UP, TicketEnd.CALLED_OFF

    assert chosen(booked(line(0, ATTENDED), gone, credit=[])) == [(1, []), (2, [])]
    assert chosen(booked(line(0, ATTENDED), off, credit=[])) == AlreadyUsed(BOOKING, 1)
    assert chosen(booked(line(0, ATTENDED), line(0, NO_SHOW, no=2), credit=[])) == AlreadyUsed(BOOKING, 1)


# One command after another


def facts(*bookings: Booking, status: str = "scheduled") -> Facts:
    session = Session(
        SESSION, SELLER, "culture", "offline", status, SOON, SOON, None, SOON, SOON, (), None, None
    )
    used = [StoredCancellation(OTHER, "said")]
    return Facts([*bookings], frozenset(), [session], [], [], [], [], used)


def test_a_stranger_learns_nothing_of_a_booking_by_a_cancellation_id() -> None:
    booking = booked(line(500, CONFIRMED), credit=[part(500)])
    keys = [CancellationKey(OTHER, "said"), CancellationKey(OTHER, "other")]
    stranger, kassa = ByClient("another", frozenset()), ByClient("kassa", frozenset())

    def said(by: ByClient) -> list[object]:
        return [decide(facts(booking), [GiveUp(1, BOOKING, by, (), key)], NOW)[0] for key in keys]

    assert said(stranger) == [BookingUnknown(BOOKING)] * 2
    assert said(kassa) == [Ended(booking), CancellationIdTaken(OTHER)]


def test_credit_that_was_extended_in_the_batch_is_the_last_to_be_put_aside_in_it() -> None:
    """As if the second came alone: then the first one's purse would already lapse later than the other."""
    off = booked(line(500, CONFIRMED), credit=[part(500)])
    parts = [part(500, GENERAL), replace(part(500, NARROW), lapses_at=NOW + timedelta(days=60))]
    half = replace(booked(line(1000, CONFIRMED, CONFIRMED), credit=parts), id=OTHER)
    commands: list[Command] = [
        CallOff(1, BOOKING, SESSION),
        GiveUp(1, OTHER, ByStaff(STAFF), (ChosenTickets(1, (1,)),)),
    ]

    first, second = decide(facts(off, half, status="cancelled"), commands, NOW)

    assert isinstance(first, Ended)
    assert isinstance(second, Ended)
    assert first.extensions == {GENERAL: NOW + timedelta(days=90)}
    assert held_anew(second) == {NARROW: 500}
    assert second.extensions == {}
