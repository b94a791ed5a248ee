"""Signed-in browsers: the cookie holds a secret, the database its digest, and can always end it."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.visitor import Resident, Staff

SQL = Statements(__name__)

FOR_A_RESIDENT = timedelta(days=30)
FOR_STAFF = timedelta(hours=12)
FOR_THE_SECOND_FACTOR = timedelta(minutes=10)


class OpenedSession(Struct, frozen=True):
    """A session that was just opened: the secret for its cookie, and the seconds a browser keeps it."""

    secret: str
    seconds: int


class EndedSession(Struct, frozen=True):
    digest: bytes


add_session = SQL.command("add_session")
revoke_session = SQL.command("revoke_session")
revoke_sessions = SQL.many("revoke_sessions", EndedSession)


async def open_for_person(tx: Executor, person_id: UUID, now: datetime) -> OpenedSession:
    secret = new_token()
    await add_session(tx, digest("session", secret), person_id, None, now, now + FOR_A_RESIDENT, None)
    return OpenedSession(secret, int(FOR_A_RESIDENT.total_seconds()))


async def open_for_staff(
    tx: Executor, staff_id: UUID, now: datetime, *, second_factor: bool
) -> OpenedSession:
    """A day's work once the second factor is shown; before that ten minutes to show it."""
    secret, lasts = new_token(), FOR_STAFF if second_factor else FOR_THE_SECOND_FACTOR
    proven_at = now if second_factor else None
    await add_session(tx, digest("session", secret), None, staff_id, now, now + lasts, proven_at)
    return OpenedSession(secret, int(lasts.total_seconds()))


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
