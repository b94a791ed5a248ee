"""A rule tree in words, over the numbers that its criteria have on the page."""

from collections.abc import Mapping

from organisers.labels.criteria.rule import All, Any, AtLeast, CriterionRule, Rule, Score
from uit.core.translation import gettext as _


def say(rule: Rule, numbers: Mapping[str, int]) -> str:
    """`1 én (2 of 3) én minstens 2 van (4, 5, 6)`."""
    match rule:
        case CriterionRule(code):
            return str(numbers[code])
        case All(rules):
            return _(" én ").join(inside(each, numbers) for each in rules)
        case Any(rules):
            return _(" of ").join(inside(each, numbers) for each in rules)
        case AtLeast(n, rules):
            choice = ", ".join(inside(each, numbers) for each in rules)
            return _("minstens %(least)s van (%(choice)s)", least=n, choice=choice)
        case Score(least, parts):
            points = ", ".join(f"{inside(part.rule, numbers)}: {part.points}" for part in parts)
            return _("minstens %(least)s punten (%(points)s)", least=least, points=points)


def inside(rule: Rule, numbers: Mapping[str, int]) -> str:
    said = say(rule, numbers)
    return f"({said})" if isinstance(rule, All | Any) else said
