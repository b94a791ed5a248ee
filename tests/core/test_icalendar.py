"""A calendar file is what RFC 5545 says: lines of 75 octets, texts that end nothing, moments in UTC."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from uit.core.icalendar import LONGEST_LINE, CalendarEvent, EventStatus, as_calendar, folded, text

AT = datetime(2026, 7, 1, 20, 0, tzinfo=ZoneInfo("Europe/Brussels"))


def event(summary: str = "Quiz", location: str = "") -> CalendarEvent:
    return CalendarEvent("1@uit.example", 0, AT, AT, summary, location, EventStatus.CONFIRMED)


def test_moments_are_in_utc_and_lines_end_as_they_should() -> None:
    file = as_calendar([event()], AT)

    assert "DTSTART:20260701T180000Z\r\n" in file
    assert file.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert file.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_what_ends_a_value_is_escaped() -> None:
    assert text("Soep,\xa0brood; en\r\n\\o/\x07") == "Soep\\, brood\\; en\\n\\\\o/"


@given(st.text(max_size=300))
def test_a_line_is_folded_within_its_octets_and_comes_back_whole(words: str) -> None:
    line = f"SUMMARY:{text(words)}"
    parts = list(folded(line))

    assert all(len(part.encode()) <= LONGEST_LINE for part in parts)
    assert parts[0] + "".join(part.removeprefix(" ") for part in parts[1:]) == line


@given(st.text(max_size=100), st.text(max_size=100))
def test_no_text_adds_a_property(summary: str, location: str) -> None:
    file = as_calendar([event(summary, location)], AT).replace("\r\n ", "")
    names = [line.partition(":")[0] for line in file.split("\r\n")]

    assert sorted({*names} - {"LOCATION"}) == sorted(
        {each.partition(":")[0] for each in as_calendar([event()], AT).split("\r\n")}
    )
    assert names.count("STATUS") == names.count("SUMMARY") == 1
