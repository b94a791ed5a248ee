"""Where a resident is signed in: each browser with when it was last used, to sign out one by one."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.identity.sign_in.device import forget_device

SQL = Statements(__name__)


class SignedIn(Struct, frozen=True):
    """A session. `browser` is rough, or empty; `used_on` is the day of signing in where none is later."""

    digest: bytes
    created_at: datetime
    browser: str
    used_on: date


class EndedSession(Struct, frozen=True):
    digest: bytes
    device_digest: bytes | None


read_signed_in = SQL.many("read_signed_in", SignedIn)
revoke_of_person = SQL.maybe("revoke_of_person", EndedSession)


async def sign_out_one(tx: Executor, person_id: UUID, named: bytes, now: datetime) -> bool:
    """End one session of a person and forget its device; False when they have none such."""
    ended = await revoke_of_person(tx, person_id, named, now)
    if ended is None:
        return False
    if ended.device_digest:
        await forget_device(tx, ended.device_digest, person_id)
    return True
