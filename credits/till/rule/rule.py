"""What a region sets for its tills: from which amount a closing needs a second signature."""

from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

read_signing_limit = SQL.value("read_signing_limit", int)
write_signing_limit = SQL.command("write_signing_limit")


async def signing_limit(tx: Executor, region_id: int) -> int:
    """The cents from which somebody else signs for what a closing left; 0 where the region set nothing."""
    return await read_signing_limit(tx, region_id) or 0


async def set_signing_limit(tx: Executor, author: Author, cents: int) -> None:
    """Set the amount for closings from now on. What is so already is not written down again."""
    if await signing_limit(tx, author.region_id) != cents:
        await write_signing_limit(tx, author.region_id, cents)
        await author.note(tx, "till.rule", "region", author.region_id, second_signature_cents=cents)


def needs_signature(left_cents: int, limit_cents: int) -> bool:
    """Whether somebody else has to sign for what a closing left in the drawer; never for an empty one."""
    return left_cents > 0 and left_cents >= limit_cents
