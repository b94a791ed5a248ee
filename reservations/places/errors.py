"""What is refused of the parts of a room, places that are set apart, and places that are shared."""

from uuid import UUID

from uit.core.errors import Refusal


class PartInUse(Refusal, code="reservations.part_in_use", status=409):
    """A tariff counts in it, or another part is in it."""

    name: str


class PartInItself(Refusal, code="reservations.part_in_itself", status=409):
    """It would be in a part that is in it."""

    name: str


class NoRoom(Refusal, code="reservations.no_room", status=409):
    """No places of this date are counted here, so there is nothing to divide."""

    session_id: UUID


class TooFewToSetApart(Refusal, code="reservations.too_few_to_set_apart", status=409):
    places: int
    left: int


class SetApartAlready(Refusal, code="reservations.set_apart_already", status=409):
    """Places of this date are set apart for the same channel."""

    session_id: UUID


class NotShared(Refusal, code="reservations.not_shared", status=404):
    """Not places that this organiser shares, or not yet."""

    pool_id: UUID
