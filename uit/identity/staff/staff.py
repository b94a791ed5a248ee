"""Staff: invited by somebody who answers for their roles, in with a password and a code from their phone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from uit.core.ids import Ids
from uit.core.secret import Secrets
from uit.database.pool import Database
from uit.database.statements import Executor, Statements
from uit.identity.errors import LinkUsed, WeakPassword, WrongCode, WrongPassword
from uit.identity.sign_in import link, session
from uit.identity.sign_in.session import OpenedSession
from uit.identity.staff.password import hash_password, is_right, weakness
from uit.identity.staff.totp import open_secret, seal_secret, secret_of_invitation, step_of
from uit.identity.visitor import FLANDERS, Role, Staff
from uit.services.audit import Act, record

SQL = Statements(__name__)


class Colleague(Struct, frozen=True):
    """Whom to invite, and what they may do where."""

    name: str
    email: str
    roles: Sequence[Role]


class Former(Struct, frozen=True):
    """Somebody who left."""

    id: UUID
    ended_at: datetime


class Account(Struct, frozen=True):
    id: UUID
    password_hash: str


class StaffMember(Struct, frozen=True):
    """A member of staff; `totp_secret` is sealed."""

    id: UUID
    name: str
    email: str
    has_password: bool
    totp_secret: bytes | None
    totp_last_step: int


class Accepted(Struct, frozen=True):
    """Somebody is in, for the first time or anew; the authenticator must forget the sessions in `ended`."""

    opened: OpenedSession
    ended: list[bytes]


class StaffTown(Struct, frozen=True):
    refnis: str
    name: str


find_staff = SQL.maybe("find_staff", Account)
read_staff = SQL.maybe("read_staff", StaffMember)
lock_former = SQL.maybe("lock_former", Former)
end_roles = SQL.command("end_roles")
take_keys = SQL.command("take_keys")
add_staff = SQL.value("add_staff", UUID)
give_roles = SQL.command("give_roles")
set_password = SQL.command("set_password")
set_second_factor = SQL.command("set_second_factor")
use_step = SQL.command("use_step")
read_towns = SQL.many("read_towns", StaffTown)


async def invite(tx: Executor, colleague: Colleague, ids: Ids, now: datetime) -> str:
    """Give somebody their roles, and a link that is good once and for 72 hours: its path on our site.

    Inviting again adds the roles that are new, and is how a lost password or phone is replaced. Who left and
    comes back gets the roles that are named, and nothing of what they had.
    """
    email = colleague.email.strip().lower()
    await close_off(tx, email, now)
    staff_id = await add_staff(tx, ids.new(), colleague.name, email, now)
    rows = [{"id": ids.new(), **msgspec.structs.asdict(role)} for role in colleague.roles]
    await give_roles(tx, staff_id, msgspec.json.encode(rows).decode(), now)
    region_id = min((role.region_id for role in colleague.roles), default=FLANDERS)
    act = Act(region_id, "system", "invite", "staff.invite", "staff", str(staff_id), {"roles": len(rows)})
    await record(tx, act, ids.new(), now)
    return f"/team/uitnodiging/{await link.make_invitation(tx, staff_id, now)}"


async def close_off(tx: Executor, email: str, now: datetime) -> None:
    """End what a former colleague left open: their roles on the day they left, password, phone, sessions."""
    former = await lock_former(tx, email)
    if former:
        await end_roles(tx, former.id, former.ended_at)
        await take_keys(tx, former.id)
        await session.end_all_of_staff(tx, former.id, now)


async def look_at_invitation(tx: Executor, token: str, now: datetime) -> StaffMember | LinkUsed:
    """Who is invited by a link that still works."""
    found = await link.look_at(tx, token, "invitation", now)
    member = await read_staff(tx, found.staff_id) if found else None
    return member or LinkUsed()


async def choose_password(
    database: Database, token: str, password: str, now: datetime
) -> StaffMember | WeakPassword | LinkUsed:
    """The first half of an invitation. Hashing takes a while, so no connection waits for it."""
    async with database.reading() as connection:
        invited = await look_at_invitation(connection, token, now)
    if isinstance(invited, LinkUsed):
        return invited
    if weak := weakness(password, *invited.name.split(), *invited.email.split("@")):
        return weak
    hashed = await hash_password(password)
    async with database.transaction() as tx:
        still = await look_at_invitation(tx, token, now)
        if isinstance(still, StaffMember):
            await set_password(tx, still.id, hashed)
    return still


async def accept(
    tx: Executor, secrets: Secrets, token: str, code: str, now: datetime
) -> Accepted | WrongCode | LinkUsed:
    """The second half: a right code uses up the link, ends older sessions and lets them in."""
    invited = await look_at_invitation(tx, token, now)
    if isinstance(invited, LinkUsed) or not invited.has_password:
        return LinkUsed()
    secret = secret_of_invitation(secrets, token)
    step = step_of(secret, code, now, last_step=0)
    if step is None:
        return WrongCode()
    if await link.use(tx, token, "invitation", now) is None:
        return LinkUsed()
    await set_second_factor(tx, invited.id, seal_secret(secrets, invited.id, secret), step)
    ended = await session.end_all_of_staff(tx, invited.id, now)
    return Accepted(await session.open_for_staff(tx, invited.id, now, second_factor=True), ended)


async def sign_in(
    database: Database, email: str, password: str, now: datetime
) -> OpenedSession | WrongPassword:
    """The first step in. An account that is not there takes as long and says the same."""
    async with database.reading() as connection:
        account = await find_staff(connection, email.strip().lower())
    if not await is_right(password, account.password_hash if account else None):
        return WrongPassword()
    assert account is not None
    async with database.transaction() as tx:
        return await session.open_for_staff(tx, account.id, now, second_factor=False)


async def prove(
    tx: Executor, secrets: Secrets, staff: Staff, code: str, now: datetime
) -> OpenedSession | WrongCode:
    """The second step: a code that was never used. The session that had to prove itself ends."""
    member = await read_staff(tx, staff.staff_id)
    secret = open_secret(secrets, member.id, member.totp_secret) if member and member.totp_secret else None
    step = step_of(secret, code, now, member.totp_last_step) if member and secret else None
    if step is None or not await use_step(tx, staff.staff_id, step):
        return WrongCode()
    return await session.open_for_staff(tx, staff.staff_id, now, second_factor=True)
