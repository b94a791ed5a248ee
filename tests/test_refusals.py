"""Every refusal has words in every language, and every word belongs to a refusal."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes
from msgspec import Struct

from reservations.errors import AboveLicence, BelowTaken
from tests.test_sql import load_all
from uit.core.errors import CATALOGUE, Refusal
from uit.web.problem import LANGUAGES, preferred_language, titles_of, words_of
from uit.web.view import TEMPLATES, environment

load_all()

BLOCKS = {f"{language}{part}" for language in LANGUAGES for part in ("_title", "", "_next")}
# What a Dutch text may not say: it speaks to you, not of a group; it says what to do, and does not moan.
FORBIDDEN = re.compile(r"\b(helaas|gelieve|teneinde|betreffende|kansarm\w*|doelgroep\w*)\b", re.IGNORECASE)
# Pages of ours, which an integrator's user does not have; and the refusals that only our own pages give.
OUR_PAGES = re.compile(r"\bmijn (krediet|boekingen|pas)\b|\bpagina\b|\bpage\b", re.IGNORECASE)
ON_PAGES_ONLY = {"ground.form_stale", "credits.already_reversed", "reservations.other_checkin"}
# How the other languages write an amount or an hour: none borrows from its neighbours.
BORROWED = {
    "nl": re.compile(r"\d€|€\d|\d h\b|\d\d:\d\d|\d{4}-\d\d"),
    "fr": re.compile(r"€ ?\d|\d u\b|\d\d:\d\d|\d{4}-\d\d"),
    "en": re.compile(r"€ |\d ?€|\d [uh]\b|\d{4}-\d\d"),
}
# The members of a problem document that are ours; a fact of the same name would replace one.
RESERVED = {"type", "title", "status", "detail", "instance", "code", "next"}

EXAMPLES: dict[object, object] = {
    int: 3, str: "voorbeeld", bool: True, UUID: UUID(int=7), date: date(2026, 3, 2), float: 1.5,
    datetime: datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
}  # fmt: skip

every_code = pytest.mark.parametrize("code", sorted(CATALOGUE))


def examples(kind: type[Refusal]) -> Iterator[Refusal]:
    """One with every fact, and one without those that may be missing."""
    hints = {name: get_type_hints(kind)[name] for name in kind.__struct_fields__}
    yield kind(**{name: example(hint) for name, hint in hints.items()})
    yield kind(**{name: None if is_optional(hint) else example(hint) for name, hint in hints.items()})


def is_optional(hint: object) -> bool:
    return get_origin(hint) in {Union, UnionType} and NoneType in get_args(hint)


def example(hint: object) -> object:
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return example(next(each for each in inside if each is not NoneType))
    if origin is Literal:
        return inside[0]
    if origin is tuple:
        return (example(inside[0]), example(inside[0]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if isinstance(hint, type) and issubclass(hint, Struct):
        hints = get_type_hints(hint)
        return hint(**{name: example(hints[name]) for name in hint.__struct_fields__})
    return EXAMPLES[hint]


@every_code
def test_a_refusal_has_its_nine_blocks_and_no_other(code: str) -> None:
    assert set(environment().get_template(f"refusals/{code}.html").blocks) == BLOCKS


@every_code
def test_a_refusal_says_what_is_the_matter_and_what_to_do_now(code: str) -> None:
    for refusal in examples(CATALOGUE[code]):
        for language in LANGUAGES:
            words = words_of(refusal, language)

            assert all((words.title, words.detail, words.next)), language
            assert "None" not in f"{words.detail} {words.next}", language
            assert "<" not in f"{words.title} {words.detail} {words.next}", language


@every_code
def test_a_refusal_in_dutch_uses_no_word_that_we_do_not_say(code: str) -> None:
    for refusal in examples(CATALOGUE[code]):
        words = words_of(refusal, "nl")

        assert FORBIDDEN.findall(f"{words.title} {words.detail} {words.next}") == []


@every_code
def test_amounts_and_times_are_written_the_way_of_the_language(code: str) -> None:
    for refusal in examples(CATALOGUE[code]):
        for language, borrowed in BORROWED.items():
            words = words_of(refusal, language)

            said = f"{words.detail} {words.next}".replace("\N{NO-BREAK SPACE}", " ")
            assert borrowed.findall(said) == [], language


@every_code
def test_what_a_refusal_says_is_true_for_whoever_asked_by_page_or_by_program(code: str) -> None:
    for refusal in () if code in ON_PAGES_ONLY else examples(CATALOGUE[code]):
        for language in LANGUAGES:
            words = words_of(refusal, language)

            assert not OUR_PAGES.search(f"{words.title} {words.detail} {words.next}"), language


@every_code
def test_the_title_of_a_refusal_is_always_the_same(code: str) -> None:
    """It is shown without facts on the page of the code."""
    titles = titles_of(code)

    assert titles == {
        language: words_of(next(examples(CATALOGUE[code])), language).title for language in LANGUAGES
    }
    assert all(titles.values())


@every_code
def test_french_and_english_name_no_fact_that_dutch_does_not(code: str) -> None:
    named = {language: facts_named(code, language) for language in LANGUAGES}

    assert named["fr"] <= named["nl"]
    assert named["en"] <= named["nl"]


def facts_named(code: str, language: str) -> set[str]:
    tree = environment().parse((TEMPLATES / f"refusals/{code}.html").read_text())
    blocks = [each for each in tree.find_all(nodes.Block) if each.name in (language, f"{language}_next")]
    named = {name.name for block in blocks for name in block.find_all(nodes.Name)}
    return named & set(CATALOGUE[code].__struct_fields__)


@every_code
def test_a_code_says_its_package_and_its_status_is_a_refusal(code: str) -> None:
    kind = CATALOGUE[code]
    package = (
        kind.__module__.removeprefix("uit.").removeprefix("organisers.labels").strip(".").split(".")[0]
        or "labels"
    )
    # A code is stable: those of the packages below keep the name that was given to them.
    named = {"core": "ground", "services": "ground"}.get(package, package)

    assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", code)
    assert code.partition(".")[0] in (named, "labels")
    assert 400 <= kind.status < 600
    assert not set(kind.__struct_fields__) & RESERVED


def test_every_text_belongs_to_a_refusal() -> None:
    assert {path.stem for path in (TEMPLATES / "refusals").glob("*.html")} == set(CATALOGUE)


def test_the_checks_of_the_words_see_what_they_look_for() -> None:
    assert FORBIDDEN.findall("Helaas, gelieve voor kansarmen") == ["Helaas", "gelieve", "kansarmen"]
    assert BORROWED["fr"].findall("€ 3,00 à 15 u") == ["€ 3", "5 u"]
    assert BORROWED["en"].findall("€ 3,00 on 2026-03-02") == ["€ ", "2026-03"]
    assert facts_named("reservations.sold_out", "nl") == {"places_asked", "places_left", "tariff", "waiting"}
    assert len(CATALOGUE) > 30


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (
            BelowTaken(1, 1),
            {
                "nl": "Je vroeg één plaats. Er is er al één geboekt of apart gezet.",
                "fr": "Vous demandez 1 place. Il y en a déjà une de prise ou de côté.",
                "en": "You asked for 1 place. 1 is booked or set aside.",
            },
        ),
        (
            BelowTaken(2, 3),
            {
                "nl": "Je vroeg 2 plaatsen. Er zijn er al 3 geboekt of apart gezet.",
                "fr": "Vous demandez 2 places. Il y en a déjà 3 de prises ou de côté.",
                "en": "You asked for 2 places. 3 are booked or set aside.",
            },
        ),
        (
            AboveLicence(1, 0),
            {
                "nl": "Je vroeg één plaats. De zaal mag er 0 hebben.",
                "fr": "Vous demandez 1 place. La salle peut en avoir 0.",
                "en": "You asked for 1 place. The room may hold 0.",
            },
        ),
    ],
)
def test_one_place_is_one_place_in_every_language(refusal: Refusal, said: dict[str, str]) -> None:
    assert {language: words_of(refusal, language).detail for language in LANGUAGES} == said


# The language of a machine's answer

TAGS = st.sampled_from(["nl", "fr", "en", "de", "nl-BE", "FR-be", "en-GB", "*", "", "zzz"])
WEIGHTS = st.sampled_from(
    ["", ";q=1", ";q=0.5", "; q=0.8", " ;q=0.001", ";q=0", ";q=x", ";q=nan", ";q=", ";Q=0.3"]
)


@given(st.lists(st.builds("{}{}".format, TAGS, WEIGHTS)).map(", ".join) | st.text())
def test_any_header_gives_a_language_that_we_have(header: str) -> None:
    assert preferred_language(header) in LANGUAGES


@given(st.permutations(["nl", "fr", "en"]), st.permutations([" ;q=0.9", "; q=0.5", ";q=0.1"]))
def test_the_language_with_the_most_weight_wins(languages: list[str], weights: list[str]) -> None:
    header = ",".join(tag + weight for tag, weight in zip(languages, weights, strict=True))
    heaviest = languages[weights.index(" ;q=0.9")]

    assert preferred_language(header) == heaviest


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "nl"),
        ("fr", "fr"),
        ("fr-BE, en;q=0.8", "fr"),
        ("de, en;q=0.5", "en"),
        ("en;q=0, fr;q=0.1", "fr"),
        ("en; q=0", "nl"),
        ("de", "nl"),
        ("enm, fr;q=0.5", "fr"),
        ("*", "nl"),
    ],
)
def test_a_header_is_read_as_rfc_9110_says(header: str | None, language: str) -> None:
    assert preferred_language(header) == language
