"""Who is let in, and how many at once: pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.batcher import Load
from reservations.waiting_line.deadline import awake

TEN: Final = 10
OPEN, CREDIT, COUNTER = "open", "credit", "counter"
"""The shares: for all in order, for who has credit, for who was entered at a counter."""
MOST_AT_ONCE: Final = 256
RUSH: Final = timedelta(hours=3)
"""So long after the opening turns begin at night too: many watch."""
SHARE_OF_A_SECOND: Final = 0.25
"""As much as the turnstile does in this part of a second is let in each second."""


class Queued(Struct, frozen=True):
    """Somebody who waits, with the number of their place."""

    id: UUID
    place: int
    share: str


class Shares(Struct, frozen=True):
    """Of each ten who are let in: how many with credit, and how many from a counter."""

    credit: int
    counter: int

    @property
    def slots(self) -> tuple[str, ...]:
        """For whom each of ten turns is kept, spread as evenly as they go."""
        slots = [OPEN] * TEN
        for share, number in ((CREDIT, self.credit), (COUNTER, self.counter)):
            free = [n for n, slot in enumerate(slots) if slot == OPEN]
            for n in range(number):
                slots[free[n * len(free) // number]] = share
        return tuple(slots)


def how_many(places_left: int | None, inside: int, tenths_a_place: int, load: Load) -> int:
    """How many are let in now: as many as may find a place, and no more than are answered at once.

    `inside`: who has a turn and did not book. `places_left`: None where places are not counted.
    """
    pace = min(int(load.a_second * SHARE_OF_A_SECOND) - load.waiting, MOST_AT_ONCE)
    room = pace if places_left is None else -(-places_left * tenths_a_place // TEN) - inside
    return max(0, min(pace, room))


def next_in(waiting: Iterable[Queued], let_in: int, shares: Shares, number: int) -> list[Queued]:
    """Who comes next, in order: each slot to the first of its share, else to the first of all.

    `let_in`: how many came before, so that shares hold over all of them.
    """
    queue = sorted(waiting, key=lambda each: each.place)
    slots, chosen = shares.slots, list[Queued]()
    while queue and len(chosen) < number:
        share = slots[(let_in + len(chosen)) % TEN]
        first = next((n for n, each in enumerate(queue) if share in {OPEN, each.share}), 0)
        chosen.append(queue.pop(first))
    return chosen


def is_at_rest(opened_at: datetime, now: datetime) -> bool:
    """Whether nobody is let in now: at night a message is not read, but for who waited for the opening."""
    return now >= opened_at + RUSH and awake(now) > now


def is_over(places_left: int | None, held: int) -> bool:
    """Whether nobody can get a place any more: none is left, and none can come back."""
    return places_left == 0 and held == 0
