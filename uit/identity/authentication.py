"""Authentication of visitors, and the check whether a visitor may enter a route.

Every handler states in its `opt` who may enter; a handler that does not admits nobody.

    @get("/{region:str}/balie", opt=staff("clerk"))

A role admits to addresses that name its region and, where the role has one, its organiser or municipality:
see `role.holds`.
"""

from typing import Any, Final, cast
from urllib.parse import urlencode

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.response import Redirect, Template
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from uit.core.errors import NotAllowed, NotFound, RefusalError
from uit.core.secret import new_token
from uit.core.settings import Settings
from uit.identity.client.scope import SCOPES
from uit.identity.errors import DoorClosed, NotSignedIn, ScopeMissing, SecondFactorNeeded, TokenNeeded
from uit.identity.sign_in.browser import (
    Browser,
    browser_name,
    device_digest,
    network_of,
    open_device,
    seal_device,
)
from uit.identity.sign_in.device import LIFETIME as DEVICE_LIFETIME
from uit.identity.sign_in.return_path import local_path
from uit.identity.sign_in.session import OpenedSession, end, end_all
from uit.identity.staff.role import holds
from uit.identity.visitor import FLANDERS, Authenticator, Client, Door, Holder, Resident, Role, Staff, Visitor
from uit.services.audit import Author
from uit.services.region import Region
from uit.services.services import Services
from uit.web.access import ANYBODY, Access
from uit.web.address import client_address
from uit.web.connection import Connection, services_of
from uit.web.cookie import DEVICE_COOKIE, SESSION_COOKIE, Cookie, build_cookie, cookie_name, make_cookie
from uit.web.header import header
from uit.web.kept_form import page_of_form
from uit.web.methods import is_options_request, options_response
from uit.web.view import CLOCK, page, see_other

__all__ = [
    "ANYBODY",
    "DOOR",
    "HOLDER",
    "MFA_PENDING",
    "OWN_COOKIES",
    "RESIDENT",
    "SESSION_COOKIE",
    "AnyRequest",
    "AuthenticationMiddleware",
    "DoorRequest",
    "ResidentRequest",
    "StaffRequest",
    "author_here",
    "browser_of",
    "build_cookie",
    "client_with",
    "cookie_name",
    "device_cookie",
    "device_of",
    "device_secret",
    "door_cookie",
    "forgotten_choices",
    "open_page",
    "recognise",
    "region_here",
    "roles_here",
    "session_cookie",
    "sign_in_response",
    "sign_out",
    "staff",
]

DOOR_COOKIE: Final = "uit_door"
DOOR_COOKIE_SECONDS: Final = 24 * 3600
OWN_COOKIES: Final = "uit_own_"
"""How the names of cookies begin that hold what somebody chose: they go when they sign out."""

AnyRequest = Request[Any, Any, Any]
ResidentRequest = Request[Resident, Any, Any]
StaffRequest = Request[Staff, Any, Any]
DoorRequest = Request[Door, Any, Any]

RESIDENT: Final = {"access": Access(kinds=(Resident,))}
HOLDER: Final = {"access": Access(kinds=(Holder,))}
DOOR: Final = {"access": Access(kinds=(Door,))}
MFA_PENDING: Final = {"access": Access(kinds=(Staff,), mfa_pending=True)}
"""Staff whose password was right and who have not proved their second factor yet."""


def client_with(scope: str) -> dict[str, Any]:
    """The `opt` of an operation of the API: clients with this scope, one of SCOPES."""
    assert scope in SCOPES, scope
    return {"access": Access(kinds=(Client,), scope=scope)}


def staff(*roles: str, within_town: bool = False) -> dict[str, Any]:
    """The `opt` of a desk: staff with one of these roles, where the role holds. Without roles: all staff.

    `within_town` also admits roles for one municipality of the region; the handler must then show the people
    of that municipality only.
    """
    return {"access": Access(kinds=(Staff,), roles=frozenset(roles), within_town=within_town)}


