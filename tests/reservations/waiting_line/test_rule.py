"""Who gets what came free, against a rule that is slow and obviously right."""

from collections.abc import Iterator
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from reservations.booking.waiting_rows import known_again
from reservations.waiting_line.rule import (
    TOO_FEW,
    InLine,
    LineFacts,
    Outcome,
    Part,
    PassedOver,
    Wish,
    drawn,
    go_through,
    why_not,
)

HALL, BALCONY, STALLS = UUID(int=1), UUID(int=2), UUID(int=3)
SATURDAY, SUNDAY = UUID(int=11), UUID(int=12)
ANNA, BILAL, CHLOE = UUID(int=21), UUID(int=22), UUID(int=23)


def wish(
    places: int, session_id: UUID = SATURDAY, *, keeps: bool = False, refused: str | None = None
) -> Wish:
    return Wish(session_id, (Part(places, 1, (session_pool(session_id),)),), refused, keeps)


def session_pool(session_id: UUID) -> UUID:
    return HALL if session_id == SATURDAY else STALLS


def results(known: LineFacts) -> dict[UUID, tuple[str, int]]:
    return {each.entry_id: (each.result, sum(each.places)) for each in go_through(known)}


def test_who_came_first_is_served_first() -> None:
    line = (InLine(ANNA, (wish(2),)), InLine(BILAL, (wish(2),)))

    assert results(LineFacts({HALL: 3}, line)) == {ANNA: ("offered", 2), BILAL: ("passed_over", 0)}


def test_a_group_gets_all_of_its_places_or_none_and_the_next_who_fits_gets_them() -> None:
    line = (InLine(ANNA, (wish(4),)), InLine(BILAL, (wish(2),)))
    outcomes = go_through(LineFacts({HALL: 3}, line))

    assert outcomes == [
        Outcome(ANNA, "passed_over", why=(PassedOver(SATURDAY, TOO_FEW, 4, 3),)),
        Outcome(BILAL, "offered", SATURDAY, (2,)),
    ]


def test_what_is_too_few_for_the_first_is_kept_for_them_where_that_is_the_rule() -> None:
    line = (InLine(ANNA, (wish(4, keeps=True),)), InLine(BILAL, (wish(2, keeps=True),)))

    assert results(LineFacts({HALL: 3}, line)) == {ANNA: ("kept", 3), BILAL: ("passed_over", 0)}
    assert results(LineFacts({HALL: 5}, line)) == {ANNA: ("offered", 4), BILAL: ("kept", 1)}


def test_of_dates_that_are_all_as_good_it_is_the_first_that_has_room() -> None:
    either = InLine(ANNA, (wish(2), wish(2, SUNDAY)))
    (outcome,) = go_through(LineFacts({HALL: 1, STALLS: 2}, (either,)))

    assert (outcome.result, outcome.session_id) == ("offered", SUNDAY)
    assert outcome.why == (PassedOver(SATURDAY, TOO_FEW, 2, 1),)


def test_who_may_not_have_it_keeps_nobody_else_from_it() -> None:
    line = (InLine(ANNA, (wish(2, refused="too_near", keeps=True),)), InLine(BILAL, (wish(2),)))
    outcomes = go_through(LineFacts({HALL: 2}, line))

    assert outcomes[0].why == (PassedOver(SATURDAY, "too_near"),)
    assert outcomes[1].result == "offered"


def test_a_weight_and_a_pool_of_a_tariff_both_count() -> None:
    family = Wish(SATURDAY, (Part(1, 4, (HALL, BALCONY)),))

    assert results(LineFacts({HALL: 9, BALCONY: 3}, (InLine(ANNA, (family,)),))) == {ANNA: ("passed_over", 0)}
    assert results(LineFacts({HALL: 9, BALCONY: 4}, (InLine(ANNA, (family,)),))) == {ANNA: ("offered", 1)}


