"""The desk of a municipality: starting a dossier, answering it in parts, and submitting it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.labels.criteria.criteria import Criterion
from organisers.labels.decision import view
from organisers.labels.dossier import claim, dossier, form
from organisers.labels.dossier.dossier import PROGRAMME, StartDossier
from organisers.labels.dossier.history import Actor
from organisers.labels.errors import DossierUnknown
from organisers.labels.register.register import read_town
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, NotUnderstood, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, staff
from uit.services.services import Services
from uit.web.form import required_id
from uit.web.view import form_again, page, see_other

MUNICIPALITY: Final = staff("municipality")

Fields = URLEncodedBody[dict[str, str]]


@get("/labels/gemeente/{refnis:str}", opt=MUNICIPALITY, include_in_schema=False)
async def show_claim(refnis: FromPath[str], services: NamedDependency[Services]) -> Template:
    return page("organisers/labels/dossier/claim.html", **await claim_facts(services, refnis))


@post("/labels/gemeente/{refnis:str}", opt=MUNICIPALITY, include_in_schema=False)
async def start(
    refnis: FromPath[str], data: Fields, request: StaffRequest, services: NamedDependency[Services]
) -> Template | Redirect:
    """Start a dossier under the id in the form."""
    kinds = form.KIND_CHOICES.get(data.get("kinds", ""))
    if kinds is None:
        facts = await claim_facts(services, refnis)
        return page(
            "organisers/labels/dossier/claim.html",
            422,
            **facts | {"errors": {"kinds": _("Kies wat je vraagt.")}},
        )
    command = StartDossier(required_id(data, "dossier_id"), refnis, kinds)
    async with services.database.transaction() as tx:
        answer = await dossier.start(tx, command, municipality(request, services))
    return await claim_response(services, refnis, answer)


@post(
    "/labels/gemeente/{refnis:str}/dossiers/{dossier_id:uuid}/soort",
    opt=MUNICIPALITY,
    include_in_schema=False,
)
async def change_kinds(
    refnis: FromPath[str],
    dossier_id: FromPath[UUID],
    data: Fields,
    request: StaffRequest,
    services: NamedDependency[Services],
) -> Template | Redirect:
    kinds = form.KIND_CHOICES.get(data.get("kinds", ""), ())
    if not kinds:
        raise RefusalError(NotUnderstood("kinds", "not_a_choice"))
    async with services.database.transaction() as tx:
        by = municipality(request, services)
        answer = await dossier.change_kinds(tx, dossier_id, refnis, kinds, by)
    return await claim_response(services, refnis, answer)


@post(
    "/labels/gemeente/{refnis:str}/dossiers/{dossier_id:uuid}/antwoorden/{part:int}",
    opt=MUNICIPALITY,
    include_in_schema=False,
)
async def save_claims(  # noqa: PLR0913, PLR0917  each is a part of the request
    refnis: FromPath[str],
    dossier_id: FromPath[UUID],
    part: FromPath[int],
    data: Fields,
    request: StaffRequest,
    services: NamedDependency[Services],
) -> Template | Redirect:
    """Store the answers of one part of the form, and go to the next part."""
    async with services.database.transaction() as tx:
        found = await view.read(tx, dossier_id)
        parts = parts_of(found.asked) if found and found.dossier.refnis == refnis else []
        if found is None or not 0 < part <= len(parts):
            raise RefusalError(DossierUnknown(dossier_id))
        claims, errors = form.read_claims(parts[part - 1][1], found.claims, data)
        by = municipality(request, services)
        refusal = await claim.save(tx, dossier_id, refnis, claims, by)
    if refusal is not None:
        return await claim_form_again(services, refnis, refusal)
    if errors:
        facts = await claim_facts(services, refnis)
        return page("organisers/labels/dossier/claim.html", 422, **facts | {"errors": errors, "typed": data})
    return see_other(f"/labels/gemeente/{refnis}#{f'deel-{part + 1}' if part < len(parts) else 'indienen'}")


@post(
    "/labels/gemeente/{refnis:str}/dossiers/{dossier_id:uuid}/indienen",
    opt=MUNICIPALITY,
    include_in_schema=False,
)
async def submit(
    refnis: FromPath[str],
    dossier_id: FromPath[UUID],
    request: StaffRequest,
    services: NamedDependency[Services],
) -> Template | Redirect:
    async with services.database.transaction() as tx:
        answer = await claim.submit(tx, dossier_id, refnis, municipality(request, services))
    return await claim_response(services, refnis, answer)


async def claim_facts(services: Services, refnis: str) -> dict[str, Any]:
    """The facts for the page of a municipality, with its newest dossier, if any."""
    today = day_in_flanders(services.clock.now())
    async with services.database.reading() as connection:
        town = await read_town(connection, refnis)
        if town is None:
            raise RefusalError(NotFound())
        newest = await dossier.newest_dossier(connection, PROGRAMME, refnis)
        found = None if newest is None else await view.read_view(connection, newest)
    return {
        "town": town,
        "view": found,
        "parts": parts_of(found.asked) if found else [],
        "days_left": found.days_left(today) if found else 0,
        "new_id": services.ids.new(),
        "labels": form.claim_labels(found.asked if found else []),
        "errors": {},
        "typed": {},
    }


async def claim_response(services: Services, refnis: str, answer: object) -> Template | Redirect:
    """A redirect to the page of the municipality, or the page with the refusal."""
    if isinstance(answer, Refusal):
        return await claim_form_again(services, refnis, answer)
    return see_other(f"/labels/gemeente/{refnis}")


async def claim_form_again(services: Services, refnis: str, refusal: Refusal) -> Template:
    facts = await claim_facts(services, refnis)
    if isinstance(refusal, DossierUnknown):
        raise RefusalError(refusal)
    return form_again("organisers/labels/dossier/claim.html", refusal, **facts)


def parts_of(asked: Sequence[Criterion]) -> list[tuple[str, list[Criterion]]]:
    """The criteria by section, in the order of the set."""
    return [(section, list(each)) for section, each in groupby(asked, lambda criterion: criterion.section)]


def municipality(request: StaffRequest, services: Services) -> Actor:
    return Actor(request.user.staff_id, "municipality", services.clock.now())


ROUTES: list[ControllerRouterHandler] = [show_claim, start, change_kinds, save_claims, submit]
