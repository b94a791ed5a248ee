"""Ages in whole years, and bands of ages and of dates of birth whose two ends are included."""

from datetime import date
from typing import Final

OF_AGE: Final = 18
OLDEST: Final = 120
"""Nobody means an age above it."""


def asks_age(age_from: int | None, age_to: int | None, born_from: date | None, born_to: date | None) -> bool:
    """Whether somebody has to be of some age, or born in some time."""
    return (age_from, age_to, born_from, born_to) != (None, None, None, None)


def is_for_minors(age_to: int | None, born_from: date | None, day: date) -> bool:
    """Whether nobody who is of age on `day` is within a band that ends there."""
    too_young = born_from is not None and age_on(born_from, day) < OF_AGE
    return too_young or (age_to is not None and age_to < OF_AGE)


def age_on(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def age_fits(born_on: date | None, age_from: int | None, age_to: int | None, day: date) -> bool:
    """Whether the age of somebody on `day` is within the band. None is no bound.

    Without a date of birth only a band without bounds fits.
    """
    if age_from is None and age_to is None:
        return True
    if born_on is None:
        return False
    age = age_on(born_on, day)
    return age >= (age_from or 0) and (age_to is None or age <= age_to)


def born_between(born_on: date | None, born_from: date | None, born_to: date | None) -> bool:
    """Whether somebody was born between two dates. None is no bound.

    Without a date of birth only what has no bounds fits.
    """
    if born_from is None and born_to is None:
        return True
    if born_on is None:
        return False
    return (born_from is None or born_on >= born_from) and (born_to is None or born_on <= born_to)