parts = st.builds(
    Part,
    st.integers(1, 5),
    st.integers(1, 3),
    st.sampled_from([(HALL,), (HALL, BALCONY), (STALLS,), (HALL, STALLS)]),
)
wishes = st.builds(
    Wish,
    st.sampled_from([SATURDAY, SUNDAY]),
    st.lists(parts, min_size=1, max_size=2).map(tuple),
    st.sampled_from([None, None, None, "too_near"]),
    st.booleans(),
)
lines = st.lists(
    st.lists(wishes, min_size=1, max_size=2, unique_by=lambda one: one.session_id).map(tuple), max_size=6
).map(lambda found: tuple(InLine(UUID(int=100 + no), each) for no, each in enumerate(found)))
everything = st.builds(
    LineFacts, st.fixed_dictionaries({pool: st.integers(-2, 9) for pool in (HALL, BALCONY, STALLS)}), lines
)


def places_one_by_one(known: LineFacts) -> Iterator[tuple[UUID, str]]:
    """The same with a seat for each place, given away one at a time, and handed back where all do not fit."""
    seats = {pool: [object()] * max(0, count) for pool, count in known.free.items()}
    for each in known.line:
        result = "passed_over"
        for one in each.wishes:
            before = {pool: list(left) for pool, left in seats.items()}
            if not one.refused and all(give(seats, part) for part in one.parts for _ in range(part.places)):
                result = "offered"
                break
            seats = before
        if result == "passed_over" and keep(seats, each):
            result = "kept"
        yield each.entry_id, result


def give(seats: dict[UUID, list[object]], part: Part) -> bool:
    if any(len(seats[pool]) < part.weight for pool in part.pool_ids):
        return False
    for pool in part.pool_ids:
        del seats[pool][: part.weight]
    return True


def keep(seats: dict[UUID, list[object]], each: InLine) -> bool:
    """Of the dates whose places are kept the one that gives most; seats go out of `seats`."""
    tried = []
    for one in each.wishes:
        if one.keeps and not one.refused:
            left = {pool: list(found) for pool, found in seats.items()}
            count = sum(give(left, part) for part in one.parts for _ in range(part.places))
            tried.append((count, left))
    most = max((count for count, _ in tried), default=0)
    if not most:
        return False
    seats.update(next(left for count, left in tried if count == most))
    return True


@given(everything)
def test_the_rule_gives_what_giving_away_seat_by_seat_does(known: LineFacts) -> None:
    assert [(each.entry_id, each.result) for each in go_through(known)] == list(places_one_by_one(known))


@given(everything)
def test_no_more_is_given_than_there_is(known: LineFacts) -> None:
    given_away = dict.fromkeys(known.free, 0)
    for each, outcome in zip(known.line, go_through(known), strict=True):
        for one in each.wishes:
            if one.session_id == outcome.session_id:
                for pool, count in drawn(one, outcome.places).items():
                    given_away[pool] += count

    assert all(count <= max(0, known.free[pool]) for pool, count in given_away.items())


@given(everything)
def test_nobody_is_passed_over_for_what_was_left_when_their_turn_came(known: LineFacts) -> None:
    for no, outcome in enumerate(go_through(known)):
        before = LineFacts(known.free, known.line[: no + 1])
        if outcome.result == "offered":
            continue
        alone = [each for each in go_through(before) if each.entry_id == outcome.entry_id]
        assert alone == [outcome]
        assert all(why_not({}, one) for one in known.line[no].wishes)


@given(everything, everything)
def test_who_comes_later_changes_nothing_for_who_came_before(known: LineFacts, more: LineFacts) -> None:
    longer = LineFacts(known.free, (*known.line, *more.line))

    assert go_through(longer)[: len(known.line)] == go_through(known)


@given(everything)
def test_what_is_stored_of_it_gives_the_same_again(known: LineFacts) -> None:
    stored = msgspec.json.encode(known).decode(), msgspec.json.encode(go_through(known)).decode()
    again, outcomes = known_again(*stored)

    assert go_through(again) == outcomes
