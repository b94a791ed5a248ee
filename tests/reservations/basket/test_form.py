"""The form of a basket: what a hidden field says of lines, and what was typed."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from reservations.basket.contents import field_of
from reservations.basket.form import decode_lines, encode_lines, read_basket_form
from reservations.kept_basket import MOST_LINES, ChosenPlaces, KeptBasket
from reservations.most_places import MOST_OF_GROUP, MOST_PLACES

LINES = st.lists(
    st.builds(
        ChosenPlaces,
        st.uuids(),
        st.from_regex(r"\A[a-z0-9][a-z0-9_-]{0,39}\Z"),
        st.integers(1, MOST_PLACES),
        course_id=st.none() | st.uuids(),
    ),
    max_size=MOST_LINES,
).map(tuple)
ONE, OTHER = ChosenPlaces(UUID(int=1), "base", 2), ChosenPlaces(UUID(int=2), "kind", 1)
BASKET = KeptBasket(1, uuid4(), (ONE, OTHER))


@given(LINES)
def test_the_lines_that_a_page_shows_come_back_as_they_were(lines: tuple[ChosenPlaces, ...]) -> None:
    assert decode_lines(encode_lines(lines)) == lines


@given(st.text() | st.from_regex(r"\A[0-9a-f-]{32,36}/[a-z]{0,50}:[0-9-]{0,4}( .*)?\Z"))
def test_a_text_that_is_none_of_ours_has_no_lines_or_good_ones(text: str) -> None:
    for line in decode_lines(text):
        assert 1 <= line.places <= MOST_OF_GROUP
        assert len(line.tariff) <= 40


def test_nought_takes_a_line_away_and_a_wrong_number_keeps_it() -> None:
    typed = {field_of(ONE): "0", field_of(OTHER): "twee"}

    form = read_basket_form(typed, BASKET, guest=True)

    assert form.lines == (OTHER,)
    assert list(form.errors) == [field_of(OTHER)]


def test_who_books_without_a_pass_has_to_say_who_they_are() -> None:
    form = read_basket_form({"stap": "boek"}, BASKET, guest=True)

    assert set(form.errors) == {"naam", "email"}
    assert read_basket_form({"stap": "kijk"}, BASKET, guest=True).errors == {}


def test_what_was_typed_otherwise_than_shown_is_not_booked() -> None:
    shown = {"regels": encode_lines([ONE]), "stap": "boek"}

    same = read_basket_form({**shown, field_of(ONE): "2"}, BASKET, guest=False)
    more = read_basket_form({**shown, field_of(ONE): "3"}, BASKET, guest=False)

    assert (same.is_as_shown, more.is_as_shown) == (True, False)
    assert not read_basket_form({"stap": "boek"}, BASKET, guest=False).is_as_shown
