"""The picture of an activity, for everybody who may see the activity."""

from typing import Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from organisers.event_picture import find_shown
from uit.core.errors import NotFound, RefusalError
from uit.identity.authentication import AnyRequest, region_here
from uit.services.services import Services
from uit.web.access import ANYBODY
from uit.web.public import BUDGETED

AN_HOUR: Final = "public, max-age=3600"
"""Its address is of that version alone; what is hidden again is gone from caches soon."""


@get(
    "/{region:str}/evenementen/{event_id:uuid}/foto/{version:str}",
    opt={**ANYBODY, **BUDGETED},
    include_in_schema=False,
)
async def picture(
    request: AnyRequest, event_id: FromPath[UUID], version: FromPath[str], services: NamedDependency[Services]
) -> Response[bytes]:
    region = await region_here(request)
    async with services.database.reading() as connection:
        found = await find_shown(connection, region.id, event_id, version, services.clock.now())
    if found is None:
        raise RefusalError(NotFound())
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": AN_HOUR})


ROUTES: list[ControllerRouterHandler] = [picture]
