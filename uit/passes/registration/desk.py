"""The counter of a region: find or register somebody, and the page of a person.

The search is a post, so that no name, number or token stands in an address, a history or a log.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import Refusal
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.authorisation.authorisation import may_use_insz
from uit.identity.person.consent import note_consent
from uit.passes.card.number import grouped
from uit.passes.errors import Duplicate
from uit.passes.membership.membership import (
    Applicant,
    Town,
    read_towns,
    register,
)
from uit.passes.permission.permission import NewPermission, PermissionKind, give
from uit.passes.registration import search
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    counter_desk_here,
    open_member,
)
from uit.passes.registration.form import (
    RegisterForm,
    SearchForm,
    register_labels,
)
from uit.passes.registration.likeness import LikelyMember, likely_members, why_words
from uit.passes.registration.person_page import notice_after, person_facts
from uit.services.services import Services
from uit.web.view import see_other

MOST_TYPED: Final = 200


# Finding somebody


@get("/{region:str}/balie", opt=CLERK, include_in_schema=False)
async def show_search(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.reading() as connection:
        takes_insz = await may_use_insz(connection, desk.region.id, desk.counter.today)
    return desk.page("search", typed="", found=None, takes_insz=takes_insz)


@post("/{region:str}/balie", opt=CLERK, include_in_schema=False)
async def find_people(
    request: StaffRequest, data: URLEncodedBody[SearchForm], services: NamedDependency[Services]
) -> Template:
    """A list of people whose details are closed: nobody opens by themselves, however exact the search.

    A pass that was scanned permits the clerk to act for who has it, and is not asked again.
    """
    desk = await counter_desk_here(request)
    typed = one_line(data.typed[:MOST_TYPED])
    if data.register:
        return await registration_page(services, desk, typed)
    async with services.database.transaction() as tx:
        takes_insz = await may_use_insz(tx, desk.region.id, desk.counter.today)
        facts: dict[str, Any] = {"typed": typed, "takes_insz": takes_insz}
        hits = await search.find(tx, services.secrets, desk.counter, typed, mock=services.settings.is_example)
        if isinstance(hits, Refusal):
            return desk.form_again("search", hits, found=None, **facts)
        found = await search.read_hits(tx, desk.counter, hits.membership_ids)
        await desk.counter.note_search(tx, hits.by, [each.person_id for each in found])
        near = [] if found or hits.by != "name" else await search.find_near(tx, desk.counter, typed)
        maybe = await search.read_hits(tx, desk.counter, near)
        if maybe:
            await desk.counter.note_search(tx, "likeness", [each.person_id for each in maybe])
        if hits.shown and found and desk.may_issue:
            given = NewPermission(services.ids.new(), hits.shown, PermissionKind.PASS)
            await give(tx, desk.counter, request.user.staff_id, given)
    more = len(hits.membership_ids) >= search.MOST_SHOWN
    return desk.page("search", found=found, maybe=maybe, more=more, grouped=grouped, **facts)


# Registering somebody


@get("/{region:str}/balie/nieuw", opt=CLERK, include_in_schema=False)
async def show_registration(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    return await registration_page(services, await counter_desk_here(request))


async def registration_page(services: Services, desk: CounterDesk, typed: str = "") -> Template:
    """The form, with the name, birth date or address that was searched before."""
    async with services.database.reading() as connection:
        towns = await towns_of(connection, desk)
        takes_insz = await may_use_insz(connection, desk.region.id, desk.counter.today)
    refnis = towns[0].refnis if len(towns) == 1 else ""
    form = RegisterForm(services.ids.new(), services.ids.new(), refnis=refnis, **search.names_in(typed))
    return desk.page("register", **register_facts(form, towns, takes_insz=takes_insz))


@post("/{region:str}/balie/nieuw", opt=CLERK, include_in_schema=False)
async def register_person(
    request: StaffRequest, data: URLEncodedBody[RegisterForm], services: NamedDependency[Services]
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        towns = await towns_of(tx, desk)
        applicant = data.read(towns, desk.counter.today, services.secrets, mock=services.settings.is_example)
        takes_insz = await may_use_insz(tx, desk.region.id, desk.counter.today)
        facts = register_facts(data, towns, takes_insz=takes_insz)
        if not isinstance(applicant, Applicant):
            return desk.page("register", 422, **facts | {"errors": applicant})
        facts["likely"] = await likely_unseen(tx, services, desk, data)
        if facts["likely"]:
            asked = _("Kijk of het een van deze is. Is het iemand anders? Vink dat dan aan.")
            return desk.page("register", 422, **facts | {"errors": {"sure": asked}})
        answer = await register(tx, desk.counter, applicant)
        if not isinstance(answer, Refusal) and data.asks_consent(desk.counter.today):
            await note_consent(tx, desk.counter, answer.person_id)
        if isinstance(answer, Duplicate):
            facts["namesakes"] = await search.read_hits(tx, desk.counter, answer.membership_ids)
    if isinstance(answer, Refusal):
        return desk.form_again("register", answer, **facts)
    return see_other(desk.address("personen", f"{answer.id}?gedaan=lid"))


async def likely_unseen(
    tx: Executor, services: Services, desk: CounterDesk, form: RegisterForm
) -> list[LikelyMember]:
    """Who is so like this person that a clerk has to say that they are another."""
    if form.sure == "true":
        return []
    typed = form.typed(services.secrets, mock=services.settings.is_example)
    likely = [
        each
        for each in await likely_members(tx, desk.counter, typed)
        if each.why in {"near", "turned"} and each.hit.membership_id != form.membership_id
    ]
    if likely:
        await desk.counter.note_search(tx, "likeness", [each.hit.person_id for each in likely])
    return likely


@post("/{region:str}/balie/nieuw/gelijkenis", opt=CLERK, include_in_schema=False)
async def find_likely(
    request: StaffRequest, data: URLEncodedBody[RegisterForm], services: NamedDependency[Services]
) -> Template:
    """The same form, with who may be this person already; a script takes that part of the page alone."""
    desk = await counter_desk_here(request)
    typed = data.typed(services.secrets, mock=services.settings.is_example)
    async with services.database.transaction() as tx:
        takes_insz = await may_use_insz(tx, desk.region.id, desk.counter.today)
        facts = register_facts(data, await towns_of(tx, desk), takes_insz=takes_insz)
        likely = await likely_members(tx, desk.counter, typed)
        await desk.counter.note_search(tx, "likeness", [each.hit.person_id for each in likely])
    return desk.page("register", **facts | {"likely": likely, "has_looked": True})


def register_facts(form: RegisterForm, towns: Sequence[Town], *, takes_insz: bool) -> dict[str, Any]:
    options = [(town.refnis, town.name) for town in towns]
    return {
        "form": form,
        "labels": register_labels(),
        "options": options,
        "errors": {},
        "namesakes": [],
        "likely": [],
        "has_looked": False,
        "whys": why_words(),
        "takes_insz": takes_insz,
        "grouped": grouped,
    }


async def towns_of(tx: Executor, desk: CounterDesk) -> list[Town]:
    """The municipalities of the region that the desk may see."""
    towns = await read_towns(tx, desk.region.id)
    return [town for town in towns if desk.counter.sees(town.refnis)]


# One person


@get("/{region:str}/balie/personen/{membership_id:uuid}", opt=CLERK, include_in_schema=False)
async def show_person(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    services: NamedDependency[Services],
    gedaan: FromQuery[str] = "",
) -> Template:
    """The page of a person. The advice to give a pass is left out when there is a card."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "person.read", "person", member.person.id)
    flash = None if gedaan == "lid" and member.cards else notice_after(gedaan)
    return desk.page("person", **person_facts(services, desk, member), flash=flash)


ROUTES: list[ControllerRouterHandler] = [
    show_search,
    find_people,
    show_registration,
    register_person,
    find_likely,
    show_person,
]
