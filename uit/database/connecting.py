"""One connection for a command of an operator, who is told in words why there is none."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import asyncpg
import structlog

from uit.core.settings import Settings, StoreProblem
from uit.database.address import with_database, without_password
from uit.database.hosts import Hosts
from uit.database.pool import AWAY

SECONDS_TO_WAIT: Final = 60
SECONDS_BETWEEN: Final = 3
SECONDS_TO_ANSWER: Final = 10

ADDRESSES: Final = (
    "database_url",
    "owner_database_url",
    "report_database_url",
    "admin_database_url",
    "read_database_url",
)
NO_CONNECTION: Final = (
    *AWAY,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidParameterValueError,  # said of a role that is not there
    asyncpg.TargetServerAttributeNotMatched,
    asyncpg.ClientConfigurationError,
)

log = structlog.get_logger()


class NotConnected(StoreProblem):
    """There is no connection to the server at `dsn`, because of what was `said`."""

    def __init__(self, dsn: str, said: Exception) -> None:
        super().__init__(without_password(dsn))
        self.dsn, self.said = dsn, said

    def __str__(self) -> str:
        return self.words("the setting that names it")

    @property
    def is_away(self) -> bool:
        """Whether the server was not reached, or only begins: it may let us in a moment later."""
        return isinstance(self.said, AWAY) and not isinstance(self.said, asyncpg.ClientConfigurationError)

    def words(self, setting: str) -> str:
        """Why there is none, and what to do next. `setting` is the one that holds the address."""
        said, correct = self.said, f"Correct {setting}"
        if setting != "ADMIN_DATABASE_URL":
            correct += ", or let `python -m uit logins` make what it names"
        match said:
            case asyncpg.CannotConnectNowError() | asyncpg.TooManyConnectionsError():
                why, step = f"answers, and takes nobody now: {said}", "Try again in a moment."
            case asyncpg.InvalidCatalogNameError():
                why, step = f"answers, and {said}", f"{correct}."
            case asyncpg.InvalidParameterValueError():
                why, step = f"lets us in, and {said}", "`python -m uit migrate` makes that."
            case asyncpg.InvalidAuthorizationSpecificationError() | asyncpg.InsufficientPrivilegeError():
                why, step = f"answers, and does not let us in: {said}", f"{correct}."
            case asyncpg.TargetServerAttributeNotMatched():
                why, step = "names no server of the kind that it asks for", f"Correct {setting}."
            case asyncpg.ClientConfigurationError():
                why, step = f"cannot be used: {said}", f"Correct {setting}."
            case _:
                why = f"cannot be reached: {reason_of(said)}"
                step = f"See whether PostgreSQL runs there, and whether {setting} is right."
        return f"{without_password(self.dsn)} {why}. {step}"


def reason_of(failure: Exception) -> str:
    """What the system says of a failure, without where it met it."""
    number = failure.errno if isinstance(failure, OSError) else None
    if number and number > 0:
        return os.strerror(number)
    return getattr(failure, "strerror", None) or str(failure) or "it does not answer in time"


def setting_of(settings: Settings, dsn: str) -> str:
    """The setting that holds this address, be it with another database."""
    for name in ADDRESSES:
        given = getattr(settings, name)
        if given and with_database(given, "") == with_database(dsn, ""):
            return name.upper()
    return "DATABASE_URL"


@contextmanager
def saying_why(dsn: str) -> Iterator[None]:
    """`NotConnected` says which address gives no connection, and why."""
    try:
        yield
    except NO_CONNECTION as said:
        raise NotConnected(dsn, said) from None


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A connection, or `saying_why` there is none."""
    with saying_why(dsn):
        connection = await Hosts(dsn).connect(timeout=SECONDS_TO_ANSWER)
    try:
        yield connection
    finally:
        await connection.close()


async def wait_until_reached(dsn: str, seconds: float = SECONDS_TO_WAIT) -> None:
    """Wait for a database that is away, with a line in the log each time that it is.

    Machines start in any order, so that what serves often comes up before its database. Raises `NotConnected`
    when it is not there in time: whatever runs the process then starts it again. One that answers and does
    not let us in is not waited for, since only somebody who corrects a setting changes that.
    """
    until = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            async with connected(dsn):
                return
        except NotConnected as none:
            if not none.is_away or asyncio.get_running_loop().time() + SECONDS_BETWEEN > until:
                raise
            log.warning("database_awaited", reason=reason_of(none.said))
        await asyncio.sleep(SECONDS_BETWEEN)
