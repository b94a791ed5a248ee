"""The shape of every form: ours are the errors, and they come in the order of the fields."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jinja2 import nodes

from uit.web.view import environment

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = ROOT / "templates"
PACKAGES: Final = ("uit", "reservations", "credits", "organisers")
FIELDS: Final = {
    "text",
    "email",
    "number",
    "date",
    "password",
    "code",
    "textarea",
    "select",
    "radios",
    "checkbox",
}
LABELS: Final = re.compile(r"-> Labels:\n(.*?)(?:\n\n|\Z)", re.DOTALL)
ENDS: Final = (
    "/deuren/.*/sluiten",
    "/vervangen",
    "/blokkeren",
    "/intrekken",
    "/stoppen",
    "/code",
    "/nieuwe-link",
    "/vernieuwen",
    "/terugnemen",
    "/bevestigen",
    "/indienen",
)
"""How the addresses of forms end that do what nobody can undo."""
ASKING_PAGES: Final = {
    "organisers/labels/dossier/submit.html",
    "passes/permission/permission.html",
    "reservations/box_office/taking_back/find.html",
    "reservations/guest/new_link.html",
}
"""Pages that ask, or that only look for what one could end: their form needs not ask again."""
SIGN_IN_PAGES: Final = "identity/staff/"
KEY: Final = re.compile(r'"(\w+)": _\(')


def pages() -> Iterator[tuple[str, nodes.Template]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if not name.startswith(("ui/", "refusals/")):
            yield name, environment().parse(path.read_text(encoding="utf-8"))


def fields(page: nodes.Template) -> list[tuple[str, nodes.Call]]:
    """The fields of a page in their order, by the name that they have in so many words."""
    found = []
    for call in page.find_all(nodes.Call):
        macro = call.node
        if isinstance(macro, nodes.Getattr) and macro.attr in FIELDS and isinstance(macro.node, nodes.Name):
            name = call.args[0]
            if macro.node.name == "ui" and isinstance(name, nodes.Const):
                found.append((name.value, call))
    return sorted(found, key=lambda each: each[1].lineno)


def may_be_wrong(call: nodes.Call) -> bool:
    return any(keyword.key == "error" for keyword in call.kwargs)


def orders(package: str) -> list[list[str]]:
    """The keys of every function of labels in a package, in their order."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / package).rglob("*.py")]
    return [KEY.findall(body) for source in sources for body in LABELS.findall(source)]


def test_no_browser_checks_a_form_before_we_do() -> None:
    form = '{% import "ui/ui.html" as ui %}{% call ui.form("/x", "t", method) %}{% endcall %}'
    drawn = [environment().from_string(form).render(method=method) for method in ("get", "post")]

    assert all(re.search(r"<form[^>]* novalidate\b", each) for each in drawn)


def test_every_form_is_drawn_by_the_one_macro() -> None:
    own = [name for name, _ in pages() if "<form" in (TEMPLATES / name).read_text(encoding="utf-8")]

    assert own == []


def test_what_is_wrong_is_told_in_the_order_of_the_labels_and_not_in_that_of_finding_it() -> None:
    labels = {"day": "Dag", "hour": "Uur", "reason": "Waarom"}
    page = '{% import "ui/ui.html" as ui %}{{ ui.problems(none, errors, labels) }}'

    told = (
        environment()
        .from_string(page)
        .render(labels=labels, errors={"other": "nee", "reason": "leeg", "day": "leeg"})
    )

    assert re.findall(r'href="#(\w+)"', told) == ["day", "reason", "other"]


def test_every_field_that_can_be_wrong_has_a_label_in_the_order_of_its_page() -> None:
    known = {package: orders(package) for package in PACKAGES}
    astray = {}
    for name, page in pages():
        wrong = [field for field, call in fields(page) if may_be_wrong(call)]
        if len(wrong) < 2:
            continue
        package = next((each for each in PACKAGES if name.startswith(f"{each}/")), "uit")
        if not any([key for key in keys if key in wrong] == wrong for keys in known[package]):
            astray[name] = wrong

    assert known["credits"]
    assert astray == {}


def actions(page: nodes.Template, macro: str) -> list[str]:
    """Where the forms of a page are sent, with a star for what is not written out."""
    found = []
    for call in page.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == macro:
            action = call.args[0 if macro == "form" else 3]
            parts = action.nodes if isinstance(action, nodes.Concat) else [action]
            found.append("".join(str(each.value) if isinstance(each, nodes.Const) else "*" for each in parts))
    return found


def ends_something(action: str) -> bool:
    return any(re.search(f"{ending}$", action) for ending in ENDS)


def test_what_cannot_be_undone_asks_first() -> None:
    unasked, asked = [], []
    for name, page in pages():
        if name not in ASKING_PAGES and not name.startswith(SIGN_IN_PAGES):
            unasked += [f"{name}: {each}" for each in actions(page, "form") if ends_something(each)]
            asked += [each for each in actions(page, "ask_first") if ends_something(each)]

    assert len(asked) >= 10
    assert unasked == []


def test_who_is_asked_reads_what_it_does_and_can_go_back() -> None:
    drawn = (
        environment()
        .from_string(
            '{% import "ui/ui.html" as ui %}'
            '{% call ui.ask_first("Weg", "Dan is het weg.", "Ja, weg", "/x/weg", "token", "/x") %}'
            '{{ ui.text("reason", "Waarom?") }}{% endcall %}'
        )
        .render()
    )

    assert "<details" in drawn
    assert "open" not in drawn.partition(">")[0]
    assert "Dan is het weg." in drawn
    assert re.search(r'action="/x/weg".*name="reason".*Ja, weg.*href="/x"', drawn, re.DOTALL)
