"""The words that the pages about labels share."""

import pytest

from uit.web.view import environment

FIGURE = (
    '{% import "organisers/labels/words.html" as words %}'
    '{{ words.figure({"answer": "number", "unit": unit}, figure) }}'
)


@pytest.mark.parametrize(
    ("figure", "unit", "said"),
    [
        (1, "infopunten", "1 infopunt"),
        (1, "dagen per jaar", "1 dag per jaar"),
        (2, "infopunten", "2 infopunten"),
        (1, "km", "1 km"),
        (1, "per 1.000 inwoners", "1 per 1.000 inwoners"),
    ],
)
def test_one_of_a_unit_is_said_in_the_singular(figure: int, unit: str, said: str) -> None:
    assert environment().from_string(FIGURE).render(figure=figure, unit=unit) == said
