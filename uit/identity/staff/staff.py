"""Staff: invitation, roles, and signing in with a password and a code from their phone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from uit.core.ids import Ids
from uit.core.one_line import one_line
from uit.core.secret import Secrets
from uit.database.outbox import write_outbox
from uit.database.pool import Database
from uit.database.statements import Executor, Statements
from uit.identity.errors import LinkUsed, WeakPassword, WrongCode, WrongPassword
from uit.identity.sign_in import link, session
from uit.identity.sign_in.browser import Browser
from uit.identity.sign_in.session import OpenedSession
from uit.identity.staff.passkey import remove_passkeys
from uit.identity.staff.password import hash_password, verify_password, weakness
from uit.identity.staff.totp import open_secret, seal_secret, secret_of_invitation, step_of
from uit.identity.visitor import FLANDERS, Role, Staff
from uit.services.audit import Author

SQL = Statements(__name__)

NEW_SIGN_IN = "staff.new_sign_in"
"""The topic of the mail to who signed in with a browser that was not known to be theirs."""
PASSKEY_ADDED = "staff.passkey_added"
PASSKEY_REMOVED = "staff.passkey_removed"
ACCESS_RESTORED = "staff.access_restored"
"""Topics of mails to who can sign in by something else from now on."""


class Colleague(Struct, frozen=True):
    """Somebody to invite, with their roles."""

    name: str
    email: str
    roles: Sequence[Role]


class FormerColleague(Struct, frozen=True):
    """A member of staff who left."""

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


class GivenCode(Struct, frozen=True):
    """A code of the second factor: what was typed, when, and in which browser."""

    code: str
    at: datetime
    browser: Browser


class AcceptedInvitation(Struct, frozen=True):
    """The session that was opened, and the sessions that were ended: the authenticator must forget these."""

    opened: OpenedSession
    ended: list[bytes]


class KnownColleague(Struct, frozen=True):
    """Somebody who works somewhere, or was invited to. `has_joined`: they can sign in."""

    id: UUID
    name: str
    email: str
    has_joined: bool


class StaffTown(Struct, frozen=True):
    refnis: str
    name: str


find_staff = SQL.maybe("find_staff", Account)
find_colleague = SQL.maybe("find_colleague", KnownColleague)
"""By their address in lower case."""
read_staff = SQL.maybe("read_staff", StaffMember)
lock_former = SQL.maybe("lock_former", FormerColleague)
end_former_roles = SQL.command("end_former_roles")
remove_credentials = SQL.command("remove_credentials")
add_staff = SQL.value("add_staff", UUID)
give_roles = SQL.command("give_roles")
set_password = SQL.command("set_password")
set_second_factor = SQL.command("set_second_factor")
use_step = SQL.command("use_step")
read_towns = SQL.many("read_towns", StaffTown)


async def invite(tx: Executor, colleague: Colleague, ids: Ids, now: datetime) -> str:
    """Give somebody their roles, and return the path of an invitation, which works once and for 72 hours.

    A second invitation adds new roles, and replaces a lost password or phone. A former colleague gets the
    roles that are given now and none of the earlier ones.
    """
    region_id = min((role.region_id for role in colleague.roles), default=FLANDERS)
    staff_id = await hire(tx, Author(region_id, "system", "invite", now, ids), colleague)
    return await make_invitation(tx, staff_id, now)


async def hire(tx: Executor, author: Author, colleague: Colleague) -> UUID:
    """Give somebody their roles without an invitation, and return their id. Sessions learn it in a minute.

    Earlier invitations end: whoever holds one was not given these roles with it.
    """
    email, now, ids = colleague.email.strip().lower(), author.now, author.ids
    await close_former_account(tx, email, now)
    staff_id: UUID = await add_staff(tx, ids.new(), colleague.name, email, now)
    rows = [{"id": ids.new(), **msgspec.structs.asdict(role)} for role in colleague.roles]
    await give_roles(tx, staff_id, msgspec.json.encode(rows).decode(), now)
    await link.end_invitations(tx, staff_id, now)
    await author.note(tx, "staff.invite", "staff", staff_id, roles=len(rows))
    return staff_id


async def make_invitation(tx: Executor, staff_id: UUID, now: datetime) -> str:
    """The path of an invitation, which works once and for 72 hours."""
    return f"/team/uitnodiging/{await link.make_invitation(tx, staff_id, now)}"


async def close_former_account(tx: Executor, email: str, now: datetime) -> None:
    """End the roles of a former colleague at the time they left, and remove password, phone and sessions."""
    former = await lock_former(tx, email)
    if former:
        await end_former_roles(tx, former.id, former.ended_at)
        await remove_credentials(tx, former.id)
        await remove_passkeys(tx, former.id)
        await session.end_all_of_staff(tx, former.id, now)


async def read_invitation(tx: Executor, token: str, now: datetime) -> StaffMember | LinkUsed:
    """The member of staff whom a link invites. Refused: LinkUsed, when it no longer works."""
    found = await link.read_usable(tx, token, "invitation", now)
    member = await read_staff(tx, found.staff_id) if found else None
    return member or LinkUsed()


async def choose_password(
    database: Database, token: str, password: str, now: datetime
) -> StaffMember | WeakPassword | LinkUsed:
    """The first step of an invitation. No connection is held while the password is hashed, which is slow."""
    async with database.reading() as connection:
        invited = await read_invitation(connection, token, now)
    if isinstance(invited, LinkUsed):
        return invited
    if weak := weakness(password, *invited.name.split(), *invited.email.split("@")):
        return weak
    hashed = await hash_password(password)
    async with database.transaction() as tx:
        current = await read_invitation(tx, token, now)
        if isinstance(current, StaffMember):
            await set_password(tx, current.id, hashed)
    return current


async def accept(
    tx: Executor, secrets: Secrets, token: str, given: GivenCode
) -> AcceptedInvitation | WrongCode | LinkUsed:
    """The second step of an invitation: a right code uses up the link, ends older sessions and signs in.

    Who is invited again may have lost a device, so their passkeys go. They are told by mail.
    """
    invited = await read_invitation(tx, token, given.at)
    if isinstance(invited, LinkUsed) or not invited.has_password:
        return LinkUsed()
    secret = secret_of_invitation(secrets, token)
    step = step_of(secret, given.code, given.at, last_step=0)
    if step is None:
        return WrongCode()
    if await link.use(tx, token, "invitation", given.at) is None:
        return LinkUsed()
    await set_second_factor(tx, invited.id, seal_secret(secrets, invited.id, secret), step)
    await remove_passkeys(tx, invited.id)
    if invited.totp_secret is not None:
        await tell_owner(tx, invited.id, ACCESS_RESTORED, given.at)
    ended = await session.end_all_of_staff(tx, invited.id, given.at)
    return AcceptedInvitation(await session.open_for_staff(tx, invited.id, given.at, given.browser), ended)


async def sign_in(
    database: Database, email: str, password: str, now: datetime
) -> OpenedSession | WrongPassword:
    """The first step of signing in. An unknown account takes as long, and gets the same WrongPassword."""
    async with database.reading() as connection:
        account = await find_staff(connection, one_line(email).lower())
    if not await verify_password(password, account.password_hash if account else None):
        return WrongPassword()
    assert account is not None
    async with database.transaction() as tx:
        return await session.open_pending(tx, account.id, now)


async def verify_second_factor(
    tx: Executor, secrets: Secrets, staff: Staff, given: GivenCode
) -> OpenedSession | WrongCode:
    """The second step of signing in: a code that was not used before. Refused: WrongCode."""
    wrong = await use_code(tx, secrets, staff.staff_id, given.code, given.at)
    return wrong or await open_and_tell(tx, staff.staff_id, given.at, given.browser)


async def use_code(
    tx: Executor, secrets: Secrets, staff_id: UUID, code: str, now: datetime
) -> WrongCode | None:
    """Use up a code of the app of a member of staff."""
    member = await read_staff(tx, staff_id)
    secret = open_secret(secrets, member.id, member.totp_secret) if member and member.totp_secret else None
    step = step_of(secret, code, now, member.totp_last_step) if member and secret else None
    return None if step is not None and await use_step(tx, staff_id, step) else WrongCode()


async def open_and_tell(tx: Executor, staff_id: UUID, now: datetime, browser: Browser) -> OpenedSession:
    """Open a session, and tell its owner by mail when they never signed in with this browser."""
    opened = await session.open_for_staff(tx, staff_id, now, browser)
    if opened.on_new_device:
        await tell_owner(tx, staff_id, NEW_SIGN_IN, now, session=opened.digest.hex())
    return opened


async def tell_owner(tx: Executor, staff_id: UUID, topic: str, now: datetime, **facts: str) -> None:
    """Have a mail written to a member of staff about their own access."""
    row = {"topic": topic, "key": staff_id, "payload": {"at": now, **facts}}
    await write_outbox(tx, FLANDERS, msgspec.json.encode([row]).decode(), now)
