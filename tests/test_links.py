"""Where the pages of a region lead, there is a page."""

import re
from pathlib import Path

from tests.test_access import rows_of_table

TEMPLATES = Path(__file__).parents[1] / "templates"
LINK = re.compile(r"""href="/\{\{ region\.slug \}\}(/[^"]*)"|"/" ~ region\.slug ~ "(/[^"?#]*)(?="(,|\)))""")
VALUE = re.compile(r"\{\{[^}]*\}\}|\{\w+\}")


def leads_to(link: str) -> str:
    """The path of a link, with a star for each value in it."""
    return re.split(r"[?#]|\{\{", VALUE.sub("*", link))[0]


def test_every_link_within_a_region_leads_to_a_page() -> None:
    pages = {
        VALUE.sub("*", path.removeprefix("/{region}"))
        for _method, path, _who in rows_of_table()
        if path.startswith("/{region}")
    }
    links = {
        (leads_to(first or second), file.name)
        for file in TEMPLATES.rglob("*.html")
        for first, second, _ in LINK.findall(file.read_text())
    }

    assert len(links) > 40
    assert sorted(each for each in links if each[0].rstrip("/") not in pages) == []
