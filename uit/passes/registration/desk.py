"""The counter of a region: find or register somebody, give and block and print passes, set the social tariff.

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
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, authenticator_of
from uit.passes.card.number import grouped
from uit.passes.errors import Duplicate
from uit.passes.membership.ending import EndedMembership, end, resume, set_last_day
from uit.passes.membership.membership import (
    Applicant,
    Proof,
    Town,
    allow_social_tariff,
    read_towns,
    register,
)
from uit.passes.registration import search
from uit.passes.registration.counter_desk import (
    CLERK,
    COUNTER,
    CounterDesk,
    counter_desk_here,
    open_member,
)
from uit.passes.registration.form import (
    EndForm,
    LastDayForm,
    RegisterForm,
    SearchForm,
    SocialForm,
    register_labels,
)
from uit.passes.registration.likeness import likely_members, why_words
from uit.passes.registration.person_page import notice_after, person_again, person_facts
from uit.services.services import Services
from uit.web.view import see_other

MOST_TYPED: Final = 200


# Finding somebody


@get("/{region:str}/balie", opt=COUNTER, include_in_schema=False)
async def show_search(request: StaffRequest) -> Template:
    return (await counter_desk_here(request)).page("search", typed="", found=None)


@post("/{region:str}/balie", opt=COUNTER, include_in_schema=False)
async def find_people(
    request: StaffRequest, data: URLEncodedBody[SearchForm], services: NamedDependency[Services]
) -> Template:
    """A list of people whose details are closed: nobody opens by themselves, however exact the search."""
    desk = await counter_desk_here(request)
    typed = one_line(data.typed[:MOST_TYPED])
    async with services.database.transaction() as tx:
        hits = await search.find(tx, services.secrets, desk.counter, typed, mock=services.settings.is_example)
        if isinstance(hits, Refusal):
            return desk.form_again("search", hits, typed=typed, found=None)
        found = await search.read_hits(tx, desk.counter, hits.membership_ids)
        people = " ".join(str(each.person_id) for each in found)
        await desk.counter.note(tx, "person.search", "region", desk.region.id, by=hits.by, people=people)
    more = len(hits.membership_ids) >= search.MOST_SHOWN
    return desk.page("search", typed=typed, found=found, more=more, grouped=grouped)


# Registering somebody


@get("/{region:str}/balie/nieuw", opt=CLERK, include_in_schema=False)
async def show_registration(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.reading() as connection:
        towns = await towns_of(connection, desk)
    form = RegisterForm(
        services.ids.new(), services.ids.new(), refnis=towns[0].refnis if len(towns) == 1 else ""
    )
    return desk.page("register", **register_facts(form, towns))


@post("/{region:str}/balie/nieuw", opt=CLERK, include_in_schema=False)
async def register_person(
    request: StaffRequest, data: URLEncodedBody[RegisterForm], services: NamedDependency[Services]
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        towns = await towns_of(tx, desk)
        applicant = data.read(towns, desk.counter.today, services.secrets, mock=services.settings.is_example)
        facts = register_facts(data, towns)
        if not isinstance(applicant, Applicant):
            return desk.page("register", 422, **facts | {"errors": applicant})
        answer = await register(tx, desk.counter, applicant)
        if isinstance(answer, Duplicate):
            facts["namesakes"] = await search.read_hits(tx, desk.counter, answer.membership_ids)
    if isinstance(answer, Refusal):
        return desk.form_again("register", answer, **facts)
    return see_other(desk.address("personen", f"{answer.id}?gedaan=lid"))


@post("/{region:str}/balie/nieuw/gelijkenis", opt=CLERK, include_in_schema=False)
async def find_likely(
    request: StaffRequest, data: URLEncodedBody[RegisterForm], services: NamedDependency[Services]
) -> Template:
    """The same form, with who may be this person already; a script takes that part of the page alone."""
    desk = await counter_desk_here(request)
    typed = data.typed(services.secrets, mock=services.settings.is_example)
    async with services.database.transaction() as tx:
        facts = register_facts(data, await towns_of(tx, desk))
        likely = await likely_members(tx, desk.counter, typed)
        people = " ".join(str(each.hit.person_id) for each in likely)
        await desk.counter.note(tx, "person.search", "region", desk.region.id, by="likeness", people=people)
    return desk.page("register", **facts | {"likely": likely, "has_looked": True})


def register_facts(form: RegisterForm, towns: Sequence[Town]) -> dict[str, Any]:
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
        "grouped": grouped,
    }


async def towns_of(tx: Executor, desk: CounterDesk) -> list[Town]:
    """The municipalities of the region that the desk may see."""
    towns = await read_towns(tx, desk.region.id)
    return [town for town in towns if desk.counter.sees(town.refnis)]


# One person


@get("/{region:str}/balie/personen/{membership_id:uuid}", opt=COUNTER, include_in_schema=False)
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


# The social tariff


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/kansentarief",
    opt=COUNTER,
    include_in_schema=False,
)
async def set_social_tariff(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[SocialForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        proof = data.read(request.user.staff_id, desk.counter.today)
        if isinstance(proof, Proof):
            await allow_social_tariff(tx, desk.counter, member.membership, proof)
            return see_other(desk.address("personen", f"{membership_id}?gedaan=kansentarief"))
    return desk.page(
        "person", 422, **person_facts(services, desk, member) | {"social": data, "errors": proof}
    )


# The last day of a membership, and its end


@post("/{region:str}/balie/personen/{membership_id:uuid}/laatste-dag", opt=CLERK, include_in_schema=False)
async def write_last_day(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[LastDayForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    last_day = data.read(desk.counter.today)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if isinstance(last_day, dict):
            facts = person_facts(services, desk, member) | {"last_day": data.ends_on, "errors": last_day}
            return desk.page("person", 422, **facts)
        answer = await set_last_day(tx, desk.counter, membership_id, last_day)
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=dag"))


@post("/{region:str}/balie/personen/{membership_id:uuid}/einde", opt=CLERK, include_in_schema=False)
async def end_membership(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[EndForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    why = data.read()
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        answer = await end(tx, desk.counter, membership_id, why) if isinstance(why, str) else why
    if not isinstance(answer, EndedMembership):
        return desk.page("person", 422, **person_facts(services, desk, member) | {"errors": answer})
    await answer.forget(authenticator_of(request))
    return see_other(desk.address("personen", f"{membership_id}?gedaan=einde"))


@post("/{region:str}/balie/personen/{membership_id:uuid}/einde/hervatten", opt=CLERK, include_in_schema=False)
async def resume_membership(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await resume(tx, desk.counter, membership_id)
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=terug"))


ROUTES: list[ControllerRouterHandler] = [
    show_search,
    find_people,
    show_registration,
    register_person,
    find_likely,
    show_person,
    set_social_tariff,
    write_last_day,
    end_membership,
    resume_membership,
]
