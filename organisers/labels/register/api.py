"""API: the public register of labels, for anybody."""

from typing import Annotated, Final

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from organisers.labels.criteria.criteria import Kind
from organisers.labels.register.register import Label, read_labels
from uit.core.clock import day_in_flanders
from uit.identity.authentication import AnyRequest
from uit.services.services import Services
from uit.web.documented import documented
from uit.web.public import PUBLIC
from uit.web.public_reading import asked_again, public_reading

MOST: Final = 200
CURSOR: Final = r"^[0-9]{5}\.(day|stay)$"
BEFORE_ALL: Final = "00000.day"


class LabelPage(Struct, frozen=True):
    """Labels that hold today, by municipality and kind. `next` goes into `after` for what follows."""

    labels: list[Label]
    next: str | None


@get(
    "/api/v1/labels",
    opt=PUBLIC,
    operation_id="listLabels",
    tags=["labels"],
    **documented("List labels", 422, 429, 503),
)
@asked_again
async def list_labels(
    request: AnyRequest,
    services: NamedDependency[Services],
    kind: FromQuery[Kind | None] = None,
    after: Annotated[
        str, QueryParameter(pattern=CURSOR, description="`next` of the page before.")
    ] = BEFORE_ALL,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
) -> LabelPage:
    """The municipalities that are a vakantiegemeente today: for day tourism, stay tourism or both."""
    # The pattern lets a line end through, as `$` does.
    refnis, _, after_kind = after.strip().partition(".")
    today = day_in_flanders(services.clock.now())
    async with public_reading(request) as connection:
        found = await read_labels(connection, today, kind, refnis, after_kind, limit + 1)
    labels = found[:limit]
    more = len(found) > limit
    return LabelPage(labels, f"{labels[-1].refnis}.{labels[-1].kind}" if more else None)


ROUTES: list[ControllerRouterHandler] = [list_labels]
