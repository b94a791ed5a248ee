"""A rule is said in words that one can read aloud."""

from organisers.labels.criteria.criteria import read_example
from organisers.labels.criteria.rule import All, Any, AtLeast, CriterionRule, Rule
from organisers.labels.criteria.rule_text import as_text

NUMBERS = {"a": 1, "b": 2, "c": 3, "d": 4}
A, B, C, D = (CriterionRule(code) for code in NUMBERS)


def test_the_rule_of_the_example_is_a_sentence() -> None:
    example = read_example()
    numbers = {each.code: no for no, each in enumerate(example.asked(["day"]), 1)}

    assert as_text(example.rules["day"], numbers) == (
        "criterium 1, en daarbij criterium 2 of 3, "
        "en daarbij minstens twee van deze drie: criterium 4, 5 en 6, "
        "en daarbij minstens 3 punten: criterium 7 is 2 punten waard; criterium 8 is 2 punten waard; "
        "criterium 9 is 1 punt waard"
    )


def test_rules_within_a_choice_are_told_apart_by_letters() -> None:
    rule: Rule = Any((All((A, B)), AtLeast(2, (B, C, D))))

    assert as_text(rule, NUMBERS) == (
        "een van deze twee: (a) criterium 1, en daarbij criterium 2; "
        "(b) minstens twee van deze drie: criterium 2, 3 en 4"
    )


def test_a_choice_of_one_is_no_choice() -> None:
    assert as_text(Any((A,)), NUMBERS) == "criterium 1"
