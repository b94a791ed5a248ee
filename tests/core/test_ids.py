"""Identifiers that sort by time (RFC 9562, version 7)."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from uit.core.clock import SetClock
from uit.core.ids import TimeOrderedIds

MICROSECOND = timedelta(microseconds=1)
MOMENTS = st.integers(0, 2**54).map(lambda count: datetime(1970, 1, 1, tzinfo=UTC) + count * MICROSECOND)


@given(MOMENTS, st.binary(min_size=640, max_size=640))
def test_an_id_is_version_seven_and_says_its_millisecond(at: datetime, noise: bytes) -> None:
    made = TimeOrderedIds(SetClock(at), lambda count: noise[:count]).new()

    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(MOMENTS, st.integers(1, 10**9))
def test_a_later_id_sorts_after_an_earlier_one(at: datetime, milliseconds: int) -> None:
    clock = SetClock(at)
    ids = TimeOrderedIds(clock)
    earlier = ids.new()
    clock.move(timedelta(milliseconds=milliseconds))

    assert earlier < ids.new()


def test_many_ids_of_one_instant_are_all_different() -> None:
    ids = TimeOrderedIds(SetClock(datetime(2026, 3, 2, tzinfo=UTC)))

    assert len({ids.new() for _ in range(10_000)}) == 10_000


def test_every_random_bit_is_used() -> None:
    """With noise of ones, all bits but those of time, version and variant are one; with zeros, zero."""
    at = SetClock(datetime(1970, 1, 1, tzinfo=UTC))

    ones = TimeOrderedIds(at, lambda count: b"\xff" * count).new()
    zeros = TimeOrderedIds(at, bytes).new()

    assert (ones.int ^ zeros.int).bit_count() == 74
