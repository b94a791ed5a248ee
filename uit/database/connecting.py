"""One connection for a command of an operator, who is told in words why there is none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from uit.core.settings import StoreProblem
from uit.database.address import without_password


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """`StoreProblem` says which address does not let us in, and what the server said."""
    try:
        connection = await asyncpg.connect(dsn)
    except (
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.InsufficientPrivilegeError,
        OSError,
    ) as refused:
        raise StoreProblem(f"{without_password(dsn)} does not let us in: {refused}.") from None
    try:
        yield connection
    finally:
        await connection.close()
