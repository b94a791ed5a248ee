"""The promises of the house that a reader would otherwise have to keep by memory."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
PACKAGES = ("uit", "reservations", "credits", "organisers")
# The edge: pages for people, desks for staff, an API for machines, and the shell that all three stand in.
EDGE = (
    "*/pages.py",
    "*/desk.py",
    "*/api.py",
    "uit/web/*.py",
    "uit/entrypoints/app.py",
    "uit/entrypoints/each_second.py",
    "uit/identity/authentication.py",
)
LONGEST_FUNCTION_LINES = 60
LONGEST_MODULE_LINES = 400


def modules() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def functions(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_imports_go_one_way_and_only_through_the_doors() -> None:
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


def test_only_the_clock_asks_the_time_and_only_commands_print() -> None:
    ruff = Path(sys.executable).with_name("ruff")

    said = subprocess.run(
        [ruff, "check", "--select", "TID251,T20", "--output-format", "concise", *PACKAGES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout


def test_only_the_edge_knows_the_web() -> None:
    knowing = {
        name for name, source in modules() if any(i.split(".")[0] == "litestar" for i in imported(source))
    }

    assert knowing
    assert {name for name in knowing if not any(fnmatch(name, edge) for edge in EDGE)} == set()


def test_functions_and_modules_stay_short() -> None:
    long = {
        f"{name}: {lines} lines"
        for name, source in modules()
        if (lines := source.count("\n")) > LONGEST_MODULE_LINES
    }
    long |= {
        f"{name}: {function}, {lines} lines"
        for name, source in modules()
        for function, lines in functions(source)
        if lines > LONGEST_FUNCTION_LINES
    }

    assert long == set()


def test_statements_stand_next_to_the_module_of_the_same_stem() -> None:
    stray = [
        sql.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for sql in (ROOT / package).rglob("sql/*.sql")
        if not sql.parent.with_name(f"{sql.stem}.py").exists()
    ]

    assert stray == []


def classes(source: str) -> Iterator[str]:
    yield from (node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef))


def test_a_class_is_called_so_once_in_its_package() -> None:
    where: dict[tuple[str, str], list[str]] = {}
    for name, source in modules():
        for each in classes(source):
            where.setdefault((name.partition("/")[0], each), []).append(name)

    assert {key: names for key, names in where.items() if len(names) > 1} == {}


def test_a_slice_keeps_its_templates_and_tests_under_its_own_name() -> None:
    """Those of `reservations/booking` stand in folders of that name, in both."""
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    slices = {short(folder.relative_to(ROOT)) for folder in folders}
    of_templates = {
        path.parent.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html")
    }
    of_tests = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}

    assert {str(folder) for folder in of_templates} - slices == {".", "refusals", "ui"}
    assert {str(folder) for folder in of_tests} - slices == {
        ".", "edges", "failover", "faults", "journeys", "reservations/all_verbs",
        "reservations/booking/races", "upgrade",
    }  # fmt: skip


def short(folder: Path) -> str:
    """Without the roof: `uit/passes/card` is called `passes/card`."""
    parts = folder.parts
    return "/".join(parts[1:] if parts[0] == "uit" else parts) or "uit"
