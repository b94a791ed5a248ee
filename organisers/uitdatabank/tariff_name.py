"""For whom and for how many a tariff is, read from its name: UiTdatabank has no other field for it. Pure.

Names are typed by hand, in Dutch or French. What cannot be read with certainty is asked of the organiser: a
family that takes one place would oversell a room, and a price for an age that is guessed wrong is refused at
the door.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from uit.core.age import OF_AGE

LONGEST_NAME: Final = 200
MOST_PEOPLE: Final = 12
"""A number above this may be of a group in which each pays."""
MOST_LEAST: Final = 1000
RETIRED: Final = 50
"""From here on `65+` is an age, also without a word for years; `10+` may be a group."""


class TariffRule(Struct, frozen=True):
    """What one ticket takes, from how many it is sold, and for which ages, both included."""

    weight: int = 1
    least: int = 1
    age_from: int | None = None
    age_to: int | None = None


FOR_ANYBODY: Final = TariffRule()

_SIGNS: Final = str.maketrans(
    {
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
    }
    | dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}", "-")
)
_NUMBERS: Final = {
    "een": 1, "un": 1, "une": 1, "twee": 2, "deux": 2, "drie": 3, "trois": 3, "vier": 4, "quatre": 4,
    "vijf": 5, "cinq": 5, "zes": 6, "six": 6, "acht": 8, "huit": 8, "tien": 10, "dix": 10,
}  # fmt: skip
_NUMBER: Final = rf"(?P<number>\d{{1,4}}|\b(?:{'|'.join(_NUMBERS)})\b)"
_ADULT: Final = (
    r"ouders?|grootouders?|volw(?:assenen?)?\.?|mama|papa|vader|moeder|oma|opa"
    r"|adultes?|parents?|grands?-parents?"
)
_CHILD: Final = (
    r"(?:klein)?kind(?:eren|\(eren\))?|kids?|kleuters?|peuters?|baby'?s?|jongeren?|enfants?|jeunes?"
)
_ANYONE: Final = (
    r"pers(?:onen|oon|onnes?)?\b\.?|p\b\.?|mensen|deelnemers?|volwassenen?|bezoekers?|participants?"
)
_HELPER: Final = r"begeleiders?|begeleiding|accompagnateurs?|accompagnants?"
_PEOPLE: Final = f"(?:{_ADULT}|{_CHILD}|{_ANYONE}|{_HELPER})"
_TICKETS: Final = r"(?:tickets?|kaarten|plaatsen|leerlingen|eleves|leden|places)"

_OF_CHILDREN: Final = re.compile(rf"\b(?:{_CHILD})$")
_IN_ALL: Final = re.compile(r"(?:pers\w*\.?|\bp\.?|\dp\.?|mensen|deelnemers?|bezoekers?|participants?)$")
_COUNTED: Final = re.compile(rf"{_NUMBER}\s*x?\s*{_PEOPLE}(?![a-z])")
_ONE: Final = r"(?:(?:1|een|un|zijn|haar|hun|son)\s*)?"
_WITH: Final = rf"[()\s]*(?:\+|&|\ben\b|\bet\b|\bmet\b|\bavec\b|\bincl\w*\.?)\s*{_ONE}"
_HELPED: Final = r"rolstoel\w*|mindervaliden?|persoon[a-z ]*|pmr"
# An adult with a child, or somebody with who helps them, no number said: one each, in either order.
_PAIRS: Final = tuple(
    re.compile(rf"\b(?P<first>{first}){_WITH}(?P<other>{other})(?![a-z])")
    for first, other in (
        (f"{_ADULT}|{_HELPED}", f"{_CHILD}|{_HELPER}"),
        (f"{_CHILD}|{_HELPER}", f"{_ADULT}|{_HELPED}"),
        (_CHILD, _HELPER),
        (_HELPER, _CHILD),
    )
)
# Somebody who comes along, with whom we cannot tell: "Kind (6-12 jaar) + ouder".
_ALONG: Final = re.compile(
    rf"(?:(?<!\d)(?<!\d )[+&]|\bmet\b|\bavec\b|\bincl\w*\.?)\s*{_ONE}"
    rf"(?:{_ADULT}|{_HELPER})(?![a-z])"
)
_MANY: Final = re.compile(
    r"ouders|volwassenen|kinderen|kind\(eren\)|kids|enfants|adultes|parents|begeleiders"
)
_SUM: Final = re.compile(r"(?<![\d+])(\d)\s*\+\s*(\d)(?:\s*\+\s*(\d))?(?!\s*\d|\s*gratis|\s*jaar|\+)")
_TWO: Final = re.compile(r"\bduo\w*|\bkoppels?\w*|\bcouples?\b|\bvoor (?:2|twee)\s*$|\bpour (?:2|deux)\s*$")
_FAMILY: Final = re.compile(
    r"\bgezin(?:nen|s)?(?:-?(?:ticket|kaart|tarief|pas|prijs|formule|pakket|korting)\w*)?\b"
    r"|\bfamil(?:ie|ies|le|les|y)(?:-?(?:ticket|kaart|tarief|pas|prijs|formule|pakket|korting)\w*)?\b"
)
_GROUP: Final = re.compile(
    r"\b(?!doel|leeftijd|kansen|beroeps|risico)\w*groep\w*|\bgroup\w*|\bklas(?:sen|tarief|prijs)?\b"
    r"|\bclasses?\b|\btafels?\b|\btables?\b|\btrio\w*|\bvrienden\w*|\bbende\b|\bteam\w*|\bploeg\w*"
)
_EACH: Final = re.compile(r"groep|group|klas")
# What one buys for several times, or pays for fewer than come.
_SEVERAL_TIMES: Final = re.compile(
    r"beurt(?:en)?|\w*ritten|\bbaden|strippen|\babo\b|\babonn?e?ment\w*|\w*reeks\w*|jaarkaart|seizoenskaart"
    r"|\bcarte (?:de )?\d+|\d+\s*-?\s*(?:lessen|sessies|workshops|voorstellingen|concerten|entrees|x\b)"
    r"|\d\s*\+\s*\d\s*gratis|\d+\s*(?:halen|kopen|voor de prijs)|\d+\s*voor\s*\d+"
)
_AT_MOST: Final = re.compile(
    r"\bmax\w*\b|\bhoogstens\b|\bof meer\b|\bou plus\b|\btot\s*\d+\s*(?:pers|p\b)"
    rf"|\d\s*(?:-|/|tot|tot en met|t/?m|of|a|ou)\s*{_NUMBER}\s*{_PEOPLE}(?![a-z])"
)
_LEAST: Final = (
    re.compile(
        rf"(?:\bvanaf|\bmin(?:imum|imaal|stens)?\b\.?|\bau moins|\ba partir de|\bdes)\s*(?:de\s*)?{_NUMBER}"
        rf"(?:\s*(?:{_PEOPLE}|{_TICKETS}))?(?!\d|\s*(?:jaar|j\b|jr|ans))"
    ),
    re.compile(
        rf"(?:^|gro\w+ \(?)(?:\+|>=)\s*{_NUMBER}\s*(?:{_PEOPLE}|{_TICKETS})?(?!\d|\s*(?:jaar|j\b|jr|ans))"
    ),
    re.compile(rf"{_NUMBER}\s*(?:\+|of meer|ou plus|et plus)\s*(?!volw|adult)(?:{_PEOPLE}|{_TICKETS})"),
    re.compile(rf"{_NUMBER}\s*(?:{_PEOPLE}|{_TICKETS})\s*(?:of meer|en meer|ou plus|et plus|minimum)"),
)
_OF_TICKETS: Final = re.compile(rf"{_PEOPLE}|{_TICKETS}")
# Members of these pay less, each for themselves; and a second child of a family has a place of its own.
_NO_GROUP: Final = re.compile(
    r"\bgezinsbond\w*|\bgezinsspaarkaart\w*|\bligue des familles\b"
    r"|\b(?:tweede|derde|vierde|volgende?|elk|ieder|extra|bijkomend|\d+ ?(?:e|de|ste|eme))\s+kind\w*"
    r"(?:\s+(?:uit|van)\s+(?:een|het|hetzelfde|eenzelfde)\s+gezin)?"
    r"|\b(?:per|par)\s+(?:pers\w*|kind|deelnemer|enfant|participant|volwassene|adulte)\b"
)

_YEARS: Final = r"(?:\s*-?\s*(?:jaar|jarigen?|jr\.?|j\b\.?|ans?\b))"
_AGE: Final = r"(?<!\d)\d{1,2}(?!\d|[.,]\d|\s*(?:€|euro|%|u\b|uur|h\b|[ck]?m\b|m\d|(?:centi)?met(?:er|re)))"
_UP_TO: Final = r"tot en met|tot & met|t/?m|t\.?e\.?m\.?"
_BELOW: Final = r"<|(?<!\w)-|\bmin\b(?!\.)|\bonder|\btot|\bjonger\sdan|\bbeneden|\bmoins\sde|jusqu'?\s?a"
_FROM: Final = r"\+|>=|\bplus|\bvanaf|\bmin\.|\bminimum|\bminstens|\ba\spartir\sde|\bdes"
_AGES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<first>{_AGE}){_YEARS}?\s*(?:-|{_UP_TO}|min|a|au)\s*(?P<last>{_AGE})",
        rf"(?P<first>{_AGE}){_YEARS}?\s*tot\s*(?P<below>{_AGE})",
        rf"(?:{_UP_TO}|<=|max(?:imum|imaal)?\.?)\s*(?:de\s*)?(?P<last>{_AGE})",
        rf"jusqu'?\s?a\s*(?P<last>{_AGE})(?={_YEARS}\s*inclus)",
        rf"(?:{_BELOW})\s*(?:de\s*)?(?P<below>{_AGE})",
        rf"(?P<last>{_AGE}){_YEARS}?\s*(?:en|of|et|ou)\s*(?:jonger|moins)",
        rf"(?P<first>{_AGE}){_YEARS}?\s*(?:en|of|et|ou)\s*(?:ouder|plus)",
        rf"(?:>|\bboven|\bouder\sdan)\s*(?:de\s*)?(?P<above>{_AGE})",
        rf"(?:{_FROM})\s*(?:de\s*)?(?P<first>{_AGE})",
        rf"(?P<first>{_AGE}){_YEARS}?\s*(?:\+|plus\b)",
    )
)
"""From what says most to what says least. "Tot 12 jaar" is until the twelfth birthday: what is promised must
hold at every door."""
_OF_AN_AGE: Final = (
    r"kind(?:eren|er)?\w*|kids?|kleuters?|peuters?|jongeren?\w*|jeugd\w*|tieners?|volw(?:assenen?)?"
    r"|senior(?:en|s)?|enfants?|jeunes?|ados?|adultes?|leeftijd"
)
_SAYS_NOTHING: Final = re.compile(
    rf"\b(?:{_OF_AN_AGE}|jaar|jarigen?|jr|j|ans|tarief|tickets?|prijs|korting\w*|reductie|gratis|voor|van|de|le|les"
    r"|pour|tarif|reduit|inclusief|incl|inclus|en|et|per|persoon|personne|alle|iedereen|base|basis\w*)\b"
)
_OR: Final = re.compile(r"\bof\b|\bou\b|\ben\b|\bet\b|[/,;&+]")


def read_rule(name: str) -> TariffRule | None:
    """What a name says; None when it is for several people or several times, and does not say for how many.

    A condition that we do not know ("Lid van de bib") says nothing here.
    """
    said = _plain(name)
    without_single = _NO_GROUP.sub(" ", said)
    if _SEVERAL_TIMES.search(said):
        return None
    is_group, is_family = bool(_GROUP.search(without_single)), bool(_FAMILY.search(without_single))
    if least := list(_read_least(without_single)):
        sure = next((each for each in least if each and each <= MOST_LEAST), None)
        return TariffRule(least=sure) if sure and (is_group or not is_family) else None
    weight = None if is_family and _counts_only_children(without_single) else _read_weight(without_single)
    if not is_group and not is_family and weight == 1:
        return _read_ages(said)
    # "Groep 10 personen" may be the price of each of them.
    is_unsure = _AT_MOST.search(without_single) or _EACH.search(without_single)
    return TariffRule(weight=weight) if weight and weight > 1 and not is_unsure else None


def _plain(name: str) -> str:
    """A name in lower case without accents, its signs and spaces each in one spelling."""
    letters = unicodedata.normalize("NFKD", name[:LONGEST_NAME].lower().translate(_SIGNS))
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


def _read_weight(said: str) -> int | None:
    """How many people one ticket is for; None when it says so in two ways that differ, or not in numbers."""
    counted, beside = list(_COUNTED.finditer(said)), _beside_counted(said)
    in_all = [each for each in counted if _IN_ALL.search(each[0])]
    told: set[int | None] = set()
    if not counted:
        pair = next((found for each in _PAIRS if (found := each.search(said))), None)
        if pair is None and _ALONG.search(said):
            told.add(None)
        elif pair:
            told.add(None if _MANY.search(pair["first"]) or _MANY.search(pair["other"]) else 2)
    elif any(map(_MANY.search, beside)):
        told.add(None)
    elif in_all and len(in_all) < len(counted):
        # "4 personen: 2 volwassenen + 2 kinderen" says it twice.
        told |= {_sum(in_all), _sum(each for each in counted if each not in in_all) + len(beside)}
    else:
        told.add(_sum(counted) + len(beside))
    told |= {sum(int(each) for each in found.groups() if each) for found in _SUM.finditer(said)}
    if _TWO.search(said):
        told.add(2)
    if len(told) > 1:
        return None
    weight = next(iter(told), 1)
    return weight if weight and weight <= MOST_PEOPLE else None


def _beside_counted(said: str) -> list[str]:
    """Who stands beside those that are counted: the parent of "ouder + 2 kinderen"."""
    rest, joined = _COUNTED.sub("#", said), r"[()\s]*(?:\+|&|en|et|met)\s*"
    before = re.findall(rf"\b({_ADULT}|{_CHILD}|{_HELPER}){joined}#", rest)
    after = re.findall(rf"#{joined}(?:(?:alle|de|hun)\s)?({_ADULT}|{_CHILD}|{_HELPER})(?![a-z])", rest)
    return [*before, *after]


def _counts_only_children(said: str) -> bool:
    """Whether it counts children, and no grown-up: "Gezin met 2 kinderen"."""
    counted = [each[0] for each in _COUNTED.finditer(said)]
    return bool(counted) and all(map(_OF_CHILDREN.search, counted)) and not _beside_counted(said)


def _read_least(said: str) -> Iterator[int | None]:
    """From how many a tariff is sold, in each way that it says so; None where it says another number too."""
    for pattern in _LEAST:
        found = pattern.search(said)
        if found and (_OF_TICKETS.search(found[0]) or _GROUP.search(said)):
            rest = said[: found.start()] + said[found.end() :]
            yield None if re.search(r"\d", rest) else _number(found["number"])


def _sum(found: Iterable[re.Match[str]]) -> int:
    return sum(_number(each["number"]) for each in found)


def _number(text: str) -> int:
    return _NUMBERS[text] if text in _NUMBERS else int(text)


def _read_ages(said: str) -> TariffRule:
    """The one band of ages that a name is about; nothing where it is one of several conditions."""
    found = next((match for pattern in _AGES if (match := pattern.search(said))), None)
    if found is None:
        return FOR_ANYBODY
    rest = f"{said[: found.start()]} {said[found.end() :]}"
    others = re.sub(r"[\s().:\"'!?*-]", "", _OR.sub("", _SAYS_NOTHING.sub(" ", rest)))
    if re.search(r"\d", rest) or (others and _OR.search(rest)) or not _is_about_age(found, said):
        return FOR_ANYBODY
    years = {name: int(text) for name, text in found.groupdict().items() if text}
    first = years["above"] + 1 if "above" in years else years.get("first")
    last = years["below"] - 1 if "below" in years else years.get("last")
    lowest = 0 if first is None else first
    # A lowest age of 18 or less, without a highest, is the price of grown-ups, and no limit.
    says_nothing = lowest <= OF_AGE if last is None else last < lowest
    return FOR_ANYBODY if says_nothing else TariffRule(age_from=first, age_to=last)


def _is_about_age(found: re.Match[str], said: str) -> bool:
    """Whether the number is one of years: a word says so, or it is how one writes an age alone."""
    years = re.search(rf"\d{_YEARS}", said) or re.search(rf"\b(?:{_OF_AN_AGE})\b", said)
    alone = re.fullmatch(r"[<-]\s*\d{1,2}|[5-9]\d\s*\+|\+\s*[5-9]\d", said.strip("() "))
    return bool(years or alone) or (found[0].endswith("+") and int(found["first"] or 0) >= RETIRED)
