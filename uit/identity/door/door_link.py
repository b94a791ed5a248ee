"""A volunteer's evening at a door: a link for one session, kept by the first device that opens it.

The organiser's desk makes the link and shows its address. Who opens it gets a cookie with the link's token
and a secret of their device; the database keeps digests of both. It is read on every request, so a link that
is revoked is closed at once.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.errors import DoorClosed, DoorNotYetOpen
from uit.identity.visitor import Door
from uit.services.audit import Author

SQL = Statements(__name__)


class Evening(Struct, frozen=True):
    """Where in a region a link works, and from when until when."""

    organiser_id: UUID
    session_id: UUID
    opens_at: datetime
    closes_at: datetime


class DoorLink(Struct, frozen=True):
    """A link as the organiser sees it: `taken` when a device has it. Its token is shown only once."""

    id: UUID
    opens_at: datetime
    closes_at: datetime
    taken: bool


class Waiting(Struct, frozen=True):
    opens_at: datetime


add_link = SQL.command("add_link")
claim_link = SQL.maybe("claim_link", Door)
read_waiting = SQL.maybe("read_waiting", Waiting)
read_links = SQL.many("read_links", DoorLink)
revoke_link = SQL.command("revoke_link")


async def make(tx: Executor, author: Author, evening: Evening, link_id: UUID) -> str:
    """The token of a new link, to put in an address. Its author, of the staff, answers for who gets it."""
    token = new_token()
    await add_link(
        tx,
        digest("door", token),
        author.region_id,
        link_id,
        evening.organiser_id,
        evening.session_id,
        UUID(author.actor_id),
        evening.opens_at,
        evening.closes_at,
    )
    await author.note(tx, "door.make", "door", link_id, session_id=str(evening.session_id))
    return token


async def open_door(
    tx: Executor, token: str, device_secret: str, now: datetime
) -> Door | DoorNotYetOpen | DoorClosed:
    """Claim a link for a device, or come back with the same device; refused to any other, before and after.

    On success the answer must set the cookie of `uit.identity.entry.door_cookie(settings, token,
    device_secret)`.
    `device_secret` is `entry.device_secret(request)`: what the device has already, else a new one.
    """
    hashed = digest("door", token)
    opened = await claim_link(tx, hashed, digest("device", device_secret), now)
    if opened:
        return opened
    waiting = await read_waiting(tx, hashed, now)
    return DoorNotYetOpen(waiting.opens_at) if waiting else DoorClosed()


async def links_of(
    tx: Executor, region_id: int, organiser_id: UUID, session_id: UUID, now: datetime
) -> list[DoorLink]:
    """The links of a session that still work or will."""
    return await read_links(tx, region_id, organiser_id, session_id, now)


async def revoke(tx: Executor, author: Author, organiser_id: UUID, link_id: UUID) -> bool:
    """Close a link for good, at once; False when there is none that is open."""
    revoked = bool(await revoke_link(tx, author.region_id, organiser_id, link_id, author.now))
    if revoked:
        await author.note(tx, "door.revoke", "door", link_id)
    return revoked
