"""Why an activity cannot be changed as its organiser asked."""

from uuid import UUID

from uit.core.errors import Refusal


class HasBookings(Refusal, code="reservations.has_bookings", status=409):
    """Who has a place counts on it: their date is called off, and not hidden."""

    event_id: UUID
    places: int


class SourceNotKept(Refusal, code="reservations.source_not_kept", status=409):
    """It came in before what its source says was kept: after the next import one may complete it."""

    event_id: UUID


class NotYetSoldHere(Refusal, code="reservations.not_yet_sold_here", status=409):
    """A date needs places and a price, and an activity that everybody sees."""

    event_id: UUID
