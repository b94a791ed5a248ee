"""What the commands of an operator share: a database, in whose name they act, and how they refuse."""

from collections.abc import Sequence
from typing import Final, NoReturn

from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.entrypoints.refused import CommandRefused
from uit.services.region import Region, read_regions
from uit.web.problem import words_of

ENGLISH: Final = "en"


def refuse(refusal: Refusal) -> NoReturn:
    """Raises CommandRefused with the words of a refusal of the application."""
    raise CommandRefused(in_words(refusal), code=refusal.code)


def in_words(refusal: Refusal) -> str:
    words = words_of(refusal, ENGLISH)
    return " ".join(filter(None, (f"{words.title}.", words.detail, words.next)))


async def region_named(tx: Executor, slug: str) -> Region:
    """The region with this slug, read anew. Raises CommandRefused where there is none."""
    regions = await read_regions(tx)
    for region in regions:
        if region.slug == slug:
            return region
    known = ", ".join(region.slug for region in regions) or "none yet: add one with `region add`"
    raise CommandRefused(f"There is no region {slug}. Known are: {known}.")


def as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as what stands in them."""
    lines = [heads, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def counted(number: int, one: str, more: str = "") -> str:
    """`1 role`, `2 roles`; `more` where an s at the end does not make many of one."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"
