"""A rule tree as a sentence, with the numbers of its criteria on the page."""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

from organisers.labels.criteria.rule import All, Any, AtLeast, CriterionRule, Part, Rule, Score
from uit.core.translation import gettext as _


def as_text(rule: Rule, numbers: Mapping[str, int]) -> str:
    """The rule in words.

    "criterium 1, en daarbij criterium 2 of 3, en daarbij minstens twee van deze drie: criterium 4, 5 en 6".
    """
    match rule:
        case CriterionRule(code):
            return _("criterium %(number)s", number=numbers[code])
        case All(rules):
            return _(", en daarbij ").join(as_text(each, numbers) for each in rules)
        case Any(rules):
            return one_of(rules, numbers)
        case AtLeast(n, rules):
            return at_least(n, rules, numbers)
        case Score(least, parts):
            points = _("minstens %(points)s: ", points=as_points(least))
            return points + "; ".join(worth(part, numbers) for part in parts)


def one_of(rules: Sequence[Rule], numbers: Mapping[str, int]) -> str:
    if len(rules) == 1:
        return as_text(rules[0], numbers)
    if all(isinstance(each, CriterionRule) for each in rules):
        return listed(rules, numbers, _(" of "))
    return _("een van deze %(count)s: ", count=in_words(len(rules))) + lettered(rules, numbers)


def at_least(n: int, rules: Sequence[Rule], numbers: Mapping[str, int]) -> str:
    choice = _("minstens %(least)s van deze %(count)s: ", least=in_words(n), count=in_words(len(rules)))
    if all(isinstance(each, CriterionRule) for each in rules):
        return choice + listed(rules, numbers, _(" en "))
    return choice + lettered(rules, numbers)


def listed(rules: Sequence[Rule], numbers: Mapping[str, int], last: str) -> str:
    """Single criteria: "criterium 4, 5 en 6"."""
    names = [str(numbers[each.code]) for each in rules if isinstance(each, CriterionRule)]
    return _("criterium %(number)s", number=last.join(filter(None, [", ".join(names[:-1]), names[-1]])))


def lettered(rules: Sequence[Rule], numbers: Mapping[str, int]) -> str:
    """Rules of which some have parts: "(a) criterium 1, en daarbij criterium 2; (b) criterium 3"."""
    return "; ".join(
        f"({letter}) {as_text(each, numbers)}" for letter, each in zip(ascii_lowercase, rules, strict=False)
    )


def worth(part: Part, numbers: Mapping[str, int]) -> str:
    return _("%(rule)s is %(points)s waard", rule=as_text(part.rule, numbers), points=as_points(part.points))


def as_points(count: int) -> str:
    return _("1 punt") if count == 1 else _("%(count)s punten", count=count)


def in_words(count: int) -> str:
    words = [_("een"), _("twee"), _("drie"), _("vier"), _("vijf"), _("zes"), _("zeven"), _("acht")]
    return words[count - 1] if 0 < count <= len(words) else str(count)
