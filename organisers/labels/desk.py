"""Staff: the municipality that asks for a label, the assessor who looks, the tourism officer who decides."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.labels import assess, claim, dossier, form, sheet
from organisers.labels.criteria import Criterion, Kind, as_kind
from organisers.labels.decide import decide
from organisers.labels.decision import Ruling
from organisers.labels.dossier import PROGRAMME, Start
from organisers.labels.errors import DeviationUnexplained, DossierUnknown, NotifiedTooEarly, ReasonsMissing
from organisers.labels.history import Actor
from organisers.labels.judge import may_decide, may_judge
from organisers.labels.register import read_town
from organisers.labels.withdraw import withdraw
from organisers.labels.worklist import read_closed, read_lines
from uit.ground.clock import day_in_flanders
from uit.ground.errors import NotFound, NotUnderstood, Refusal, Refused
from uit.ground.form import Labels, read_id
from uit.ground.house import House
from uit.ground.web.view import form_again, page, see_other
from uit.identity.entry import StaffRequest, roles_here, staff

CLOSED_SHOWN: Final = 20

MUNICIPALITY: Final = staff("municipality")
JUDGES: Final = staff("assessor", "tourism_officer")
OFFICER: Final = staff("tourism_officer")

MISSING: Final[Mapping[type[Refusal], tuple[str, str]]] = {
    ReasonsMissing: ("reasons", "Schrijf hier waarom je dit beslist."),
    DeviationUnexplained: ("deviation", "Schrijf hier waarom je afwijkt."),
    NotifiedTooEarly: ("notified_on", "Kies vandaag of een dag later."),
}
"""In which field of a decision something is missing, and what to do there."""

Fields = URLEncodedBody[dict[str, str]]


# The municipality


@get("/labels/gemeente/{refnis:str}", opt=MUNICIPALITY, include_in_schema=False)
async def show_claim(refnis: FromPath[str], house: NamedDependency[House]) -> Template:
    return page("labels/claim.html", **await claim_facts(house, refnis))


@post("/labels/gemeente/{refnis:str}", opt=MUNICIPALITY, include_in_schema=False)
async def start(
    refnis: FromPath[str], data: Fields, request: StaffRequest, house: NamedDependency[House]
) -> Template | Redirect:
    """Open a dossier, under the id in the form."""
    kinds = form.KIND_CHOICES.get(data.get("kinds", ""))
    if kinds is None:
        facts = await claim_facts(house, refnis)
        return page("labels/claim.html", 422, **facts | {"errors": {"kinds": "Kies wat je vraagt."}})
    ask = Start(form_id(data, "dossier_id"), refnis, kinds)
    async with house.database.transaction() as tx:
        answer = await dossier.start(tx, ask, actor(request, house, "municipality"))
    return await claimed(house, refnis, answer)


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
    house: NamedDependency[House],
) -> Template | Redirect:
    kinds = form.KIND_CHOICES.get(data.get("kinds", ""), ())
    if not kinds:
        raise Refused(NotUnderstood("kinds", "not_a_choice"))
    async with house.database.transaction() as tx:
        by = actor(request, house, "municipality")
        answer = await dossier.ask_for(tx, dossier_id, refnis, kinds, by)
    return await claimed(house, refnis, answer)


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
    house: NamedDependency[House],
) -> Template | Redirect:
    """Keep the answers of one part of the form, and go on with the next."""
    async with house.database.transaction() as tx:
        found = await sheet.read(tx, dossier_id)
        parts = parts_of(found.asked) if found and found.dossier.refnis == refnis else []
        if found is None or not 0 < part <= len(parts):
            raise Refused(DossierUnknown(dossier_id))
        claims, errors = form.read_claims(parts[part - 1][1], found.claims, data)
        by = actor(request, house, "municipality")
        refusal = await claim.save(tx, dossier_id, refnis, claims, by)
    if refusal is not None:
        return await claim_again(house, refnis, refusal)
    if errors:
        facts = await claim_facts(house, refnis)
        return page("labels/claim.html", 422, **facts | {"errors": errors, "typed": data})
    return see_other(f"/labels/gemeente/{refnis}#{f'deel-{part + 1}' if part < len(parts) else 'indienen'}")


@post(
    "/labels/gemeente/{refnis:str}/dossiers/{dossier_id:uuid}/indienen",
    opt=MUNICIPALITY,
    include_in_schema=False,
)
async def submit(
    refnis: FromPath[str], dossier_id: FromPath[UUID], request: StaffRequest, house: NamedDependency[House]
) -> Template | Redirect:
    async with house.database.transaction() as tx:
        answer = await claim.submit(tx, dossier_id, refnis, actor(request, house, "municipality"))
    return await claimed(house, refnis, answer)


async def claim_facts(house: House, refnis: str) -> dict[str, Any]:
    """What the page of a municipality shows: its newest dossier, or none yet."""
    today = day_in_flanders(house.clock.now())
    async with house.database.reading() as connection:
        town = await read_town(connection, refnis)
        if town is None:
            raise Refused(NotFound())
        newest = await dossier.newest_dossier(connection, PROGRAMME, refnis)
        found = None if newest is None else await sheet.of(connection, newest)
    return {
        "town": town,
        "sheet": found,
        "parts": parts_of(found.asked) if found else [],
        "days_left": found.days_left(today) if found else 0,
        "new_id": house.ids.new(),
        "labels": form.claim_labels(found.asked if found else []),
        "errors": {},
        "typed": {},
    }


async def claimed(house: House, refnis: str, answer: object) -> Template | Redirect:
    """To the municipality's page as it is now, or to the form that was refused."""
    if isinstance(answer, Refusal):
        return await claim_again(house, refnis, answer)
    return see_other(f"/labels/gemeente/{refnis}")


