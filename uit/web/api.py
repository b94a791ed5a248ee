"""Health checks and metrics for monitoring."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from uit.database.pool import AWAY
from uit.services.services import Services
from uit.web.access import ANYBODY
from uit.web.documented import documented, response


class Health(Struct, frozen=True):
    """`cache` may be away: then the service is slower, and still ready."""

    status: str
    database: bool
    cache: bool


@get("/health/live", opt=ANYBODY, tags=["health"], operation_id="isAlive", **documented("Is it alive?"))
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get(
    "/health/ready",
    opt=ANYBODY,
    tags=["health"],
    operation_id="isReady",
    **documented("Is it ready?", also={503: response(Health, "The database does not answer.")}),
)
async def ready(services: NamedDependency[Services]) -> Response[Health]:
    """The database answers: 200, else 503."""
    database = await database_answers(services)
    health = Health("ok" if database else "away", database, await services.cache.alive())
    return Response(health, status_code=200 if database else 503)


async def database_answers(services: Services) -> bool:
    try:
        async with services.database.reading() as connection:
            await connection.execute("SELECT")
    except AWAY:
        return False
    return True


@get("/metrics", opt=ANYBODY, include_in_schema=False, media_type=MediaType.TEXT)
async def metrics() -> Response[bytes]:
    """Figures for Prometheus; keep them off the public network."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


ROUTES: list[ControllerRouterHandler] = [live, ready, metrics]
