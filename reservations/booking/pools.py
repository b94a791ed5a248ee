"""Places that are counted: a ticket draws its weight on every pool of its line. Pure.

A channel for which places are set apart draws on its allotment too, and on those places first: what the
allotment still keeps stands in `held` of its room.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from typing import Final
from uuid import UUID

from reservations.booking.actor import ByClient
from reservations.booking.commands import Book
from reservations.booking.due import TicketsByLine
from reservations.booking.facts import Session
from reservations.booking.pool import Pool
from reservations.booking.tariff import Tariff
from reservations.errors import SoldOut

WHOLE: Final = frozenset({"room", "shared"})
"""The kinds of pools that every place of a date draws on."""


class Pools:
    """What is left in each pool; changes within a batch."""

    def __init__(self, pools: Iterable[Pool]) -> None:
        self.by_id: dict[UUID, Pool] = {each.id: copy(each) for each in pools}
        self.allotments = [each for each in self.by_id.values() if each.allotment]

    def copy(self) -> "Pools":
        return Pools(self.by_id.values())

    def drawn_on(self, session: Session, tariff: Tariff, command: Book) -> tuple[UUID, ...]:
        """The pools of a ticket: those of its tariff, and what is set apart in them for who books."""
        if not self.allotments:
            return tariff.pool_ids
        client_id = command.by.client_id if isinstance(command.by, ByClient) else None
        own = tuple(
            pool_id
            for pool_id in session.pool_ids
            if (allotment := self.by_id[pool_id].allotment)
            and allotment.pool_id in tariff.pool_ids
            and allotment.is_for(command.channel, client_id)
        )
        return tariff.pool_ids + own

    def counted(self, pool_ids: Iterable[UUID]) -> tuple[UUID, ...]:
        """Those of them that bound what can be had: an allotment has no end, also once it is released."""
        return tuple([each for each in pool_ids if self.by_id[each].kind != "allotment"])

    def left(self, asked: Mapping[UUID, int]) -> dict[UUID, int]:
        """How many of each pool can be had by who asks so many of all of these. An allotment has no end.

        What is set apart for them comes on top of what anybody can have, as far as they draw on it; under a
        measure they get no more than it leaves beside what others have.
        """
        bounds = self.counted(asked)
        if not self.allotments:
            return {pool_id: max(0, self.by_id[pool_id].free) for pool_id in bounds}
        own, used = Counter[UUID](), Counter[UUID]()
        for each in self.allotments:
            if each.allotment and each.id in asked:
                own[each.allotment.pool_id] += each.set_apart
                used[each.allotment.pool_id] += min(each.set_apart, asked[each.id])
        return {
            each.id: min(max(0, each.free) + used[each.id], max(0, each.free + own[each.id]))
            for each in (self.by_id[pool_id] for pool_id in bounds)
        }

    def lacking(self, wanted: TicketsByLine) -> SoldOut | None:
        asked = drawn(wanted)
        left = self.left(asked)
        lacking = [pool_id for pool_id in left if left[pool_id] < asked[pool_id]]
        if not lacking:
            return None
        line = next(line for line, _ in wanted if lacking[0] in line.pool_ids)
        tariff = None if self.bounds_all(lacking) else line.tariff_code
        return SoldOut(line.session_id, asked[lacking[0]], left[lacking[0]], tariff)

    def bounds_all(self, pool_ids: Iterable[UUID]) -> bool:
        """Whether any of them is drawn on by every place of its date, at whatever price."""
        return any(self.by_id[each].kind in WHOLE for each in pool_ids)

    def take(self, wanted: TicketsByLine) -> None:
        self._move(drawn(wanted), 1)

    def give_back(self, ended: TicketsByLine) -> None:
        self._move(drawn(ended), -1)

    def _move(self, places: Mapping[UUID, int], sign: int) -> None:
        if self.allotments:
            for pool_id, held in held_moves(self.allotments, places, sign).items():
                self.by_id[pool_id].held += held
        for pool_id, count in places.items():
            self.by_id[pool_id].taken += sign * count


def drawn(wanted: TicketsByLine) -> dict[UUID, int]:
    """How many places these tickets draw on each pool, by the pools of the line itself."""
    places: dict[UUID, int] = {}
    for line, tickets in wanted:
        weight = sum([ticket.weight for ticket in tickets])
        for pool_id in line.pool_ids:
            places[pool_id] = places.get(pool_id, 0) + weight
    return places


def held_moves(pools: Iterable[Pool], places: Mapping[UUID, int], sign: int = 1) -> dict[UUID, int]:
    """How many more places each room holds back once so many more of its allotments are taken."""
    moves: Counter[UUID] = Counter()
    for pool in pools:
        if pool.allotment and places.get(pool.id):
            left = max(0, pool.capacity - pool.taken - sign * places[pool.id])
            moves[pool.allotment.pool_id] += left - pool.set_apart
    return {pool_id: held for pool_id, held in moves.items() if held}
