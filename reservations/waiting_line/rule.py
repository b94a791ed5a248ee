"""Who gets the places that came free: first come, first served, over dates that are all as good. Pure.

All that somebody asks for together they get together, or not at all. What is too few for who comes first goes
to the next who fits, or is kept for them until enough came free: `keeps` of the wish says which. What it was
reckoned from is stored with what came of it, so that anybody can reckon it anew.
"""

from collections.abc import Mapping
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

TOO_FEW: Final = "too_few"
"""Why somebody was passed over: fewer places are free than they need. Others are codes of refusals."""


class Part(Struct, frozen=True):
    """Places of one tariff: each ticket draws its weight on all of these pools.

    Where seats are numbered those of a kind are known as a pool too. Of who brings a wheelchair `seats` says
    how many of each kind all of these take; nothing of it is kept.
    """

    places: int
    weight: int
    pool_ids: tuple[UUID, ...]
    seats: dict[UUID, int] = {}


class Wish(Struct, frozen=True):
    """One of the dates that somebody would take. `refused`: why they may not have it, however much is free.

    `keeps`: places that are too few for them are kept for them.
    """

    session_id: UUID
    parts: tuple[Part, ...] = ()
    refused: str | None = None
    keeps: bool = False


class InLine(Struct, frozen=True):
    """Who stands in the line, with the dates that they would take, in the order in which they are tried."""

    entry_id: UUID
    wishes: tuple[Wish, ...]


class LineFacts(Struct, frozen=True):
    """What is free in each pool, with what is kept for those in the line, and who stands in it, in order."""

    free: dict[UUID, int]
    line: tuple[InLine, ...]


class PassedOver(Struct, frozen=True):
    """Why a date came to nothing for somebody; of too few places how many they needed and what was free."""

    session_id: UUID
    reason: str
    needed: int = 0
    free: int = 0


class Outcome(Struct, frozen=True):
    """What came of it for one in the line. `places`: of each part, what is offered or kept."""

    entry_id: UUID
    result: Literal["offered", "kept", "passed_over"]
    session_id: UUID | None = None
    places: tuple[int, ...] = ()
    why: tuple[PassedOver, ...] = ()


def go_through(known: LineFacts) -> list[Outcome]:
    """What becomes of each in the line, in order: nobody gets what one before them could have had."""
    free = dict(known.free)
    return [serve_one(free, each) for each in known.line]


def serve_one(free: dict[UUID, int], each: InLine) -> Outcome:
    """Takes from what is free what is offered to them, or kept for them."""
    why: list[PassedOver] = []
    for wish in each.wishes:
        reason = why_not(free, wish)
        if reason is None:
            take(free, wish, tuple(part.places for part in wish.parts))
            places = tuple(part.places for part in wish.parts)
            return Outcome(each.entry_id, "offered", wish.session_id, places, tuple(why))
        why.append(reason)
    return keep_for(free, each, tuple(why))


def why_not(free: Mapping[UUID, int], wish: Wish) -> PassedOver | None:
    if wish.refused:
        return PassedOver(wish.session_id, wish.refused)
    for pool_id, needed in drawn(wish, tuple(part.places for part in wish.parts)).items():
        if free.get(pool_id, 0) < needed:
            return PassedOver(wish.session_id, TOO_FEW, needed, max(0, free.get(pool_id, 0)))
    return None


def keep_for(free: dict[UUID, int], each: InLine, why: tuple[PassedOver, ...]) -> Outcome:
    """Of the dates whose places are kept, the one of which most is free; the first of equals."""
    could = [(wish, most_of(free, wish)) for wish in each.wishes if wish.keeps and not wish.refused]
    wish, places = max(could, key=lambda found: sum(found[1]), default=(None, ()))
    if wish is None or not sum(places):
        return Outcome(each.entry_id, "passed_over", why=why)
    take(free, wish, places)
    return Outcome(each.entry_id, "kept", wish.session_id, places, why)


def most_of(free: Mapping[UUID, int], wish: Wish) -> tuple[int, ...]:
    """How many tickets of each part fit, the first part first."""
    left, places = dict(free), []
    for part in wish.parts:
        room = min((left.get(pool_id, 0) // part.weight for pool_id in part.pool_ids), default=part.places)
        fits = max(0, min(part.places, room))
        for pool_id in part.pool_ids:
            left[pool_id] = left.get(pool_id, 0) - fits * part.weight
        places.append(fits)
    return tuple(places)


def take(free: dict[UUID, int], wish: Wish, places: tuple[int, ...]) -> None:
    for pool_id, taken in drawn(wish, places).items():
        free[pool_id] = free.get(pool_id, 0) - taken


def drawn(wish: Wish, places: tuple[int, ...]) -> dict[UUID, int]:
    """How many places so many tickets of each part draw from each pool."""
    sums: dict[UUID, int] = {}
    for part, count in zip(wish.parts, places, strict=True):
        for pool_id in part.pool_ids:
            sums[pool_id] = sums.get(pool_id, 0) + count * part.weight
        for pool_id, seats in part.seats.items():
            sums[pool_id] = sums.get(pool_id, 0) + seats
    return sums
