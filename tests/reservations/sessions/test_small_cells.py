"""No figure by tariff, and no difference of figures, says how many paid a tariff that only a few did."""

from collections import defaultdict
from itertools import product

import pytest

from reservations.sessions.small_cells import FEWEST, shown_cells


def test_what_many_share_is_shown_and_beside_what_few_share_nothing_is() -> None:
    assert shown_cells([20, 5, 0]) == [20, 5, 0]
    assert shown_cells([20, 3, 9]) == [None, None, None]


def test_the_only_figure_is_the_sum_and_says_nothing_more() -> None:
    assert shown_cells([3]) == [3]


@pytest.mark.parametrize(("tariffs", "most"), [(2, 30), (3, 12), (4, 8)])
def test_with_the_rule_and_the_sum_in_hand_no_small_figure_can_be_worked_out(tariffs: int, most: int) -> None:
    """Of each page that one may see, all tables that would look so: none of its small figures is fixed."""
    alike = defaultdict(list)
    for counts in product(range(most + 1), repeat=tariffs):
        alike[tuple(shown_cells(counts)), sum(counts)].append(counts)

    fixed = [
        tables
        for tables in alike.values()
        for figures in zip(*tables, strict=True)
        if len(set(figures)) == 1 and 0 < figures[0] < FEWEST
    ]

    assert fixed == []
