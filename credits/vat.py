"""The VAT that a price contains. Codes and their rates are data with dates: `credits.vat_code`."""

FULL_BP = 10_000
"""One, in hundredths of a percent."""


def contained_vat(gross_cents: int, rate_bp: int) -> int:
    """The cents of VAT in an amount that contains it, half a cent upward: 21 % in € 1,21 is € 0,21.

    `rate_bp` is in hundredths of a percent. The gross amount is not below zero.
    """
    divisor = FULL_BP + rate_bp
    return (2 * gross_cents * rate_bp + divisor) // (2 * divisor)
