from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organisers.example import SKETCHES, example_events
from organisers.uitdatabank.event import Event
from tests.organisers.uitdatabank.feed import read
from uit.core.clock import BRUSSELS

TOWNS = {
    "dender": {"Aalst", "Denderleeuw", "Ninove", "Geraardsbergen", "Haaltert", "Lede", "Erpe-Mere"},
    "kust": {"Koksijde", "De Panne", "Nieuwpoort", "Middelkerke", "Oostende"},
}
REGIONS = sorted(TOWNS)
DAYS = st.dates(date(2025, 1, 1), date(2035, 12, 31))


def events(region: str, today: date = date(2026, 3, 10)) -> list[Event]:
    return [read(event, today) for event in example_events(region, today)]


def base_cents(event: Event) -> int:
    return next(price.price_cents for price in event.prices if price.category == "base")


def test_the_example_has_its_two_regions() -> None:
    assert sorted(SKETCHES) == REGIONS


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(REGIONS), DAYS)
def test_every_event_can_be_read_and_booked_in_the_next_six_weeks(region: str, today: date) -> None:
    for event in events(region, today):
        days = [session.starts_at.astimezone(BRUSSELS).date() for session in event.occurrences]
        assert any(today < day <= today + timedelta(weeks=6) for day in days)
        assert min(days) >= today
        assert all(session.state.capacity for session in event.occurrences)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(REGIONS), DAYS)
def test_the_same_day_gives_the_same_events(region: str, today: date) -> None:
    assert example_events(region, today) == example_events(region, today)


@pytest.mark.parametrize("region", REGIONS)
def test_a_session_with_fifty_places_costs_one_euro(region: str) -> None:
    fifty = [event for event in events(region) if any(s.state.capacity == 50 for s in event.occurrences)]

    assert [(base_cents(event), len(event.occurrences)) for event in fifty] == [(100, 1)]


@pytest.mark.parametrize("region", REGIONS)
def test_one_event_is_soon_sold_out(region: str) -> None:
    capacities = [session.state.capacity for event in events(region) for session in event.occurrences]

    assert min(filter(None, capacities)) == 3
    assert capacities.count(3) == 1


@pytest.mark.parametrize("region", REGIONS)
def test_the_example_shows_every_kind_of_event(region: str) -> None:
    shown = events(region)
    states = [session.state for event in shown for session in event.occurrences]

    assert len(shown) == len({event.foreign_id for event in shown}) == 25
    assert {event.calendar_type for event in shown} == {"single", "multiple", "periodic", "permanent"}
    assert {event.attendance for event in shown} == {"online", "offline"}
    assert {state.status for state in states} == {"scheduled", "cancelled"}
    assert any(state.sold_out for state in states)
    assert any(base_cents(event) == 0 for event in shown)


@pytest.mark.parametrize("region", REGIONS)
def test_every_town_of_the_region_has_something_on(region: str) -> None:
    venues = [event.venue for event in events(region) if event.venue]

    assert {venue.address["nl"].locality for venue in venues} == TOWNS[region]


def test_no_event_is_in_two_regions() -> None:
    dender, kust = ({event.foreign_id for event in events(region)} for region in REGIONS)

    assert not dender & kust
