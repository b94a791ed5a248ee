"""Words for people stand where a translator finds them: in templates, and in Python inside `_()`."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes

from reservations.waiting_room.draw import CHECK
from uit.core.formats import LANGUAGE_FORMATS
from uit.core.period_format import PERIOD_FORMATS
from uit.web.view import environment

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = ("uit", "reservations", "credits", "organisers")
MODULES: Final = sorted(
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    # The events, people and towns of the example are content, such as a region would type itself.
    if "example" not in path.parts
)
# What labels and sentences look like, and so do the parts of one that has values in it.
LABEL: Final = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+[.?!:]?")
PART_OF_SENTENCE: Final = re.compile(r".*[a-zà-ÿ]{2}.* .*|.* .*[a-zà-ÿ]{2}.*", re.DOTALL)
# Words that none of our English sentences has: these are looked for in every module.
DUTCH: Final = re.compile(
    r"\b(de|het|een|van|voor|geen|niet|je|jij|jouw|kies|vul|schrijf|waar|wanneer|wordt|zijn|hier|dit|deze)\b",
    re.IGNORECASE,
)
TO_THE_TERMINAL: Final = "what an operator reads at the terminal or in a log: English"
IN_THE_API: Final = "the description of the API: English, as its fields are"
NOT_DUTCH: Final = {
    "credits/check.py": TO_THE_TERMINAL,
    "credits/invoice/check.py": TO_THE_TERMINAL,
    "credits/payments/check.py": TO_THE_TERMINAL,
    "credits/till/check.py": TO_THE_TERMINAL,
    "reservations/check.py": TO_THE_TERMINAL,
    "reservations/importing/": TO_THE_TERMINAL,
    "organisers/placement.py": TO_THE_TERMINAL,
    "organisers/uitdatabank/": TO_THE_TERMINAL,
    "uit/core/setting_form.py": TO_THE_TERMINAL,
    "uit/core/settings.py": TO_THE_TERMINAL,
    "uit/entrypoints/": TO_THE_TERMINAL,
    "uit/embedded/": TO_THE_TERMINAL,
    "uit/database/": "SQL, and " + TO_THE_TERMINAL,
    "uit/services/duty.py": TO_THE_TERMINAL,
    "uit/web/metrics.py": TO_THE_TERMINAL,
    "uit/web/documented.py": IN_THE_API,
    "uit/core/amount.py": IN_THE_API,
    "uit/identity/client/scope.py": IN_THE_API,
    "reservations/api_examples.py": IN_THE_API,
    "reservations/booking/described.py": IN_THE_API,
    "uit/web/misread.py": "the messages of msgspec and Litestar, to recognise them",
    "uit/web/response.py": "headers of HTTP",
    "credits/invoice/ubl.py": "the names that UBL gives to its elements",
    "uit/web/access.py": "docs/access.md, which it writes",
    "uit/identity/sign_in/browser.py": "what browsers and systems call themselves",
}
"""Modules, and folders of them, in which words are not for people who use a page, and why."""
EVERY_LANGUAGE: Final = ("uit/core/period_format.py", "uit/core/seat_format.py")
"""Modules that hold the same words in every language side by side, as Babel holds its patterns."""
READ_ONLY: Final = ("organisers/uitdatabank/tariff_name.py",)
"""Modules whose words are looked for in what others wrote, and said to nobody."""
KEPT: Final = "kept in a row, in Dutch as acts are, whoever looks at it"
HEADER: Final = "HTTP and mail name and fill their headers so"
WORD_FOR_WORD: Final = {
    "Vergissing aan de balie": KEPT,
    "Staat niet meer op de agenda van de organisator.": KEPT,
    CHECK: "a command, which is the same in every language",
    "From": HEADER,
    "To": HEADER,
    "Subject": HEADER,
    "Allow": HEADER,
    "Vary": HEADER,
    "Accept-Encoding, Cookie": HEADER,
    "public, max-age=0, s-maxage={seconds}, must-revalidate": HEADER,
    "Pragma": HEADER,
    "Bearer": HEADER,
    'Basic realm="uit"': HEADER,
    'inline; filename="pas.pdf"': HEADER,
    'inline; filename="tickets.pdf"': HEADER,
    'attachment; filename="': HEADER,
    'inline; filename="': HEADER,
    "public, max-age=31536000, immutable": HEADER,
    "public, max-age=3600": HEADER,
    "private, max-age=3600": HEADER,
    "noindex, nofollow": HEADER,
    "uit <noreply@localhost>": "an address of mail",
    "the account that is not there": "a password that nobody has",
    "A text holds a character that cannot be kept.": "the `technical` part of a problem, as below",
    "Nested too deep.": "the `technical` part of a problem: English, for who wrote the request",
    "{} at {}": "how English writes a moment",
}
"""The other words that no translator has to see, and why."""
# Who calls these speaks to a log, to who reads figures, to mypy, to a limiter's key or to PostgreSQL.
NOT_TO_PEOPLE: Final = {
    "cast", "compile", "Counter", "critical", "error", "execute", "Gauge", "Histogram", "info", "Limit",
    "TypeVar", "warning",
}  # fmt: skip


def constants(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings below a node that somebody may get to read and nobody can translate."""
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.Raise() | ast.Assert() | ast.Expr(value=ast.Constant()) | ast.arg():
            return
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in {"_", *NOT_TO_PEOPLE}:
            return
        case ast.AnnAssign():
            yield from below([node.value] if node.value else [])
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from below([*node.decorator_list, node.args, *node.body])
        case _:
            yield from below(ast.iter_child_nodes(node))


