"""What is pinned is what was asked for, and a machine with nothing installs exactly that."""

import os
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ASKED = {
    "requirements.txt": PROJECT["project"]["dependencies"],
    "requirements-dev.txt": PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"],
}


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


def test_developing_and_running_take_the_same_versions() -> None:
    running, developing = pinned("requirements.txt"), pinned("requirements-dev.txt")

    assert {package: developing.get(package) for package in running} == running


@pytest.mark.parametrize("name", ASKED)
def test_a_pin_has_its_hashes_and_no_address(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").rstrip())

    assert [
        block for block in blocks if not re.match(r"[\w.-]+==\S+.* \\\n    --hash=sha256:[0-9a-f]{64}", block)
    ] == []
    assert [
        block for block in blocks if "://" in block or re.search(r"^\s*-(?!-hash)", block, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("name", [".ci/run", "tools/need"])
def test_scripts_can_be_run(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
