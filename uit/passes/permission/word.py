"""The word by which somebody is known on the telephone: set at the counter, kept as a password is."""

import unicodedata
from typing import Final
from uuid import UUID

from uit.database.statements import Executor, Statements
from uit.identity.staff.password import hash_password, verify_password
from uit.services.audit import Author
from uit.services.limit import Limit

SQL = Statements(__name__)

LEAST_LETTERS: Final = 6
MOST_LETTERS: Final = 60
TRIED: Final = Limit("spoken words", 5, 3600)

read_hash = SQL.value("read_hash", str)
write_hash = SQL.command("write_hash")
delete_hash = SQL.command("delete_hash")


def as_heard(word: str) -> str:
    """A word as it sounds: small letters without spaces and accents, since nobody says those."""
    apart = unicodedata.normalize("NFKD", word).casefold()
    return "".join(sign for sign in apart if sign.isalnum())


async def hash_word(word: str) -> str:
    """What is kept of it. It takes long, so it is done outside a transaction."""
    return await hash_password(as_heard(word))


async def is_word(word: str, hashed: str | None) -> bool:
    return await verify_password(as_heard(word), hashed)


async def set_word(tx: Executor, author: Author, staff_id: UUID, membership_id: UUID, hashed: str) -> None:
    """Keep a word, in the place of the one before."""
    await write_hash(tx, author.region_id, membership_id, hashed, staff_id, author.now)
    await author.note(tx, "permission.set_word", "membership", membership_id)


async def remove_word(tx: Executor, author: Author, membership_id: UUID) -> None:
    """Forget the word of a member; where there is none, nothing is written."""
    if await delete_hash(tx, author.region_id, membership_id):
        await author.note(tx, "permission.remove_word", "membership", membership_id)
