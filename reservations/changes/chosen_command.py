"""The command for what was chosen of a booking that changes."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.actor import Actor
from reservations.booking.commands import AtTill, ChangeBooking, PayWith, RequestedLine
from reservations.booking.facts import LIVE, Line
from reservations.booking.ticket_choice import lines_of
from reservations.changes.change_form import Row
from reservations.changes.change_seats import wheelchairs_of
from reservations.changes.chosen import ChosenChange
from reservations.changes.course_chosen import EnrolledOrder
from reservations.changes.offered import as_proof
from reservations.order.choice import Choice
from reservations.order.turn_card_order import own_place, takes_turn
from reservations.turn_card.turn_card import TurnCard


def as_command(
    chosen: ChosenChange, way: PayWith, at_till: AtTill | None = None, staff_id: UUID | None = None
) -> ChangeBooking:
    """The change that was chosen: other places for one date, and all else as it stands."""
    mine, booking = chosen.mine, chosen.booking
    if chosen.enrolled:
        return course_command(chosen, chosen.enrolled, way, at_till)
    others = [line for line in lines_of(mine.by, booking) if line.session_id not in chosen.form.sessions]
    rows = [row for row in chosen.rows if chosen.form.places[row.field]]
    people = {row.key: chosen.form.places[row.field] * row.weight for row in rows}
    seats = chosen.seats.seats_of_each(people, chosen.form.seats)
    wheelchairs = chosen.seats.shared_wheelchairs(people, 0 if seats else chosen.form.wheelchairs)
    wanted = [
        RequestedLine(
            row.session_id,
            row.code,
            chosen.form.places[row.field],
            as_proof(mine.by, row.holder_id),
            code_digest=mine.code_digest if row.asks_code else None,
            seats=seats.get(row.key, ()),
            wheelchairs=wheelchairs[row.key],
        )
        for row in rows
    ]
    lines = (
        *(as_requested(mine.by, line) for line in others if live(line)),
        *with_turns(chosen, rows, wanted),
    )
    region_id, booking_id = booking.region_id, booking.id
    return ChangeBooking(
        region_id,
        booking_id,
        booking_id,
        "",
        mine.by,
        lines,
        pay_with=way,
        at_till=at_till,
        staff_id=staff_id,
    )


def course_command(
    chosen: ChosenChange, enrolled: EnrolledOrder, way: PayWith, at_till: AtTill | None
) -> ChangeBooking:
    """The change of an enrolment that was chosen, with all else as it stands."""
    mine, booking = chosen.mine, chosen.booking
    others = [line for line in lines_of(mine.by, booking) if line.no not in enrolled.line_nos and live(line)]
    lines = (
        *(as_requested(mine.by, line) for line in others),
        *enrolled.requested(
            mine.by,
            [(row, chosen.form.places[row.field]) for row in chosen.rows],
            wheelchairs_of(enrolled.lines, chosen.facts.seating),
        ),
    )
    region_id, booking_id = booking.region_id, booking.id
    return ChangeBooking(region_id, booking_id, booking_id, "", mine.by, lines, pay_with=way, at_till=at_till)


def with_turns(
    chosen: ChosenChange, rows: Sequence[Row], lines: Sequence[RequestedLine]
) -> Sequence[RequestedLine]:
    """The lines of these rows, of which what is new takes turns of the card that was chosen."""
    if chosen.turns is None or chosen.turns.chosen is None:
        return lines
    card, session = chosen.turns.chosen, next(each for each in chosen.facts.sessions if each.id == chosen.to)
    own = own_row(card, rows, chosen.offered)
    return [
        replace(line, turn_card=card.key)
        if takes_turn(card, session, line, is_own=row is own and line.places == 1)
        else line
        for row, line in zip(rows, lines, strict=True)
    ]


def own_row(card: TurnCard, rows: Sequence[Row], offered: Sequence[Choice]) -> Row | None:
    """The row of these that is the place of a card's holder."""
    by_key = {row.key: row for row in rows}
    chosen = [each for each in offered if (each.code, each.holder_id) in by_key]
    own = own_place(card, chosen, offered)
    return None if own is None else by_key[chosen[own].code, chosen[own].holder_id]


def as_requested(by: Actor, line: Line) -> RequestedLine:
    return RequestedLine(line.session_id, line.tariff_code, live(line), as_proof(by, line.holder_id))


def live(line: Line) -> int:
    return sum(ticket.status in LIVE for ticket in line.tickets)
