"""Health checks and metrics for monitoring."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from uit.core.errors import NotFound, RefusalError
from uit.services.services import Services
from uit.web.access import ANYBODY
from uit.web.address import is_from_inside
from uit.web.documented import documented, response


class Health(Struct, frozen=True):
    """What a process needs. The cache may be away: then the service is slower, and still ready.

    `database`: it answers, and takes what is written.

    `tasks`: what this process cannot do without is running. Where it is not, the process is about to end, as
    it also is when it was told to stop.
    """

    status: str
    database: bool
    cache: bool
    tasks: bool


@get("/health/live", opt=ANYBODY, tags=["health"], operation_id="isAlive", **documented("Is it alive?"))
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get(
    "/health/ready",
    opt=ANYBODY,
    tags=["health"],
    operation_id="isReady",
    **documented(
        "Is it ready?",
        also={
            503: response(
                Health, "The database does not answer or takes nothing, or the process is about to end."
            )
        },
    ),
)
async def ready(services: NamedDependency[Services]) -> Response[Health]:
    """The database answers and can be written, and everything runs: 200, else 503."""
    vital_tasks = services.vital_tasks
    database, tasks = await services.watch.look(), not (vital_tasks.dead or vital_tasks.may_end)
    is_ready = database and tasks
    health = Health("ok" if is_ready else "away", database, await services.cache.alive(), tasks)
    return Response(health, status_code=200 if is_ready else 503)


@get("/metrics", opt=ANYBODY, include_in_schema=False, media_type=MediaType.TEXT)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Figures for Prometheus, for who asks on our own network and not through a proxy."""
    if not is_from_inside(request):
        raise RefusalError(NotFound())
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


ROUTES: list[ControllerRouterHandler] = [live, ready, metrics]
