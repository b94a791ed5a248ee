"""What a region says of the sources that its events come from: whether they count what was booked here."""

from typing import Final, Literal, get_args

from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

Counting = Literal["ours_included", "ours_excluded", "unknown"]
COUNTINGS: Final[tuple[Counting, ...]] = get_args(Counting)
UNKNOWN: Final[Counting] = "unknown"

select_counting = SQL.value("select_counting", str)
upsert_counting = SQL.command("upsert_counting")
one_import_at_a_time = SQL.command("one_import_at_a_time")


async def read_counting(tx: Executor, region_id: int, source: str) -> Counting:
    """Whether the places left at a source count what was booked here; `unknown` where nobody said so."""
    said = await select_counting(tx, region_id, source)
    return next((each for each in COUNTINGS if each == said), UNKNOWN)


async def set_counting(tx: Executor, author: Author, source: str, counting: Counting) -> None:
    """Say so for imports from now on. What is so already is not written down again."""
    if await read_counting(tx, author.region_id, source) != counting:
        await upsert_counting(tx, author.region_id, source, counting, author.now)
        await author.note(tx, "source.counting", "source", source, counting=counting)
