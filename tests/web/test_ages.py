"""For whom something is, in words: ages and dates of birth."""

from datetime import date

import pytest

from uit.web.view import environment

LAST_DAY_OF_2018 = date(2018, 12, 31)


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ((6, 12, None, None), "van 6 tot en met 12 jaar"),
        ((6, 6, None, None), "6 jaar"),
        ((None, 17, None, None), "tot en met 17 jaar"),
        ((0, 3, None, None), "tot en met 3 jaar"),
        ((65, None, None, None), "vanaf 65 jaar"),
        ((None, None, None, None), "alle leeftijden"),
        ((None, None, date(2018, 1, 1), LAST_DAY_OF_2018), "geboren in 2018"),
        ((None, None, date(2016, 1, 1), LAST_DAY_OF_2018), "geboren van 2016 tot en met 2018"),
        ((None, None, None, LAST_DAY_OF_2018), "geboren tot en met 2018"),
        ((None, None, date(2018, 9, 1), None), "geboren vanaf 1 september 2018"),
        (
            (None, None, date(2018, 9, 1), LAST_DAY_OF_2018),
            "geboren van 1 september 2018 tot en met 31 december 2018",
        ),
        ((8, 10, date(2018, 1, 1), LAST_DAY_OF_2018), "van 8 tot en met 10 jaar, geboren in 2018"),
    ],
)
def test_ages_and_dates_of_birth_are_said_in_words(
    ages: tuple[int | None, int | None, date | None, date | None], said: str
) -> None:
    words = environment().from_string('{% import "ui/ui.html" as ui %}{{ ui.ages(*ages) }}').render(ages=ages)

    assert " ".join(words.split()).replace("\xa0", " ") == said
