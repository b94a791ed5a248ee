"""Links sent by mail: they work once and for a limited time, and the database stores only their digest."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

SIGN_IN_LINK_LIFETIME = timedelta(minutes=15)
INVITATION_LIFETIME = timedelta(hours=72)

Purpose = Literal["sign_in", "invitation"]


class Link(Struct, frozen=True):
    """The owner of a link, and the path that the owner wanted to visit."""

    person_id: UUID | None
    staff_id: UUID | None
    wanted: str


find_addressee = SQL.value("find_addressee", UUID)
add_link = SQL.command("add_link")
read_link = SQL.maybe("read_link", Link)
use_link = SQL.maybe("use_link", Link)
end_invitations = SQL.command("end_invitations")


async def make_sign_in(tx: Executor, email: str, wanted: str, now: datetime) -> str | None:
    """Make a sign-in link for the person with this address and return its token; None when there is none."""
    person_id: UUID | None = await find_addressee(tx, email)
    if person_id is None:
        return None
    token = new_token()
    await add_link(
        tx, digest("link", token), "sign_in", person_id, None, wanted, now, now + SIGN_IN_LINK_LIFETIME
    )
    return token


async def make_invitation(tx: Executor, staff_id: UUID, now: datetime) -> str:
    token = new_token()
    await add_link(
        tx, digest("link", token), "invitation", None, staff_id, "/team", now, now + INVITATION_LIFETIME
    )
    return token


async def read_usable(tx: Executor, token: str, purpose: Purpose, now: datetime) -> Link | None:
    """A link that can still be used, without using it up; None when there is none."""
    return await read_link(tx, digest("link", token), purpose, now)


async def use(tx: Executor, token: str, purpose: Purpose, now: datetime) -> Link | None:
    """Use a link up; None when it was used before, has expired or does not exist."""
    return await use_link(tx, digest("link", token), purpose, now)
