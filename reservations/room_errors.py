"""What a waiting room can refuse. The words stand in `templates/refusals/`."""

from uuid import UUID

from uit.core.errors import Refusal


class NotYourTurn(Refusal, code="reservations.not_your_turn", status=409):
    """For this session one waits for a turn. `place`: where they stand; None for who did not enter."""

    session_id: UUID
    place: int | None


class RoomUnknown(Refusal, code="reservations.room_unknown", status=404):
    """There is no waiting room here, or the link of a place in one opens nothing."""


class RoomEnded(Refusal, code="reservations.room_ended", status=409):
    """Nobody waits here any more."""

    session_id: UUID


class RoomTooLate(Refusal, code="reservations.room_too_late", status=409):
    """A waiting room is made so long before it opens that every process knows it by then."""

    minutes_before: int


class CannotLengthenTurn(Refusal, code="reservations.cannot_lengthen_turn", status=409):
    """The turn is over, or was lengthened as often as it can be."""
