"""Which credit pays for what: soonest to lapse first, among what fits, and all of it or nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from uit.ground.clock import day_in_flanders


class Purse(Struct, frozen=True):
    """Credit that a wallet can still spend, with the rules of the programme version it was given under.

    Empty `domains` or `attendance`: no limit. `ceiling_cents`: at most so much of this purse on one line.
    """

    region_id: int
    id: UUID
    held_account_id: UUID
    wallet_id: UUID
    programme_id: UUID
    available_cents: int
    lapses_at: datetime
    domains: frozenset[str]
    attendance: frozenset[str]
    ceiling_cents: int | None
    earning: str


class Admission(Struct, frozen=True):
    """An organiser's agreement to take the credit of a programme."""

    region_id: int
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
    """Whether this purse may pay for this line: not lapsed, organiser admitted, domain and attendance in scope."""
    return (
        purse.lapses_at > now
        and (purse.programme_id, bill.organiser_id) in admitted
        and (not purse.domains or bill.domain in purse.domains)
        and (not purse.attendance or bill.attendance in purse.attendance)
    )


def admitted_on(admissions: Sequence[Admission], now: datetime) -> frozenset[tuple[UUID, UUID]]:
    """The (programme, organiser) pairs whose agreement holds today in Flanders."""
    today = day_in_flanders(now)
    return frozenset((each.programme_id, each.organiser_id) for each in admissions if each.holds_on(today))


def spread(
    purses: Sequence[Purse], bills: Sequence[Bill], admitted: frozenset[tuple[UUID, UUID]], now: datetime
) -> list[Hold] | None:
    """Cover every bill from the purses, or answer None.

    Soonest to lapse goes first. A later bill may make an earlier one change purse (a general purse was used where a
    narrow one would do): then the two swap, so that whenever the credit can cover everything, it does.
    """
    ordered = sorted(purses, key=lambda purse: (purse.lapses_at, purse.id))
    plan = Plan(ordered, bills, admitted, now)
    if all(plan.cover(bill) for bill in bills):
        return plan.holds()
    return None


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
            brought = self._bring(bill.no, missing, frozenset())
            if not brought:
                return False
            missing -= brought
        return True

    def _bring(self, no: int, most: int, passed: frozenset[int]) -> int:
        """Bring up to `most` cents to a bill along one path: straight from a purse, or by freeing one."""
        reachable = [at for (to, at), cents in self.room.items() if to == no and cents and at not in passed]
        for at in reachable:
            cents = min(most, self.left[at], self.room[no, at])
            if cents:
                self.left[at] -= cents
                self._use(no, at, cents)
                return cents
        for at in reachable:
            brought = self._free(no, at, most, passed | {at})
            if brought:
                return brought
        return 0

    def _free(self, no: int, at: int, most: int, passed: frozenset[int]) -> int:
        """Let another bill give up its part of purse `at` and find it elsewhere."""
        for (other, used_at), used in list(self.used.items()):
            if used_at != at or other == no or not used:
                continue
            cents = self._bring(other, min(most, used, self.room[no, at]), passed)
            if cents:
                self._use(other, at, -cents)
                self._use(no, at, cents)
                return cents
        return 0

    def _use(self, no: int, at: int, cents: int) -> None:
        self.used[no, at] = self.used.get((no, at), 0) + cents
        self.room[no, at] -= cents

    def holds(self) -> list[Hold]:
        return [Hold(no, self.purses[at], cents) for (no, at), cents in sorted(self.used.items()) if cents]
