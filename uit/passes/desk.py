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
from msgspec import Struct, structs

from uit.ground.errors import NotFound, Refusal, Refused
from uit.ground.form import read_id, squeeze
from uit.ground.house import House
from uit.ground.region import Region
from uit.ground.sql import Executor
from uit.ground.web.view import form_again, page, see_other
from uit.identity.entry import StaffRequest, author_here, region_here, roles_here, staff
from uit.identity.person import Person, read_person
from uit.passes import card as cards
from uit.passes import search
from uit.passes.counter import Counter
from uit.passes.errors import Duplicate
from uit.passes.form import (
    DOCUMENTS,
    REGISTER_LABELS,
    SOCIAL_LABELS,
    IssueForm,
    RegisterForm,
    ReplaceForm,
    SearchForm,
    SocialForm,
    first_social_form,
)
from uit.passes.membership import (
    Applicant,
    Membership,
    Proof,
    Town,
    allow_social_tariff,
    read_membership,
    read_town,
    read_towns,
    register,
)
from uit.passes.number import grouped
from uit.passes.paper import paper_of, print_paper

# Both doors let in who works for one municipality: `stand` says which, and everything here keeps to it.
COUNTER: Final = staff("clerk", "social_worker", within_town=True)
CLERK: Final = staff("clerk", within_town=True)
KINDS: Final = ("digital", "paper")
MOST_TYPED: Final = 200

DONE: Final = {
    "lid": "Ingeschreven. Geef nu een pas.",
    "pas": "De pas is gemaakt.",
    "vervangen": "De oude pas werkt niet meer. De nieuwe is gemaakt.",
    "geblokkeerd": "De pas is geblokkeerd: niemand kan er nog iets mee.",
    "kansentarief": "Het kansentarief is bewaard.",
}


class Desk(Struct, frozen=True):
    """The counter of a region, and whether who stands at it may register people and give passes."""

    region: Region
    counter: Counter
    may_issue: bool

    def address(self, *parts: object) -> str:
        return "/".join(["", self.region.slug, "balie", *map(str, parts)])

    def page(self, template: str, status: int = 200, **facts: object) -> Template:
        return page(f"passes/{template}.html", status, region=self.region, may_issue=self.may_issue, **facts)

    def again(self, template: str, refusal: Refusal, **facts: object) -> Template:
        facts |= {"region": self.region, "may_issue": self.may_issue}
        return form_again(f"passes/{template}.html", refusal, **facts)


class Member(Struct, frozen=True):
    """Somebody whose page is open at the counter."""

    membership: Membership
    person: Person
    town: str | None
    cards: Sequence[cards.Card]


async def stand(request: StaffRequest) -> Desk:
    """Who has the role that the route asks for some municipalities only, sees the members who live there."""
    author, roles = await author_here(request), await roles_here(request)
    towns = tuple(role.refnis for role in roles if role.refnis is not None)
    everywhere = any(role.refnis is None for role in roles)
    counter = Counter(**structs.asdict(author), towns=None if everywhere else towns)
    return Desk(await region_here(request), counter, any(role.role == "clerk" for role in roles))


# Finding somebody


@get("/{region:str}/balie", opt=COUNTER, include_in_schema=False)
async def show_search(request: StaffRequest) -> Template:
    return (await stand(request)).page("search", typed="", found=None)


@post("/{region:str}/balie", opt=COUNTER, include_in_schema=False)
async def find_people(
    request: StaffRequest, data: URLEncodedBody[SearchForm], house: NamedDependency[House]
) -> Template | Redirect:
    """One certain person: their page. Else the people it may be, each as a card that lies face down."""
    desk = await stand(request)
    typed = squeeze(data.typed[:MOST_TYPED])
    async with house.database.transaction() as tx:
        hits = await search.find(tx, house.secrets, desk.counter, typed, mock=house.settings.is_example)
        if isinstance(hits, Refusal):
            return desk.again("search", hits, typed=typed, found=None)
        found = await search.show(tx, desk.counter, hits.membership_ids)
        people = " ".join(str(each.person_id) for each in found)
        await desk.counter.note(tx, "person.search", "region", desk.region.id, by=hits.by, people=people)
    if hits.exact and len(found) == 1:
        return see_other(desk.address("personen", found[0].membership_id))
    more = len(hits.membership_ids) >= search.MOST_SHOWN
    return desk.page("search", typed=typed, found=found, more=more, grouped=grouped)


# Registering somebody


@get("/{region:str}/balie/nieuw", opt=CLERK, include_in_schema=False)
async def show_registration(request: StaffRequest, house: NamedDependency[House]) -> Template:
    desk = await stand(request)
    async with house.database.reading() as connection:
        towns = await towns_of(connection, desk)
    form = RegisterForm(house.ids.new(), house.ids.new(), refnis=towns[0].refnis if len(towns) == 1 else "")
    return desk.page("register", **register_facts(form, towns))


@post("/{region:str}/balie/nieuw", opt=CLERK, include_in_schema=False)
async def register_person(
    request: StaffRequest, data: URLEncodedBody[RegisterForm], house: NamedDependency[House]
) -> Template | Redirect:
    desk = await stand(request)
    async with house.database.transaction() as tx:
        towns = await towns_of(tx, desk)
        applicant = data.read(towns, desk.counter.today, house.secrets, mock=house.settings.is_example)
        facts = register_facts(data, towns)
        if not isinstance(applicant, Applicant):
            return desk.page("register", 422, **facts | {"errors": applicant})
        answer = await register(tx, desk.counter, applicant)
        if isinstance(answer, Duplicate):
            facts["namesakes"] = await search.show(tx, desk.counter, answer.membership_ids)
    if isinstance(answer, Refusal):
        return desk.again("register", answer, **facts)
    return see_other(desk.address("personen", f"{answer.id}?gedaan=lid"))


