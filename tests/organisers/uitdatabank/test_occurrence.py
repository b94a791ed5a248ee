from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from organisers.uitdatabank.field import Field, end_of_day
from organisers.uitdatabank.opening import Childcare
from tests.organisers.uitdatabank.feed import TODAY, dropped, read, record, refuse, spoiled
from uit.core.clock import BRUSSELS, start_of_day


def local(event: dict[str, Any]) -> list[str]:
    """When it takes place, on the clock in Brussels."""
    return [f"{each.starts_at.astimezone(BRUSSELS):%a %d/%m %H:%M}" for each in read(event).occurrences]


def keys(event: dict[str, Any]) -> list[str]:
    return [each.key for each in read(event).occurrences]


def test_a_single_event_takes_place_once_with_its_places() -> None:
    (evening,) = read(record("single")).occurrences

    assert evening.starts_at == datetime(2026, 4, 17, 18, tzinfo=UTC)
    assert evening.ends_at == datetime(2026, 4, 17, 20, 15, tzinfo=UTC)
    assert (evening.state.capacity, evening.state.places_left) == (120, 45)
    assert evening.key == "20260417T180000Z"


def test_each_date_of_several_has_its_own_state() -> None:
    states = [each.state for each in read(record("multiple")).occurrences]

    assert [state.status for state in states] == ["scheduled", "cancelled", "postponed", "scheduled"]
    assert [state.sold_out for state in states] == [True, False, False, False]
    assert [state.capacity for state in states] == [60, 60, 60, None]
    assert states[1].reason == {
        "nl": "De pop van de kapitein is stuk.",
        "en": "The captain's puppet is broken.",
    }


def test_the_hour_stays_when_the_clock_changes_between_two_dates() -> None:
    assert local(record("multiple")) == [
        "Sat 28/03 14:00",
        "Sun 29/03 11:00",
        "Sun 29/03 15:00",
        "Mon 30/03 11:00",
    ]


def test_childcare_comes_along() -> None:
    assert read(record("multiple")).occurrences[3].childcare == Childcare(time(8, 30), time(17))


def test_what_an_event_says_as_a_whole_holds_for_a_date_that_says_nothing() -> None:
    event = record("multiple")
    event["status"] = {"type": "Unavailable", "reason": {"nl": "Storm"}}
    event["bookingAvailability"] = {"type": "Unavailable", "capacity": 240}
    del event["subEvent"][0]["status"], event["subEvent"][0]["bookingAvailability"]

    state = read(event).occurrences[0].state

    assert (state.status, state.reason, state.sold_out) == ("cancelled", {"nl": "Storm"}, True)
    assert state.capacity is None


def test_another_end_or_state_is_a_change_of_the_same_session() -> None:
    longer = spoiled("multiple", "subEvent.0.endDate", "2026-03-28T15:30:00+01:00")
    cancelled = spoiled("multiple", "subEvent.0.status", {"type": "Unavailable"})
    in_utc = spoiled("multiple", "subEvent.0.startDate", "2026-03-28T13:00:00Z")

    assert keys(longer) == keys(cancelled) == keys(in_utc) == keys(record("multiple"))


def test_the_order_of_the_dates_does_not_matter() -> None:
    event = record("multiple")
    event["subEvent"].reverse()

    assert read(event).occurrences == read(record("multiple")).occurrences


def test_sessions_that_start_together_are_told_apart_by_their_end() -> None:
    event = spoiled("multiple", "subEvent.1.startDate", "2026-03-28T14:00:00+01:00")

    assert keys(event)[:2] == ["20260328T130000Z", "20260328T130000Z-20260329T100000Z"]


def test_the_same_moment_twice_is_one_session() -> None:
    event = record("multiple")
    event["subEvent"].append(event["subEvent"][0])

    assert keys(event) == keys(record("multiple"))


def test_the_same_moment_twice_with_other_places_counts_as_the_first_and_is_said() -> None:
    event = record("multiple")
    event["subEvent"].append(event["subEvent"][0] | {"bookingAvailability": {"capacity": 90}})

    assert read(event).occurrences[0].state == read(record("multiple")).occurrences[0].state
    assert dropped(event) == [
        "subEvent[4] is a date that was there before, with other places or another status"
    ]


def test_an_older_event_without_end_lasts_until_the_last_second_of_its_day() -> None:
    (walk,) = read(record("older")).occurrences

    assert walk.starts_at == datetime(2026, 5, 1, 22, tzinfo=UTC)
    assert walk.ends_at == datetime(2026, 5, 2, 21, 59, 59, tzinfo=UTC)


def test_a_date_that_begins_in_the_last_second_of_its_day_still_ends_after_it() -> None:
    event = spoiled("multiple", "subEvent", [{"startDate": "2026-05-02T23:59:59+02:00"}])

    (late,) = read(event).occurrences
    assert late.ends_at == datetime(2026, 5, 2, 22, tzinfo=UTC)


