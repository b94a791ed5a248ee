"""Messages on paper, for who has no other way: a counter prints them in batches, and posts them.

A letter that comes back makes its address doubtful: nothing goes there until a clerk trusts or changes it.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class WaitingMessage(Struct, frozen=True):
    """What nobody could send: a counter says it to who comes by."""

    id: UUID
    subject: str
    body: str
    written_at: datetime


add_letter = SQL.command("add_letter")
print_letters = SQL.command("print_letters")
rewrite_letters = SQL.command("rewrite_letters")
post_letters = SQL.command("post_letters")
drop_letter = SQL.command("drop_letter")
return_letter = SQL.value("return_letter", UUID)
read_waiting = SQL.many("read_waiting", WaitingMessage)
"""What a counter has to say to somebody, the oldest first."""
tell_waiting = SQL.command("tell_waiting")
doubt_address = SQL.command("doubt_address")
trust_address = SQL.command("trust_address")
is_doubted = SQL.value("is_doubted", bool)


async def came_back(tx: Executor, region_id: int, letter_id: UUID, now: datetime) -> bool:
    """Write down that a letter came back, and doubt the address of who it was for; False when known."""
    person_id: UUID | None = await return_letter(tx, region_id, letter_id, now)
    if person_id is None:
        return False
    await doubt_address(tx, person_id, now)
    return True
