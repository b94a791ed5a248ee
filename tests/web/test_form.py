"""What people type, as they type it."""

from datetime import date, time
from uuid import UUID

import pytest

from uit.core.one_line import one_line
from uit.web.form import number_error, only_errors, read_day, read_hour, read_id, read_number, text_error


@pytest.mark.parametrize("typed", ["2026-05-04", "4/5/2026", "04.05.2026", " 4-5-2026 "])
def test_a_day_is_read_as_a_field_sends_it_and_as_people_write_it(typed: str) -> None:
    assert read_day(typed) == date(2026, 5, 4)


@pytest.mark.parametrize(
    "typed",
    ["", "gisteren", "31/2/2026", "4/5/26", "\N{ARABIC-INDIC DIGIT FOUR}/5/2026", "9999-12-31", "0001-01-01"],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("20:00", time(20)),
        ("18", time(18)),
        ("18u", time(18)),
        ("18 u", time(18)),
        ("18 uur", time(18)),
        ("18.30 u", time(18, 30)),
        ("9u15", time(9, 15)),
        (" 7:05 ", time(7, 5)),
        ("24:00", None),
        ("18:60", None),
        ("183", None),
        ("18.", None),
        ("uur", None),
        ("", None),
    ],
)
def test_an_hour_is_read_as_people_type_it_and_as_we_write_it(typed: str, hour: time | None) -> None:
    assert read_hour(typed) == hour


def test_a_number_is_whole_plain_and_no_more_than_the_most() -> None:
    assert [read_number(typed, 120) for typed in ("0", " 120 ", "007")] == [0, 120, 7]
    assert {
        read_number(typed, 120)
        for typed in ("", "121", "-1", "1.5", "\N{ARABIC-INDIC DIGIT THREE}", "½", "1" * 30)
    } == {None}


def test_a_number_that_is_none_too_low_or_too_high_says_what_is_wanted() -> None:
    assert {number_error(typed, 2, 20) for typed in ("", "1", "21", "twee")} == {
        "Vul een getal in van 2 tot 20."
    }
    assert [number_error("0", 0, 20), number_error(" 2 ", 2, 20)] == ["", ""]


def test_a_line_of_text_is_there_short_enough_and_fit_to_keep() -> None:
    wrong = [text_error(typed, "Vul iets in.", 5) for typed in (" ", "zes letters", "a\x00b", " a \t b ")]

    assert wrong[0] == "Vul iets in."
    assert wrong[1:3] == [
        "Dit is te lang. Gebruik hoogstens 5 letters.",
        "Hier staat een teken in dat we niet kunnen bewaren.",
    ]
    assert wrong[3] == ""


def test_text_is_squeezed_to_one_line_that_a_database_can_hold() -> None:
    assert one_line("  El \x00Amrani,\r\n Yasmine ") == "El Amrani, Yasmine"


def test_an_id_that_is_none_is_told_apart() -> None:
    assert read_id("00000000-0000-0000-0000-000000000007") == UUID(int=7)
    assert read_id("zeven") is None


def test_only_the_fields_that_are_wrong_are_told() -> None:
    assert only_errors({"name": "", "amount": "Schrijf een bedrag."}) == {"amount": "Schrijf een bedrag."}
