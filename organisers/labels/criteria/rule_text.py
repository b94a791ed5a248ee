"""A rule tree as Dutch text, with the numbers of its criteria on the page."""

from collections.abc import Mapping

from organisers.labels.criteria.rule import All, Any, AtLeast, CriterionRule, Rule, Score


def as_text(rule: Rule, numbers: Mapping[str, int]) -> str:
    """`1 én (2 of 3) én minstens 2 van (4, 5, 6)`."""
    match rule:
        case CriterionRule(code):
            return str(numbers[code])
        case All(rules):
            return " én ".join(in_parentheses(each, numbers) for each in rules)
        case Any(rules):
            return " of ".join(in_parentheses(each, numbers) for each in rules)
        case AtLeast(n, rules):
            return f"minstens {n} van ({', '.join(in_parentheses(each, numbers) for each in rules)})"
        case Score(least, parts):
            points = ", ".join(f"{in_parentheses(part.rule, numbers)}: {part.points}" for part in parts)
            return f"minstens {least} punten ({points})"


def in_parentheses(rule: Rule, numbers: Mapping[str, int]) -> str:
    text = as_text(rule, numbers)
    return f"({text})" if isinstance(rule, All | Any) else text
