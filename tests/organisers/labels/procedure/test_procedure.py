"""Terms: how many working days are left, and when the clock stands still."""

from datetime import UTC, datetime

from organisers.labels.procedure.procedure import StateHistory, read_example

RULES = read_example()


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, 0, tzinfo=UTC)


def test_the_term_starts_on_the_day_after_the_submission() -> None:
    state_history = StateHistory(["draft", "submitted"], [at(2, 1), at(3, 2)])

    left = [RULES.days_left(state_history, at(3, day).date()) for day in (2, 3, 9)]

    assert left == [45, 44, 40]


def test_the_clock_stands_still_while_a_question_is_open() -> None:
    states = ["draft", "submitted", "question", "submitted", "assessed"]
    state_history = StateHistory(states, [at(2, 1), at(3, 2), at(3, 4), at(3, 18), at(3, 19)])  # type: ignore[arg-type]

    assert RULES.days_left(state_history, at(3, 20).date()) == 45 - 2 - 2


def test_a_term_that_is_over_is_below_zero() -> None:
    state_history = StateHistory(["draft", "submitted"], [at(2, 1), at(3, 2)])

    assert RULES.days_left(state_history, at(6, 1).date()) < 0
