"""The turns of waiting rooms, as a batch sees them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Turn(Struct, frozen=True):
    """The entry of a waiting room: of a member or a group (`holder_id`), or of an address.

    `standing`: tickets of `booking_id` that stand.
    """

    session_id: UUID
    id: UUID
    holder_id: UUID | None
    email: str | None
    place: int | None
    until: datetime | None
    booking_id: UUID | None
    standing: int

    def is_open(self, now: datetime) -> bool:
        """Whether it can be used now: for one booking, and again when nothing of that stands any more."""
        return self.until is not None and now < self.until and not self.standing


class TurnFacts(Struct, frozen=True):
    """`guarded`: the sessions for which one needs a turn. `turns`: the entries of who books them."""

    guarded: frozenset[UUID] = frozenset()
    turns: tuple[Turn, ...] = ()
