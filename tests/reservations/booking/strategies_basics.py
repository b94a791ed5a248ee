"""The ids, moments and choices of which small regions are drawn: what is usual is drawn most."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import combinations
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st

from reservations.booking.actor import (
    Actor,
    ByClient,
    ByGuest,
    ByHolder,
    ByRepresentative,
    ByStaff,
    ByWorker,
)
from reservations.booking.facts import (
    BookingActor,
    TicketEnd,
    TicketStatus,
)

# Half past midnight in Brussels: there it is already the third of March.
NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
NEAR = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1)]
BEFORE, SOON, LATE = NOW - timedelta(days=1), NOW + timedelta(days=3), NOW + timedelta(days=9)
DAYS = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]
LATER = date(2026, 6, 1)
BIRTHS = [None, date(1990, 5, 17), date(2008, 3, 5), date(2008, 3, 6), date(2014, 3, 6), date(2008, 2, 29)]
STATUSES = [*["scheduled"] * 4, *["cancelled"] * 3, "postponed", "suspended", "sold_elsewhere", "scheduled"]
STORED_DIGEST, OTHER_DIGEST = "ab" * 16, "cd" * 16
TARIFFS = ("base", "social", "young")


def known(kind: int, *numbers: int) -> list[UUID]:
    return [UUID(int=kind << 64 | number) for number in numbers]


UNKNOWN = UUID(int=0)
ORGANISERS, PROGRAMMES, MEMBERS = known(1, 1, 2), known(2, 1, 2), known(3, 1, 2)
STRANGER = UUID(int=3 << 64 | 9)
"""Somebody who has lines in bookings, and of whom no command of the batch reads the wallet."""
CARDS, SESSIONS, POOLS, PURSES = known(4, 1, 2, 3), known(5, 1, 2, 3), known(6, 1, 2, 3), known(7, 1, 2, 3, 4)
STAFF, ALLOTMENT = UUID(int=8), UUID(int=18)
STORED, NEW, CANCELLATIONS = known(9, 1, 2, 3), known(10, 1, 2, 3, 4), known(11, 1, 2)
CUSTOMERS = known(15, 1, 2)
PAYMENTS, MANDATE, SALE = known(12, 1, 2, 3), UUID(int=13), UUID(int=14)
TILLS = dict(zip(ORGANISERS, known(16, 1, 2), strict=True))
CLIENT = ByClient("kassa", frozenset(ORGANISERS))
MOTHER = UUID(int=17)
"""Who acts for members; with a pass of her own she is the second."""
FOR_BOTH = ByRepresentative(MOTHER, tuple(MEMBERS))
WITH_ONE = ByRepresentative(MOTHER, (MEMBERS[0],), MEMBERS[1])
ACTORS: list[Actor] = [
    ByHolder(MEMBERS[0]), CLIENT, ByHolder(MEMBERS[1]), ByGuest(str(STORED[0])), ByStaff(STAFF), ByWorker(),
    ByHolder(STRANGER), ByClient("another", frozenset(ORGANISERS)), ByGuest(str(STRANGER)),
    FOR_BOTH, WITH_ONE,
]  # fmt: skip
MAKERS = [
    BookingActor("client", "kassa"), BookingActor("holder", str(MEMBERS[0])),
    BookingActor("guest", str(STORED[0])), BookingActor("staff", str(STAFF)), FOR_BOTH.as_stored(),
]  # fmt: skip
ENDED = {
    TicketEnd.GIVEN_UP: TicketStatus.CANCELLED,
    TicketEnd.CALLED_OFF: TicketStatus.CANCELLED,
    TicketEnd.LAPSED: TicketStatus.LAPSED,
    TicketEnd.REFUSED: TicketStatus.REFUSED,
}

Face = TypeVar("Face")
Draw = st.DrawFn


@lru_cache(maxsize=None, typed=True)
def choice(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@lru_cache(maxsize=None, typed=True)
def rarely(usual: Any, *odd: Any) -> st.SearchStrategy[Any]:
    """One in thirty is odd. It stands in the middle, since hypothesis likes the first and the last."""
    return choice(*[usual] * (15 * len(odd)), *odd, *[usual] * (14 * len(odd)))


@lru_cache(maxsize=None, typed=True)
def mostly(usual: Any, *odd: Any) -> st.SearchStrategy[Any]:
    """One in four is odd."""
    return choice(*[usual] * (2 * len(odd)), *odd, *[usual] * len(odd))


@cache
def number(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


@cache
def subsets(values: tuple[Face, ...], least: int = 0) -> list[tuple[Face, ...]]:
    return [each for size in range(least, len(values) + 1) for each in combinations(values, size)]


def pick(draw: Draw, values: Sequence[Face]) -> Face:
    """One of what was drawn before."""
    return values[draw(number(0, len(values) - 1))]


def some(draw: Draw, values: Sequence[Face], least: int = 0) -> tuple[Face, ...]:
    return pick(draw, subsets(tuple(values), least))


EITHER = st.booleans()
MOSTLY_TRUE = mostly(True, False)  # noqa: FBT003
USUALLY_TRUE = st.sampled_from([*[True] * 15, False, *[True] * 14])
