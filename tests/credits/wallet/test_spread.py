"""Which credit pays for what, against a slow judge that is right by theorem."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from credits.wallet.spread import Admission, Bill, Hold, Purse, admitted_on, fits, spread

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WERF, HAL = UUID(int=1), UUID(int=2)
GENERAL, NARROW = UUID(int=11), UUID(int=12)
ADMITTED = frozenset({(GENERAL, WERF), (GENERAL, HAL), (NARROW, WERF)})
EVERYTHING = frozenset[str]()

A_PURSE = Purse(
    id=UUID(int=100),
    held_account_id=UUID(int=200),
    wallet_id=UUID(int=300),
    programme_id=GENERAL,
    available_cents=10,
    lapses_at=NOW + timedelta(days=30),
    domains=EVERYTHING,
    attendance=EVERYTHING,
    ceiling_cents=None,
)
A_BILL = Bill(no=1, cents=10, organiser_id=WERF, domain="culture", attendance="offline")


@st.composite
def somebodys_purses(draw: st.DrawFn) -> list[Purse]:
    return [
        replace(
            A_PURSE,
            id=UUID(int=100 + no),
            programme_id=draw(st.sampled_from([GENERAL, NARROW])),
            available_cents=draw(st.integers(1, 12)),
            lapses_at=NOW + timedelta(days=draw(st.integers(-1, 3))),
            domains=draw(
                st.sampled_from([EVERYTHING, frozenset({"culture"}), frozenset({"sport", "youth"})])
            ),
            attendance=draw(st.sampled_from([EVERYTHING, frozenset({"offline"}), frozenset({"online"})])),
            ceiling_cents=draw(st.none() | st.integers(1, 8)),
        )
        for no in range(draw(st.integers(0, 5)))
    ]


@st.composite
def a_bookings_bills(draw: st.DrawFn) -> list[Bill]:
    return [
        replace(
            A_BILL,
            no=no,
            cents=draw(st.integers(0, 10)),
            organiser_id=draw(st.sampled_from([WERF, HAL])),
            domain=draw(st.sampled_from(["culture", "sport"])),
        )
        for no in range(1, draw(st.integers(1, 4)) + 1)
    ]


def most_covered(purses: Sequence[Purse], bills: Sequence[Bill]) -> int:
    """Max-flow, min-cut: of some set of bills what the purses can bring to it, and of the others all."""
    every_set = chain.from_iterable(combinations(bills, size) for size in range(len(bills) + 1))
    return min(
        most_for(purses, some) + sum(bill.cents for bill in bills if bill not in some) for some in every_set
    )


def covered(holds: Sequence[Hold]) -> int:
    return sum(hold.cents for hold in holds)


def most_for(purses: Sequence[Purse], bills: Sequence[Bill]) -> int:
    wanted = {purse.id: sum(most_on(purse, bill) for bill in bills) for purse in purses}
    return sum(min(purse.available_cents, wanted[purse.id]) for purse in purses)


def most_on(purse: Purse, bill: Bill) -> int:
    if not fits(purse, bill, ADMITTED, NOW):
        return 0
    return bill.cents if purse.ceiling_cents is None else min(bill.cents, purse.ceiling_cents)


@given(somebodys_purses(), a_bookings_bills())
def test_credit_covers_as_much_of_a_booking_as_it_can(purses: list[Purse], bills: list[Bill]) -> None:
    assert covered(spread(purses, bills, ADMITTED, NOW)) == most_covered(purses, bills)


@given(somebodys_purses(), a_bookings_bills())
def test_a_hold_never_goes_beyond_a_purse_a_ceiling_or_a_scope(
    purses: list[Purse], bills: list[Bill]
) -> None:
    holds = spread(purses, bills, ADMITTED, NOW)
    by_purse, lines = Counter[UUID](), {bill.no: bill for bill in bills}
    for hold in holds:
        assert 0 < hold.cents <= most_on(hold.purse, lines[hold.line_no])
        by_purse[hold.purse.id] += hold.cents

    assert all(by_purse[purse.id] <= purse.available_cents for purse in purses)
    assert len({(hold.line_no, hold.purse.id) for hold in holds}) == len(holds)


@given(somebodys_purses(), a_bookings_bills())
def test_no_line_is_paid_more_than_it_costs(purses: list[Purse], bills: list[Bill]) -> None:
    paid = Counter[int]()
    for hold in spread(purses, bills, ADMITTED, NOW):
        paid[hold.line_no] += hold.cents
    assert all(paid[bill.no] <= bill.cents for bill in bills)


@given(somebodys_purses(), a_bookings_bills())
def test_the_first_lines_are_paid_first(purses: list[Purse], bills: list[Bill]) -> None:
    first = spread(purses, bills[:1], ADMITTED, NOW)
    paid = [hold for hold in spread(purses, bills, ADMITTED, NOW) if hold.line_no == bills[0].no]

    assert covered(paid) == covered(first)


@given(somebodys_purses(), st.integers(1, 20))
def test_one_line_is_paid_by_what_lapses_first(purses: list[Purse], cents: int) -> None:
    bill = replace(A_BILL, cents=cents)
    left, expected = cents, list[Hold]()
    for purse in sorted(purses, key=lambda each: (each.lapses_at, each.id)):
        part = min(left, purse.available_cents, most_on(purse, bill))
        left -= part
        expected += [Hold(1, purse, part)] if part else []

    assert spread(purses, [bill], ADMITTED, NOW) == expected


def test_a_general_purse_makes_way_when_only_it_can_pay_for_the_next_line() -> None:
    soon = replace(A_PURSE, id=UUID(int=101))
    narrow = replace(
        A_PURSE, id=UUID(int=102), domains=frozenset({"culture"}), lapses_at=NOW + timedelta(days=90)
    )
    theatre, judo = A_BILL, replace(A_BILL, no=2, domain="sport")

    assert spread([soon, narrow], [theatre, judo], ADMITTED, NOW) == [Hold(1, narrow, 10), Hold(2, soon, 10)]


def test_many_purses_that_nearly_suffice_are_found_short_at_once() -> None:
    purses = [replace(A_PURSE, id=UUID(int=100 + no), available_cents=1000) for no in range(40)]
    bills = [replace(A_BILL, no=no, cents=2000) for no in range(1, 21)]

    assert covered(spread(purses, bills, ADMITTED, NOW)) == 40_000
    assert covered(spread(purses[1:], bills, ADMITTED, NOW)) == 39_000


def test_an_agreement_holds_from_its_first_day_to_its_last_in_flanders() -> None:
    today = NOW.date()
    agreement = Admission(GENERAL, WERF, today, today)
    midnight_in_brussels = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)

    assert admitted_on([agreement], NOW) == {(GENERAL, WERF)}
    assert admitted_on([agreement], midnight_in_brussels) == frozenset()
    assert admitted_on([agreement], midnight_in_brussels - timedelta(minutes=1)) == {(GENERAL, WERF)}