def test_a_date_without_a_time_is_a_whole_day() -> None:
    event = spoiled("multiple", "subEvent", [{"startDate": "2026-05-02", "endDate": "2026-05-03"}])

    (days,) = read(event).occurrences
    assert days.starts_at == datetime(2026, 5, 1, 22, tzinfo=UTC)
    assert days.ends_at == datetime(2026, 5, 3, 21, 59, 59, tzinfo=UTC)


def test_a_time_without_a_zone_is_that_of_brussels() -> None:
    event = spoiled("multiple", "subEvent.0.startDate", "2026-03-28T14:00:00")

    assert keys(event) == keys(record("multiple"))


def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    event = spoiled("multiple", "subEvent", [{"startDate": "2026-10-25T02:30:00"}])

    assert keys(event) == ["20261025T003000Z"]


def test_a_date_in_the_hour_that_is_skipped_does_not_take_place() -> None:
    event = spoiled("multiple", "subEvent.1.startDate", "2026-03-29T02:30:00")

    assert len(keys(event)) == 3
    assert dropped(event) == ["subEvent[1].startDate does not exist: summer time begins in that hour"]


def test_a_date_that_cannot_be_read_is_left_out_and_the_others_come_in() -> None:
    event = spoiled("multiple", "subEvent.1.endDate", "2026-03-29T10:00:00+02:00")

    assert [key for key in keys(record("multiple")) if key not in keys(event)] == ["20260329T090000Z"]
    assert dropped(event) == ["subEvent[1].endDate is before the start"]
    assert not read(event).dates_complete
    assert read(record("multiple")).dates_complete


def test_dates_as_an_object_with_numbers_are_a_list_with_gaps() -> None:
    event = record("multiple")
    first, second, *_ = event["subEvent"]
    event["subEvent"] = {"10": second, "2": first}

    assert keys(event) == keys(record("multiple"))[:2]


def test_a_number_of_places_left_is_nearer_than_a_whole_event_that_is_sold_out() -> None:
    event = record("multiple") | {"bookingAvailability": {"type": "Unavailable"}}
    event["subEvent"][1]["bookingAvailability"] = {"capacity": 60, "remainingCapacity": 12}
    event["subEvent"][2]["bookingAvailability"] = {"capacity": 60}

    states = [each.state for each in read(event).occurrences]
    assert [(each.places_left, each.sold_out) for each in states[1:3]] == [(12, False), (None, True)]


def test_a_status_that_cannot_be_read_leaves_open_whether_it_takes_place() -> None:
    event = spoiled("multiple", "subEvent.1.status.type", "Maybe")

    assert read(event).occurrences[1].state.status == "unknown"


def test_places_that_cannot_be_read_are_unknown() -> None:
    event = spoiled("single", "subEvent.0.bookingAvailability.remainingCapacity", -1)

    (state,) = [each.state for each in read(event).occurrences]
    assert (state.capacity, state.places_left) == (None, None)


def test_more_places_left_than_there_are_is_no_more_than_there_are() -> None:
    event = spoiled("single", "subEvent.0.bookingAvailability.remainingCapacity", 121)

    (state,) = [each.state for each in read(event).occurrences]
    assert (state.capacity, state.places_left) == (120, 120)


def test_sub_events_under_their_older_name_are_found() -> None:
    event = record("multiple")
    event["subEvents"] = event.pop("subEvent")

    assert keys(event) == keys(record("multiple"))


def test_several_dates_without_any_date_are_wrong() -> None:
    assert str(refuse(spoiled("multiple", "subEvent", []))) == "subEvent is missing"


def test_a_period_opens_at_its_hours_but_for_closed_and_other_days() -> None:
    assert local(record("periodic")) == [
        "Tue 10/03 09:30",
        "Tue 10/03 19:00",
        "Fri 13/03 09:30",
        "Tue 17/03 09:30",
        "Tue 17/03 19:00",
        "Fri 20/03 09:30",
        "Tue 24/03 09:30",
        "Tue 24/03 19:00",
        "Fri 27/03 09:30",
        "Tue 31/03 09:30",
        "Tue 31/03 19:00",
        "Fri 03/04 09:30",
        "Thu 09/04 14:00",
    ]


def test_the_places_of_a_period_are_there_at_each_opening() -> None:
    slots = read(record("periodic")).occurrences

    assert {(slot.state.capacity, slot.state.places_left) for slot in slots} == {(18, 7)}
    assert slots[0].childcare == Childcare(time(9), time(11))


def test_a_cancelled_period_is_cancelled_at_each_opening() -> None:
    slots = read(spoiled("periodic", "status", {"type": "Unavailable"})).occurrences

    assert {slot.state.status for slot in slots} == {"cancelled"}


