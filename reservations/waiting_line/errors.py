"""What who waits can be refused. The words stand in `templates/refusals/`."""

from datetime import datetime
from uuid import UUID

from uit.core.errors import Refusal


class PlacesFree(Refusal, code="reservations.places_free", status=409):
    """Nobody has to wait: there are as many places as were asked for."""

    session_id: UUID
    places_asked: int


class AlreadyWaiting(Refusal, code="reservations.already_waiting", status=409):
    """The same person stands in the line of this activity already."""


class WaitingIdTaken(Refusal, code="reservations.waiting_id_taken", status=409):
    """Another place in a line was asked under the same id."""

    entry_id: UUID


class WaitsInVain(Refusal, code="reservations.waits_in_vain", status=422):
    """More places were asked for than the date has, or places for a wheelchair, so they never come free."""

    session_id: UUID
    places_asked: int
    places_there: int
    for_wheelchairs: bool = False


class WaitingUnknown(Refusal, code="reservations.waiting_unknown", status=404):
    """No such place in the line: it never was, it is somebody else's, or its link is an older one."""


class NotWaiting(Refusal, code="reservations.not_waiting", status=409):
    """Who would leave the line got an offer meanwhile, or had left it."""


class OfferOver(Refusal, code="reservations.offer_over", status=409):
    """The offer was not answered in time, or was declined, so that its places went to the next."""

    answer_by: datetime | None


class OtherActivity(Refusal, code="reservations.other_activity", status=409):
    """A line is of one activity, and this date is of another than the first."""

    session_id: UUID


class GuestWaitsAlone(Refusal, code="reservations.guest_waits_alone", status=409):
    """Who waits without a pass waits for nobody's pass either."""
