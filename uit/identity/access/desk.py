"""Pages on which a member of staff sees where they are signed in, and ends it."""

import binascii

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.identity.access.notice import open_seal
from uit.identity.authentication import ANYBODY, AnyRequest, StaffRequest, staff
from uit.identity.errors import LinkUsed
from uit.identity.sign_in.session import end_one_of_staff, end_others_of_staff, read_staff_sessions
from uit.identity.visitor import FLANDERS, Authenticator
from uit.services.audit import Author
from uit.services.services import Services
from uit.web.view import form_again, page, see_other

HOME = "/team/toegang"


class SessionForm(Struct, frozen=True):
    """A session, by its digest."""

    session: str = ""


@get(HOME, opt=staff(), include_in_schema=False)
async def show_own_access(
    request: StaffRequest, services: NamedDependency[Services], gedaan: FromQuery[str] = ""
) -> Template:
    async with services.database.reading() as connection:
        sessions = await read_staff_sessions(connection, request.user.staff_id, services.clock.now())
    return page(
        "identity/access/access.html", sessions=sessions, own=request.user.session, flash=said(gedaan)
    )


def said(done: str) -> str | None:
    return {
        "toestel": _("Dat toestel is afgemeld."),
        "andere": _("Alle andere toestellen zijn afgemeld."),
    }.get(done)


def author_of(request: StaffRequest, services: Services) -> Author:
    """The author of what a member of staff does to their own access: it belongs to no region."""
    return Author(FLANDERS, "staff", str(request.user.staff_id), services.clock.now(), services.ids)


@post(f"{HOME}/beeindigen", opt=staff(), include_in_schema=False)
async def end_session_elsewhere(
    request: StaffRequest, data: URLEncodedBody[SessionForm], services: NamedDependency[Services]
) -> Redirect:
    """End one session. Refused: NotFound, for what is none of theirs."""
    named, author = from_hex(data.session), author_of(request, services)
    async with services.database.transaction() as tx:
        if not await end_one_of_staff(tx, request.user.staff_id, named, author.now):
            raise RefusalError(NotFound())
        await author.note(tx, "staff.session.end", "staff", request.user.staff_id)
    await forget(request, [named])
    return see_other(f"{HOME}?gedaan=toestel")


@post(f"{HOME}/andere-beeindigen", opt=staff(), include_in_schema=False)
async def end_other_sessions(request: StaffRequest, services: NamedDependency[Services]) -> Redirect:
    author = author_of(request, services)
    async with services.database.transaction() as tx:
        ended = await end_others_of_staff(tx, request.user, author.now)
        await author.note(tx, "staff.session.end_others", "staff", request.user.staff_id)
    await forget(request, ended)
    return see_other(f"{HOME}?gedaan=andere")


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
    """End the session that a mail was about, and forget its device. A repeat changes nothing."""
    named = open_seal(services.secrets, token)
    if named is None:
        return form_again("identity/staff/sign_in.html", LinkUsed(), email="", wanted="/team")
    async with services.database.transaction() as tx:
        await end_one_of_staff(tx, named.staff_id, named.digest, services.clock.now())
    await forget(request, [named.digest])
    return page("identity/access/not_me.html", token=token, done=True)


async def forget(request: AnyRequest, ended: list[bytes]) -> None:
    authenticator: Authenticator = request.app.state.authenticator
    for each in ended:
        await authenticator.forget(each)


def from_hex(text: str) -> bytes:
    try:
        return binascii.unhexlify(text.encode())
    except binascii.Error:
        return b""


ROUTES: list[ControllerRouterHandler] = [
    show_own_access,
    end_session_elsewhere,
    end_other_sessions,
    ask_not_me,
    end_not_mine,
]
