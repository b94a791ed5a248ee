"""A rule tree said in Dutch, over the numbers that its criteria have on the page."""

from collections.abc import Mapping

from organisers.labels.criteria.rule import All, Any, AtLeast, CriterionRule, Rule, Score


def say(rule: Rule, numbers: Mapping[str, int]) -> str:
    """`1 én (2 of 3) én minstens 2 van (4, 5, 6)`."""
    match rule:
        case CriterionRule(code):
            return str(numbers[code])
        case All(rules):
            return " én ".join(inside(each, numbers) for each in rules)
        case Any(rules):
            return " of ".join(inside(each, numbers) for each in rules)
        case AtLeast(n, rules):
            return f"minstens {n} van ({', '.join(inside(each, numbers) for each in rules)})"
        case Score(least, parts):
            points = ", ".join(f"{inside(part.rule, numbers)}: {part.points}" for part in parts)
            return f"minstens {least} punten ({points})"


def inside(rule: Rule, numbers: Mapping[str, int]) -> str:
    said = say(rule, numbers)
    return f"({said})" if isinstance(rule, All | Any) else said
