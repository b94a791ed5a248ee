"""The rounding of cash to 5 cents: art. VI.7/1 of the Code of Economic Law, compulsory since 1 December 2019.

It holds for what a customer pays in cash in presence, when the whole amount is above 5 cents; for the total,
and not for each article. Of a receipt that is paid in more than one way, the part in cash alone is rounded.
Card, credit and invoice never are.
"""

from typing import Final

STEP_CENTS: Final = 5
NEVER_ROUNDED_CENTS: Final = 5
"""An amount up to this is paid as it is."""


def rounded_cents(cents: int) -> int:
    """The nearest multiple of 5 cents: a last figure of 1, 2, 6 or 7 goes down, of 3, 4, 8 or 9 goes up."""
    return (cents + STEP_CENTS // 2) // STEP_CENTS * STEP_CENTS


def cash_rounding(total_cents: int, cash_cents: int) -> int:
    """What rounding adds to the cash part of a total, from -2 to 2 cents; what it takes off is below zero."""
    if total_cents <= NEVER_ROUNDED_CENTS:
        return 0
    return rounded_cents(cash_cents) - cash_cents


def difference_rounding(total_cents: int, cash_cents: int) -> int:
    """What rounding adds to the drawer for a difference; below zero, it is cash that is given."""
    return (
        -cash_rounding(-total_cents, -cash_cents)
        if cash_cents < 0
        else cash_rounding(total_cents, cash_cents)
    )
