"""Who may enter a route. Every handler says it in its `opt`; one that does not, lets nobody in.

    @get("/{region:str}/balie", opt=staff("clerk"))

Roles count where they hold: a role opens addresses that name its region, and its organiser or municipality
where it has one. What is wider than a role stays closed to it: see `role.holds`.
"""

from typing import Any, Final, cast
from urllib.parse import urlencode, urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from uit.core.errors import NotAllowed, NotFound, RefusalError
from uit.core.secret import new_token
from uit.core.settings import Settings
from uit.identity.errors import DoorClosed, NotSignedIn, SecondFactorNeeded, TokenNeeded
from uit.identity.sign_in.return_path import local_path
from uit.identity.sign_in.session import OpenedSession, end, end_all
from uit.identity.staff.role import holds
from uit.identity.visitor import FLANDERS, Authenticator, Client, Door, Holder, Resident, Role, Staff, Visitor
from uit.services.audit import Author
from uit.services.region import Region
from uit.services.services import Services
from uit.web.access import ANYBODY, Access
from uit.web.header import header
from uit.web.methods import is_options_request, options_response
from uit.web.view import CLOCK, page, see_other

__all__ = [
    "ANYBODY",
    "CLIENT",
    "DOOR",
    "HOLDER",
    "MFA_PENDING",
    "RESIDENT",
    "SESSION_COOKIE",
    "AnyRequest",
    "AuthenticationMiddleware",
    "DoorRequest",
    "ResidentRequest",
    "StaffRequest",
    "author_here",
    "device_secret",
    "door_cookie",
    "open_page",
    "recognise",
    "region_here",
    "roles_here",
    "session_cookie",
    "sign_out",
    "staff",
    "welcome",
]

SESSION_COOKIE: Final = "uit_session"
DOOR_COOKIE: Final = "uit_door"
SECONDS_OF_AN_EVENING: Final = 24 * 3600

Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]
ResidentRequest = Request[Resident, Any, Any]
StaffRequest = Request[Staff, Any, Any]
DoorRequest = Request[Door, Any, Any]

RESIDENT: Final = {"who": Access(kinds=(Resident,))}
CLIENT: Final = {"who": Access(kinds=(Client,))}
HOLDER: Final = {"who": Access(kinds=(Holder,))}
DOOR: Final = {"who": Access(kinds=(Door,))}
MFA_PENDING: Final = {"who": Access(kinds=(Staff,), mfa_pending=True)}
"""Staff on their way in: their password was right, the second factor is still to come."""


def staff(*roles: str, within_town: bool = False) -> dict[str, Any]:
    """The door of a desk: staff with one of these roles, where the role holds. None named: every role.

    `within_town`: also who has the role for a municipality of the region; the handler keeps to its people.
    """
    return {"who": Access(kinds=(Staff,), roles=frozenset(roles), within_town=within_town)}


