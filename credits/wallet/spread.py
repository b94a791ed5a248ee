"""Chooses the purses that pay for the lines of a booking, soonest to lapse first, as far as they go."""

from collections import deque
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from msgspec import Struct

from uit.core.clock import day_in_flanders

Path = tuple[tuple[int, int], ...]
"""Steps of (number of the bill, index of the purse in order of lapsing)."""


class Purse(Struct):
    """A purse of a wallet, with the rules of the version of its programme.

    `available_cents` changes while a batch is decided. Empty `domains` or `attendance`: no limit.
    `ceiling_cents`: the most that may be spent from this purse on one line.
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
    """The agreement of an organiser to accept the credit of a programme."""

    programme_id: UUID
    organiser_id: UUID
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Bill(Struct, frozen=True):
    """The amount of one line of a booking, with the facts that the scope of a purse is checked against."""

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
    """Whether a purse may pay for a line: not lapsed, organiser admitted, domain and attendance in scope."""
    return (
        purse.lapses_at > now
        and (purse.programme_id, bill.organiser_id) in admitted
        and (not purse.domains or bill.domain in purse.domains)
        and (not purse.attendance or bill.attendance in purse.attendance)
    )


def most_cents_per_line(purse: Purse) -> int:
    """The most cents of a purse that may go to one line."""
    cents, ceiling_cents = purse.available_cents, purse.ceiling_cents
    return cents if ceiling_cents is None else min(cents, ceiling_cents)


def admitted_on(admissions: Sequence[Admission], now: datetime) -> frozenset[tuple[UUID, UUID]]:
    """The (programme, organiser) pairs whose agreement holds today in Flanders."""
    today = day_in_flanders(now)
    return frozenset((each.programme_id, each.organiser_id) for each in admissions if each.holds_on(today))


def spread(
    purses: Sequence[Purse], bills: Sequence[Bill], admitted: frozenset[tuple[UUID, UUID]], now: datetime
) -> list[Hold]:
    """The holds that cover as much of the bills as the purses can, the first bills first.

    Purses that lapse soonest are used first. When a later bill needs a purse that an earlier bill uses, the
    earlier one moves to another purse, so all bills are covered whenever that is possible.
    """
    ordered = sorted(purses, key=lambda purse: (purse.lapses_at, purse.id))
    if len(bills) == 1:
        return cover_single(ordered, bills[0], admitted, now)
    plan = Plan(ordered, bills, admitted, now)
    for bill in bills:
        plan.cover(bill)
    return plan.holds()


def cover_single(
    ordered: Sequence[Purse], bill: Bill, admitted: frozenset[tuple[UUID, UUID]], now: datetime
) -> list[Hold]:
    """The holds for a single bill, the usual case: no other bill competes for the purses."""
    holds, missing = [], bill.cents
    for purse in ordered:
        if missing and fits(purse, bill, admitted, now):
            cents = min(missing, most_cents_per_line(purse))
            if cents:
                holds.append(Hold(bill.no, purse, cents))
                missing -= cents
    return holds


class Plan:
    """A flow from purses to bills: `used[bill, purse]` cents, at most the ceiling of the purse on a bill."""

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

    def cover(self, bill: Bill) -> None:
        """Cover as much of one bill as can be, moving other bills to other purses where needed."""
        missing = bill.cents
        while missing and (path := self._path(bill.no)):
            missing -= self._follow(path, missing)

    def _path(self, no: int) -> Path | None:
        """The shortest augmenting path to a bill; among equals the purse that lapses soonest.

        A path begins at a purse with credit left, or goes through purses that other bills give up. The
        shortest path first keeps their number small, whatever the amounts (Edmonds and Karp, 1972).
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
        """Move the most that a path allows, up to `most` cents, and return the amount."""
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
