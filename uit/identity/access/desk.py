"""Pages on which a member of staff sees where they are signed in, and ends it."""

from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.access.notice import NamedSession, open_seal
from uit.identity.authentication import (
    ANYBODY,
    AnyRequest,
    StaffRequest,
    authenticator_of,
    device_of,
    staff,
)
from uit.identity.errors import LinkUsed, PasskeyWrong
from uit.identity.sign_in.session import (
    end_device_of_staff,
    end_one_of_staff,
    end_others_of_staff,
    read_staff_session,
    read_staff_sessions,
)
from uit.identity.staff import passkey
from uit.identity.staff.attempts import limit_codes
from uit.identity.staff.staff import PASSKEY_ADDED, PASSKEY_REMOVED, read_staff, tell_owner, use_code
from uit.identity.visitor import FLANDERS
from uit.services.audit import Author
from uit.services.services import Services
from uit.web.address import client_address
from uit.web.form import read_hex, text_error
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

HOME: Final = "/team/toegang"
LONGEST_NAME: Final = 60


class NewPasskeyForm(Struct, frozen=True):
    """A new passkey: how its owner calls it, the code of their app, and what the browser made."""

    name: str = ""
    code: str = ""
    credential: str = ""
    state: str = ""


class RemovePasskeyForm(Struct, frozen=True):
    """A passkey, by the id of its credential."""

    passkey: str = ""


class SessionForm(Struct, frozen=True):
    """A session, by its digest."""

    session: str = ""


@get(HOME, opt=staff(), include_in_schema=False)
async def show_own_access(
    request: StaffRequest, services: NamedDependency[Services], gedaan: FromQuery[str] = ""
) -> Template:
    facts = await access_facts(request, services)
    return page("identity/access/access.html", **facts, flash=notice_after(gedaan))


async def access_facts(request: StaffRequest, services: Services) -> dict[str, Any]:
    """The sessions and passkeys of a member of staff, and what a browser makes a new passkey with."""
    staff_id, now = request.user.staff_id, services.clock.now()
    async with services.database.reading() as connection:
        sessions = await read_staff_sessions(connection, staff_id, now)
        passkeys = await passkey.read_passkeys(connection, staff_id)
        member = await read_staff(connection, staff_id)
    party, ceremony = passkey.relying_party(services.settings.address), None
    if party and member:
        owner, has = passkey.Owner(staff_id, member.name, member.email), [each.id for each in passkeys]
        ceremony = passkey.registration(party, services.secrets, owner, has, now)
    own = request.user.session
    return {"sessions": sessions, "own": own, "passkeys": passkeys, "ceremony": ceremony}


def notice_after(done: str) -> str | None:
    return {
        "toestel": _("Dat toestel is afgemeld."),
        "andere": _("Alle andere toestellen zijn afgemeld."),
        "passkey": _("Je passkey is klaar. Je kan er voortaan mee aanmelden."),
        "weg": _("Die passkey werkt niet meer."),
    }.get(done)


def author_of(staff_id: UUID, services: Services) -> Author:
    """The author of what a member of staff does to their own access: it belongs to no region."""
    return Author(FLANDERS, "staff", str(staff_id), services.clock.now(), services.ids)


@post(f"{HOME}/beeindigen", opt=staff(), include_in_schema=False)
async def end_session_elsewhere(
    request: StaffRequest, data: URLEncodedBody[SessionForm], services: NamedDependency[Services]
) -> Redirect:
    """End one session. Refused: NotFound, for what is none of theirs."""
    named, author = read_hex(data.session), author_of(request.user.staff_id, services)
    async with services.database.transaction() as tx:
        if not await end_one_of_staff(tx, request.user.staff_id, named, author.now):
            raise RefusalError(NotFound())
        await author.note(tx, "staff.session.end", "staff", request.user.staff_id)
    await forget(request, [named])
    return see_other(f"{HOME}?gedaan=toestel")


@post(f"{HOME}/andere-beeindigen", opt=staff(), include_in_schema=False)
async def end_other_sessions(request: StaffRequest, services: NamedDependency[Services]) -> Redirect:
    author = author_of(request.user.staff_id, services)
    async with services.database.transaction() as tx:
        ended = await end_others_of_staff(tx, request.user, author.now)
        await author.note(tx, "staff.session.end_others", "staff", request.user.staff_id)
    await forget(request, ended)
    return see_other(f"{HOME}?gedaan=andere")


