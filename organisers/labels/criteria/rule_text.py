"""A rule tree as text, with the numbers of its criteria on the page."""

from collections.abc import Mapping

from organisers.labels.criteria.rule import All, Any, AtLeast, CriterionRule, Rule, Score
from uit.core.translation import gettext as _


def as_text(rule: Rule, numbers: Mapping[str, int]) -> str:
    """`1 én (2 of 3) én minstens 2 van (4, 5, 6)`."""
    match rule:
        case CriterionRule(code):
            return str(numbers[code])
        case All(rules):
            return _(" én ").join(in_parentheses(each, numbers) for each in rules)
        case Any(rules):
            return _(" of ").join(in_parentheses(each, numbers) for each in rules)
        case AtLeast(n, rules):
            choice = ", ".join(in_parentheses(each, numbers) for each in rules)
            return _("minstens %(least)s van (%(choice)s)", least=n, choice=choice)
        case Score(least, parts):
            points = ", ".join(f"{in_parentheses(part.rule, numbers)}: {part.points}" for part in parts)
            return _("minstens %(least)s punten (%(points)s)", least=least, points=points)


def in_parentheses(rule: Rule, numbers: Mapping[str, int]) -> str:
    text = as_text(rule, numbers)
    return f"({text})" if isinstance(rule, All | Any) else text
