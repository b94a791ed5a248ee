"""Numbers of the national register: only those that can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uit.core.secret import Secrets
from uit.identity.errors import InszWrong
from uit.identity.person.insz import Insz, read_insz

SECRETS = Secrets.make(bytes)
OTHER = Secrets.make(lambda count: b"\1" * count)


def number(birth: str, serial: int, *, from_2000: bool = False) -> str:
    """A number with the right check digits."""
    base = f"{birth}{serial:03}"
    return f"{base}{97 - int(('2' if from_2000 else '') + base) % 97:02}"


def test_the_example_of_the_register_itself_adds_up() -> None:
    # Born on 30 July 1985, serial 033: 850730033 leaves 69 after 97s, and 97 - 69 = 28.
    assert read_insz("85.07.30-033.28") == Insz("85073003328")


def test_who_was_born_from_2000_on_has_a_2_before_the_sum() -> None:
    assert read_insz(number("170730", 33, from_2000=True)) == Insz("17073003384")
    assert 97 - 2170730033 % 97 == 84


@pytest.mark.parametrize("birth", ["854730", "852730", "850000", "850700", "854000"])
def test_bis_months_and_unknown_dates_are_taken(birth: str) -> None:
    assert isinstance(read_insz(number(birth, 33)), Insz)


def test_the_mock_month_is_for_fixtures_only() -> None:
    mock = number("906517", 101)

    assert read_insz(mock) == InszWrong()
    assert read_insz(mock, mock=True) == Insz(mock)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "85073003329",
        "8507300332",
        "850730033280",
        "abcdefghijk",
        number("851330", 33),
        number("850732", 33),
        "٨٥٠٧٣٠٠٣٣٢٨",
        "85/07/30-033.28",
    ],
)
def test_what_cannot_be_is_refused(text: str) -> None:
    assert read_insz(text) == InszWrong()


@given(st.integers(0, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_digit_typed_wrong_is_always_seen(base: int, at: int, off: int) -> None:
    right = f"{base:09}{97 - base % 97:02}"
    wrong = right[:at] + str((int(right[at]) + off) % 10) + right[at + 1 :]
    century_reading = (2_000_000_000 + int(wrong[:9])) % 97 == 97 - int(wrong[9:])

    assert read_insz(wrong) == InszWrong() or century_reading


def test_a_number_never_shows_itself() -> None:
    known = read_insz("85073003328")

    assert "85073003328" not in repr(known)
    assert "85073003328" not in f"{known}"
    assert "85073003328" not in repr([known])


def test_the_key_finds_the_same_person_and_only_under_our_secret() -> None:
    known = read_insz("85073003328")
    assert isinstance(known, Insz)

    assert known.key(SECRETS) == Insz("85073003328").key(SECRETS)
    assert known.key(SECRETS) != known.key(OTHER)
    assert known.key(SECRETS) != Insz("17073003384").key(SECRETS)
