"""The web server, in our process and event loop: how much it takes at once, and how it stops."""

import asyncio
import resource
from typing import Final

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from litestar import Litestar

from uit.core.settings import Settings
from uit.services.vital_tasks import VitalTasks
from uit.web.sent_form import with_bounded_path

SECONDS_FOR_HEAD: Final = 10
"""For the line and the headers of a request, and for a connection without one."""
MOST_BYTES_OF_HEAD: Final = 16_384
MOST_CONNECTIONS: Final = 16_384
BACKLOG: Final = 4096
FILES_OF_OUR_OWN: Final = 512

log = structlog.get_logger()


class WebServer:
    """The web server in this process and event loop."""

    def __init__(self, app: Litestar, settings: Settings) -> None:
        self._app, self._stop_seconds = app, settings.stop_seconds
        self._server = Server(
            with_bounded_path(app),
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=SECONDS_FOR_HEAD * 1000, max_buffer_size=MOST_BYTES_OF_HEAD
            ),
            backpressure=raise_file_limit(),
            backlog=BACKLOG,
            websockets=False,
            log_enabled=False,
        )
        self.task = asyncio.create_task(self._server.serve())
        self._stops_at: float | None = None

    @property
    def vital_tasks(self) -> VitalTasks:
        vital_tasks: VitalTasks = self._app.state.services.vital_tasks
        return vital_tasks

    def begin_to_stop(self) -> None:
        """Say that we are not ready, and take no new connection. What was asked is still being answered."""
        if self._stops_at is None and not self.task.done():
            self._stops_at = asyncio.get_running_loop().time() + self._stop_seconds
            if "services" in self._app.state:
                self.vital_tasks.let_end()
            self._server.stop()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Return when everything is answered, and at most `stop_seconds` after `begin_to_stop`."""
        self.begin_to_stop()
        if self._stops_at is not None:
            left = self._stops_at - asyncio.get_running_loop().time()
            _, unanswered = await asyncio.wait([self.task], timeout=max(left, 0))
            if unanswered:
                log.warning("stopped_before_all_was_answered", seconds=self._stop_seconds)


def raise_file_limit() -> int:
    """Raise our limit of open files as far as it goes; returns how many connections that lets us take.

    At most MOST_CONNECTIONS; who comes then waits.
    """
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most_files != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
        return max(min(most_files - FILES_OF_OUR_OWN, MOST_CONNECTIONS), 1)
    return MOST_CONNECTIONS
