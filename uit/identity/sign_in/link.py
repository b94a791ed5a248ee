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
SHORTEST_WAIT, LONGER_WAIT = timedelta(minutes=1), timedelta(minutes=5)
"""Between two mails to one mailbox: shorter than a link works, so that one that works is always there."""
FEW = 5
"""After so many in an hour of which none was used, the longer wait."""
HOUR = timedelta(hours=1)

Purpose = Literal["sign_in", "invitation", "device", "sms", "slip", "letter"]


class Link(Struct, frozen=True):
    """The owner of a link, and the path that the owner wanted to visit."""

    person_id: UUID | None
    staff_id: UUID | None
    wanted: str


class RecentLinks(Struct, frozen=True):
    """The links that somebody was mailed and did not use: how many, and when the last was made."""

    count: int
    last_made_at: datetime | None


lock_addressee = SQL.value("lock_addressee", UUID)
lock_staff = SQL.value("lock_staff", UUID)
read_recent = SQL.one("read_recent", RecentLinks)
add_link = SQL.command("add_link")
read_link = SQL.maybe("read_link", Link)
use_link = SQL.maybe("use_link", Link)
end_invitations = SQL.command("end_invitations")


async def make_sign_in(
    tx: Executor, email: str, wanted: str, now: datetime, *, at_once: bool = False
) -> str | None:
    """Make a sign-in link for the person with this address and return its token.

    None when there is no such person, or when a link was mailed a moment ago and not used: that one still
    works. `at_once` mails another all the same, for who asks from a known device.
    """
    person_id: UUID | None = await lock_addressee(tx, email)
    if person_id is None or not (at_once or await is_due(tx, person_id, "sign_in", now)):
        return None
    token = new_token()
    await add_link(
        tx, digest("link", token), "sign_in", person_id, None, wanted, now, now + SIGN_IN_LINK_LIFETIME
    )
    return token


async def make_for_device(tx: Executor, email: str, wanted: str, now: datetime) -> str | None:
    """The same for a member of staff, who makes a device known with it."""
    staff_id: UUID | None = await lock_staff(tx, email)
    if staff_id is None or not await is_due(tx, staff_id, "device", now):
        return None
    token = new_token()
    await add_link(
        tx, digest("link", token), "device", None, staff_id, wanted, now, now + SIGN_IN_LINK_LIFETIME
    )
    return token


async def is_due(tx: Executor, owner_id: UUID, purpose: Purpose, now: datetime) -> bool:
    """Whether another link may be mailed, so that nobody fills a mailbox of somebody else."""
    recent = await read_recent(tx, owner_id, purpose, now - HOUR)
    wait = SHORTEST_WAIT if recent.count < FEW else LONGER_WAIT
    return recent.last_made_at is None or recent.last_made_at + wait <= now


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
