"""Why an organiser cannot change a booking for who made it. The words stand in `templates/refusals/`."""

from uuid import UUID

from uit.core.errors import Refusal


class CostsThemMore(Refusal, code="reservations.costs_them_more", status=409):
    """They would pay more by it, or pay otherwise, and that is for themselves to say."""

    booking_id: UUID


class OnlyThemselves(Refusal, code="reservations.only_themselves", status=409):
    """It cannot be for them. Why is about who comes, and not for an organiser to know."""

    booking_id: UUID
