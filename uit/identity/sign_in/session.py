"""Sessions of signed-in browsers: the cookie holds a secret, and the database stores its digest."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.clock import day_in_flanders
from uit.core.secret import StoredDigest, digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.sign_in.browser import Browser
from uit.identity.sign_in.device import forget_device, forget_others, remember
from uit.identity.visitor import Resident, Staff

SQL = Statements(__name__)

RESIDENT_LIFETIME = timedelta(days=30)
SHARED_LIFETIME = timedelta(hours=1)
"""On a computer that others use as well."""
STAFF_LIFETIME = timedelta(hours=12)
MFA_PENDING_LIFETIME = timedelta(minutes=10)


class OpenedSession(Struct, frozen=True):
    """A new session: the secret for its cookie, and the lifetime of the cookie in seconds.

    `on_new_device`: its owner had never signed in with this browser.
    """

    secret: str
    seconds: int
    on_new_device: bool = False

    @property
    def digest(self) -> bytes:
        return digest("session", self.secret)


class StaffSession(Struct, frozen=True):
    """A session of a member of staff, as they see it. `browser` and `network` are rough, or empty."""

    digest: bytes
    created_at: datetime
    browser: str
    network: str
    device_digest: bytes | None


add_session = SQL.command("add_session")
note_sign_in = SQL.command("note_sign_in")
revoke_session = SQL.command("revoke_session")
revoke_sessions = SQL.many("revoke_sessions", StoredDigest)
read_staff_sessions = SQL.many("read_staff_sessions", StaffSession)
read_staff_session = SQL.maybe("read_staff_session", StaffSession)
revoke_device = SQL.many("revoke_device", StoredDigest)
revoke_others = SQL.many("revoke_others", StoredDigest)


async def open_for_person(tx: Executor, person_id: UUID, now: datetime, browser: Browser) -> OpenedSession:
    """Open a session of thirty days, and know its browser from now on."""
    opened = OpenedSession(
        new_token(),
        int(RESIDENT_LIFETIME.total_seconds()),
        await remember(tx, browser.digest, now, person_id=person_id),
    )
    await note_sign_in(tx, person_id, day_in_flanders(now))
    ends_at = now + RESIDENT_LIFETIME
    row = None, now, ends_at, None, browser.digest, browser.name, ""
    await add_session(tx, opened.digest, person_id, *row)
    return opened


async def open_on_shared(tx: Executor, person_id: UUID, now: datetime) -> OpenedSession:
    """Open a session of an hour on a computer of many, whose browser stays unknown."""
    opened = OpenedSession(new_token(), int(SHARED_LIFETIME.total_seconds()))
    await note_sign_in(tx, person_id, day_in_flanders(now))
    await add_session(tx, opened.digest, person_id, None, now, now + SHARED_LIFETIME, None, None, "", "")
    return opened


async def open_for_staff(tx: Executor, staff_id: UUID, now: datetime, browser: Browser) -> OpenedSession:
    """Open a session of 12 hours with the second factor proved, and know its browser from now on."""
    opened = OpenedSession(
        new_token(),
        int(STAFF_LIFETIME.total_seconds()),
        await remember(tx, browser.digest, now, staff_id=staff_id),
    )
    where = browser.digest, browser.name, browser.network
    await add_session(tx, opened.digest, None, staff_id, now, now + STAFF_LIFETIME, now, *where)
    return opened


async def open_pending(tx: Executor, staff_id: UUID, now: datetime) -> OpenedSession:
    """Open a session of ten minutes in which a member of staff can prove the second factor."""
    opened = OpenedSession(new_token(), int(MFA_PENDING_LIFETIME.total_seconds()))
    ends_at = now + MFA_PENDING_LIFETIME
    await add_session(tx, opened.digest, None, staff_id, now, ends_at, None, None, "", "")
    return opened


async def end(tx: Executor, visitor: Resident | Staff, now: datetime) -> list[bytes]:
    """Sign out one browser; returns the digests that the authenticator must forget."""
    await revoke_session(tx, visitor.session, now)
    return [visitor.session]


async def end_all(tx: Executor, visitor: Resident | Staff, now: datetime) -> list[bytes]:
    """Sign out everywhere, and know no device any more; returns the digests that must be forgotten."""
    if isinstance(visitor, Staff):
        return await end_all_of_staff(tx, visitor.staff_id, now)
    return await end_all_of_person(tx, visitor.person_id, now)


async def end_all_of_staff(tx: Executor, staff_id: UUID, now: datetime) -> list[bytes]:
    await forget_others(tx, staff_id, None)
    return [session.digest for session in await revoke_sessions(tx, None, staff_id, now)]


async def end_all_of_person(tx: Executor, person_id: UUID, now: datetime) -> list[bytes]:
    await forget_others(tx, person_id, None)
    return [each.digest for each in await revoke_sessions(tx, person_id, None, now)]


async def end_one_of_staff(tx: Executor, staff_id: UUID, named: bytes, now: datetime) -> bool:
    """End one session of a member of staff and forget its device; False when they have none such."""
    found = await read_staff_session(tx, staff_id, named)
    if found is None:
        return False
    await revoke_session(tx, named, now)
    if found.device_digest:
        await forget_device(tx, found.device_digest, staff_id)
    return True


async def end_device_of_staff(
    tx: Executor, staff_id: UUID, named: StaffSession, now: datetime
) -> list[bytes]:
    """End every session of the device of a session, and forget the device; returns what must be forgotten."""
    ended = await revoke_device(tx, staff_id, named.digest, now, named.device_digest)
    if named.device_digest:
        await forget_device(tx, named.device_digest, staff_id)
    return [session.digest for session in ended]


async def end_others_of_staff(tx: Executor, staff: Staff, now: datetime) -> list[bytes]:
    """End every session of a member of staff but this one, and forget every device but its own."""
    own = await read_staff_session(tx, staff.staff_id, staff.session)
    await forget_others(tx, staff.staff_id, own.device_digest if own else None)
    return [session.digest for session in await revoke_others(tx, staff.staff_id, staff.session, now)]
