"""That a desk gave somebody other seats, as they are told of it. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from reservations.booking.facts import LIVE, Booking


class SeatNote(Struct, frozen=True):
    """A ticket that got other seats, and those that it had before, if any."""

    line_no: int
    no: int
    before: str | None
    seat: str


def still_so(booking: Booking, notes: Sequence[SeatNote]) -> list[SeatNote]:
    """Those of tickets that somebody has and that still have these seats."""
    seats = {
        (line.no, ticket.no): ticket.seat
        for line in booking.lines
        for ticket in line.tickets
        if ticket.status in LIVE
    }
    return [each for each in notes if seats.get((each.line_no, each.no)) == each.seat]
