"""Who may enter a route. Every handler says it in its `opt`; one that does not, lets nobody in.

    @get("/{region:str}/balie", opt=staff("clerk"))

Roles count where they hold: a role in a region opens that region's addresses only, an organiser's role the addresses
that name the organiser, a municipality's role those that name the municipality.
"""

from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Receive, Scope, Send

from uit.ground.errors import NotAllowed, NotFound, Refused
from uit.ground.house import House
from uit.ground.region import Region
from uit.ground.web.who import ANYBODY, Who
from uit.identity.errors import NotSignedIn, SecondFactorNeeded, TokenNeeded
from uit.identity.visitor import Client, Doorkeeper, Holder, Resident, Role, Staff, Visitor

__all__ = ["ANYBODY", "CLIENT", "HOLDER", "RESIDENT", "SIGNED_IN", "Door", "recognise", "region_here", "staff"]

SESSION_COOKIE = "uit_session"

Connection = ASGIConnection[Any, Any, Any, Any]


RESIDENT = {"who": Who(kinds=(Resident,))}
CLIENT = {"who": Who(kinds=(Client,))}
HOLDER = {"who": Who(kinds=(Holder,))}
SIGNED_IN = {"who": Who(kinds=(Resident, Staff))}


def staff(*roles: str) -> dict[str, Any]:
    """The door of a desk: staff with one of these roles, where the role holds."""
    return {"who": Who(kinds=(Staff,), roles=frozenset(roles))}


class Door:
    """Stands before every route. (A guard would say the same; the framework copies the handler for each guard.)"""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = scope["route_handler"].opt.get("who")
        if not isinstance(who, Who):
            raise Refused(NotAllowed())
        if not who.anybody:
            await let_in(ASGIConnection(scope), who)
        await self._app(scope, receive, send)


async def let_in(connection: Connection, who: Who) -> None:
    """Turn away whom the handler does not name, with a way to go on."""
    visitor = await recognise(connection)
    if visitor is None:
        raise Refused(TokenNeeded() if issubclass(who.kinds[0], Client | Holder) else NotSignedIn(connection.url.path))
    if not isinstance(visitor, who.kinds):
        raise Refused(NotAllowed())
    if isinstance(visitor, Staff):
        await check_staff(connection, who, visitor)


async def check_staff(connection: Connection, who: Who, visitor: Staff) -> None:
    if not visitor.second_factor:
        raise Refused(SecondFactorNeeded())
    path = connection.path_params
    region_id = (await region_here(connection)).id if "region" in path else None
    if who.roles and not any(role.role in who.roles and holds(role, region_id, path) for role in visitor.roles):
        raise Refused(NotAllowed())


async def region_here(connection: Connection) -> Region:
    """The region that the address names."""
    house: House = connection.app.state.house
    region = await house.regions.by_slug(connection.path_params["region"])
    if region is None:
        raise Refused(NotFound())
    return region


def holds(role: Role, region_id: int | None, path: dict[str, Any]) -> bool:
    return (
        (region_id is None or role.region_id == region_id)
        and (role.organiser_id is None or path.get("organiser_id") == role.organiser_id)
        and ("refnis" not in path or role.refnis in (None, path["refnis"]))
    )


async def recognise(connection: Connection) -> Visitor | None:
    """The visitor behind a request, by bearer header or cookie; looked up once per request."""
    scope = cast("dict[str, Any]", connection.scope)
    if "user" not in scope:
        scope["user"] = await _recognise(connection)
    return cast("Visitor | None", scope["user"])


async def _recognise(connection: Connection) -> Visitor | None:
    doorkeeper: Doorkeeper = connection.app.state.doorkeeper
    header = connection.headers.get("authorization", "")
    if header:
        scheme, _, token = header.partition(" ")
        return await doorkeeper.by_bearer(token) if scheme.lower() == "bearer" and token else None
    cookie = connection.cookies.get(SESSION_COOKIE)
    return await doorkeeper.by_session(cookie) if cookie else None
