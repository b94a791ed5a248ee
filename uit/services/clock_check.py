"""Whether our clock is right: by one that is not, nothing is done that cannot be undone."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Gauge

from uit.core.clock import Clock
from uit.database.pool import Database
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
MOST_APART: Final = timedelta(minutes=5)

APART = Gauge("uit_clock_apart_seconds", "How far our clock is ahead of the database's, when last compared")

read_clock = SQL.value("read_clock", datetime)

log = structlog.get_logger()


async def read_apart(connection: Executor, clock: Clock) -> timedelta:
    """How far a clock is ahead of the database's, at the middle of asking for that one."""
    before = clock.now()
    theirs = await read_clock(connection)
    return before + (clock.now() - before) / 2 - theirs


def is_too_far(apart: timedelta) -> bool:
    return abs(apart) > MOST_APART


class ClockCheck:
    """Compares our clock with the database's. `is_wrong`: last time they were more than MOST_APART."""

    def __init__(self, clock: Clock, database: Database) -> None:
        self._clock, self._database = clock, database
        self.is_wrong = False

    async def agrees(self) -> bool:
        """Whether they agree now. That they do not is logged once, until they do."""
        async with self._database.reading() as connection:
            apart = await read_apart(connection, self._clock)
        APART.set(apart.total_seconds())
        was_wrong, self.is_wrong = self.is_wrong, is_too_far(apart)
        if self.is_wrong and not was_wrong:
            log.critical("clock_is_wrong", seconds_ahead_of_database=int(apart.total_seconds()))
        return not self.is_wrong


class SetClockCheck(ClockCheck):
    """For a clock that was set, such as a test's: that one is right, whatever the database says."""

    def __init__(self) -> None:
        self.is_wrong = False

    async def agrees(self) -> bool:
        return True
