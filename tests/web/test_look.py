import re
from itertools import product
from pathlib import Path
from typing import Final

import pytest

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
CSS: Final = (TEMPLATES / "assets" / "uit.css").read_text(encoding="utf-8")
SHEETS: Final = sorted((TEMPLATES / "assets").glob("*.css"))
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w+);", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
)

TEXT: Final = ("ink", "soft", "action", "focus", "culture", "sport", "youth", "tourism", "good", "careful")
GROUNDS: Final = ("paper", "card")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, of `#RGB` or `#RRGGBB`."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert contrast("#000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_colour_can_be_read_on_paper_and_on_a_card(tokens: dict[str, str]) -> None:
    weak = [pair for pair in product(TEXT, GROUNDS) if contrast(*(tokens[name] for name in pair)) < 4.5]

    assert weak == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_words_on_the_main_button_can_be_read_before_and_while_it_is_pointed_at(
    tokens: dict[str, str],
) -> None:
    assert contrast(tokens["on-action"], tokens["action"]) >= 4.5
    assert contrast(tokens["on-action"], tokens["action-deep"]) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_border_of_a_field_stands_out_from_its_ground(tokens: dict[str, str]) -> None:
    assert all(contrast(tokens["line"], tokens[ground]) >= 3 for ground in GROUNDS)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_stylesheet_is_light_and_fetches_nothing(sheet: Path) -> None:
    """What every page loads is in one; what few pages need is in a small one of its own."""
    css = sheet.read_text(encoding="utf-8")

    assert len(css.encode()) < (25_000 if sheet.name == "uit.css" else 4_000)
    assert "url(" not in css
    assert "@import" not in css


def test_a_key_is_named_in_one_place_and_means_one_thing() -> None:
    """One table for all desks: who works at a counter and at a till finds the same key at both."""
    named = re.compile(r"\"((?:Shift\+)?F\d+)\"")
    pages = {page: named.findall(page.read_text(encoding="utf-8")) for page in TEMPLATES.rglob("*.html")}
    keys = pages.pop(TEMPLATES / "ui" / "keys.html")

    assert len(keys) == len(set(keys)) > 1
    assert not any(pages.values())


def test_no_page_carries_style_or_script_of_its_own() -> None:
    inline = re.compile(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*\bsrc=)")
    pages = [page for page in TEMPLATES.rglob("*.html") if "mail" not in str(page.relative_to(TEMPLATES))]

    assert pages
    assert [page.name for page in pages if inline.search(page.read_text(encoding="utf-8"))] == []
