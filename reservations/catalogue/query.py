"""What somebody types, as a question to the index of words (`reservations.search_text`).

Each word that was typed has to stand in what is found, and how closely is widened when nothing is found:
`theat` starts a word; `bad` is inside *zwembad*; `teather` is *theater* with a typo.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.catalogue.cursor import Closeness
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

MOST_WORDS: Final = 8
MOST_INSIDE: Final = 50
SHORTEST_INSIDE: Final = 3
SHORTEST_NEAR: Final = 4
LONG: Final = 6
FEW_EVENTS: Final = 400
"""With more events than this, a walk in order of time soon meets the next one."""
CONNECTING: Final = frozenset({
    "de", "het", "een", "en", "of", "in", "op", "te", "ter", "ten", "van", "voor", "met", "bij", "aan", "om",
    "naar", "le", "la", "les", "l", "un", "une", "du", "des", "d", "et", "a", "au", "aux", "the", "and",
})  # fmt: skip
SOUNDS_LIKE: Final = {
    "c": "ksz",
    "k": "cq",
    "s": "cz",
    "z": "sc",
    "f": "vp",
    "v": "fw",
    "w": "v",
    "i": "ye",
    "y": "i",
    "e": "i",
}


class NearWord(Struct, frozen=True):
    asked: str
    word: str


fold = SQL.value("fold", str)
words_inside = SQL.many("words_inside", NearWord)
words_near = SQL.many("words_near", NearWord)
events_with = SQL.value("events_with", list[UUID])


async def read_asked_words(tx: Executor, typed: str) -> list[str]:
    """The folded words of a text, without words that only connect others unless there are no more."""
    words = list(dict.fromkeys((await fold(tx, typed)).split()))
    return ([word for word in words if word not in CONNECTING] or words)[:MOST_WORDS]


async def make_query(
    tx: Executor, region_id: int, words: Sequence[str], closeness: Closeness, domain: str = ""
) -> str | None:
    """The `tsquery` for words and a domain; None when it finds no more than that of a lower closeness."""
    if not words or closeness is Closeness.START:
        return tsquery(words, {}, domain) if words else None
    inside = await words_inside(tx, region_id, [word for word in words if may_be_inside(word)], MOST_INSIDE)
    near: list[NearWord] = []
    if closeness is Closeness.NEAR:
        asked = [word for word in words if most_typos(word)]
        most, letters = [most_typos(word) for word in asked], [first_letters(word) for word in asked]
        near = await words_near(tx, region_id, asked, most, letters)
    wider = {word: by_asked(inside, word) + by_asked(near, word) for word in words}
    wider_now = near if closeness is Closeness.NEAR else inside
    return tsquery(words, wider, domain) if is_wider(wider_now) else None


def by_asked(found: Iterable[NearWord], word: str) -> list[str]:
    return [each.word for each in found if each.asked == word]


def is_wider(found: Iterable[NearWord]) -> bool:
    """Whether a word was found that does not begin with what was typed."""
    return any(not each.word.startswith(each.asked) for each in found)


def tsquery(words: Sequence[str], others: dict[str, list[str]], domain: str) -> str:
    """All of the words, each as the start of a word or one of the others. Folded words need no escape."""
    choices = [[f"'{word}':*", *(f"'{other}'" for other in others.get(word, ()))] for word in words]
    only = [f"'={domain}'"] if domain else []
    return " & ".join([*only, *(f"({' | '.join(each)})" for each in choices)])


def in_town(refnis: str) -> str:
    """The `tsquery` for what is in a municipality."""
    return f"'={refnis}'"


def may_be_inside(word: str) -> bool:
    return len(word) >= SHORTEST_INSIDE


def most_typos(word: str) -> int:
    """How many letters of a word may be wrong. A number has no typos: 9300 is not 9400."""
    if word.isdecimal() or len(word) < SHORTEST_NEAR:
        return 0
    return 2 if len(word) >= LONG else 1


def first_letters(word: str) -> str:
    """What the word that was meant may begin with: the first letter, the second, or one that sounds alike."""
    return "".join(dict.fromkeys(word[:2] + SOUNDS_LIKE.get(word[0], "")))
