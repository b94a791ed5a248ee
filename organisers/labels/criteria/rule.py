"""The rule of a label: a tree over criteria, whose outcome never treats unknown data as "not met".

Trees are monotonic: meeting more criteria never makes a rule fail. So a tree is evaluated twice, with all
unknown criteria not met and with all of them met. When both agree, the unknown criteria do not matter.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct


class Outcome(Enum):
    MET = "met"
    NOT_MET = "not_met"
    CANNOT_DECIDE = "cannot_decide"


class CriterionRule(Struct, frozen=True, tag="criterion"):
    code: str


class All(Struct, frozen=True, tag="all"):
    rules: Annotated[tuple["Rule", ...], Meta(min_length=1)]


class Any(Struct, frozen=True, tag="any"):
    rules: Annotated[tuple["Rule", ...], Meta(min_length=1)]


class AtLeast(Struct, frozen=True, tag="at_least"):
    n: Annotated[int, Meta(ge=1)]
    rules: Annotated[tuple["Rule", ...], Meta(min_length=1)]


class Part(Struct, frozen=True):
    """A part of a score. Points are never negative, so that meeting more criteria never lowers a score."""

    points: Annotated[int, Meta(ge=0)]
    rule: "Rule"


class Score(Struct, frozen=True, tag="score"):
    least: Annotated[int, Meta(ge=1)]
    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]


Rule = CriterionRule | All | Any | AtLeast | Score


def outcome(rule: Rule, known: Mapping[str, Outcome]) -> Outcome:
    """The outcome of a tree, given the outcome of each criterion; a missing one counts as CANNOT_DECIDE."""
    met = {code for code, each in known.items() if each is Outcome.MET}
    not_met = {code for code, each in known.items() if each is Outcome.NOT_MET}
    if holds(rule, met):
        return Outcome.MET
    return Outcome.CANNOT_DECIDE if holds(rule, codes(rule) - not_met) else Outcome.NOT_MET


def holds(rule: Rule, met: Collection[str]) -> bool:
    """Whether a tree is satisfied when exactly these criteria are met."""
    match rule:
        case CriterionRule(code):
            return code in met
        case All(rules):
            return all(holds(each, met) for each in rules)
        case Any(rules):
            return any(holds(each, met) for each in rules)
        case AtLeast(n, rules):
            return sum(holds(each, met) for each in rules) >= n
        case Score(least, parts):
            return sum(part.points for part in parts if holds(part.rule, met)) >= least


def codes(rule: Rule) -> frozenset[str]:
    """The codes of the criteria in a tree."""
    return frozenset(_codes(rule))


def _codes(rule: Rule) -> Iterator[str]:
    match rule:
        case CriterionRule(code):
            yield code
        case All(rules) | Any(rules) | AtLeast(_, rules):
            for each in rules:
                yield from _codes(each)
        case Score(_, parts):
            for part in parts:
                yield from _codes(part.rule)


def reaches(figure: Decimal | None, least: int) -> Outcome:
    """The outcome of one criterion; CANNOT_DECIDE when the figure could not be established."""
    if figure is None:
        return Outcome.CANNOT_DECIDE
    return Outcome.MET if figure >= least else Outcome.NOT_MET
