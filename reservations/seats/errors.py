"""What is refused about numbered seats. The words stand in `templates/refusals/`."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from reservations.waiting_line.length import WaitingHere
from uit.core.errors import Refusal


class SeatsTaken(Refusal, code="reservations.seats_taken", status=409):
    """Chosen seats that are not free; `nearest` are, for as many."""

    session_id: UUID
    seats: tuple[str, ...]
    nearest: tuple[str, ...]


class SeatUnknown(Refusal, code="reservations.seat_unknown", status=422):
    session_id: UUID
    seat: str


class SeatsMiscounted(Refusal, code="reservations.seats_miscounted", status=422):
    """Another number of seats was chosen than people come by the line."""

    session_id: UUID
    seats: int
    places: int


class NoSeats(Refusal, code="reservations.no_seats", status=409):
    """Not enough seats are free, or of those for wheelchairs; the plan may have fewer than the hall holds.

    `waiting`: where one can wait for them.
    """

    session_id: UUID
    places_asked: int
    places_left: int
    for_wheelchairs: bool
    waiting: WaitingHere | UnsetType = UNSET


class SeatsApart(Refusal, code="reservations.seats_apart", status=409):
    """Nobody who comes along can sit beside a wheelchair. Who chooses such seats by name may have them.

    `waiting`: where one can wait until they can.
    """

    session_id: UUID
    waiting: WaitingHere | UnsetType = UNSET


class NotNumbered(Refusal, code="reservations.not_numbered", status=422):
    """Seats were chosen for a date that has none."""

    session_id: UUID


class SeatPlanUnknown(Refusal, code="reservations.seat_plan_unknown", status=404):
    plan_id: UUID


class SeatsSold(Refusal, code="reservations.seats_sold", status=409):
    """People have seats on a date, so that it keeps its plan, or gets another that has them."""

    session_id: UUID
    tickets: int


class SeatsNotInPlan(Refusal, code="reservations.seats_not_in_plan", status=409):
    """A plan does not have seats that were booked, so it cannot take the place of the one before."""

    session_id: UUID
    seats: tuple[str, ...]


class WheelchairsLost(Refusal, code="reservations.wheelchairs_lost", status=409):
    """On a plan, seats that people have are not for a wheelchair any more, or nobody sits beside it then."""

    session_id: UUID
    seats: tuple[str, ...]


class WouldSitApart(Refusal, code="reservations.would_sit_apart", status=409):
    """A desk would seat people so that nobody who comes along is beside a wheelchair, and did not say so."""

    session_id: UUID
