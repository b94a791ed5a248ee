"""Of the model itself: what it takes from a theorem, tried in every way."""

from functools import cache
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.reservations.booking.model_paying import most_covered

SMALL = st.integers(0, 4)
BILLS = st.lists(st.tuples(SMALL, st.tuples(SMALL, SMALL)), max_size=3)


@given(BILLS, st.tuples(SMALL, SMALL))
def test_the_most_that_purses_can_pay_is_the_most_that_trying_every_way_finds(
    bills: list[tuple[int, tuple[int, ...]]], left: tuple[int, ...]
) -> None:
    assert most_covered(bills, left) == most_tried(tuple(bills), left)


@cache
def most_tried(bills: tuple[tuple[int, tuple[int, ...]], ...], left: tuple[int, ...]) -> int:
    """Try every way to pay the first bill, in part or whole, and with each every way for the rest."""
    if not bills:
        return 0
    (cents, most), *rest = bills
    shares = product(*(range(min(has, may) + 1) for has, may in zip(left, most, strict=True)))
    return max(
        sum(share) + most_tried(tuple(rest), tuple(has - part for has, part in zip(left, share, strict=True)))
        for share in shares
        if sum(share) <= cents
    )
