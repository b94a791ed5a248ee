"""The counter registers a household in one go, shows it, and prints the passes of all of it together."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.authorisation.authorisation import may_use_insz
from uit.identity.person.person import read_person
from uit.passes.card.card import cards_of
from uit.passes.card.number import grouped
from uit.passes.card.paper import paper_of, print_papers
from uit.passes.household.form import (
    MOST_ADULTS,
    MOST_CHILDREN,
    NEW,
    HouseholdForm,
    first_form,
    household_labels,
    read_form,
    read_size,
    roles,
)
from uit.passes.household.registering import MemberRefused, leave_household, register_household
from uit.passes.membership.household import HouseholdMember, read_household, seen_at
from uit.passes.membership.membership import Town, read_towns
from uit.passes.registration.counter_desk import CLERK, CounterDesk, counter_desk_here, open_member
from uit.passes.registration.form import address_kinds, documents, first_social_form
from uit.passes.registration.likeness import LikelyMember, likely_members, why_words
from uit.services.services import Services
from uit.web.view import UNPROCESSABLE, Page, form_again, page, see_other

REGISTER = "passes/household/register.html"


@get("/{region:str}/balie/gezin", opt=CLERK, include_in_schema=False)
async def show_household_form(
    request: StaffRequest,
    services: NamedDependency[Services],
    volwassenen: FromQuery[str] = "",
    kinderen: FromQuery[str] = "",
    bij: FromQuery[UUID | None] = None,
) -> Template:
    """Asks how many first, so that the form has a block for each without a script. `bij`: a household."""
    desk = await counter_desk_here(request)
    size = read_size(volwassenen, kinderen)
    async with services.database.transaction() as tx:
        if bij is not None:
            await members_here(tx, desk, bij)
        towns = await towns_here(tx, desk)
        takes_insz = await may_use_insz(tx, desk.region.id, desk.counter.today)
        joined = await name_of(tx, desk, bij) if bij else ""
    if size is None:
        return size_page(desk, volwassenen, kinderen, bij)
    refnis = towns[0].refnis if len(towns) == 1 else ""
    social = first_social_form(services.ids.new(), desk.counter.today)
    form = first_form(services.ids.new(), bij or services.ids.new(), size, refnis, social)
    return page(REGISTER, **form_facts(desk, form, towns, takes_insz=takes_insz) | {"joined": joined})


async def name_of(tx: Executor, desk: CounterDesk, household_id: UUID) -> str:
    """Whose household somebody joins: the first of it whom the counter shows; empty for a new one."""
    found = await read_household(tx, desk.region.id, household_id, desk.counter.today, desk.counter.towns)
    shown = seen_at(found)
    return shown[0].name if shown else ""


def size_page(desk: CounterDesk, adults: str, children: str, household_id: UUID | None = None) -> Page:
    """How many there are; with what is wrong when something was typed."""
    words = _(
        "Kies hoogstens %(adults)s volwassenen en %(children)s kinderen, en minstens iemand.",
        adults=MOST_ADULTS,
        children=MOST_CHILDREN,
    )
    errors = {"volwassenen": words} if adults or children else {}
    typed = {"volwassenen": adults or "1", "kinderen": children or "1", "bij": household_id}
    facts = {"region": desk.region, "may_issue": desk.may_issue, "typed": typed, "errors": errors}
    return page("passes/household/size.html", UNPROCESSABLE if errors else 200, **facts)


@post("/{region:str}/balie/gezin", opt=CLERK, include_in_schema=False)
async def register_members(
    request: StaffRequest, data: URLEncodedBody[dict[str, str]], services: NamedDependency[Services]
) -> Template | Redirect:
    """Registers all, or shows what is wrong, or asks of each who is like a member whether they are."""
    desk, form = await counter_desk_here(request), read_form(data)
    if form is None:
        return size_page(desk, data.get("volwassenen") or "0", data.get("kinderen") or "0")
    mock = services.settings.is_example
    async with services.database.transaction() as tx:
        await known_here(tx, desk, form)
        towns = await towns_here(tx, desk)
        takes_insz = await may_use_insz(tx, desk.region.id, desk.counter.today)
        facts = form_facts(desk, form, towns, takes_insz=takes_insz)
        facts["joined"] = await name_of(tx, desk, form.household_id)
        wanted = form.read(towns, request.user.staff_id, desk.counter.today, services.secrets, mock=mock)
        facts["likely"] = likely = await likely_of_each(tx, services, desk, form)
        errors = wanted if isinstance(wanted, dict) else {}
        if errors or likely:
            asked = {f"same-{at}": _("Kies of deze persoon er al is.") for at in likely}
            return page(REGISTER, UNPROCESSABLE, **facts | {"errors": {**errors, **asked}})
        assert not isinstance(wanted, dict)
        answer = await register_household(tx, desk.counter, wanted)
    if isinstance(answer, MemberRefused):
        return form_again(REGISTER, answer.refusal, **facts | {"refused": form.size.title(answer.at)})
    return see_other(desk.address("gezinnen", f"{form.household_id}?gedaan=ingeschreven"))


def form_facts(
    desk: CounterDesk, form: HouseholdForm, towns: Sequence[Town], *, takes_insz: bool
) -> dict[str, Any]:
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "form": form,
        "errors": {},
        "labels": household_labels(form.size),
        "towns": [(town.refnis, town.name) for town in towns],
        "kinds": list(address_kinds().items()),
        "documents": list(documents().items()),
        "roles": list(roles().items()),
        "likely": {},
        "whys": why_words(),
        "takes_insz": takes_insz,
        "grouped": grouped,
        "refused": "",
        "joined": "",
        "new": NEW,
    }


async def towns_here(tx: Executor, desk: CounterDesk) -> list[Town]:
    return [town for town in await read_towns(tx, desk.region.id) if desk.counter.sees(town.refnis)]


async def known_here(tx: Executor, desk: CounterDesk, form: HouseholdForm) -> None:
    """Raises NotFound for a member, or a household, that this desk may not see."""
    for each in form.members:
        if each.known_id is not None:
            await open_member(tx, desk, each.known_id)
    asked = tx, desk.region.id, form.household_id, desk.counter.today
    if await read_household(*asked, None) and not seen_at(await read_household(*asked, desk.counter.towns)):
        raise RefusalError(NotFound())


async def likely_of_each(
    tx: Executor, services: Services, desk: CounterDesk, form: HouseholdForm
) -> Mapping[int, Sequence[LikelyMember]]:
    """Of each member of whom the clerk did not say it yet, who may be that person already."""
    found: dict[int, Sequence[LikelyMember]] = {}
    for each in form.members:
        if each.same == NEW or each.known_id is not None:
            continue
        typed = form.typed(each.at, services.secrets, mock=services.settings.is_example)
        likely = await likely_members(tx, desk.counter, typed)
        asked = [
            one
            for one in likely
            if not one.why.startswith("name") and one.hit.membership_id not in form.made_ids()
        ]
        if asked:
            found[each.at] = asked
    if found:
        people = [one.hit.person_id for each in found.values() for one in each]
        await desk.counter.note_search(tx, "likeness", people)
    return found


# One household


@get("/{region:str}/balie/gezinnen/{household_id:uuid}", opt=CLERK, include_in_schema=False)
async def show_household(
    request: StaffRequest,
    household_id: FromPath[UUID],
    services: NamedDependency[Services],
    gedaan: FromQuery[str] = "",
) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        members = await members_here(tx, desk, household_id)
    done = {
        "ingeschreven": _("Het gezin is ingeschreven."),
        "weg": _("Deze persoon hoort niet meer bij dit gezin."),
    }
    return page(
        "passes/household/household.html",
        region=desk.region,
        may_issue=desk.may_issue,
        members=members,
        household_id=household_id,
        roles={**roles(), "child": _("Kind")},
        flash=done.get(gedaan),
    )


async def members_here(tx: Executor, desk: CounterDesk, household_id: UUID) -> list[HouseholdMember]:
    """The members whom this desk sees, with a trace of the look. Raises NotFound for none."""
    day, towns = desk.counter.today, desk.counter.towns
    members = seen_at(await read_household(tx, desk.region.id, household_id, day, towns))
    if not members:
        raise RefusalError(NotFound())
    for each in members:
        await desk.counter.note_look(tx, each.person_id, "household")
    return members


@get("/{region:str}/balie/gezinnen/{household_id:uuid}/passen.pdf", opt=CLERK, include_in_schema=False)
async def print_cards(
    request: StaffRequest, household_id: FromPath[UUID], services: NamedDependency[Services]
) -> Response[bytes]:
    """The active passes on paper of all members, a page each."""
    desk, papers = await counter_desk_here(request), []
    async with services.database.transaction() as tx:
        for each in await members_here(tx, desk, household_id):
            person = await read_person(tx, each.person_id)
            for card in await cards_of(tx, desk.region.id, each.membership_id):
                if person and card.is_active and card.kind == "paper":
                    papers.append(paper_of(card, person, desk.region, services.secrets.signing))
                    await desk.counter.note(tx, "card.print", "card", card.id)
    if not papers:
        raise RefusalError(NotFound())
    headers = {"Content-Disposition": 'inline; filename="pas.pdf"'}
    return Response(
        await print_papers(papers, desk.counter.now), media_type="application/pdf", headers=headers
    )


@post(
    "/{region:str}/balie/gezinnen/{household_id:uuid}/leden/{membership_id:uuid}/weg",
    opt=CLERK,
    include_in_schema=False,
)
async def end_in_household(
    request: StaffRequest,
    household_id: FromPath[UUID],
    membership_id: FromPath[UUID],
    services: NamedDependency[Services],
) -> Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await leave_household(tx, desk.counter, household_id, membership_id)
    if isinstance(answer, Refusal):
        raise RefusalError(answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=gezin"))


ROUTES: list[ControllerRouterHandler] = [
    show_household_form,
    register_members,
    show_household,
    print_cards,
    end_in_household,
]
