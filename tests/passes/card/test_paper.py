"""The pass on paper: the same bytes for the same pass, every name on one page, a code that can be read."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
import segno

from uit.core.seal import PassSeal, seal_pass
from uit.passes.card.paper import Paper, draw_code, print_paper

ISSUED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHOWN = seal_pass(b"a key", PassSeal(1, UUID(int=1), 1))
QUIET = 2
STEP = re.compile(r"([Mmh])(-?[0-9.]+)(?: (-?[0-9.]+))?")


def paper(name: str = "Yasmine El Amrani", help_phone: str = "053 12 34 56") -> Paper:
    return Paper("Yasmine", name, "0900 1000 0010 9", "Dender", help_phone, draw_code(SHOWN))


def dark_modules(svg: str) -> set[tuple[int, int]]:
    """Column and row of every dark module, read from the strokes of a drawing."""
    x, y, dark = 0.0, 0.0, set()
    for kind, first, second in STEP.findall(re.findall(r' d="([^"]+)"', svg)[0]):
        if kind == "h":
            dark |= {(round(x) + step, int(y)) for step in range(int(first))}
        x = float(first) if kind == "M" else x + float(first)
        y = float(second) if kind == "M" else y + float(second or 0)
    return dark


async def test_the_same_pass_prints_the_same() -> None:
    assert await print_paper(paper(), ISSUED_AT) == await print_paper(paper(), ISSUED_AT)


async def test_a_pass_that_was_given_at_any_moment_prints() -> None:
    assert await print_paper(paper(), ISSUED_AT.replace(microsecond=123_456))


@pytest.mark.parametrize(
    "name", ["X", "Maria-Magdalena Van Oudenhove de Sint-Gerolfs", "W" * 200, "#*_$<& \\ \"'"]
)
async def test_every_name_fits_on_one_page(name: str) -> None:
    printed = await print_paper(paper(name, ""), ISSUED_AT)

    assert b"/Type/Pages/Count 1/" in printed


def test_the_code_is_whole_and_has_a_quiet_zone() -> None:
    matrix = segno.make(SHOWN, error="m", micro=False).matrix
    side = len(matrix) + 2 * QUIET
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}

    assert dark_modules(draw_code(SHOWN)) == dark
    assert f'viewBox="0 0 {side} {side}"' in draw_code(SHOWN)