def below(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    for node in nodes:
        yield from constants(node)


def untranslatable(source: str) -> Iterator[ast.Constant]:
    """What looks like words for people outside `_()`."""
    for found in constants(ast.parse(source)):
        text = str(found.value)
        if (LABEL.fullmatch(text) or PART_OF_SENTENCE.fullmatch(text)) and text not in WORD_FOR_WORD:
            yield found


def source_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def is_exempt(path: Path) -> bool:
    return path.name == "api.py" or path.as_posix().startswith(tuple(NOT_DUTCH))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What `make words` would hand a translator: of a word for one and for many, the word for one."""
    found = tmp_path_factory.mktemp("words") / "uit.pot"
    pybabel = [sys.executable, "-m", "babel.messages.frontend", "-q"]
    extract = ["extract", "-F", "pyproject.toml", "-o", str(found), *PACKAGES, "templates"]
    subprocess.run([*pybabel, *extract], cwd=ROOT, check=True)
    with found.open("rb") as file:
        return {each.id if isinstance(each.id, str) else each.id[0] for each in read_po(file) if each.id}


# Templates

TEMPLATES: Final = sorted(
    path
    for path in (ROOT / "templates").rglob("*.*")
    # A refusal has a block for each language.
    if path.suffix in {".html", ".txt"} and path.parent.name != "refusals"
)
A_VALUE: Final = "\0"
A_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]{2}")
NO_WORDS: Final = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>|[/?][\w=-]*|[\w-]+\.be\b", re.DOTALL)
"""Tags with their attributes, style, scripts, and the parts of an address."""
IN_TEMPLATES: Final = {
    "uit": "the name of it all",
    "desk": "the class of a page",
    "door night": "the classes of a page",
    " stacked": "the class of a table",
}
"""What templates say outside `_()`, and why no translator has to see it."""


def texts_of(node: nodes.Node) -> Iterator[str]:
    """What a template says outside `_()`, in pieces: its own text with `A_VALUE` in it, and its strings."""
    match node:
        case nodes.Call(node=nodes.Name(name="_" | "gettext" | "ngettext")):
            for named in node.kwargs:
                yield from texts_of(named)
        case nodes.Const(value=str() as text) if text not in WORD_FOR_WORD:
            yield text if LABEL.fullmatch(text) or PART_OF_SENTENCE.fullmatch(text) else ""
        case _:
            for each in node.iter_child_nodes():
                yield from texts_of(each)


def written_in(template: nodes.Template) -> str:
    outputs = (each for output in template.find_all(nodes.Output) for each in output.nodes)
    return "".join(each.data if isinstance(each, nodes.TemplateData) else A_VALUE for each in outputs)


def outside_gettext(source: str) -> list[str]:
    """The words of a template that no translator finds."""
    template = environment().parse(source)
    own = [
        each.replace(A_VALUE, " ").strip(" :·")
        for each in NO_WORDS.sub("\n", written_in(template)).splitlines()
    ]
    return [each for each in [*own, *texts_of(template)] if A_WORD.search(each) and each not in IN_TEMPLATES]


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source_of(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield node


def test_words_of_templates_and_of_python_are_found_together(extracted: set[str]) -> None:
    some = {"Naar de inhoud", "nog %(num)s werkdag", "Jury", "Kies 1 tot %(most)s maanden."}

    assert some <= extracted


def test_every_word_in_python_is_found(extracted: set[str]) -> None:
    """A name or a sum in place of the text would be looked up too, and no translator would have seen it."""
    said = {ast.literal_eval(call.args[0]) for path in MODULES for call in calls(path)}

    assert len(said) > 90
    assert said <= extracted


def test_the_values_of_a_sentence_are_the_ones_it_names() -> None:
    wrong = [
        f"{path}:{call.lineno}"
        for path in MODULES
        for call in calls(path)
        if {each.arg for each in call.keywords}
        != set(re.findall(r"%\((\w+)\)s", ast.literal_eval(call.args[0])))
    ]

    assert wrong == []


def test_no_word_is_looked_up_before_somebody_asks() -> None:
    """At the top of a module it would be, in the language of whoever came first."""
    early = [
        f"{path}:{node.lineno}"
        for path in MODULES
        for node in at_the_top(ast.parse(source_of(path)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    ]

    assert early == []


def at_the_top(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is read: all of it but what stands inside functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from at_the_top(child)


def test_no_template_that_others_import_looks_a_word_up_for_all_of_them() -> None:
    """Jinja keeps what such a template sets, in the language of whoever came first; a macro looks anew."""
    texts = {
        path.relative_to(ROOT / "templates").as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "templates").rglob("*.html")
    }
    imported = {
        name for text in texts.values() for name in re.findall(r'{%-? (?:import|from) "([^"]+)"', text)
    }

    assert imported
    assert [name for name in imported if re.search(r"^{%-? set .*_\(", texts[name], re.MULTILINE)] == []


def test_no_words_for_people_stand_outside_gettext() -> None:
    """One that is meant for no page goes on a list above, with its reason."""
    found = [
        f"{path}:{each.lineno}: {each.value!r}"
        for path in MODULES
        if not is_exempt(path) and path.as_posix() not in EVERY_LANGUAGE
        for each in untranslatable(source_of(path))
    ]

    assert found == []


def test_no_dutch_hides_where_english_is_allowed() -> None:
    found = [
        f"{path}:{each.lineno}: {each.value!r}"
        for path in MODULES
        if path.as_posix() not in (*EVERY_LANGUAGE, *READ_ONLY)
        for each in untranslatable(source_of(path))
        if " " in str(each.value) and DUTCH.search(str(each.value))
    ]

    assert found == []


def test_what_holds_every_language_holds_each_word_in_all_of_them() -> None:
    assert set(PERIOD_FORMATS) == set(LANGUAGE_FORMATS)


def test_the_lists_of_what_is_no_word_for_people_name_nothing_that_is_gone() -> None:
    paths = [path.as_posix() for path in MODULES]
    texts = {each.value for path in MODULES for each in constants(ast.parse(source_of(path)))}

    assert [listed for listed in NOT_DUTCH if not any(path.startswith(listed) for path in paths)] == []
    assert set(WORD_FOR_WORD) - texts == set()


def test_no_words_for_people_stand_outside_gettext_in_a_template() -> None:
    """Pages, and both bodies of a mail."""
    assert {path.suffix for path in TEMPLATES} == {".html", ".txt"}

    found = {str(path): outside_gettext(path.read_text(encoding="utf-8")) for path in TEMPLATES}

    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "source",
    [
        "Dag {{ name }}",
        "Code: {{ code }}",
        "<p>Niets te doen</p>",
        '{{ "Geannuleerd" if off else name }}',
        '{{ _("Voor %(what)s", what="de balie en de kassa") }}',
        '{{ ui.button("Bewaar") }}',
        "{% if off %}Dit gaat niet door.{% endif %}",
    ],
)
def test_a_word_outside_is_noticed_in_a_template(source: str) -> None:
    assert outside_gettext(source)


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("Dag %(name)s", name=name) }}',
        '{{ _("Code") }}: {{ code }}',
        "{{ address }}/evenementen/{{ id }}?sessie={{ session_id }}",
        '<p class="big {{ kind }} wide">{{ name }}</p>',
        '{{ ngettext("%(num)s plaats", "%(num)s plaatsen", places) }}',
        '{% if kind == "called_off" %}·{% endif %}',
    ],
)
def test_what_is_no_word_in_a_template_is_left_alone(source: str) -> None:
    assert outside_gettext(source) == []


@pytest.mark.parametrize(
    "source",
    [
        'LABELS = {"name": "Naam"}',
        'errors["places"] = f"Kies 1 tot {most}."',
        'def f():\n    return "" if fine else "Kies een gemeente."',
        'def f(title: str = "Mijn krediet"): ...',
        'page("start.html", flash="Het is gelukt.")',
    ],
)
def test_a_word_outside_is_noticed(source: str) -> None:
    assert list(untranslatable(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""What it is for."""',
        'def f() -> "Rule": ...',
        'raise ValueError("a time without a zone")',
        'log.warning("something happened")',
        'labels = {"name": _("Naam")}',
        'page("start.html", kind="social_worker")',
    ],
)
def test_what_nobody_reads_on_a_page_is_left_alone(source: str) -> None:
    assert not list(untranslatable(source))
