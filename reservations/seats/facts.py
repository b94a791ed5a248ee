"""What of numbered seats is known when a batch is decided, in the shape that the database answers."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID, uuid5

from msgspec import Struct

from reservations.seats.plan import SeatPlan


class SeatPools(NamedTuple):
    """By what a waiting list knows the free seats of a session, beside its pools."""

    wheelchairs: UUID
    others: UUID


@lru_cache(maxsize=4096)
def seat_pools(session_id: UUID) -> SeatPools:
    return SeatPools(uuid5(session_id, "wheelchairs"), uuid5(session_id, "seats"))


class SeatedSession(Struct, frozen=True):
    """A session with a plan, and the seats of it that are not free: taken or blocked."""

    session_id: UUID
    plan_id: UUID
    gone: frozenset[str]


class Seating(Struct, frozen=True):
    """The sessions with numbered seats, and the plans by their ids."""

    sessions: Sequence[SeatedSession] = ()
    plans: Mapping[UUID, SeatPlan] = {}

    def __bool__(self) -> bool:
        return bool(self.sessions)
