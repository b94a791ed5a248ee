"""How many tickets one may ask for at once, the same on a page, in a basket and for a program."""

from typing import Final

from organisers.uitdatabank.tariff_name import MOST_LEAST

MOST_PLACES: Final = 20
MOST_OF_GROUP: Final = MOST_LEAST
"""Of a price that is sold from so many on: as many as an organiser may ask of a group."""


def most_at_once(least: int) -> int:
    """How many of a price that is sold from `least` on, whatever is left: a group may be larger."""
    return MOST_OF_GROUP if least > 1 else MOST_PLACES