@post(f"{HOME}/passkey", opt=staff(), include_in_schema=False)
async def add_own_passkey(
    request: StaffRequest, data: URLEncodedBody[NewPasskeyForm], services: NamedDependency[Services]
) -> Template | Redirect:
    """Keep a new passkey. It asks for a code of the app, so that an open screen is not enough to make one."""
    if wrong := text_error(data.name, _("Geef je passkey een naam."), LONGEST_NAME):
        facts = await access_facts(request, services)
        return page("identity/access/access.html", UNPROCESSABLE, **facts, errors={"name": wrong}, flash=None)
    place, device = client_address(request), device_of(request)
    refusal = await limit_codes(services, request.user.staff_id, place, device) or await keep_passkey(
        services, author_of(request.user.staff_id, services), request.user.staff_id, data
    )
    if refusal:
        facts = await access_facts(request, services)
        return form_again("identity/access/access.html", refusal, **facts, flash=None)
    return see_other(f"{HOME}?gedaan=passkey")


async def keep_passkey(
    services: Services, author: Author, staff_id: UUID, data: NewPasskeyForm
) -> Refusal | None:
    """Keep a passkey. The code is used up, also when the passkey is refused."""
    party = passkey.relying_party(services.settings.address)
    if party is None:
        return PasskeyWrong()
    challenge = await passkey.use_challenge(services, data.state, str(staff_id))
    made = passkey.Answer(data.credential, challenge, author.now)
    async with services.database.transaction() as tx:
        if wrong := await use_code(tx, services.secrets, staff_id, data.code, author.now):
            return wrong
        refused = await passkey.register(tx, party, staff_id, one_line(data.name), made)
        if refused is None:
            await author.note(tx, "staff.passkey.add", "staff", staff_id)
            await tell_owner(tx, staff_id, PASSKEY_ADDED, author.now)
    return refused


@post(f"{HOME}/passkey/verwijderen", opt=staff(), include_in_schema=False)
async def remove_own_passkey(
    request: StaffRequest, data: URLEncodedBody[RemovePasskeyForm], services: NamedDependency[Services]
) -> Redirect:
    """End a passkey. The app for codes stays, so nobody takes away their last second factor."""
    staff_id = request.user.staff_id
    author = author_of(staff_id, services)
    async with services.database.transaction() as tx:
        if not await passkey.remove_passkey(tx, staff_id, read_hex(data.passkey)):
            raise RefusalError(NotFound())
        await author.note(tx, "staff.passkey.remove", "staff", staff_id)
        await tell_owner(tx, staff_id, PASSKEY_REMOVED, author.now)
    return see_other(f"{HOME}?gedaan=weg")


@get("/team/niet-ik/{token:str}", opt=ANYBODY, include_in_schema=False)
async def ask_not_me(token: FromPath[str], services: NamedDependency[Services]) -> Template:
    """A page with one button, so that programs that open the links in a mail end nothing."""
    if open_seal(services.secrets, token) is None:
        return form_again("identity/staff/sign_in.html", LinkUsed(), email="", wanted="/team")
    return page("identity/access/not_me.html", token=token, done=False)


@post("/team/niet-ik/{token:str}", opt=ANYBODY, include_in_schema=False, status_code=200)
async def end_not_mine(
    request: AnyRequest, token: FromPath[str], services: NamedDependency[Services]
) -> Template:
    """End the session that a mail was about, and what was made with it."""
    named = open_seal(services.secrets, token)
    if named is None:
        return form_again("identity/staff/sign_in.html", LinkUsed(), email="", wanted="/team")
    async with services.database.transaction() as tx:
        ended = await end_all_of_stranger(tx, author_of(named.staff_id, services), named)
    await forget(request, [named.digest, *ended])
    return page("identity/access/not_me.html", token=token, done=True)


async def end_all_of_stranger(tx: Executor, author: Author, named: NamedSession) -> list[bytes]:
    """End what opens anything for who signed in as another; returns the sessions that must be forgotten.

    That is every session of their device, which could open more without a mail, and every passkey since. One
    that the owner made since goes too: they have their app.
    """
    found = await read_staff_session(tx, named.staff_id, named.digest)
    if found is None:
        return []
    ended = await end_device_of_staff(tx, named.staff_id, found, author.now)
    passkeys = await passkey.remove_passkeys_since(tx, named.staff_id, found.created_at)
    if ended or passkeys:
        facts = {"sessions": len(ended), "passkeys": passkeys}
        await author.note(tx, "staff.session.not_mine", "staff", named.staff_id, **facts)
    return ended


async def forget(request: AnyRequest, ended: list[bytes]) -> None:
    await authenticator_of(request).forget(*ended)


ROUTES: list[ControllerRouterHandler] = [
    show_own_access,
    end_session_elsewhere,
    end_other_sessions,
    add_own_passkey,
    remove_own_passkey,
    ask_not_me,
    end_not_mine,
]
