"""The public register of labelled municipalities, and the label page of each."""

from collections.abc import Sequence
from typing import Annotated, Final

from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_308_PERMANENT_REDIRECT
from litestar.types import ControllerRouterHandler

from organisers.labels.criteria.criteria import as_kind
from organisers.labels.register.register import (
    LabelledTown,
    read_facts,
    read_labelled_towns,
    read_labels_of_town,
    read_town,
)
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, RefusalError
from uit.identity.authentication import AnyRequest, open_page
from uit.services.municipality import merged_into
from uit.services.services import Services
from uit.web.public import public_page
from uit.web.public_reading import public_reading

TOWNS_ON_A_PAGE: Final = 60
FACTS: Final = 3

Word = Annotated[str, QueryParameter(max_length=100, pattern=r"^[^\x00]*$")]


@public_page("/labels", include_in_schema=False)
async def show_register(
    request: AnyRequest, services: NamedDependency[Services], naam: Word = "", soort: Word = "", na: Word = ""
) -> Template:
    """Labelled towns by name. `naam`: part of a name; `soort`: a kind; `na`: the last name seen."""
    today = day_in_flanders(services.clock.now())
    kind = as_kind(soort)
    async with public_reading(request) as connection:
        found = await read_labelled_towns(connection, today, kind, naam.strip(), na, TOWNS_ON_A_PAGE + 1)
    towns = found[:TOWNS_ON_A_PAGE]
    return await open_page(
        request,
        "organisers/labels/register/register.html",
        towns=towns,
        kind=kind or "",
        name=naam.strip(),
        last_seen=last_seen(found, towns),
    )


@public_page("/labels/{refnis:str}", include_in_schema=False)
async def show_town(
    request: AnyRequest, refnis: FromPath[str], services: NamedDependency[Services]
) -> Template | Redirect:
    """The label page of a town, also when it has no label now. One that went into another leads there."""
    today = day_in_flanders(services.clock.now())
    async with public_reading(request) as connection:
        town = await read_town(connection, refnis) if refnis.isdigit() else None
        if town is None:
            raise RefusalError(NotFound())
        if into := await merged_into(connection, refnis):
            return Redirect(f"/labels/{into}", status_code=HTTP_308_PERMANENT_REDIRECT)
        labels = await read_labels_of_town(connection, today, refnis)
        facts = await read_facts(connection, today, refnis, FACTS)
    return await open_page(
        request, "organisers/labels/register/town.html", town=town, labels=labels, facts=facts
    )


def last_seen(found: Sequence[LabelledTown], shown: Sequence[LabelledTown]) -> str | None:
    """The name after which the next page begins; None when there is no next page."""
    return shown[-1].name if len(found) > len(shown) else None


ROUTES: list[ControllerRouterHandler] = [show_register, show_town]
