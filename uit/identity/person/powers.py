"""What somebody may do for another on a day: one rule for every kind of representation. Pure.

`docs/access.md` has it as a table, which a test walks.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from msgspec import Struct

from uit.core.age import OF_AGE, age_on
from uit.identity.person.representation import Representation

OWN_OUTINGS_FROM: Final = 16
"""The age from which a parent does not see where a young person goes, unless a region says another."""
OWN_DISCREET_FROM: Final = 12
"""The age from which a parent does not see it where the organiser calls an activity discreet."""


class Powers(Struct, frozen=True):
    """What one may do for another.

    `amounts`: see what credit is left and what was spent. `outings`: see where they go, and `discreet` that
    as well where the organiser calls it discreet. `book`: book for them, and give up what one booked oneself.
    `spend_cents`: the most of their credit that one booking may take; None without a limit.
    """

    amounts: bool = False
    outings: bool = False
    discreet: bool = False
    book: bool = False
    spend_cents: int | None = 0

    def __bool__(self) -> bool:
        return self.amounts or self.book

    def __or__(self, other: "Powers") -> "Powers":
        """The wider of both, each power by itself."""
        limits = self.spend_cents, other.spend_cents
        widest = None if None in limits else max(each for each in limits if each is not None)
        return Powers(
            self.amounts or other.amounts,
            self.outings or other.outings,
            self.discreet or other.discreet,
            self.book or other.book,
            widest,
        )


NOTHING: Final = Powers()


def powers_on(
    day: date, given: Iterable[Representation], born_on: date | None, own_outings_from: int = OWN_OUTINGS_FROM
) -> Powers:
    """What representations of one person by one other come to on a day; `born_on` is of the person."""
    powers = NOTHING
    for each in given:
        if holds_on(day, each, born_on):
            powers |= powers_of(day, each, born_on, own_outings_from)
    return powers


def holds_on(day: date, given: Representation, born_on: date | None) -> bool:
    """Whether a representation is in force.

    Parental authority ends at 18 whatever its row says, an administrator is checked again every year, and a
    trusted person has agreed.
    """
    if given.is_revoked or day < given.starts_on or (given.ends_on is not None and day > given.ends_on):
        return False
    match given.kind:
        case "parental":
            return born_on is None or age_on(born_on, day) < OF_AGE
        case "administrator":
            return given.checked_on is not None and day <= a_year_after(given.checked_on)
        case "trusted":
            return given.is_accepted
        case "mandate" | "service":
            return True


def powers_of(
    day: date, given: Representation, born_on: date | None, own_outings_from: int = OWN_OUTINGS_FROM
) -> Powers:
    """The powers of one that is in force. An administrator and a service always see the amounts."""
    sees, books = "see" in given.powers, "book" in given.powers
    may_hide = given.kind == "parental" and not given.shares_titles
    outings = sees and not (may_hide and is_private(born_on, day, own_outings_from))
    return Powers(
        amounts=sees or given.kind in {"administrator", "service"},
        outings=outings,
        discreet=outings and not (may_hide and is_private(born_on, day, OWN_DISCREET_FROM)),
        book=books,
        spend_cents=given.limit_cents if books and "pay" in given.powers else 0,
    )


def is_private(born_on: date | None, day: date, own_from: int) -> bool:
    """Whether somebody is of an age at which parents do not see where they go unless they share it."""
    return born_on is not None and own_from <= age_on(born_on, day) < OF_AGE


def of_age_on(born_on: date) -> date:
    """The day on which somebody turns 18; who was born on 29 February does so on 1 March."""
    try:
        return born_on.replace(year=born_on.year + OF_AGE)
    except ValueError:
        return date(born_on.year + OF_AGE, 3, 1)


def a_year_after(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)
