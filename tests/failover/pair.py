"""Two servers: a primary, and a standby that has every transaction before it is confirmed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from uit.core.clock import SystemClock
from uit.embedded.engine import Postgres
from uit.embedded.home import make_home, open_home
from uit.embedded.stores import Store, open_postgres

CAUGHT_UP = "SELECT bool_or(sync_state = 'sync' AND state = 'streaming') FROM pg_stat_replication"


async def ask(dsn: str, question: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def until(dsn: str, question: str, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while True:
            with suppress(OSError, asyncpg.PostgresError):
                if await ask(dsn, question):
                    return
            await asyncio.sleep(0.05)  # the server has no event for it


class Pair:
    """`url` names both servers, for whoever writes; `reading_url` asks the standby."""

    def __init__(self, primary: Store, standby: Store) -> None:
        self.primary, self.standby = primary, standby
        hosts = quote(f"{primary.folder},{standby.folder}", safe="")
        self.url = f"postgresql://uit@/uit?host={hosts}&target_session_attrs=read-write"
        self.reading_url = self.standby.url
        self.promoted_at = SystemClock().now()

    async def confirm_together(self) -> None:
        """From now on a commit is confirmed when the standby has it too."""
        await ask(self.primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        await ask(self.primary.url, "SELECT pg_reload_conf()")
        await until(self.primary.url, CAUGHT_UP)

    def kill_primary(self) -> None:
        """As when its machine loses power: nothing is finished, and nobody starts it again."""
        os.kill(self.primary.supervisor.pid, signal.SIGSTOP)
        os.kill(self.primary.pid, signal.SIGKILL)

    async def promote(self) -> None:
        """Let the standby take over, as Patroni does; it waits for no standby of its own."""
        await ask(self.standby.url, "SELECT pg_promote(wait => true)")
        self.promoted_at = SystemClock().now()

    def close(self) -> None:
        """Kill both, which is sooner: nothing of them is kept."""
        for each in (self.primary, self.standby):
            with suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGKILL)
        os.kill(self.primary.supervisor.pid, signal.SIGCONT)


@asynccontextmanager
async def open_pair(home: Path) -> AsyncIterator[Pair]:
    with ExitStack() as stack:
        primary = stack.enter_context(open_postgres(home / "one"))
        await asyncio.to_thread(copy, primary, home / "two")
        standby = stack.enter_context(open_postgres(home / "two"))
        pair = Pair(primary, standby)
        stack.callback(pair.close)
        yield pair


def copy(primary: Store, home: Path) -> None:
    """The data of a standby, which follows from here."""
    own = open_home(make_home(home), "postgres", Postgres.package, Postgres.program)
    options = ("--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname", primary.url)
    program = own.program.with_name("pg_basebackup")
    assert own.run(program, *options, "--pgdata", own.folder / "data"), own.log_tail()
