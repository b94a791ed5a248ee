"""Files that a Belgian spreadsheet opens: CSV in UTF-8 with a mark, semicolons, a comma in amounts."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Final

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""At the beginning of a file: without it, a spreadsheet reads UTF-8 as something older."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of something to reckon or to run."""


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and never runs: what looks like a formula gets a quote in front."""
    return f"'{text}" if text.startswith(FORMULA) else text


def amount(cents: int) -> str:
    """`-1250` becomes `-12,50`: no sign of a currency and no dots, so that it can be added up."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02}"


def day_text(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows as the lines of a file; a cell with a semicolon or a quote in it stands between quotes."""
    written = StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows)
    return written.getvalue()
