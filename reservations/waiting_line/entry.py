"""A place in the line of an activity, as it is stored and read under the locks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from reservations.waiting_line.deadline import Reached

State = Literal["waiting", "offered", "accepted", "declined", "expired", "left", "over"]
STANDS: Final = frozenset({"waiting", "offered"})
"""The states of who is still in the line, or has an offer to answer."""


class WantedPlaces(Struct, frozen=True, omit_defaults=True):
    """So many places of a tariff, on whichever date it becomes.

    `membership_id`: by whose pass, where that is another than who waits. `has_code`: the code that its
    price asks was given when they joined. No code is kept. So many who come by it are in `wheelchairs`.
    """

    tariff: str
    places: int
    membership_id: UUID | None = None
    has_code: bool = False
    wheelchairs: int = 0


class WaitingEntry(Struct, frozen=True):
    """Who waits, for which dates of an activity, of which they take one, and for which places together.

    With `course_id` they enrol in that, and take all of the dates that are still to come.

    A guest has a name and an e-mail address and no membership. `booking_id` is their offer, held until
    `answer_by`; `kept_booking_id` holds places for them until there are enough. `keeps` is the rule of the
    activity; `made_by` the member of staff who put them on the list.

    `person_id` asked it for others; `own_id` is the pass by which they come along themselves. `client_id`:
    whose program asked it, with an id that `digest` binds to what was asked.
    """

    id: UUID
    event_id: UUID
    session_ids: tuple[UUID, ...]
    pool_ids: tuple[UUID, ...]
    lines: tuple[WantedPlaces, ...]
    membership_id: UUID | None
    name: str | None
    email: str | None
    channel: str
    joined_at: datetime
    ends_at: datetime
    state: State = "waiting"
    booking_id: UUID | None = None
    answer_by: datetime | None = None
    kept_booking_id: UUID | None = None
    made_by: UUID | None = None
    keeps: bool = False
    reached: Reached = Reached.AT_ONCE
    person_id: UUID | None = None
    own_id: UUID | None = None
    client_id: str | None = None
    digest: str | None = None
    course_id: UUID | None = None

    @property
    def holder_ids(self) -> tuple[UUID, ...]:
        """By whose passes they would come, each once; nobody's for a guest."""
        return holders_of(self.lines, self.membership_id)

    @property
    def places(self) -> int:
        return sum(each.places for each in self.lines)

    @property
    def wheelchairs(self) -> int:
        return sum(each.wheelchairs for each in self.lines)

    @property
    def stands(self) -> bool:
        return self.state in STANDS

    def is_same_person(self, other: "WaitingEntry") -> bool:
        """Whether a member is in both, or it is a guest with the same address."""
        if self.membership_id or other.membership_id:
            return not {*self.holder_ids}.isdisjoint(other.holder_ids)
        return (self.email or "").lower() == (other.email or "").lower()


def holders_of(lines: Iterable[WantedPlaces], membership_id: UUID | None) -> tuple[UUID, ...]:
    """Who waits by a pass, and by whose else, each once."""
    if membership_id is None:
        return ()
    return tuple(dict.fromkeys(each.membership_id or membership_id for each in lines))
