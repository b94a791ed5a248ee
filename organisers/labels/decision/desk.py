"""The desk of assessors and tourism officers: the worklist, assessing a dossier, and deciding on it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.labels.criteria.criteria import Kind, as_kind
from organisers.labels.decision import form, view
from organisers.labels.decision.decide import ReadyVerdict, decide, ready_to_decide
from organisers.labels.decision.decision import Ruling
from organisers.labels.decision.withdraw import ReadyWithdrawal, ready_to_withdraw, withdraw
from organisers.labels.decision.worklist import read_closed, read_lines
from organisers.labels.dossier import assess
from organisers.labels.dossier.answer import read_text
from organisers.labels.dossier.history import Actor
from organisers.labels.dossier.impartiality import may_assess, may_decide
from organisers.labels.errors import DeviationUnexplained, DossierUnknown, NotifiedTooEarly, ReasonsMissing
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, roles_here, staff
from uit.services.services import Services
from uit.web.form import Errors, Labels, required_id
from uit.web.sent_body import LONG_FORM
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

CLOSED_SHOWN: Final = 20
STEP: Final = "stap"

ASSESSOR_OR_OFFICER: Final = staff("assessor", "tourism_officer")
OFFICER: Final = staff("tourism_officer")
ASSESSING: Final = {**ASSESSOR_OR_OFFICER, **LONG_FORM}
DECIDING: Final = {**OFFICER, **LONG_FORM}

Fields = URLEncodedBody[dict[str, str]]


@get("/labels/werklijst", opt=ASSESSOR_OR_OFFICER, include_in_schema=False)
async def show_worklist(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    by = await actor_here(request, services, "tourism_officer", "assessor")
    async with services.database.reading() as connection:
        lines = await read_lines(connection, day_in_flanders(by.at))
        closed = await read_closed(connection, CLOSED_SHOWN)
    return page("organisers/labels/decision/worklist.html", lines=lines, closed=closed, role=by.role)


@get("/labels/dossiers/{dossier_id:uuid}", opt=ASSESSOR_OR_OFFICER, include_in_schema=False)
async def show_dossier(
    dossier_id: FromPath[UUID],
    request: StaffRequest,
    services: NamedDependency[Services],
    gedaan: FromQuery[str] = "",
) -> Template:
    by = await actor_here(request, services, "tourism_officer", "assessor")
    facts = await dossier_facts(services, dossier_id, by) | {"flash": notice_after(gedaan)}
    return page("organisers/labels/decision/dossier.html", **facts)


def notice_after(done: str) -> str | None:
    """What the page of a dossier says after an act."""
    notices = {
        "bewaard": _("Bewaard. De gemeente ziet dit nog niet."),
        "doorgegeven": _("Doorgegeven. Nu kan erover beslist worden."),
        "gevraagd": _("Je vraag staat bij de gemeente."),
    }
    return notices.get(done)


@get("/labels/dossiers/{dossier_id:uuid}/nakijken", opt=ASSESSOR_OR_OFFICER, include_in_schema=False)
async def show_findings(
    dossier_id: FromPath[UUID], request: StaffRequest, services: NamedDependency[Services]
) -> Template:
    by = await actor_here(request, services, "assessor", "tourism_officer")
    return page("organisers/labels/decision/assess.html", **await dossier_facts(services, dossier_id, by))


@post("/labels/dossiers/{dossier_id:uuid}/nakijken", opt=ASSESSING, include_in_schema=False)
async def save_findings(
    dossier_id: FromPath[UUID], data: Fields, request: StaffRequest, services: NamedDependency[Services]
) -> Template | Redirect:
    """Store the findings. With the button `doe=doorgeven`, also ask whether the dossier is to be handed over.

    `doe=ja` hands it over.
    """
    by = await actor_here(request, services, "assessor", "tourism_officer")
    facts = await dossier_facts(services, dossier_id, by)
    findings, errors = form.read_findings(facts["view"].asked, data)
    if errors:
        again = facts | {"errors": errors, "typed": data}
        return page("organisers/labels/decision/assess.html", UNPROCESSABLE, **again)
    refusal: Refusal | None
    async with services.database.transaction() as tx:
        refusal = await assess.record(tx, dossier_id, findings, by)
        if refusal is None and data.get("doe") == "doorgeven":
            ready = await assess.ready_to_hand_over(tx, dossier_id, by)
            refusal = ready if isinstance(ready, Refusal) else None
        elif refusal is None and data.get("doe") == "ja":
            refusal = await assess.hand_over(tx, dossier_id, by)
    if refusal is not None:
        facts = await dossier_facts(services, dossier_id, by)
        return form_again("organisers/labels/decision/assess.html", refusal, **facts | {"typed": data})
    if data.get("doe") == "doorgeven":
        return page("organisers/labels/decision/hand_over.html", **facts)
    done = "doorgegeven" if data.get("doe") == "ja" else "bewaard"
    return see_other(f"/labels/dossiers/{dossier_id}?gedaan={done}")


@post("/labels/dossiers/{dossier_id:uuid}/vraag", opt=ASSESSOR_OR_OFFICER, include_in_schema=False)
async def ask_question(
    dossier_id: FromPath[UUID], data: Fields, request: StaffRequest, services: NamedDependency[Services]
) -> Template | Redirect:
    by = await actor_here(request, services, "assessor", "tourism_officer")
    async with services.database.transaction() as tx:
        refusal = await assess.ask_question(tx, dossier_id, read_text(data, "question"), by)
    return await decision_response(services, dossier_id, by, refusal, data)


@post("/labels/dossiers/{dossier_id:uuid}/beslissen/{kind:str}", opt=DECIDING, include_in_schema=False)
async def decide_kind(
    dossier_id: FromPath[UUID],
    kind: FromPath[str],
    data: Fields,
    request: StaffRequest,
    services: NamedDependency[Services],
) -> Template | Redirect:
    return await save_decision(services, request, dossier_id, read_kind(kind), data, ("granted", "refused"))


@post("/labels/dossiers/{dossier_id:uuid}/intrekken/{kind:str}", opt=OFFICER, include_in_schema=False)
async def withdraw_kind(
    dossier_id: FromPath[UUID],
    kind: FromPath[str],
    data: Fields,
    request: StaffRequest,
    services: NamedDependency[Services],
) -> Template | Redirect:
    return await save_decision(services, request, dossier_id, read_kind(kind), data, ("withdrawn",))


async def save_decision(  # noqa: PLR0913, PLR0917  each is a part of the request
    services: Services,
    request: StaffRequest,
    dossier_id: UUID,
    kind: Kind,
    data: dict[str, str],
    rulings: Sequence[Ruling],
) -> Template | Redirect:
    """Ask whether the decision in a form is meant, take it with `stap=ja`, or show the form again.

    It comes again with its errors or the refusal, and with `stap=terug` as it was.
    """
    by = await actor_here(request, services, "tourism_officer")
    verdict, errors = form.read_verdict(required_id(data, "decision_id"), dossier_id, kind, data, rulings)
    if verdict is None or data.get(STEP) == "terug":
        facts = await dossier_facts(services, dossier_id, by) | {"errors": errors, "typed": data}
        return page("organisers/labels/decision/dossier.html", UNPROCESSABLE if errors else 200, **facts)
    act, check = (withdraw, ready_to_withdraw) if verdict.ruling == "withdrawn" else (decide, ready_to_decide)
    async with services.database.transaction() as tx:
        answer = await (act if data.get(STEP) == "ja" else check)(tx, verdict, by)
    if isinstance(answer, ReadyVerdict | ReadyWithdrawal):
        facts = await dossier_facts(services, dossier_id, by) | {"verdict": verdict, "typed": data}
        return page("organisers/labels/decision/confirm.html", **facts)
    return await decision_response(services, verdict.dossier_id, by, answer, data | {"kind": kind})


async def decision_response(
    services: Services, dossier_id: UUID, by: Actor, answer: object, data: Mapping[str, str]
) -> Template | Redirect:
    """A redirect to what was done on the dossier, or its page with the refusal."""
    if not isinstance(answer, Refusal):
        done = f"#{data['kind']}" if "kind" in data else "?gedaan=gevraagd"
        return see_other(f"/labels/dossiers/{dossier_id}{done}")
    facts = await dossier_facts(services, dossier_id, by)
    errors = {f"{data['kind']}_{name}": text for name, text in field_errors(answer).items()}
    return form_again(
        "organisers/labels/decision/dossier.html", answer, **facts | {"typed": data, "errors": errors}
    )


def field_errors(refusal: Refusal) -> Errors:
    """The error of the field that a refusal is about; empty when it is about no field."""
    match refusal:
        case ReasonsMissing():
            return {"reasons": _("Schrijf hier waarom je dit beslist.")}
        case DeviationUnexplained():
            return {"deviation": _("Schrijf hier waarom je afwijkt.")}
        case NotifiedTooEarly():
            return {"notified_on": _("Kies vandaag of een dag later.")}
        case _:
            return {}


async def dossier_facts(services: Services, dossier_id: UUID, by: Actor) -> dict[str, Any]:
    """The facts for the pages of a dossier. Raises DossierUnknown, also for a draft."""
    today = day_in_flanders(by.at)
    async with services.database.reading() as connection:
        found = await view.read(connection, dossier_id)
        if found is None or found.dossier.state == "draft":
            raise RefusalError(DossierUnknown(dossier_id))
        may = may_decide if found.dossier.state == "assessed" and by.role == "tourism_officer" else may_assess
        objection = await may(connection, found.dossier, by)
    return {
        "view": found,
        "today": today,
        "days_left": found.days_left(today),
        "role": by.role,
        "objection": objection,
        "new_id": services.ids.new,
        "labels": labels_of(found),
        "errors": {},
        "typed": {},
    }


def labels_of(found: view.DossierView) -> Labels:
    """The labels of the fields for findings and decisions."""
    labels = dict(form.finding_labels(found.asked))
    for kind in found.dossier.kinds:
        labels |= form.verdict_labels(kind)
    return labels


def read_kind(text: str) -> Kind:
    kind = as_kind(text)
    if kind is None:
        raise RefusalError(NotFound())
    return kind


async def actor_here(request: StaffRequest, services: Services, *roles: str) -> Actor:
    """The member of staff as actor, in the first of these roles that admits them to the address."""
    held = {role.role for role in await roles_here(request)}
    role = next(role for role in roles if role in held)
    return Actor(request.user.staff_id, role, services.clock.now())


ROUTES: list[ControllerRouterHandler] = [
    show_worklist,
    show_dossier,
    show_findings,
    save_findings,
    ask_question,
    decide_kind,
    withdraw_kind,
]
