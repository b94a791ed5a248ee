"""The rule engine against a slow model that tries every way in which the unknown may turn out."""

from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from organisers.labels.criteria.rule import (
    All,
    Any,
    AtLeast,
    CriterionRule,
    Outcome,
    Part,
    Rule,
    Score,
    codes,
    outcome,
    reaches,
)

CODES = ["toilets", "events", "nights", "lodgings", "signs"]


def trees(inside: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    some = st.lists(inside, min_size=1, max_size=4).map(tuple)
    part = st.builds(Part, st.integers(0, 3), inside)
    return st.one_of(
        st.builds(All, some),
        st.builds(Any, some),
        st.builds(AtLeast, st.integers(1, 5), some),
        st.builds(Score, st.integers(1, 6), st.lists(part, min_size=1, max_size=4).map(tuple)),
    )


RULES: st.SearchStrategy[Rule] = st.recursive(
    st.builds(CriterionRule, st.sampled_from(CODES)), trees, max_leaves=12
)
KNOWN = st.dictionaries(st.sampled_from(CODES), st.sampled_from(Outcome))


def holds_slowly(rule: Rule, truth: dict[str, bool]) -> bool:
    if isinstance(rule, CriterionRule):
        return truth[rule.code]
    if isinstance(rule, Score):
        points = 0
        for part in rule.parts:
            if holds_slowly(part.rule, truth):
                points += part.points
        return points >= rule.least
    met = [each for each in rule.rules if holds_slowly(each, truth)]
    if isinstance(rule, AtLeast):
        return len(met) >= rule.n
    return met == list(rule.rules) if isinstance(rule, All) else met != []


def outcome_slowly(rule: Rule, known: dict[str, Outcome]) -> Outcome:
    """Met when it is met however the unknown turns out, and not met when it never is."""
    sure = {Outcome.MET: [True], Outcome.NOT_MET: [False], Outcome.CANNOT_DECIDE: [False, True]}
    ways = product(*(sure[known.get(code, Outcome.CANNOT_DECIDE)] for code in CODES))
    answers = {holds_slowly(rule, dict(zip(CODES, way, strict=True))) for way in ways}
    if len(answers) == 2:
        return Outcome.CANNOT_DECIDE
    return Outcome.MET if answers == {True} else Outcome.NOT_MET


@given(RULES, KNOWN)
def test_the_outcome_is_that_of_trying_every_way_the_unknown_may_turn_out(
    rule: Rule, known: dict[str, Outcome]
) -> None:
    assert outcome(rule, known) is outcome_slowly(rule, known)


@given(RULES, KNOWN, st.sampled_from(CODES))
def test_knowing_less_never_turns_a_yes_into_a_no(rule: Rule, known: dict[str, Outcome], code: str) -> None:
    before = outcome(rule, known)

    after = outcome(rule, known | {code: Outcome.CANNOT_DECIDE})

    assert after in {before, Outcome.CANNOT_DECIDE}


@given(RULES)
def test_nothing_known_is_never_a_no_when_meeting_all_would_do(rule: Rule) -> None:
    best = outcome(rule, dict.fromkeys(codes(rule), Outcome.MET))

    assert (outcome(rule, {}) is Outcome.NOT_MET) == (best is Outcome.NOT_MET)


def test_a_figure_that_nobody_could_establish_cannot_be_decided_on() -> None:
    assert [reaches(figure, 50) for figure in (Decimal(50), Decimal(49), Decimal("49.5"), None)] == [
        Outcome.MET,
        Outcome.NOT_MET,
        Outcome.NOT_MET,
        Outcome.CANNOT_DECIDE,
    ]
