"""Figures by tariff that tell of nobody in particular which one they paid. Pure."""

from collections.abc import Sequence
from typing import Final

FEWEST: Final = 5
"""So many people have to share a figure before it is shown."""


def shown_cells(counts: Sequence[int]) -> list[int | None]:
    """The figures of a table whose sum is known: all of them, or none while one is of one to four people.

    Who knows a rule that hides some of them, and the sum, can work out others: where the line between hidden
    and shown falls tells as much as a figure. The only figure of a table is its sum.
    """
    is_told = len(counts) == 1 or not any(0 < count < FEWEST for count in counts)
    return [count if is_told else None for count in counts]
