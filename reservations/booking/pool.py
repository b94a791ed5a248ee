"""A pool: places that are counted, as the database answers it."""

from uuid import UUID

from msgspec import Struct


class Allotment(Struct, frozen=True):
    """For which channel, or client of it, places of the pool `pool_id` are set apart."""

    pool_id: UUID
    channel: str
    client_id: str | None

    def is_for(self, channel: str, client_id: str | None) -> bool:
        return self.channel == channel and self.client_id in {None, client_id}


class Pool(Struct):
    """Places that are counted. `held` is set apart for channels. Changes while a batch is decided.

    `cap`: how many the measures in force leave of it. Of an `allotment`, `capacity` is how many are set
    apart, and `taken` all that its channel has, which may be more.
    """

    id: UUID
    licensed_capacity: int
    capacity: int
    taken: int
    held: int
    kind: str = "room"
    cap: int | None = None
    allotment: Allotment | None = None

    @property
    def set_apart(self) -> int:
        """How many of its places an allotment still keeps from others."""
        return max(0, self.capacity - self.taken) if self.allotment else 0

    @property
    def free(self) -> int:
        """How many places anybody can have; below zero where measures leave less than there is taken."""
        capacity = self.capacity if self.cap is None else min(self.capacity, self.cap)
        return capacity - self.taken - self.held
