"""Links that prove who reads a mailbox: good once and for a while; the database keeps only their digest."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

TO_SIGN_IN = timedelta(minutes=15)
TO_BEGIN = timedelta(hours=72)

Purpose = Literal["sign_in", "invitation"]


class Link(Struct, frozen=True):
    """Whose link it is, and where they wanted to go."""

    person_id: UUID | None
    staff_id: UUID | None
    wanted: str


find_addressee = SQL.value("find_addressee", UUID)
add_link = SQL.command("add_link")
read_link = SQL.maybe("read_link", Link)
use_link = SQL.maybe("use_link", Link)


async def make_sign_in(tx: Executor, email: str, wanted: str, now: datetime) -> str | None:
    """The token of a sign-in link for who has this address; None when nobody does."""
    person_id: UUID | None = await find_addressee(tx, email)
    if person_id is None:
        return None
    token = new_token()
    await add_link(tx, digest("link", token), "sign_in", person_id, None, wanted, now, now + TO_SIGN_IN)
    return token


async def make_invitation(tx: Executor, staff_id: UUID, now: datetime) -> str:
    token = new_token()
    await add_link(tx, digest("link", token), "invitation", None, staff_id, "/team", now, now + TO_BEGIN)
    return token


async def look_at(tx: Executor, token: str, purpose: Purpose, now: datetime) -> Link | None:
    """A link that can still be used, without using it."""
    return await read_link(tx, digest("link", token), purpose, now)


async def use(tx: Executor, token: str, purpose: Purpose, now: datetime) -> Link | None:
    """Use a link up; None when it was used before, is over, or never was."""
    return await use_link(tx, digest("link", token), purpose, now)
