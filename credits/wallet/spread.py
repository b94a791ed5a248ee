"""Which credit pays for what: soonest to lapse first, among what fits, and all of it or nothing."""

from collections import deque
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from msgspec import Struct

from uit.core.clock import day_in_flanders

Path = tuple[tuple[int, int], ...]
"""Steps of (bill number, place of the purse in the order of lapsing)."""


class Purse(Struct):
    """Credit that a wallet can still spend, with the rules of the programme version it was given under.

    Its `available_cents` change while a batch is decided. Empty `domains` or `attendance`: no limit.
    `ceiling_cents`: at most so much of this purse on one line.
    """

    id: UUID
    held_account_id: UUID
    wallet_id: UUID
    programme_id: UUID
    available_cents: int
    lapses_at: datetime
    domains: frozenset[str]
    attendance: frozenset[str]
    ceiling_cents: int | None


class Admission(Struct, frozen=True):
    """An organiser's agreement to take the credit of a programme."""

    programme_id: UUID
    organiser_id: UUID
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Bill(Struct, frozen=True):
    """What one line costs and who earns it: all that a purse's scope looks at."""

    no: int
    cents: int
    organiser_id: UUID
    domain: str
    attendance: str


class Hold(Struct, frozen=True):
    line_no: int
    purse: Purse
    cents: int


def fits(purse: Purse, bill: Bill, admitted: frozenset[tuple[UUID, UUID]], now: datetime) -> bool:
    """Whether this purse may pay for this line: in time, organiser admitted, the rest in scope."""
    return (
        purse.lapses_at > now
        and (purse.programme_id, bill.organiser_id) in admitted
        and (not purse.domains or bill.domain in purse.domains)
        and (not purse.attendance or bill.attendance in purse.attendance)
    )


def most_of(purse: Purse) -> int:
    """How much of a purse may go to one line."""
    cents, ceiling_cents = purse.available_cents, purse.ceiling_cents
    return cents if ceiling_cents is None else min(cents, ceiling_cents)


def admitted_on(admissions: Sequence[Admission], now: datetime) -> frozenset[tuple[UUID, UUID]]:
    """The (programme, organiser) pairs whose agreement holds today in Flanders."""
    today = day_in_flanders(now)
    return frozenset((each.programme_id, each.organiser_id) for each in admissions if each.holds_on(today))


def spread(
    purses: Sequence[Purse], bills: Sequence[Bill], admitted: frozenset[tuple[UUID, UUID]], now: datetime
) -> list[Hold] | None:
    """Cover every bill from the purses, or answer None.

    Soonest to lapse goes first. A later bill may make an earlier one change purse (a general purse was used
    where a narrow one would do): then the two swap, so that when the credit can cover everything, it does.
    """
    ordered = sorted(purses, key=lambda purse: (purse.lapses_at, purse.id))
    if len(bills) == 1:
        return cover_alone(ordered, bills[0], admitted, now)
    plan = Plan(ordered, bills, admitted, now)
    if all(plan.cover(bill) for bill in bills):
        return plan.holds()
    return None


def cover_alone(
    ordered: Sequence[Purse], bill: Bill, admitted: frozenset[tuple[UUID, UUID]], now: datetime
) -> list[Hold] | None:
    """Most bookings have one bill. Nothing competes for the purses then: each gives what it can, in order."""
    holds, missing = [], bill.cents
    for purse in ordered:
        if fits(purse, bill, admitted, now):
            cents = min(missing, most_of(purse))
            if cents:
                holds.append(Hold(bill.no, purse, cents))
                missing -= cents
    return None if missing else holds


class Plan:
    """A flow from purses to bills: `used[bill, purse]` cents, at most the purse's ceiling per bill."""

    def __init__(
        self,
        purses: Sequence[Purse],
        bills: Sequence[Bill],
        admitted: frozenset[tuple[UUID, UUID]],
        now: datetime,
    ) -> None:
        self.purses = purses
        self.bills = {bill.no: bill for bill in bills}
        self.left = [purse.available_cents for purse in purses]
        self.used: dict[tuple[int, int], int] = {}
        self.room = {
            (bill.no, at): bill.cents if purse.ceiling_cents is None else purse.ceiling_cents
            for bill in bills
            for at, purse in enumerate(purses)
            if fits(purse, bill, admitted, now)
        }

    def cover(self, bill: Bill) -> bool:
        """Bring in the cents of one bill, moving other bills to other purses where that frees some."""
        missing = bill.cents
        while missing:
            path = self._path(bill.no)
            if path is None:
                return False
            missing -= self._follow(path, missing)
        return True

    def _path(self, no: int) -> Path | None:
        """The shortest way to bring credit to a bill, the soonest to lapse first among equals.

        Straight from a purse that has some left, or from one that another bill gives up because a next purse
        can pay for it. Shortest first keeps the paths few, whatever the amounts (Edmonds and Karp, 1972).
        """
        seen: set[int] = set()
        waiting: deque[tuple[int, Path]] = deque([(no, ())])
        while waiting:
            to, steps = waiting.popleft()
            for at in range(len(self.purses)):
                if at in seen or not self.room.get((to, at)):
                    continue
                seen.add(at)
                path = (*steps, (to, at))
                if self.left[at]:
                    return path
                waiting.extend(
                    (other, path) for (other, used), cents in self.used.items() if used == at and cents
                )
        return None

    def _follow(self, path: Path, most: int) -> int:
        """Move what a path can carry: a bill takes from its purse what the next one gives up there."""
        last = path[-1][1]
        given_up = [(other, at) for (_, at), (other, _) in pairwise(path)]
        cents = min(
            most,
            self.left[last],
            *(self.room[step] for step in path),
            *(self.used[each] for each in given_up),
        )
        self.left[last] -= cents
        for step in path:
            self._use(step, cents)
        for each in given_up:
            self._use(each, -cents)
        return cents

    def _use(self, step: tuple[int, int], cents: int) -> None:
        self.used[step] = self.used.get(step, 0) + cents
        self.room[step] -= cents

    def holds(self) -> list[Hold]:
        return [Hold(no, self.purses[at], cents) for (no, at), cents in sorted(self.used.items()) if cents]
