"""Ages: reached on a birthday, and asked for as a band of which both ends count."""

from datetime import date


def age_fits(born_on: date | None, age_from: int | None, age_to: int | None, day: date) -> bool:
    """Whether somebody's age on a day is in a band; None is no bound, and a bound needs a date of birth."""
    if age_from is None and age_to is None:
        return True
    if born_on is None:
        return False
    age = day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
    return age >= (age_from or 0) and (age_to is None or age <= age_to)