def test_what_is_always_open_gives_slots_for_sixty_days() -> None:
    slots = read(record("permanent")).occurrences

    days = {slot.starts_at.astimezone(BRUSSELS).date() for slot in slots}
    assert min(days) == TODAY + timedelta(days=1)
    assert max(days) <= TODAY + timedelta(days=59)
    assert len(slots) == 9 + 8 * 2 + 8 * 2


def test_the_next_day_only_adds_slots_at_the_far_end() -> None:
    today = read(record("permanent")).occurrences
    later = read(record("permanent"), TODAY + timedelta(days=4)).occurrences

    shared = {slot.key for slot in today} & {slot.key for slot in later}
    assert shared == {slot.key for slot in later if slot.starts_at <= today[-1].starts_at}


def test_what_is_always_open_at_unknown_hours_is_one_period_of_a_year() -> None:
    event = spoiled("permanent", "openingHours", None)

    (period,) = read(event).occurrences
    assert period.is_period
    assert (period.state.capacity, period.state.places_left) == (None, None)
    assert period.starts_at == start_of_day(TODAY)
    assert period.ends_at == start_of_day(TODAY + timedelta(days=366)) - timedelta(seconds=1)
    assert dropped(event) == ["has no opening hours: its organiser has to be asked"]


def test_a_period_at_unknown_hours_runs_from_its_first_day_to_its_last() -> None:
    event = record("periodic")
    del event["openingHours"], event["openingHoursAdjustedDays"]

    (period,) = read(event).occurrences
    assert period.starts_at == start_of_day(Field(event["startDate"]).day())
    assert period.ends_at == end_of_day(Field(event["endDate"]).day())


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("endDate", "2026-02-01T00:00:00+01:00", "endDate is before the start"),
        ("startDate", None, "startDate is missing"),
    ],
)
def test_a_period_without_its_days_is_wrong(path: str, value: object, said: str) -> None:
    assert str(refuse(spoiled("periodic", path, value))).startswith(said)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("openingHours.0.dayOfWeek", ["maandag"], "openingHours[0].dayOfWeek[0] is none of monday, tuesday"),
        ("openingHours.0.dayOfWeek", [], "openingHours[0].dayOfWeek is missing"),
        ("openingHours.0.opens", "25:00", "openingHours[0].opens is not a time of day: '25:00'"),
        ("openingHours.0.closes", None, "openingHours[0].closes is missing"),
        ("openingHoursClosedDays.0.startDate", "Pasen", "openingHoursClosedDays[0].startDate is not a date"),
    ],
)
def test_opening_hours_that_cannot_be_are_left_out(path: str, value: object, said: str) -> None:
    event = spoiled("periodic", path, value)

    assert dropped(event)[0].startswith(said)
    assert not read(event).dates_complete


def test_with_a_closed_day_that_cannot_be_read_it_is_open_whether_it_takes_place() -> None:
    closed = spoiled("periodic", "openingHoursClosedDays.0.startDate", "Pasen")
    hours = spoiled("periodic", "openingHours.0.opens", "25:00")

    assert {each.state.status for each in read(closed).occurrences} == {"unknown"}
    assert {each.state.status for each in read(hours).occurrences} == {"scheduled"}


def test_an_opening_in_the_hour_that_is_skipped_does_not_take_place() -> None:
    event = record("permanent")
    event["openingHours"] = [{"opens": "02:00", "closes": "02:30", "dayOfWeek": ["sunday"]}]

    assert "Sun 29/03 02:00" not in local(event)
    assert "Sun 29/03 03:00" not in local(event)
    assert "Sun 05/04 02:00" in local(event)
    assert dropped(event) == [
        "openingHours does not take place on 2026-03-29: summer time begins in that hour"
    ]


def test_more_dates_than_an_event_can_have_are_refused() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    dates = [(start + timedelta(hours=hour)).isoformat() for hour in range(2001)]

    event = spoiled("multiple", "subEvent", [{"startDate": date, "endDate": date} for date in dates])

    assert str(refuse(event)) == "takes place more than 2000 times"


def test_more_opening_hours_than_anyone_has_are_left_out() -> None:
    hours = [{"opens": "10:00", "closes": "11:00", "dayOfWeek": ["monday"]}] * 101

    assert dropped(spoiled("permanent", "openingHours", hours)) == ["openingHours has more than 100 entries"]


def test_opening_hours_of_a_season_to_come_become_day_slots_from_its_first_day() -> None:
    season = record("periodic") | {
        "startDate": "2027-03-22T00:00:00+01:00",
        "endDate": "2027-04-04T23:59:59+02:00",
        "openingHours": [{"dayOfWeek": ["sunday"], "opens": "14:00", "closes": "16:00"}],
    }

    assert local(season) == ["Sun 28/03 14:00", "Sun 04/04 14:00"]