class AuthenticationMiddleware:
    """Checks the access of every route. Not a guard, because Litestar copies the handler for each guard.

    It also sets CLOCK, which the filters of dates read. Who sends a form is recognised everywhere:
    when it cannot be taken, it comes back for them only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        CLOCK.set(scope["litestar_app"].state.services.clock)
        access = scope["route_handler"].opt.get("access")
        if not isinstance(access, Access):
            if not is_options_request(scope):
                raise RefusalError(NotAllowed())
            await options_response(scope)(scope, receive, send)
            return
        if not access.anybody:
            await authorise(ASGIConnection(scope), access)
        elif scope["type"] == ScopeType.HTTP and scope["method"] == "POST":
            await recognise(ASGIConnection(scope))
        await self._app(scope, receive, send)


async def authorise(connection: Connection, access: Access) -> None:
    """Raise RefusalError unless the visitor of the request has this access."""
    visitor = await recognise(connection, door=Door in access.kinds)
    if visitor is None:
        raise sign_in_refusal(connection, access)
    if not isinstance(visitor, access.kinds):
        raise wrong_visitor_refusal(connection, access, visitor)
    if isinstance(visitor, Staff):
        await check_staff(connection, access, visitor)
    if isinstance(visitor, Client) and access.scope not in visitor.scopes:
        raise RefusalError(ScopeMissing(access.scope))


def sign_in_refusal(connection: Connection, access: Access) -> RefusalError:
    """The refusal for a request without a visitor: TokenNeeded, DoorClosed or NotSignedIn."""
    kind = access.kinds[0]
    if issubclass(kind, Client | Holder):
        return RefusalError(TokenNeeded())
    if issubclass(kind, Door):
        return RefusalError(DoorClosed())
    wanted = wanted_page(connection)
    page = "/team/aanmelden" if issubclass(kind, Staff) else "/aanmelden"
    return RefusalError(NotSignedIn(wanted), redirect_to=f"{page}?{urlencode({'next': wanted})}")


def wrong_visitor_refusal(connection: Connection, access: Access, visitor: Visitor) -> RefusalError:
    """The refusal for another kind of visitor: NotAllowed. Staff on a page of residents are redirected."""
    if isinstance(visitor, Staff) and Resident in access.kinds:
        wanted = urlencode({"next": wanted_page(connection)})
        return RefusalError(NotAllowed(), redirect_to=f"/team/eigen-pas?{wanted}")
    return RefusalError(NotAllowed())


def wanted_page(connection: Connection) -> str:
    """The path that the visitor asked for; for a form that was sent, that of its page."""
    scope = cast("HTTPScope", connection.scope)
    if scope["method"] in {"GET", "HEAD"}:
        query = connection.url.query
        return local_path(f"{connection.url.path}?{query}" if query else connection.url.path)
    return local_path(page_of_form(connection))


async def check_staff(connection: Connection, access: Access, visitor: Staff) -> None:
    if access.mfa_pending:
        return
    if not visitor.second_factor:
        wanted = wanted_page(connection)
        raise RefusalError(SecondFactorNeeded(), redirect_to=f"/team/code?{urlencode({'next': wanted})}")
    if access.roles and not await roles_here(connection):
        raise RefusalError(NotAllowed())


async def roles_here(connection: Connection) -> list[Role]:
    """The roles of a member of staff that admit to the address of the request."""
    access, path = connection.route_handler.opt["access"], connection.path_params
    region_id = (await region_here(connection)).id if "region" in path else FLANDERS
    return [
        role
        for role in connection.user.roles
        if role.role in access.roles and holds(role, region_id, path, within_town=access.within_town)
    ]


async def region_here(connection: Connection) -> Region:
    """The region that the address names. Raises NotFound when there is none."""
    services = services_of(connection)
    region = await services.regions.by_slug(connection.path_params["region"])
    if region is None:
        raise RefusalError(NotFound())
    return region


async def author_here(request: StaffRequest) -> Author:
    """The author of acts by this member of staff, now, in the region that the address names."""
    services = services_of(request)
    region, staff_id = await region_here(request), str(request.user.staff_id)
    return Author(region.id, "staff", staff_id, services.clock.now(), services.ids)


async def sign_in_response(
    connection: Connection, opened: OpenedSession, address: str, browser: Browser | None = None
) -> Redirect:
    """Sign in a browser: a redirect with the cookie of the new session. An earlier session of it is ended.

    `browser`: as it is known from now on.
    """
    await sign_out(connection)
    services = services_of(connection)
    answer = see_other(address)
    answer.cookies.append(session_cookie(services.settings, opened.secret, opened.seconds))
    if browser:
        answer.cookies.append(device_cookie(services, browser))
    return answer


def browser_of(connection: Connection) -> Browser:
    """The browser of a request: with the secret by which it is known, or with a new one."""
    name, network = browser_name(header(connection, b"user-agent")), network_of(client_address(connection))
    return Browser(_device_secret(connection) or new_token(), name, network)


def device_of(connection: Connection) -> bytes | None:
    """The digest by which the device of a request may be known; None for one where nobody signed in."""
    secret = _device_secret(connection)
    return device_digest(secret) if secret else None


def _device_secret(connection: Connection) -> str | None:
    services = services_of(connection)
    cookie = connection.cookies.get(cookie_name(DEVICE_COOKIE, services.settings))
    return open_device(services.secrets, cookie) if cookie else None


def device_cookie(services: Services, browser: Browser) -> Cookie:
    """The cookie of a known device. It stays when one signs out, and gives no access."""
    sealed, seconds = seal_device(services.secrets, browser.secret), int(DEVICE_LIFETIME.total_seconds())
    return build_cookie(DEVICE_COOKIE, sealed, seconds, services.settings)


async def sign_out(connection: Connection, *, everywhere: bool = False) -> None:
    """End the session of this browser, or with `everywhere` all sessions of its visitor."""
    visitor = await recognise(connection)
    if not isinstance(visitor, Resident | Staff):
        return
    services = services_of(connection)
    authenticator = authenticator_of(connection)
    async with services.database.transaction() as tx:
        ended = await (end_all if everywhere else end)(tx, visitor, services.clock.now())
    await authenticator.forget(*ended)


async def recognise(connection: Connection, *, door: bool = False) -> Visitor | None:
    """The visitor of a request, by bearer header or cookie; looked up once per request.

    `door`: the address is one of a door, where only the cookie of a door link counts.
    """
    scope = cast("dict[str, Any]", connection.scope)
    if "user" not in scope:
        scope["user"] = await (_recognise_door if door else _recognise)(connection)
    return cast("Visitor | None", scope["user"])


async def open_page(connection: Connection, template: str, status: int = 200, **facts: object) -> Template:
    """A page for everybody, with the links of its visitor: to sign in, to sign out, or to their desks.

    It has the navigation of the region that `regio` in its address names: where its visitor came from.
    """
    visitor = await recognise(connection)
    signed_in, is_staff = isinstance(visitor, Resident), isinstance(visitor, Staff)
    services = services_of(connection)
    region = await services.regions.by_slug(connection.query_params.get("regio", ""))
    person_id = visitor.person_id if isinstance(visitor, Resident) else None
    in_basket = services.in_basket(connection.cookies, region.id, person_id) if region else 0
    who = {"signed_in": signed_in, "is_staff": is_staff, "region": region, "in_basket": in_basket}
    return page(template, status, **who, **facts)


async def _recognise(connection: Connection) -> Visitor | None:
    authenticator = authenticator_of(connection)
    authorization = header(connection, b"authorization")
    if authorization:
        scheme, _, token = authorization.partition(" ")
        return await authenticator.by_bearer(token) if scheme.lower() == "bearer" and token else None
    services = services_of(connection)
    cookie = connection.cookies.get(cookie_name(SESSION_COOKIE, services.settings))
    return await authenticator.by_session(cookie) if cookie else None


async def _recognise_door(connection: Connection) -> Door | None:
    authenticator = authenticator_of(connection)
    token, secret = _door_parts(connection)
    return await authenticator.by_door(token, secret) if secret else None


def authenticator_of(connection: Connection) -> Authenticator:
    authenticator: Authenticator = connection.app.state.authenticator
    return authenticator


def _door_parts(connection: Connection) -> tuple[str, str]:
    services = services_of(connection)
    token, _, secret = connection.cookies.get(cookie_name(DOOR_COOKIE, services.settings), "").partition(".")
    return token, secret


def device_secret(connection: Connection) -> str:
    """The secret of this device from its door cookie, so that earlier links keep working; else a new one."""
    return _door_parts(connection)[1] or new_token()


def door_cookie(settings: Settings, token: str, secret: str) -> Cookie:
    """The cookie that binds a device to a door link. A device works with the link that it opened last."""
    return build_cookie(DOOR_COOKIE, f"{token}.{secret}", DOOR_COOKIE_SECONDS, settings)


def session_cookie(settings: Settings, secret: str, seconds: int) -> Cookie:
    """The cookie of a signed-in browser. An empty secret and 0 seconds remove it."""
    return build_cookie(SESSION_COOKIE, secret, seconds, settings)


def forgotten_choices(connection: Connection) -> list[Cookie]:
    """What removes what somebody chose from this browser."""
    services = services_of(connection)
    own = cookie_name(OWN_COOKIES, services.settings)
    return [
        make_cookie(name, "", 0, "/", secure=services.settings.secure)
        for name in connection.cookies
        if name.startswith(own)
    ]
