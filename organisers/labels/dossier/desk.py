"""The desk of a municipality: starting a dossier, answering it part by part, and submitting it."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from organisers.labels.decision import view
from organisers.labels.decision.view import DossierView
from organisers.labels.dossier import claim, dossier, draft, form
from organisers.labels.dossier.answer import fields_of, read_answers
from organisers.labels.dossier.dossier import PROGRAMME, Dossier, StartDossier
from organisers.labels.dossier.draft import KeptAnswers
from organisers.labels.dossier.history import Actor
from organisers.labels.errors import DossierUnknown, NotYours
from organisers.labels.register.register import RegisterTown, read_town
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, NotUnderstood, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.services.municipality import merged_into
from uit.services.services import Services
from uit.web.form import required_id
from uit.web.sent_body import LONG_FORM
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

MUNICIPALITY: Final = staff("municipality")
WRITING: Final = {**MUNICIPALITY, **LONG_FORM}
HOME: Final = "organisers/labels/dossier/claim.html"
PART: Final = "organisers/labels/dossier/part.html"
KINDS: Final = "organisers/labels/dossier/kinds.html"
SUBMIT: Final = "organisers/labels/dossier/submit.html"

Fields = URLEncodedBody[dict[str, str]]
GivenServices = NamedDependency[Services]


class KeptField(Struct, frozen=True):
    """What became of a field that somebody left, in words, and the version that stands now."""

    is_kept: bool
    version: int
    message: str


def notice_after(done: str) -> str | None:
    """What the page of the tasks says after an act."""
    notices = {
        "deel": _("Bewaard."),
        "soort": _("Bewaard. De vragen hieronder horen bij wat je koos."),
    }
    return notices.get(done)


@get("/", opt=MUNICIPALITY)
async def show_claim(refnis: FromPath[str], services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    return page(HOME, **await claim_facts(services, refnis) | {"flash": notice_after(gedaan)})


@post("/", opt=MUNICIPALITY)
async def start(
    refnis: FromPath[str], data: Fields, request: StaffRequest, services: GivenServices
) -> Template | Redirect:
    """Start a dossier under the id in the form. A municipality that went into another starts none."""
    kinds = form.KIND_CHOICES.get(data.get("kinds", ""))
    if kinds is None:
        return page(HOME, UNPROCESSABLE, **await claim_facts(services, refnis) | kinds_missing())
    command = StartDossier(required_id(data, "dossier_id"), refnis, kinds)
    async with services.database.transaction() as tx:
        if await merged_into(tx, refnis):
            raise RefusalError(NotFound())
        answer = await dossier.start(tx, command, municipality(request, services))
    if isinstance(answer, Refusal):
        return form_again(HOME, answer, **await claim_facts(services, refnis) | {"typed": data})
    return see_other(address_of(refnis))


@get("/dossiers/{dossier_id:uuid}/soort", opt=MUNICIPALITY)
async def show_kinds(refnis: FromPath[str], dossier_id: FromPath[UUID], services: GivenServices) -> Template:
    return page(KINDS, **await own_facts(services, refnis, dossier_id))


@post("/dossiers/{dossier_id:uuid}/soort", opt=MUNICIPALITY)
async def change_kinds(
    refnis: FromPath[str],
    dossier_id: FromPath[UUID],
    data: Fields,
    request: StaffRequest,
    services: GivenServices,
) -> Template | Redirect:
    kinds = form.KIND_CHOICES.get(data.get("kinds", ""))
    if kinds is None:
        return page(KINDS, UNPROCESSABLE, **await own_facts(services, refnis, dossier_id) | kinds_missing())
    async with services.database.transaction() as tx:
        by = municipality(request, services)
        answer = await dossier.change_kinds(tx, dossier_id, refnis, kinds, by)
    if isinstance(answer, Refusal):
        return await refusal_page(services, refnis, dossier_id, answer)
    return see_other(f"{address_of(refnis)}?gedaan=soort")


@get("/dossiers/{dossier_id:uuid}/antwoorden/{part:int}", opt=MUNICIPALITY)
async def show_part(
    refnis: FromPath[str], dossier_id: FromPath[UUID], part: FromPath[int], services: GivenServices
) -> Template | Redirect:
    facts = await own_facts(services, refnis, dossier_id)
    if not 0 < part <= len(facts["parts"]):
        return see_other(address_of(refnis))
    return page(PART, **facts, part=facts["parts"][part - 1])


@post("/dossiers/{dossier_id:uuid}/antwoorden/{part:int}", opt=WRITING)
async def save_part(  # noqa: PLR0913, PLR0917  each is a part of the request
    refnis: FromPath[str],
    dossier_id: FromPath[UUID],
    part: FromPath[int],
    data: Fields,
    request: StaffRequest,
    services: GivenServices,
) -> Template | Redirect:
    """Keep all that was typed, and go on when this part can be read.

    What belongs to no question of this part is kept as well: the parts may have changed since its page.
    """
    async with services.database.transaction() as tx:
        found, by = await own_view(tx, refnis, dossier_id), municipality(request, services)
        sent = [each for each in found.criteria.criteria if data.keys() & set(fields_of([each]))]
        typed = form.read_typed(found.criteria.criteria, data)
        kept = await claim.keep(tx, dossier_id, refnis, typed, by)
        if isinstance(kept, KeptAnswers):
            await claim.settle(tx, dossier_id, refnis, [each.code for each in sent], by)
    if isinstance(kept, Refusal):
        return await refusal_page(services, refnis, dossier_id, kept)
    errors = form.claim_errors(read_answers(sent, data), kept.of_others)
    facts = await own_facts(services, refnis, dossier_id)
    if errors and 0 < part <= len(facts["parts"]):
        again = {"part": facts["parts"][part - 1], "texts": {**facts["texts"], **data}, "errors": errors}
        return page(PART, UNPROCESSABLE, **facts | again)
    return see_other(next_address(refnis, dossier_id, part, len(facts["parts"])))


@post("/dossiers/{dossier_id:uuid}/veld", opt=WRITING, status_code=200)
async def keep_field(
    refnis: FromPath[str],
    dossier_id: FromPath[UUID],
    data: Fields,
    request: StaffRequest,
    services: GivenServices,
) -> KeptField:
    """Keep one field of which somebody left the box; what is wrong with it is said, and kept all the same."""
    async with services.database.transaction() as tx:
        found, by = await own_view(tx, refnis, dossier_id), municipality(request, services)
        typed = form.read_typed(found.criteria.criteria, data)
        if len(typed) != 1:
            raise RefusalError(NotUnderstood("", "malformed", "Send one field."))
        kept = await claim.keep(tx, dossier_id, refnis, typed, by)
    if isinstance(kept, Refusal):
        raise RefusalError(kept)
    name, text = typed[0].field, typed[0].text
    asked = [each for each in found.criteria.criteria if name in fields_of([each])]
    errors = form.claim_errors(read_answers(asked, {name: text}), kept.of_others)
    is_kept, version = name not in kept.of_others, kept.versions.get(name, 0)
    return KeptField(is_kept, version, errors.get(name, _("Bewaard.")))


@get("/dossiers/{dossier_id:uuid}/indienen", opt=MUNICIPALITY)
async def ask_submit(refnis: FromPath[str], dossier_id: FromPath[UUID], services: GivenServices) -> Template:
    """What is missing, or what happens when it is sent: nothing is, before that was read."""
    return page(SUBMIT, **await own_facts(services, refnis, dossier_id))


@post("/dossiers/{dossier_id:uuid}/indienen", opt=MUNICIPALITY)
async def submit(
    refnis: FromPath[str], dossier_id: FromPath[UUID], request: StaffRequest, services: GivenServices
) -> Template | Redirect:
    async with services.database.transaction() as tx:
        answer = await claim.submit(tx, dossier_id, refnis, municipality(request, services))
    if isinstance(answer, NotYours | DossierUnknown):
        return await refusal_page(services, refnis, dossier_id, answer)
    if answer is not None:
        return form_again(SUBMIT, answer, **await own_facts(services, refnis, dossier_id))
    return see_other(address_of(refnis))


def address_of(refnis: str) -> str:
    return f"/labels/gemeente/{refnis}"


def next_address(refnis: str, dossier_id: UUID, part: int, parts: int) -> str:
    """The next part, and after the last one the tasks."""
    home = address_of(refnis)
    return (
        f"{home}/dossiers/{dossier_id}/antwoorden/{part + 1}" if 0 < part < parts else f"{home}?gedaan=deel"
    )


def kinds_missing() -> dict[str, Any]:
    return {"errors": {"kinds": _("Kies wat je vraagt.")}, "typed": {}}


async def claim_facts(services: Services, refnis: str) -> dict[str, Any]:
    """The facts for the page of a municipality, with its newest dossier, if any."""
    async with services.database.reading() as connection:
        town = await read_town(connection, refnis)
        if town is None:
            raise RefusalError(NotFound())
        newest = await dossier.newest_dossier(connection, PROGRAMME, refnis)
        return await facts_of(services, connection, town, newest)


async def own_facts(services: Services, refnis: str, dossier_id: UUID) -> dict[str, Any]:
    """The facts for the pages of a dossier of this municipality that it may change.

    Raises DossierUnknown, also for one of another municipality, and NotYours.
    """
    async with services.database.reading() as connection:
        town = await read_town(connection, refnis)
        found = await dossier.read_dossier(connection, dossier_id)
        if town is None or found is None or found.refnis != refnis:
            raise RefusalError(DossierUnknown(dossier_id))
        if not found.is_with_municipality:
            raise RefusalError(NotYours(found.state), redirect_to=address_of(refnis))
        return await facts_of(services, connection, town, found)


async def facts_of(
    services: Services, connection: Executor, town: RegisterTown, newest: Dossier | None
) -> dict[str, Any]:
    """What the pages of a municipality show; `texts` and `versions` are by name of a field."""
    found = None if newest is None else await view.read_view(connection, newest)
    standing = await claim.read_standing(connection, newest.id, found.claims) if newest and found else {}
    asked, texts = found.asked if found else [], draft.texts_of(standing)
    return {
        "town": town,
        "view": found,
        "parts": form.parts_of(asked, texts),
        "texts": texts,
        "versions": draft.versions_of(standing),
        "days_left": found.days_left(day_in_flanders(services.clock.now())) if found else 0,
        "new_id": services.ids.new(),
        "labels": form.claim_labels(asked),
        "errors": {},
        "typed": {},
    }


async def own_view(tx: Executor, refnis: str, dossier_id: UUID) -> DossierView:
    """The dossier of this municipality. Raises DossierUnknown, also for one of another municipality."""
    found = await view.read(tx, dossier_id)
    if found is None or found.dossier.refnis != refnis:
        raise RefusalError(DossierUnknown(dossier_id))
    return found


async def refusal_page(services: Services, refnis: str, dossier_id: UUID, refusal: Refusal) -> Template:
    """The page of the municipality with the refusal."""
    if isinstance(refusal, DossierUnknown):
        raise RefusalError(DossierUnknown(dossier_id))
    return form_again(HOME, refusal, **await claim_facts(services, refnis))


def municipality(request: StaffRequest, services: Services) -> Actor:
    return Actor(request.user.staff_id, "municipality", services.clock.now())


ROUTES: list[ControllerRouterHandler] = [
    Router(
        "/labels/gemeente/{refnis:str}",
        route_handlers=[
            show_claim,
            start,
            show_kinds,
            change_kinds,
            show_part,
            save_part,
            keep_field,
            ask_submit,
            submit,
        ],
        include_in_schema=False,
    )
]
