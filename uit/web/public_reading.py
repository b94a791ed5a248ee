"""What a public page reads with: for a stranger a standby, if there is one; for all others the primary.

A stranger brings no cookie and no bearer token, so has sent no form that a page could be late to show: every
form needs a cookie of its browser or leaves one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import asyncpg
import structlog
from prometheus_client import Counter

from uit.database.pool import AWAY
from uit.database.standby import Standby
from uit.database.statements import Executor
from uit.services.services import Services
from uit.web.connection import Connection, services_of
from uit.web.header import header

P = ParamSpec("P")
T = TypeVar("T")

FROM_PRIMARY: Final = "from_primary"
READ_AGAIN: Final = Counter(
    "uit_standby_read_again", "Pages that the standby did not give, so that the primary was asked"
)

log = structlog.get_logger()


class StandbyError(Exception):
    """The standby did not give what was asked. The primary may."""


@asynccontextmanager
async def public_reading(request: Connection) -> AsyncIterator[Executor]:
    """A connection for statements that each stand alone; `StandbyError` where a standby fails.

    For a handler under `asked_again`, which then runs once more and reads from the primary.
    """
    services = services_of(request)
    standby = standby_for(request, services)
    if standby is None:
        async with services.public_database.reading() as connection:
            yield connection
        return
    try:
        async with standby.database.reading() as connection:
            yield connection
    except (*AWAY, asyncpg.PostgresError) as failure:
        request.scope["state"][FROM_PRIMARY] = True
        READ_AGAIN.inc()
        log.warning("standby_failed", reason=type(failure).__name__)
        raise StandbyError from failure


def standby_for(request: Connection, services: Services) -> Standby | None:
    standby = services.standby
    if standby is None or not standby.is_read or request.scope["state"].get(FROM_PRIMARY):
        return None
    return standby if is_stranger(request) else None


def is_stranger(request: Connection) -> bool:
    return not request.cookies and not header(request, b"authorization")


def asked_again(handler: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """The same handler, which runs once more when a standby fails it."""

    @wraps(handler)
    async def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await handler(*args, **kwargs)
        except StandbyError:
            return await handler(*args, **kwargs)

    return ask
