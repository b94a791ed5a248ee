"""The counter of a region: find or register somebody, give and block and print passes, set the social tariff.

The search is a post, so that no name, number or token stands in an address, a history or a log.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, authenticator_of
from uit.passes.card import card as cards
from uit.passes.card.number import grouped
from uit.passes.card.paper import paper_of, print_paper
from uit.passes.details.form import address_kinds, languages, ways
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
from uit.passes.membership.unused import NOTICE
from uit.passes.registration import search
from uit.passes.registration.counter_desk import (
    CLERK,
    COUNTER,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.passes.registration.form import (
    EndForm,
    IssueForm,
    LastDayForm,
    RegisterForm,
    ReplaceForm,
    SearchForm,
    SocialForm,
    documents,
    first_social_form,
    person_labels,
    reasons,
    register_labels,
)
from uit.services.services import Services
from uit.web.form import read_id
from uit.web.view import see_other

KINDS: Final = ("digital", "paper")
MOST_TYPED: Final = 200


def notice_after(act: str) -> str | None:
    """What the page says after an act of this desk."""
    return {
        "lid": _("Ingeschreven. Geef nu een pas."),
        "pas": _("De pas is gemaakt."),
        "vervangen": _("De oude pas werkt niet meer. De nieuwe is gemaakt."),
        "geblokkeerd": _("De pas is geblokkeerd: niemand kan er nog iets mee."),
        "kansentarief": _("Het kansentarief is bewaard."),
        "dag": _("De laatste dag is bewaard."),
        "houden": _("Het lidmaatschap loopt door."),
        "gewijzigd": _("De wijziging is bewaard."),
        "einde": _("Het lidmaatschap is gestopt. De passen werken niet meer."),
        "wissen": _("Het lidmaatschap is gestopt. Binnen twee weken zijn de gegevens gewist."),
        "terug": _("Het lidmaatschap loopt weer. Geef een nieuwe pas."),
    }.get(act)


# Finding somebody


@get("/{region:str}/balie", opt=COUNTER, include_in_schema=False)
async def show_search(request: StaffRequest) -> Template:
    return (await counter_desk_here(request)).page("search", typed="", found=None)


@post("/{region:str}/balie", opt=COUNTER, include_in_schema=False)
async def find_people(
    request: StaffRequest, data: URLEncodedBody[SearchForm], services: NamedDependency[Services]
) -> Template | Redirect:
    """The page of the person when the search is exact; else a list of people whose details are closed."""
    desk = await counter_desk_here(request)
    typed = one_line(data.typed[:MOST_TYPED])
    async with services.database.transaction() as tx:
        hits = await search.find(tx, services.secrets, desk.counter, typed, mock=services.settings.is_example)
        if isinstance(hits, Refusal):
            return desk.form_again("search", hits, typed=typed, found=None)
        found = await search.read_hits(tx, desk.counter, hits.membership_ids)
        people = " ".join(str(each.person_id) for each in found)
        await desk.counter.note(tx, "person.search", "region", desk.region.id, by=hits.by, people=people)
    if hits.exact and len(found) == 1:
        return see_other(desk.address("personen", found[0].membership_id))
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


def register_facts(form: RegisterForm, towns: Sequence[Town]) -> dict[str, Any]:
    options = [(town.refnis, town.name) for town in towns]
    return {
        "form": form,
        "labels": register_labels(),
        "options": options,
        "errors": {},
        "namesakes": [],
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


def person_facts(services: Services, desk: CounterDesk, member: OpenMember) -> dict[str, Any]:
    """The facts for the page of a person, with new ids for its forms."""
    active = {card.kind for card in member.cards if card.is_active}
    return {
        "member": member,
        "is_active": member.membership.is_active(desk.counter.today),
        "addresses": address_kinds(),
        "languages": languages(),
        "ways": ways(),
        "missing": [kind for kind in KINDS if kind not in active],
        "new_id": services.ids.new,
        "grouped": grouped,
        "documents": list(documents().items()),
        "social": first_social_form(services.ids.new(), desk.counter.today),
        "labels": person_labels(),
        "last_day": member.membership.ends_on or "",
        "ends_unused_on": (member.membership.warned_on or desk.counter.today) + NOTICE,
        "reasons": list(reasons().items()),
        "why": "",
        "errors": {},
    }


async def person_again(
    services: Services, desk: CounterDesk, membership_id: UUID, refusal: Refusal
) -> Template:
    async with services.database.reading() as connection:
        member = await open_member(connection, desk, membership_id)
    return desk.form_again("person", refusal, **person_facts(services, desk, member))


# Their cards


@post("/{region:str}/balie/personen/{membership_id:uuid}/passen", opt=CLERK, include_in_schema=False)
async def issue_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[IssueForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    if data.kind not in KINDS:
        raise RefusalError(NotFound())
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.issue(tx, desk.counter, membership_id, data.card_id, data.kind)
    return await card_response(services, desk, membership_id, answer, "pas")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/passen/{card_id:uuid}/vervangen",
    opt=CLERK,
    include_in_schema=False,
)
async def replace_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    card_id: FromPath[UUID],
    data: URLEncodedBody[ReplaceForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.replace(tx, desk.counter, membership_id, card_id, data.new_card_id)
    return await card_response(services, desk, membership_id, answer, "vervangen")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/passen/{card_id:uuid}/blokkeren",
    opt=CLERK,
    include_in_schema=False,
)
async def block_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    card_id: FromPath[UUID],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.block(tx, desk.counter, membership_id, card_id)
    return await card_response(services, desk, membership_id, answer, "geblokkeerd")


async def card_response(
    services: Services, desk: CounterDesk, membership_id: UUID, answer: cards.Card | Refusal, done: str
) -> Template | Redirect:
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan={done}"))


@get("/{region:str}/balie/passen/{document:str}", opt=CLERK, include_in_schema=False)
async def print_card(
    request: StaffRequest, document: FromPath[str], services: NamedDependency[Services]
) -> Response[bytes]:
    """`<card id>.pdf`: an active card on paper."""
    desk = await counter_desk_here(request)
    card_id = read_document(document)
    async with services.database.transaction() as tx:
        card = await cards.read_card(tx, desk.region.id, card_id) if card_id else None
        if card is None or not card.is_active or card.kind != "paper":
            raise RefusalError(NotFound())
        member = await open_member(tx, desk, card.membership_id)
        await desk.counter.note(tx, "card.print", "card", card.id)
    paper = paper_of(card, member.person, desk.region, services.secrets.signing)
    headers = {"Content-Disposition": 'inline; filename="pas.pdf"'}
    return Response(await print_paper(paper, card.issued_at), media_type="application/pdf", headers=headers)


def read_document(name: str) -> UUID | None:
    stem, _, ending = name.partition(".")
    return read_id(stem) if ending == "pdf" else None


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
    show_person,
    issue_card,
    replace_card,
    block_card,
    print_card,
    set_social_tariff,
    write_last_day,
    end_membership,
    resume_membership,
]