async def claim_again(house: House, refnis: str, refusal: Refusal) -> Template:
    facts = await claim_facts(house, refnis)
    if isinstance(refusal, DossierUnknown):
        raise Refused(refusal)
    return form_again("labels/claim.html", refusal, **facts)


def parts_of(asked: Sequence[Criterion]) -> list[tuple[str, list[Criterion]]]:
    """The questions by section, in the order of the set."""
    return [(section, list(each)) for section, each in groupby(asked, lambda criterion: criterion.section)]


# Who judges


@get("/labels/werklijst", opt=JUDGES, include_in_schema=False)
async def show_worklist(request: StaffRequest, house: NamedDependency[House]) -> Template:
    by = await judge(request, house, "tourism_officer", "assessor")
    async with house.database.reading() as connection:
        lines = await read_lines(connection, day_in_flanders(by.at))
        closed = await read_closed(connection, CLOSED_SHOWN)
    return page("labels/worklist.html", lines=lines, closed=closed, role=by.role)


@get("/labels/dossiers/{dossier_id:uuid}", opt=JUDGES, include_in_schema=False)
async def show_dossier(
    dossier_id: FromPath[UUID], request: StaffRequest, house: NamedDependency[House]
) -> Template:
    by = await judge(request, house, "tourism_officer", "assessor")
    return page("labels/dossier.html", **await dossier_facts(house, dossier_id, by))


@get("/labels/dossiers/{dossier_id:uuid}/nakijken", opt=JUDGES, include_in_schema=False)
async def show_findings(
    dossier_id: FromPath[UUID], request: StaffRequest, house: NamedDependency[House]
) -> Template:
    by = await judge(request, house, "assessor", "tourism_officer")
    return page("labels/assess.html", **await dossier_facts(house, dossier_id, by))


@post("/labels/dossiers/{dossier_id:uuid}/nakijken", opt=JUDGES, include_in_schema=False)
async def save_findings(
    dossier_id: FromPath[UUID], data: Fields, request: StaffRequest, house: NamedDependency[House]
) -> Template | Redirect:
    """Keep the findings; with the button `doe=doorgeven`, hand the dossier over as well when all is there."""
    by = await judge(request, house, "assessor", "tourism_officer")
    facts = await dossier_facts(house, dossier_id, by)
    findings, errors = form.read_findings(facts["sheet"].asked, data)
    if errors:
        return page("labels/assess.html", 422, **facts | {"errors": errors, "typed": data})
    refusal: Refusal | None
    async with house.database.transaction() as tx:
        refusal = await assess.record(tx, dossier_id, findings, by)
        if refusal is None and data.get("doe") == "doorgeven":
            refusal = await assess.hand_over(tx, dossier_id, by)
    if refusal is not None:
        facts = await dossier_facts(house, dossier_id, by)
        return form_again("labels/assess.html", refusal, **facts | {"typed": data})
    return see_other(f"/labels/dossiers/{dossier_id}")


@post("/labels/dossiers/{dossier_id:uuid}/vraag", opt=JUDGES, include_in_schema=False)
async def ask(
    dossier_id: FromPath[UUID], data: Fields, request: StaffRequest, house: NamedDependency[House]
) -> Template | Redirect:
    by = await judge(request, house, "assessor", "tourism_officer")
    async with house.database.transaction() as tx:
        refusal = await assess.ask(tx, dossier_id, form.read_text(data, "question"), by)
    return await answered(house, dossier_id, by, refusal, data)


