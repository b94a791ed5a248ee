"""What a changed booking has less of than before, as its holder is told. Pure."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from reservations.booking.facts import Booking, Line
from reservations.booking.returns import EndedTicketNote
from reservations.booking.tickets import Outing


def fell_away(
    booking: Booking, outings: Sequence[Outing], ended: Sequence[EndedTicketNote], new: Sequence[Line]
) -> list[tuple[Outing, int]]:
    """Of which dates a booking has fewer places, and how many fewer; nothing of a card of turns.

    `ended` are the tickets that ended by the change, and `new` the lines that came.
    """
    weights = {(line.no, each.no): each.weight for line in booking.lines for each in line.tickets}
    fewer: Counter[UUID] = Counter()
    for ticket in ended:
        fewer[ticket.session_id] += weights[ticket.line_no, ticket.no]
    for line in new:
        fewer[line.session_id] -= sum(each.weight for each in line.tickets)
    return [
        (each, fewer[each.session_id])
        for each in outings
        if fewer[each.session_id] > 0 and not each.is_turn_card
    ]
