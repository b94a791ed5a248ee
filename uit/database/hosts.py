"""Connections to whichever host of an address takes them: a primary, and the standby that may follow it."""

from typing import Any, Final

import asyncpg

from uit.database.address import each_host

SECONDS_TO_CONNECT: Final = 2.5
"""For all hosts together, so that whoever waits for a connection hears from the last of them in time."""

NEXT: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TargetServerAttributeNotMatched,
)
"""A host that is away, that only begins or ends, or that is the standby of another."""


class Hosts:
    """The hosts of one address. The one that was connected to last is asked first.

    asyncpg asks them in their order without a bound for each: one that is silent, as a machine without power
    is, would keep it from the others.
    """

    def __init__(self, dsn: str, seconds: float = SECONDS_TO_CONNECT) -> None:
        self._addresses, self._seconds = each_host(dsn), seconds

    async def connect(
        self,
        dsn: str | None = None,  # noqa: ARG002  as a pool of asyncpg calls it
        **options: Any,  # noqa: ANN401  whatever asyncpg takes
    ) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection with these options of asyncpg. Raises one of NEXT when no host takes it."""
        refused: Exception = OSError("No host was named.")
        if len(self._addresses) > 1:
            options["timeout"] = self._seconds / len(self._addresses)
        for address in tuple(self._addresses):
            try:
                made: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(address, **options)
            except NEXT as away:
                refused = away
            else:
                self._addresses.sort(key=lambda each: each != address)
                return made
        raise refused

    async def connect_again(
        self,
        dsn: str | None = None,  # noqa: ARG002  as a pool of asyncpg calls it
        **options: Any,  # noqa: ANN401  whatever asyncpg takes
    ) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection to the host that was connected to last, and to no other."""
        return await asyncpg.connect(self._addresses[0], **options)
