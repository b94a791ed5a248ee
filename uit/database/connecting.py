"""One connection for a command of an operator, who is told in words why there is none."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg

from uit.core.settings import StoreProblem
from uit.database.address import without_password


@contextmanager
def saying_why(dsn: str) -> Iterator[None]:
    """`StoreProblem` says which address does not let us in, and what the server said."""
    try:
        yield
    except (
        asyncpg.CannotConnectNowError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.InsufficientPrivilegeError,
        OSError,
    ) as refused:
        raise StoreProblem(f"{without_password(dsn)} does not let us in: {refused}.") from None


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A connection, or `saying_why` there is none."""
    with saying_why(dsn):
        connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