def register_facts(form: RegisterForm, towns: Sequence[Town]) -> dict[str, Any]:
    options = [(town.refnis, town.name) for town in towns]
    return {
        "form": form,
        "labels": REGISTER_LABELS,
        "options": options,
        "errors": {},
        "namesakes": [],
        "grouped": grouped,
    }


async def towns_of(tx: Executor, desk: Desk) -> list[Town]:
    """The municipalities of the region; for who works for one of them, that one."""
    towns = await read_towns(tx, desk.region.id)
    return [town for town in towns if desk.counter.sees(town.refnis)]


# One person


@get("/{region:str}/balie/personen/{membership_id:uuid}", opt=COUNTER, include_in_schema=False)
async def show_person(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    house: NamedDependency[House],
    gedaan: FromQuery[str] = "",
) -> Template:
    """What was just done is told, but not to do what is done by now."""
    desk = await stand(request)
    async with house.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "person.read", "person", member.person.id)
    told = None if gedaan == "lid" and member.cards else DONE.get(gedaan)
    return desk.page("person", **person_facts(house, desk, member), flash=told)


async def open_member(tx: Executor, desk: Desk, membership_id: UUID) -> Member:
    """A member whom this desk may see. Of another region, or another town, nobody exists here."""
    membership = await read_membership(tx, desk.region.id, membership_id)
    if membership is None or not desk.counter.sees(membership.refnis):
        raise Refused(NotFound())
    person = await read_person(tx, membership.person_id)
    assert person is not None
    town = await read_town(tx, membership.refnis or person.refnis)
    return Member(membership, person, town, await cards.cards_of(tx, desk.region.id, membership_id))


def person_facts(house: House, desk: Desk, member: Member) -> dict[str, Any]:
    """What the page of a person needs, with fresh ids for what its forms may make."""
    active = {card.kind for card in member.cards if card.is_active}
    return {
        "member": member,
        "is_active": member.membership.is_active(desk.counter.today),
        "missing": [kind for kind in KINDS if kind not in active],
        "new_id": house.ids.new,
        "grouped": grouped,
        "documents": list(DOCUMENTS.items()),
        "social": first_social_form(house.ids.new(), desk.counter.today),
        "labels": SOCIAL_LABELS,
        "errors": {},
    }


async def person_again(house: House, desk: Desk, membership_id: UUID, refusal: Refusal) -> Template:
    async with house.database.reading() as connection:
        member = await open_member(connection, desk, membership_id)
    return desk.again("person", refusal, **person_facts(house, desk, member))


# Their cards


@post("/{region:str}/balie/personen/{membership_id:uuid}/passen", opt=CLERK, include_in_schema=False)
async def issue_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[IssueForm],
    house: NamedDependency[House],
) -> Template | Redirect:
    desk = await stand(request)
    if data.kind not in KINDS:
        raise Refused(NotFound())
    async with house.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.issue(tx, desk.counter, membership_id, data.card_id, data.kind)
    return await after(house, desk, membership_id, answer, "pas")


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
    house: NamedDependency[House],
) -> Template | Redirect:
    desk = await stand(request)
    async with house.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.replace(tx, desk.counter, membership_id, card_id, data.new_card_id)
    return await after(house, desk, membership_id, answer, "vervangen")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/passen/{card_id:uuid}/blokkeren",
    opt=CLERK,
    include_in_schema=False,
)
async def block_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    card_id: FromPath[UUID],
    house: NamedDependency[House],
) -> Template | Redirect:
    desk = await stand(request)
    async with house.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.block(tx, desk.counter, membership_id, card_id)
    return await after(house, desk, membership_id, answer, "geblokkeerd")


async def after(
    house: House, desk: Desk, membership_id: UUID, answer: cards.Card | Refusal, done: str
) -> Template | Redirect:
    if isinstance(answer, Refusal):
        return await person_again(house, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan={done}"))


@get("/{region:str}/balie/passen/{document:str}", opt=CLERK, include_in_schema=False)
async def print_card(
    request: StaffRequest, document: FromPath[str], house: NamedDependency[House]
) -> Response[bytes]:
    """`<card id>.pdf`: an active card on paper."""
    desk = await stand(request)
    card_id = read_document(document)
    async with house.database.transaction() as tx:
        card = await cards.read_card(tx, desk.region.id, card_id) if card_id else None
        if card is None or not card.is_active or card.kind != "paper":
            raise Refused(NotFound())
        member = await open_member(tx, desk, card.membership_id)
        await desk.counter.note(tx, "card.print", "card", card.id)
    paper = paper_of(card, member.person, desk.region, house.secrets.signing)
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
    house: NamedDependency[House],
) -> Template | Redirect:
    desk = await stand(request)
    async with house.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        proof = data.read(request.user.staff_id, desk.counter.today)
        if isinstance(proof, Proof):
            await allow_social_tariff(tx, desk.counter, member.membership, proof)
            return see_other(desk.address("personen", f"{membership_id}?gedaan=kansentarief"))
    return desk.page("person", 422, **person_facts(house, desk, member) | {"social": data, "errors": proof})


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
]
