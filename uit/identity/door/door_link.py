"""Door links: a link for one session, with which a volunteer checks tickets on one device.

The desk of the organiser makes the link and shows its address. The first device that opens it gets a cookie
with the token of the link and a secret of the device; the database stores digests of both. The link is read
from the database on every request, so revoking it takes effect at once.
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


class NewDoorLink(Struct, frozen=True):
    """A link to make: the session for which it works, from `opens_at` until `closes_at`."""

    organiser_id: UUID
    session_id: UUID
    opens_at: datetime
    closes_at: datetime


class DoorLink(Struct, frozen=True):
    """A link as the organiser sees it; `taken` when a device has claimed it."""

    id: UUID
    opens_at: datetime
    closes_at: datetime
    taken: bool


class EarlyLink(Struct, frozen=True):
    opens_at: datetime


add_link = SQL.command("add_link")
claim_link = SQL.maybe("claim_link", Door)
read_early_link = SQL.maybe("read_early_link", EarlyLink)
read_links = SQL.many("read_links", DoorLink)
revoke_link = SQL.command("revoke_link")


async def make(tx: Executor, author: Author, wanted: NewDoorLink, link_id: UUID) -> str:
    """Make a link and return its token, of which only the digest is stored. `author` is a member of staff."""
    token = new_token()
    await add_link(
        tx,
        digest("door", token),
        author.region_id,
        link_id,
        wanted.organiser_id,
        wanted.session_id,
        UUID(author.actor_id),
        wanted.opens_at,
        wanted.closes_at,
    )
    await author.note(tx, "door.make", "door", link_id, session_id=str(wanted.session_id))
    return token


async def open_door(
    tx: Executor, token: str, device_secret: str, now: datetime
) -> Door | DoorNotYetOpen | DoorClosed:
    """Claim a link for a device, or open it again on the device that claimed it.

    Refused: DoorNotYetOpen before `opens_at`; DoorClosed after `closes_at`, for another device and for an
    unknown or revoked link. The caller passes `authentication.device_secret(request)` and on success sets
    `authentication.door_cookie(settings, token, device_secret)`.
    """
    hashed = digest("door", token)
    opened = await claim_link(tx, hashed, digest("device", device_secret), now)
    if opened:
        return opened
    early = await read_early_link(tx, hashed, now)
    return DoorNotYetOpen(early.opens_at) if early else DoorClosed()


async def links_of(
    tx: Executor, region_id: int, organiser_id: UUID, session_id: UUID, now: datetime
) -> list[DoorLink]:
    """The links of a session that are neither revoked nor past `closes_at`."""
    return await read_links(tx, region_id, organiser_id, session_id, now)


async def revoke(tx: Executor, author: Author, organiser_id: UUID, link_id: UUID) -> bool:
    """Close a link at once and for good; False when no open link has this id."""
    revoked = bool(await revoke_link(tx, author.region_id, organiser_id, link_id, author.now))
    if revoked:
        await author.note(tx, "door.revoke", "door", link_id)
    return revoked