@post("/labels/dossiers/{dossier_id:uuid}/beslissen/{kind:str}", opt=OFFICER, include_in_schema=False)
async def decide_kind(
    dossier_id: FromPath[UUID],
    kind: FromPath[str],
    data: Fields,
    request: StaffRequest,
    house: NamedDependency[House],
) -> Template | Redirect:
    return await rule(house, request, dossier_id, known_kind(kind), data, ("granted", "refused"))


@post("/labels/dossiers/{dossier_id:uuid}/intrekken/{kind:str}", opt=OFFICER, include_in_schema=False)
async def withdraw_kind(
    dossier_id: FromPath[UUID],
    kind: FromPath[str],
    data: Fields,
    request: StaffRequest,
    house: NamedDependency[House],
) -> Template | Redirect:
    return await rule(house, request, dossier_id, known_kind(kind), data, ("withdrawn",))


async def rule(  # noqa: PLR0913, PLR0917  each is a part of the request
    house: House,
    request: StaffRequest,
    dossier_id: UUID,
    kind: Kind,
    data: dict[str, str],
    rulings: Sequence[Ruling],
) -> Template | Redirect:
    """Read a decision from its form and take it; what is wrong with it stands above the same form."""
    by = await judge(request, house, "tourism_officer")
    verdict, errors = form.read_verdict(form_id(data, "decision_id"), dossier_id, kind, data, rulings)
    if verdict is None:
        facts = await dossier_facts(house, dossier_id, by)
        return page("labels/dossier.html", 422, **facts | {"errors": errors, "typed": data})
    act = withdraw if verdict.ruling == "withdrawn" else decide
    async with house.database.transaction() as tx:
        answer = await act(tx, verdict, by)
    return await answered(house, verdict.dossier_id, by, answer, data | {"kind": kind})


async def answered(
    house: House, dossier_id: UUID, by: Actor, answer: object, data: Mapping[str, str]
) -> Template | Redirect:
    """To the dossier as it is now, or to the form that was refused."""
    if not isinstance(answer, Refusal):
        return see_other(f"/labels/dossiers/{dossier_id}")
    facts = await dossier_facts(house, dossier_id, by)
    name, text = MISSING.get(type(answer), ("", ""))
    errors = {f"{data['kind']}_{name}": text} if name else {}
    return form_again("labels/dossier.html", answer, **facts | {"typed": data, "errors": errors})


async def dossier_facts(house: House, dossier_id: UUID, by: Actor) -> dict[str, Any]:
    """What the pages of a dossier show. One that was never submitted is the municipality's own."""
    today = day_in_flanders(by.at)
    async with house.database.reading() as connection:
        found = await sheet.read(connection, dossier_id)
        if found is None or found.dossier.state == "draft":
            raise Refused(DossierUnknown(dossier_id))
        may = may_decide if found.dossier.state == "assessed" and by.role == "tourism_officer" else may_judge
        objection = await may(connection, found.dossier, by)
    return {
        "sheet": found,
        "today": today,
        "days_left": found.days_left(today),
        "role": by.role,
        "objection": objection,
        "new_id": house.ids.new,
        "labels": labels_of(found),
        "errors": {},
        "typed": {},
    }


def labels_of(found: sheet.Sheet) -> Labels:
    """What the fields are called with which a dossier is judged."""
    labels = dict(form.finding_labels(found.asked))
    for kind in found.dossier.kinds:
        labels |= form.verdict_labels(kind)
    return labels


def known_kind(text: str) -> Kind:
    kind = as_kind(text)
    if kind is None:
        raise Refused(NotFound())
    return kind


def form_id(fields: Mapping[str, str], name: str) -> UUID:
    """The id that the server put in a form: a form sent twice has one effect."""
    found = read_id(fields.get(name, ""))
    if found is None:
        raise Refused(NotUnderstood(name, "malformed"))
    return found


async def judge(request: StaffRequest, house: House, *roles: str) -> Actor:
    """Who judges, in the first of these roles by which they are here."""
    held = {role.role for role in await roles_here(request)}
    return actor(request, house, next(role for role in roles if role in held))


def actor(request: StaffRequest, house: House, role: str) -> Actor:
    return Actor(request.user.staff_id, role, house.clock.now())


ROUTES: list[ControllerRouterHandler] = [
    show_claim,
    start,
    change_kinds,
    save_claims,
    submit,
    show_worklist,
    show_dossier,
    show_findings,
    save_findings,
    ask,
    decide_kind,
    withdraw_kind,
]
