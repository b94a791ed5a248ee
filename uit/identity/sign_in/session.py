"""Sessions of signed-in browsers: the cookie holds a secret, and the database stores its digest."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.visitor import Resident, Staff

SQL = Statements(__name__)

RESIDENT_LIFETIME = timedelta(days=30)
STAFF_LIFETIME = timedelta(hours=12)
MFA_PENDING_LIFETIME = timedelta(minutes=10)


class OpenedSession(Struct, frozen=True):
    """A new session: the secret for its cookie, and the lifetime of the cookie in seconds."""

    secret: str
    seconds: int


class EndedSession(Struct, frozen=True):
    digest: bytes


add_session = SQL.command("add_session")
revoke_session = SQL.command("revoke_session")
revoke_sessions = SQL.many("revoke_sessions", EndedSession)


async def open_for_person(tx: Executor, person_id: UUID, now: datetime) -> OpenedSession:
    secret = new_token()
    await add_session(tx, digest("session", secret), person_id, None, now, now + RESIDENT_LIFETIME, None)
    return OpenedSession(secret, int(RESIDENT_LIFETIME.total_seconds()))


async def open_for_staff(
    tx: Executor, staff_id: UUID, now: datetime, *, second_factor: bool
) -> OpenedSession:
    """Open a session of 12 hours with the second factor proved, or of ten minutes to prove it."""
    secret, lifetime = new_token(), STAFF_LIFETIME if second_factor else MFA_PENDING_LIFETIME
    proven_at = now if second_factor else None
    await add_session(tx, digest("session", secret), None, staff_id, now, now + lifetime, proven_at)
    return OpenedSession(secret, int(lifetime.total_seconds()))


async def end(tx: Executor, visitor: Resident | Staff, now: datetime) -> list[bytes]:
    """Sign out one browser; returns the digests that the authenticator must forget."""
    await revoke_session(tx, visitor.session, now)
    return [visitor.session]


async def end_all(tx: Executor, visitor: Resident | Staff, now: datetime) -> list[bytes]:
    """Sign out everywhere; returns the digests that the authenticator must forget."""
    if isinstance(visitor, Staff):
        return await end_all_of_staff(tx, visitor.staff_id, now)
    return [session.digest for session in await revoke_sessions(tx, visitor.person_id, None, now)]


async def end_all_of_staff(tx: Executor, staff_id: UUID, now: datetime) -> list[bytes]:
    return [session.digest for session in await revoke_sessions(tx, None, staff_id, now)]
