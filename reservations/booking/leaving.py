"""How tickets end that somebody gives up, also where they were sold together. Pure."""

from collections.abc import Sequence

from reservations.booking.actor import Actor
from reservations.booking.changed_content import Content
from reservations.booking.changed_courses import may_enrol
from reservations.booking.commands import ChangeBooking, GiveUp
from reservations.booking.ending import EndingLine
from reservations.booking.facts import LIVE, Booking, Line, Ticket, TicketEnd
from reservations.booking.remaining import Remaining
from reservations.booking.ticket_choice import end_of
from reservations.enrolment.course import Enrolment
from reservations.enrolment.errors import EnrolmentTogether
from reservations.errors import TooLate
from uit.core.errors import Refusal

Chosen = Sequence[tuple[Line, Sequence[Ticket]]]


def end_now(remaining: Remaining, by: Actor, booking: Booking, line: Line) -> TicketEnd | TooLate:
    """How tickets of a line end when somebody gives them up now, or that it is too late for that."""
    session = remaining.courses.as_left(booking, line, remaining.sessions[line.session_id])
    session = remaining.turn_cards.as_left(booking, session)
    return end_of(by, booking, line, session, remaining.now)


def ending_of(
    remaining: Remaining, command: GiveUp, booking: Booking, chosen: Chosen
) -> list[EndingLine] | Refusal:
    """How each of the chosen tickets ends, or the first line in the way.

    Who gives up all of an enrolment gives up what is to come: the dates that are behind stay.
    """
    ending: list[EndingLine] = []
    late: dict[int, TooLate] = {}
    for line, tickets in chosen:
        end = end_now(remaining, command.by, booking, line)
        if isinstance(end, TicketEnd):
            ending.append(EndingLine(line, list(tickets), end))
        elif tickets:
            late[line.no] = end
    goes_on = {no for each in ending if each.tickets for no in together(remaining, booking, each.line.no)}
    in_the_way = [each for no, each in late.items() if command.chosen or no not in goes_on]
    return in_the_way[0] if in_the_way else ending


def together(remaining: Remaining, booking: Booking, line_no: int) -> Sequence[int]:
    """The lines that were sold together with one."""
    enrolment = remaining.courses.of_line(booking.id, line_no)
    return enrolment.line_nos if enrolment else ()


def refuse_torn(
    remaining: Remaining, by: Actor, booking: Booking, ending: Sequence[EndingLine]
) -> EnrolmentTogether | None:
    """Whether some dates of an enrolment would be given up, and others that are to come would not."""
    given_up = {
        (each.line.no, ticket.no)
        for each in ending
        if each.end is TicketEnd.GIVEN_UP
        for ticket in each.tickets
    }
    for enrolment in remaining.courses.of_booking(booking.id):
        nos = {no for line_no, no in given_up if line_no in enrolment.line_nos}
        if not nos_to_give_up(remaining, by, booking, enrolment, nos) <= given_up:
            return EnrolmentTogether(booking.id, enrolment.course_id)
    return None


def nos_to_give_up(
    remaining: Remaining, by: Actor, booking: Booking, enrolment: Enrolment, nos: set[int]
) -> set[tuple[int, int]]:
    """The tickets of an enrolment with these numbers that can be given up, by their line and own numbers."""
    return {
        (line.no, ticket.no)
        for line in booking.lines
        if line.no in enrolment.line_nos and end_now(remaining, by, booking, line) is TicketEnd.GIVEN_UP
        for ticket in line.tickets
        if ticket.no in nos and ticket.status in LIVE
    }


def refuse_changed(
    remaining: Remaining, command: ChangeBooking, booking: Booking, content: Content
) -> EnrolmentTogether | None:
    """Whether a change would touch a part of what was enrolled for, or enrol in something else.

    All of an enrolment that is to come makes place for what is asked of the same course.
    """
    for requested in content.new:
        if requested.course_id and not may_enrol(remaining, booking, requested):
            return EnrolmentTogether(booking.id, requested.course_id)
    asked = {each.course_id for each in command.lines}
    for line, tickets in content.ending:
        enrolment = remaining.courses.of_line(booking.id, line.no)
        if enrolment and enrolment.course_id not in asked and any(each.status in LIVE for each in tickets):
            return EnrolmentTogether(booking.id, enrolment.course_id)
    return None
