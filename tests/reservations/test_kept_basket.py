"""A basket in a cookie: only we make one, and only who filled it sees it."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reservations.kept_basket import (
    MOST_LINES,
    ChosenPlaces,
    KeptBasket,
    open_kept_basket,
    owner_of,
    seal_kept_basket,
)
from uit.core.seal import seal_basket

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ANNA, BILAL = uuid4(), uuid4()
LINE = ChosenPlaces(uuid4(), "base", 2)
BASKET = KeptBasket(1, uuid4(), (LINE,), uuid4())


def test_a_basket_opens_for_its_region_and_with_our_key_alone() -> None:
    kept = seal_kept_basket(KEY, BASKET)

    assert open_kept_basket(KEY, kept, 1, None) == BASKET
    assert open_kept_basket(KEY, kept, 2, None) is None
    assert open_kept_basket(OTHER_KEY, kept, 1, None) is None


def test_what_was_chosen_before_signing_in_is_theirs_and_what_another_chose_is_not() -> None:
    of_anna = seal_kept_basket(KEY, replace(BASKET, owner=owner_of(KEY, ANNA)))

    assert open_kept_basket(KEY, seal_kept_basket(KEY, BASKET), 1, ANNA) == BASKET
    assert open_kept_basket(KEY, of_anna, 1, ANNA) is not None
    assert open_kept_basket(KEY, of_anna, 1, BILAL) is None
    assert open_kept_basket(KEY, of_anna, 1, None) is None


def test_a_full_basket_fits_in_a_cookie() -> None:
    lines = tuple(ChosenPlaces(uuid4(), "a" * 40, 20) for _ in range(MOST_LINES))

    assert len(seal_kept_basket(KEY, replace(BASKET, lines=lines, owner=owner_of(KEY, ANNA)))) < 3000


@given(st.text() | st.from_regex(r"\AB[A-Za-z0-9_-]{0,80}\Z"))
def test_what_we_did_not_seal_is_no_basket(text: str) -> None:
    assert open_kept_basket(KEY, text, 1, None) is None


@given(st.binary(max_size=80))
def test_what_is_sealed_and_is_no_basket_is_none_either(packed: bytes) -> None:
    assert open_kept_basket(KEY, seal_basket(KEY, packed), 1, None) is None
