"""What a reader can type or set is written down."""

import re
from collections.abc import Sequence
from pathlib import Path

from reservations.booking.commands import PayWith
from uit.core.settings import Settings
from uit.entrypoints.commands import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))


def unnamed(names: Sequence[str], pattern: str) -> list[str]:
    """The names that the docs never say in full; a longer name that contains one does not count."""
    assert names
    docs = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    return [name for name in names if not re.search(pattern.format(re.escape(name)) + r"(?![\w-])", docs)]


def test_docs_name_every_make_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert unnamed(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE), r"\bmake {}") == []


def test_docs_name_every_command() -> None:
    assert unnamed([*COMMANDS], r"python -m uit {}") == []


def test_docs_name_every_setting() -> None:
    # HOME is the system's own, so ours has a longer name.
    settings = [{"home": "UIT_HOME"}.get(name, name.upper()) for name in Settings.__struct_fields__]

    assert unnamed(settings, r"(?<!\w){}") == []


def test_the_readme_names_every_way_to_pay() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [way for way in PayWith if f"`{way}`" not in readme] == []


def test_docs_point_only_to_pages_that_are_there() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\((?!\w+:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