class AuthenticationMiddleware:
    """Stands before every route. A guard would do, but the framework copies the handler for each.

    It also sets the clock, by which what is said from here on knows which year it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        CLOCK.set(scope["litestar_app"].state.services.clock)
        who = scope["route_handler"].opt.get("who")
        if not isinstance(who, Access):
            if not is_options_request(scope):
                raise RefusalError(NotAllowed())
            await options_response(scope)(scope, receive, send)
            return
        if not who.anybody:
            await let_in(ASGIConnection(scope), who)
        await self._app(scope, receive, send)


async def let_in(connection: Connection, who: Access) -> None:
    """Turn away whom the handler does not name, with a way to go on."""
    visitor = await recognise(connection, door=Door in who.kinds)
    if visitor is None:
        raise turned_away(connection, who)
    if not isinstance(visitor, who.kinds):
        raise barred(connection, who, visitor)
    if isinstance(visitor, Staff):
        await check_staff(connection, who, visitor)


def turned_away(connection: Connection, who: Access) -> RefusalError:
    """What a stranger hears: how to get in, by the kind of visitor that the handler waits for."""
    kind = who.kinds[0]
    if issubclass(kind, Client | Holder):
        return RefusalError(TokenNeeded())
    if issubclass(kind, Door):
        return RefusalError(DoorClosed())
    wanted = wanted_page(connection)
    page = "/team/aanmelden" if issubclass(kind, Staff) else "/aanmelden"
    return RefusalError(NotSignedIn(wanted), redirect_to=f"{page}?{urlencode({'next': wanted})}")


def barred(connection: Connection, who: Access, visitor: Visitor) -> RefusalError:
    """What somebody hears who is in as another kind of visitor: staff, how to go on with their own pass."""
    if isinstance(visitor, Staff) and Resident in who.kinds:
        wanted = urlencode({"next": wanted_page(connection)})
        return RefusalError(NotAllowed(), redirect_to=f"/team/eigen-pas?{wanted}")
    return RefusalError(NotAllowed())


def wanted_page(connection: Connection) -> str:
    """Where the visitor was going; for a form that was sent, the page that it stood on."""
    scope = cast("HTTPScope", connection.scope)
    if scope["method"] in {"GET", "HEAD"}:
        query = connection.url.query
        return local_path(f"{connection.url.path}?{query}" if query else connection.url.path)
    page = urlsplit(connection.headers.get("referer", ""))
    return local_path(page.path) if page.netloc == connection.url.netloc else "/"


async def check_staff(connection: Connection, who: Access, visitor: Staff) -> None:
    if who.mfa_pending:
        return
    if not visitor.second_factor:
        wanted = wanted_page(connection)
        raise RefusalError(SecondFactorNeeded(), redirect_to=f"/team/code?{urlencode({'next': wanted})}")
    if who.roles and not await roles_here(connection):
        raise RefusalError(NotAllowed())


async def roles_here(connection: Connection) -> list[Role]:
    """The roles by which a member of staff is let in at this address."""
    who, path = connection.route_handler.opt["who"], connection.path_params
    region_id = (await region_here(connection)).id if "region" in path else FLANDERS
    return [
        role
        for role in connection.user.roles
        if role.role in who.roles and holds(role, region_id, path, within_town=who.within_town)
    ]


async def region_here(connection: Connection) -> Region:
    """The region that the address names."""
    services: Services = connection.app.state.services
    region = await services.regions.by_slug(connection.path_params["region"])
    if region is None:
        raise RefusalError(NotFound())
    return region


async def author_here(request: StaffRequest) -> Author:
    """As whom a member of staff acts in the region that the address names, from now on."""
    services: Services = request.app.state.services
    region, staff_id = await region_here(request), str(request.user.staff_id)
    return Author(region.id, "staff", staff_id, services.clock.now(), services.ids)


async def welcome(connection: Connection, opened: OpenedSession, address: str) -> Redirect:
    """Let somebody in who just signed in: a new cookie, and whoever this browser was before is signed out."""
    await sign_out(connection)
    services: Services = connection.app.state.services
    answer = see_other(address)
    answer.cookies.append(session_cookie(services.settings, opened.secret, opened.seconds))
    return answer


async def sign_out(connection: Connection, *, everywhere: bool = False) -> None:
    """End the session of this browser, or all of its visitor; nobody is recognised by them any more."""
    visitor = await recognise(connection)
    if not isinstance(visitor, Resident | Staff):
        return
    services: Services = connection.app.state.services
    authenticator: Authenticator = connection.app.state.authenticator
    async with services.database.transaction() as tx:
        ended = await (end_all if everywhere else end)(tx, visitor, services.clock.now())
    for session in ended:
        await authenticator.forget(session)


async def recognise(connection: Connection, *, door: bool = False) -> Visitor | None:
    """The visitor behind a request, by bearer header or cookie; looked up once per request.

    `door`: at an address of the door, by the cookie of an open door link only.
    """
    scope = cast("dict[str, Any]", connection.scope)
    if "user" not in scope:
        scope["user"] = await (_recognise_door if door else _recognise)(connection)
    return cast("Visitor | None", scope["user"])


async def open_page(connection: Connection, template: str, status: int = 200, **facts: object) -> Template:
    """A page for everybody, that shows whoever reads it their way in, out, or back to their work."""
    visitor = await recognise(connection)
    signed_in, is_staff = isinstance(visitor, Resident), isinstance(visitor, Staff)
    return page(template, status, signed_in=signed_in, is_staff=is_staff, **facts)


async def _recognise(connection: Connection) -> Visitor | None:
    authenticator: Authenticator = connection.app.state.authenticator
    authorization = header(connection, b"authorization")
    if authorization:
        scheme, _, token = authorization.partition(" ")
        return await authenticator.by_bearer(token) if scheme.lower() == "bearer" and token else None
    services: Services = connection.app.state.services
    cookie = connection.cookies.get(cookie_name(SESSION_COOKIE, services.settings))
    return await authenticator.by_session(cookie) if cookie else None


async def _recognise_door(connection: Connection) -> Door | None:
    authenticator: Authenticator = connection.app.state.authenticator
    token, secret = _door_parts(connection)
    return await authenticator.by_door(token, secret) if secret else None


def _door_parts(connection: Connection) -> tuple[str, str]:
    services: Services = connection.app.state.services
    token, _, secret = connection.cookies.get(cookie_name(DOOR_COOKIE, services.settings), "").partition(".")
    return token, secret


def device_secret(connection: Connection) -> str:
    """What this device proves itself with at a door: from its cookie, so that earlier links stay its own."""
    return _door_parts(connection)[1] or new_token()


def door_cookie(settings: Settings, token: str, secret: str) -> Cookie:
    """Binds a device to the link it opened; the link that was opened last is the one it works with."""
    return made_cookie(DOOR_COOKIE, f"{token}.{secret}", SECONDS_OF_AN_EVENING, settings)


def session_cookie(settings: Settings, secret: str, seconds: int) -> Cookie:
    """Who is signed in, for this browser; an empty secret and no seconds sign out."""
    return made_cookie(SESSION_COOKIE, secret, seconds, settings)


def made_cookie(name: str, value: str, seconds: int, settings: Settings) -> Cookie:
    return Cookie(
        key=cookie_name(name, settings),
        value=value,
        path="/",
        max_age=seconds,
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def cookie_name(name: str, settings: Settings) -> str:
    """Over TLS with the prefix that keeps other hosts of the domain from setting it."""
    return f"__Host-{name}" if settings.secure else name
