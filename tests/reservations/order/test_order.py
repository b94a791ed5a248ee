"""A booking before it is made: what a form means, and the sum that goes with it."""

import re
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from reservations.most_places import MOST_PLACES
from reservations.order.choice import Choice
from reservations.order.form import SeenTotal, decode_seen_total, encode_seen_total, read_form

CHOICES = [
    Choice("kansentarief", "Kansentarief", 300, personal=True, most=1),
    Choice("base", "Basis", 1500, personal=False, most=20),
]
PLACES = st.dictionaries(st.sampled_from(["base", "kind", "kansentarief"]), st.integers(0, 20))


@given(st.text() | st.integers().map(str))
def test_a_number_of_places_is_between_nothing_and_the_most_or_not_understood(text: str) -> None:
    form = read_form({"plaatsen-base": text, "plaatsen-kansentarief": "1"}, CHOICES)

    number = form.places.get("base")
    assert number is None or 0 <= number <= MOST_PLACES
    assert number is not None or text.strip() not in {str(each) for each in range(MOST_PLACES + 1)}
    assert (number is None) == ("plaatsen-base" in form.errors)


CENTS = st.integers(0, 999_999_999)


@given(st.builds(SeenTotal, CENTS, CENTS, CENTS), PLACES, PLACES)
def test_a_sum_counts_as_seen_only_for_the_places_it_was_shown_for(
    seen: SeenTotal, shown: Mapping[str, int], places: Mapping[str, int]
) -> None:
    same = {code: number for code, number in shown.items() if number} == {
        code: number for code, number in places.items() if number
    }

    assert decode_seen_total(encode_seen_total(seen, shown), places) == (seen if same else None)


@given(st.text() | st.from_regex(r"-?[0-9]{0,12} ?[0-9]{0,3} ?[0-9]{0,3} ?base:[01]"))
def test_a_mark_that_is_none_of_ours_was_seen_by_nobody(mark: str) -> None:
    ours = re.fullmatch(r"([^\S ]*[0-9]{1,9}[^\S ]* ){3}base:1", mark)

    assert (decode_seen_total(mark, {"base": 1}) is not None) == (ours is not None)


def test_a_box_that_the_form_does_not_have_asks_for_no_places() -> None:
    form = read_form({"plaatsen-base": "2", "plaatsen-other": "3"}, CHOICES)

    assert form.places == {"kansentarief": 0, "base": 2}
    assert form.errors == {}


def test_more_places_than_one_may_take_at_once_are_told_at_the_box_with_the_most() -> None:
    form = read_form({"plaatsen-base": "20", "plaatsen-kansentarief": "1"}, CHOICES)

    assert list(form.errors) == ["plaatsen-base"]
