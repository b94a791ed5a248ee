"""What a line draws on, whatever that is: places that are counted, and seats. Pure.

A kind of place that is new keeps to its own module, and stands in `Remaining.places`.
"""

from collections.abc import Iterable
from typing import Protocol

from reservations.booking.answers import Ended
from reservations.booking.due import TicketsByLine, by_line
from reservations.booking.facts import Booking, Line
from uit.core.errors import Refusal


class Drawable(Protocol):
    """One kind of place, as it is left after the commands of a batch that were decided so far."""

    def lacking(self, wanted: TicketsByLine) -> Refusal | None:
        """Why these tickets cannot all have their place; None when they can."""

    def take(self, wanted: TicketsByLine) -> None:
        """Let no later command of the batch have the places of these tickets."""

    def give_back(self, ended: TicketsByLine) -> None:
        """Let later commands of the batch have the places of these tickets."""


def whole(lines: Iterable[Line]) -> TicketsByLine:
    """All tickets of these lines."""
    return [(line, line.tickets) for line in lines]


def ended_in(answer: Ended) -> TicketsByLine:
    """The tickets that ended."""
    return among(answer.booking, {each.key for each in answer.tickets})


def among(booking: Booking, keys: set[tuple[int, int]]) -> TicketsByLine:
    """The tickets of a booking that have these numbers of line and ticket."""
    return by_line(booking, lambda line, ticket: (line.no, ticket.no) in keys)
