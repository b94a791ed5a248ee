"""What somebody may do for another, against the table that people read."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from uit.identity.person.powers import NOTHING, Powers, a_year_after, of_age_on, powers_on
from uit.identity.person.representation import Kind, Representation

TABLE = Path(__file__).parents[3] / "docs" / "access.md"
ROW = re.compile(
    r"^\| ([^|]+) \| ([^|]+) \| (yes|no) \| (yes|no) \| (yes|no) \| (yes|no) \| (\w+) \|$", re.MULTILINE
)
TODAY = date(2026, 3, 2)
BORN = {
    "a child of 8": date(2017, 6, 1),
    "a child of 11": date(2014, 3, 3),
    "somebody of 12": date(2014, 3, 2),
    "somebody of 16": date(2010, 3, 2),
    "somebody of 16 who shares it": date(2010, 3, 2),
    "somebody of 18": date(2008, 3, 2),
    "an adult": date(1950, 1, 1),
}


def given(kind: Kind, *powers: str, ends_on: date | None = None) -> Representation:
    return Representation(
        id=UUID(int=1),
        kind=kind,
        person_id=UUID(int=2),
        representative_id=UUID(int=3),
        powers=list(powers),
        limit_cents=None,
        starts_on=date(2025, 3, 1),
        ends_on=ends_on,
        is_revoked=False,
        is_accepted=True,
        checked_on=date(2026, 1, 5) if kind == "administrator" else None,
        shares_titles=False,
    )


ALL = "see", "book", "pay"
TRUSTED = given("trusted", *ALL, ends_on=TODAY)
RELATIONS = {
    "parent": [given("parental", *ALL)],
    "parent whose powers a court ended": [replace(given("parental", *ALL), is_revoked=True)],
    "administrator without powers in the order": [given("administrator")],
    "administrator who may see, book and pay": [given("administrator", *ALL)],
    "administrator whose order was seen a year ago and more": [
        replace(given("administrator", *ALL), checked_on=date(2025, 3, 1))
    ],
    "trusted person who may see": [given("trusted", "see")],
    "trusted person who may book": [given("trusted", "book")],
    "trusted person who may see, book and pay up to 20 euros": [replace(TRUSTED, limit_cents=2000)],
    "trusted person who has not agreed yet": [replace(TRUSTED, is_accepted=False)],
    "trusted person whose year is over": [replace(TRUSTED, ends_on=date(2026, 3, 1))],
    "trusted person who was stopped": [replace(TRUSTED, is_revoked=True)],
    "organisation with a mandate to book and pay": [given("mandate", "book", "pay")],
    "service that helps them": [given("service", "book", "pay")],
    "service that helped them": [replace(given("service", "book", "pay"), is_revoked=True)],
    "stranger": [],
}


def promised() -> Iterator[tuple[str, str, Powers]]:
    for who, whom, *yes_or_no, spend in ROW.findall(TABLE.read_text()):
        credit, outings, discreet, book = (each == "yes" for each in yes_or_no)
        cents = None if spend == "all" else 0 if spend == "nothing" else int(spend)
        yield who, whom, Powers(credit, outings, discreet, book, cents)


PROMISED = list(promised())


def test_the_table_has_every_relation() -> None:
    assert {who for who, _, _ in PROMISED} == set(RELATIONS)
    assert {whom for _, whom, _ in PROMISED} == set(BORN)


@pytest.mark.parametrize(("who", "whom", "powers"), PROMISED)
def test_somebody_may_do_what_the_table_says(who: str, whom: str, powers: Powers) -> None:
    found = [replace(each, shares_titles="shares" in whom) for each in RELATIONS[who]]

    assert powers_on(TODAY, found, BORN[whom]) == powers


def test_a_region_may_let_parents_see_for_longer() -> None:
    parent = RELATIONS["parent"]

    assert powers_on(TODAY, parent, date(2009, 3, 2), own_outings_from=18).outings
    assert not powers_on(TODAY, parent, date(2013, 3, 2), own_outings_from=12).outings


def test_the_wider_of_two_counts_for_each_power() -> None:
    sees, books = given("trusted", "see"), replace(given("mandate", "book", "pay"), limit_cents=500)

    both = Powers(amounts=True, outings=True, discreet=True, book=True, spend_cents=500)
    assert powers_on(TODAY, [sees, books], None) == both
    assert powers_on(TODAY, [books, replace(books, limit_cents=None)], None).spend_cents is None


def test_it_begins_on_its_first_day() -> None:
    assert powers_on(date(2025, 2, 28), [given("mandate", *ALL)], None) == NOTHING
    assert powers_on(date(2025, 3, 1), [given("mandate", *ALL)], None).book


def test_a_parent_may_until_the_day_before_the_eighteenth_birthday() -> None:
    born_on = date(2008, 3, 3)

    assert powers_on(TODAY, RELATIONS["parent"], born_on).book
    assert not powers_on(of_age_on(born_on), RELATIONS["parent"], born_on)


def test_a_leap_day_has_a_birthday_and_a_year_after() -> None:
    assert of_age_on(date(2008, 2, 29)) == date(2026, 3, 1)
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
