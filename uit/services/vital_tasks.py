"""The tasks that a process cannot do without: when one is no longer running, the process has to end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class VitalTasks:
    """Runs vital tasks, and notices when one dies: by an error, by coming to its end, or by being cancelled.

    `died` is set then, and `dead` names the tasks that died.
    """

    def __init__(self) -> None:
        self.died = asyncio.Event()
        self.dead: list[str] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._may_end = False

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self.watch(asyncio.create_task(work, name=name))

    def watch(self, task: asyncio.Task[None]) -> None:
        """Notice when a task dies that runs already."""
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    @property
    def may_end(self) -> bool:
        """Whether the process is stopping, so that nobody should ask it anything new."""
        return self._may_end

    def let_end(self) -> None:
        """From now on a task that ends did not die: the process is stopping."""
        self._may_end = True

    def let_go(self, task: asyncio.Task[None]) -> None:
        """A task that was watched is ended by who calls this, in its own time, and not by `close`."""
        self.let_end()
        self._tasks.remove(task)

    async def close(self) -> None:
        """Cancel what still runs, and wait until it has ended."""
        self.let_end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if self._may_end:
            return
        name = task.get_name()
        log.critical("vital_task_died", task=name, exc_info=error)
        self.dead.append(name)
        self.died.set()
