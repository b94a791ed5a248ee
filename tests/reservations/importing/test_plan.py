"""What an event that is published becomes: places and prices."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from organisers.event import CAMP
from organisers.source import COUNTINGS, Counting
from organisers.uitdatabank.event import Event, read_event
from organisers.uitdatabank.occurrence import State
from reservations.importing.counting import read_figure
from reservations.importing.plan import (
    PlannedPool,
    fit_code,
    fit_pool,
    new_pool,
    sale_period,
    share,
    tariff_rows,
    unavailable_at_source,
)
from reservations.importing.session_plan import Terms
from reservations.importing.write import digest_of
from tests.reservations.importing.events import TODAY, a_concert

ANY = UUID(int=1)
COUNTS = st.integers(0, 1_000)


@st.composite
def pools(draw: st.DrawFn) -> PlannedPool:
    """A pool as bookings, an organiser and earlier imports may have left it."""
    licensed = draw(COUNTS)
    taken = draw(st.integers(0, licensed))
    held = draw(st.integers(0, licensed - taken))
    return PlannedPool(ANY, licensed, draw(st.integers(0, licensed)), taken, held, counted=licensed > 0)


@st.composite
def states(draw: st.DrawFn) -> State:
    capacity = draw(st.none() | COUNTS)
    left = draw(st.none() | st.integers(0, capacity)) if capacity is not None else None
    return State(sold_out=draw(st.booleans()), capacity=capacity, places_left=left)


def fit(pool: PlannedPool, state: State, counting: Counting) -> PlannedPool:
    """The pool after an import of a session of which no earlier figure is known."""
    return fit_pool(
        pool, state, read_figure(counting, unavailable_at_source(state), pool.taken, None).elsewhere
    )


@given(pools(), states(), st.sampled_from(COUNTINGS))
def test_no_import_takes_a_place_back_or_sells_more_than_is_there(
    pool: PlannedPool, state: State, counting: Counting
) -> None:
    now = fit(pool, state, counting)

    assert now.taken == pool.taken
    assert now.taken + now.held <= now.licensed_capacity
    assert 0 <= now.capacity <= now.licensed_capacity
    left = max(0, now.capacity - now.taken - now.held)
    if state.capacity is not None:
        sellable = 0 if state.sold_out else state.capacity if state.places_left is None else state.places_left
        ours = 0 if counting == "ours_included" else pool.taken
        assert left <= max(0, min(sellable - ours, state.capacity - pool.taken))


@given(pools(), states(), st.sampled_from(COUNTINGS))
def test_the_same_import_a_second_time_changes_no_pool(
    pool: PlannedPool, state: State, counting: Counting
) -> None:
    once = fit(pool, state, counting)

    assert fit(once, state, counting) == once


@given(states())
def test_all_that_uitdatabank_leaves_is_on_sale(state: State) -> None:
    pool = fit(new_pool(ANY), state, "unknown")

    left = 0 if state.sold_out or state.capacity is None else state.capacity
    if state.places_left is not None and not state.sold_out:
        left = state.places_left
    assert pool.capacity - pool.held == left
    assert pool.counted == (state.capacity is not None)


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=70))
def test_a_code_is_never_too_long_and_two_long_ones_stay_two(code: str) -> None:
    assert len(fit_code(code)) <= 40
    assert fit_code(code + "x" * 40) != fit_code(code + "x" * 39 + "y")


def test_a_share_rounds_half_a_cent_up() -> None:
    assert [share(cents, 2_000) for cents in (100, 101, 102, 103, 1450)] == [20, 20, 20, 21, 290]
    assert share(25, 5_000) == 13


def event_of(record: dict[str, Any]) -> Event:
    event = read_event(record | {"availableTo": "2026-12-31"}, TODAY)
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize(
    ("starts", "ends", "more", "until"),
    [
        ("2026-03-13T20:00", "2026-03-13T22:00", {}, "starts"),
        ("2026-03-13T20:00", "2026-03-14T19:59", {}, "starts"),
        ("2026-03-13T20:00", "2026-03-14T20:00", {}, "ends"),
        ("2026-03-13T00:00", "2026-03-13T23:59", {}, "ends"),
        ("2026-03-13T10:00", "2026-03-22T18:00", {}, "ends"),
        ("2026-03-13T10:00", "2026-03-22T18:00", {"overnight": True}, "starts"),
        ("2026-03-13T10:00", "2026-03-15T18:00", {"hasOvernightStay": True}, "starts"),
    ],
)
def test_what_can_be_joined_while_it_runs_is_sold_until_it_ends_but_no_stay_of_nights(
    starts: str, ends: str, more: dict[str, Any], until: str
) -> None:
    event = event_of(a_concert(startDate=starts, endDate=ends, **more))
    [date] = event.occurrences

    _, closes_at = sale_period(event, date)

    assert closes_at == {"starts": date.starts_at, "ends": date.ends_at}[until]


def test_a_camp_is_sold_until_its_first_day() -> None:
    term = {"id": CAMP, "label": "Kamp of vakantie", "domain": "eventtype"}
    week = a_concert(startDate="2026-04-06T09:00", endDate="2026-04-10T16:00")
    event = event_of(week | {"terms": [term]})
    [camp] = event.occurrences

    assert sale_period(event, camp)[1] == camp.starts_at
    assert sale_period(event_of(week), camp)[1] == camp.ends_at


def test_an_event_is_written_again_when_its_prices_are_read_otherwise() -> None:
    event, terms = event_of(a_concert()), Terms(2_000, "unknown")
    tariffs = tariff_rows(event, ANY, terms.social_bp)
    otherwise = [replace(tariffs[0], weight=4), *tariffs[1:]]

    assert digest_of(event, terms, tariffs) == digest_of(event, terms, list(tariffs))
    assert digest_of(event, terms, tariffs) != digest_of(event, terms, otherwise)
