"""Two desks: programmes, for who answers for the money, and the credit of one person, at the counter."""

from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.errors import AlreadyReversed, CannotReverse, TooLateToReverse
from credits.form import LABELS, AdmitForm, GrantForm, ProgrammeForm, TakeBackForm
from credits.grant import Gift, MemberPurse, give, read_member, read_offers, read_purses
from credits.ledger import Granted
from credits.programme import (
    Agreement,
    Opening,
    Organiser,
    Programme,
    admit,
    open_programme,
    read_legal_entity,
    read_organisers,
    read_programme,
    read_programmes,
)
from credits.reversal import Reversal, Reversed, reverse
from uit.ground.audit import Author
from uit.ground.clock import day_in_flanders
from uit.ground.errors import NotFound, Refusal, Refused
from uit.ground.form import Errors, squeeze
from uit.ground.house import House
from uit.ground.sql import Executor
from uit.ground.web.view import form_again, page, see_other
from uit.identity.entry import StaffRequest, author_here, region_here, roles_here, staff
from uit.passes.desk import COUNTER, Desk, Member, open_member, stand
from uit.passes.membership import Town, read_towns

OFFICER: Final = "programme_officer"
READERS: Final = (OFFICER, "financial_director", "auditor")
MOST_REASON: Final = 200
ALL: Final = "all"

OPENED: Final = {
    "open": "Het programma is open.",
    "toegelaten": "Toegelaten. Vanaf vandaag kan je er met dit krediet betalen.",
}
NOBODY_CHOSEN: Final = {"organiser": "Kies een organisator."}
DONE: Final = {"gegeven": "Het krediet is gegeven.", "terug": "Het krediet is teruggenomen."}


# Programmes


async def programme_page(
    template: str, request: StaffRequest, facts: dict[str, Any], status: int = 200
) -> Template:
    region, roles = await region_here(request), await roles_here(request)
    may_write = any(role.role == OFFICER for role in roles)
    return page(f"credits/{template}.html", status, region=region, may_write=may_write, **facts)


@get("/{region:str}/programmas", opt=staff(*READERS), include_in_schema=False)
async def show_programmes(request: StaffRequest, house: NamedDependency[House]) -> Template:
    region = await region_here(request)
    async with house.database.reading() as connection:
        programmes = await read_programmes(connection, region.id, None, day_in_flanders(house.clock.now()))
    return await programme_page("programmes", request, {"programmes": programmes})


@get("/{region:str}/programmas/nieuw", opt=staff(OFFICER), include_in_schema=False)
async def show_opening(request: StaffRequest, house: NamedDependency[House]) -> Template:
    region = await region_here(request)
    async with house.database.reading() as connection:
        towns = await read_towns(connection, region.id)
        entity = await read_legal_entity(connection, region.id)
    form = ProgrammeForm(house.ids.new(), funder=entity.name if entity else "")
    facts = opening_facts(form, towns, {}, first=entity is None)
    return await programme_page("opening", request, facts)


@post("/{region:str}/programmas/nieuw", opt=staff(OFFICER), include_in_schema=False)
async def open_one(
    request: StaffRequest, data: URLEncodedBody[ProgrammeForm], house: NamedDependency[House]
) -> Template | Redirect:
    region, author = await region_here(request), await author_here(request)
    async with house.database.transaction() as tx:
        towns, first = await read_towns(tx, region.id), await read_legal_entity(tx, region.id) is None
        opening = data.read(region.id, towns, first=first)
        if not isinstance(opening, Opening):
            facts = opening_facts(data, towns, opening, first=first)
            return await programme_page("opening", request, facts, 422)
        if await open_programme(tx, opening, author.ids, author.now):
            await author.note(
                tx, "programme.open", "programme", opening.id, budget_cents=opening.budget_cents
            )
    return see_other(f"/{region.slug}/programmas/{opening.id}?gedaan=open")


def opening_facts(form: ProgrammeForm, towns: list[Town], errors: Errors, *, first: bool) -> dict[str, Any]:
    """`first`: the region has no books yet, so the form asks whose they are."""
    return {"form": form, "labels": LABELS, "towns": choices(towns), "first": first, "errors": errors}


@get("/{region:str}/programmas/{programme_id:uuid}", opt=staff(*READERS), include_in_schema=False)
async def show_programme(
    request: StaffRequest,
    programme_id: FromPath[UUID],
    house: NamedDependency[House],
    gedaan: FromQuery[str] = "",
) -> Template:
    facts = await programme_facts(house, await author_here(request), programme_id)
    return await programme_page("programme", request, facts | {"flash": OPENED.get(gedaan)})


async def programme_facts(house: House, author: Author, programme_id: UUID) -> dict[str, Any]:
    async with house.database.reading() as connection:
        programme, organisers = await find_programme(connection, author, programme_id)
        towns = await read_towns(connection, author.region_id)
    return {
        "programme": programme,
        "admitted": [each for each in organisers if each.admitted_on],
        "others": [(each.id, each.name) for each in organisers if not each.admitted_on],
        "towns": dict(choices(towns)),
        "labels": LABELS,
        "refusal": None,
        "errors": {},
    }


@post(
    "/{region:str}/programmas/{programme_id:uuid}/organisatoren", opt=staff(OFFICER), include_in_schema=False
)
async def admit_organisers(
    request: StaffRequest,
    programme_id: FromPath[UUID],
    data: URLEncodedBody[AdmitForm],
    house: NamedDependency[House],
) -> Template | Redirect:
    region, author = await region_here(request), await author_here(request)
    async with house.database.transaction() as tx:
        _, organisers = await find_programme(tx, author, programme_id)
        wanted = [each.id for each in organisers if data.organiser in (ALL, str(each.id))]
        answer = await admit(tx, Agreement(region.id, programme_id, wanted, author.today), author.ids)
        if not isinstance(answer, Refusal):
            await author.note(tx, "programme.admit", "programme", programme_id, organisers=answer)
            return see_other(f"/{region.slug}/programmas/{programme_id}?gedaan=toegelaten")
    facts = await programme_facts(house, author, programme_id)
    if not wanted:
        return await programme_page("programme", request, facts | {"errors": NOBODY_CHOSEN}, 422)
    return await programme_page("programme", request, facts | {"refusal": answer}, answer.status)


def choices(towns: list[Town]) -> list[tuple[str, str]]:
    return [(town.refnis, town.name) for town in towns]


async def find_programme(
    tx: Executor, author: Author, programme_id: UUID
) -> tuple[Programme, list[Organiser]]:
    """A programme of this region; another region's does not exist here."""
    programme = await read_programme(tx, author.region_id, programme_id, author.today)
    if programme is None:
        raise Refused(NotFound())
    return programme, await read_organisers(tx, author.region_id, programme_id, author.today)


# The credit of one person, at the counter


@get(
    "/{region:str}/balie/personen/{membership_id:uuid}/krediet",
    opt=COUNTER,
    include_in_schema=False,
)
async def show_credit(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    house: NamedDependency[House],
    gedaan: FromQuery[str] = "",
) -> Template:
    desk = await stand(request)
    async with house.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "credit.read", "person", member.person.id)
        facts = await credit_facts(tx, house, desk, member)
    return page("credits/counter.html", **facts, flash=DONE.get(gedaan))


async def credit_facts(tx: Executor, house: House, desk: Desk, member: Member) -> dict[str, Any]:
    """What there is, what can be given, and fresh ids for what the forms of the page make."""
    rules = await read_member(tx, desk.region.id, member.membership.id)
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "member": member,
        "purses": await read_purses(tx, desk.region.id, member.membership.id),
        "offers": await read_offers(tx, desk.region.id, rules, desk.counter.now) if rules else [],
        "today": desk.counter.today,
        "new_id": house.ids.new,
    }


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/krediet",
    opt=COUNTER,
    include_in_schema=False,
)
async def give_credit(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[GrantForm],
    house: NamedDependency[House],
) -> Template | Redirect:
    desk = await stand(request)
    async with house.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        gift = Gift(desk.region.id, data.grant_id, data.programme_id, membership_id)
        answer = await give(tx, gift, house.ids, desk.counter.now)
        if isinstance(answer, Granted) and answer.new:
            await desk.counter.note(
                tx, "grant.give", "person", member.person.id, grant_id=str(gift.id), cents=answer.amount_cents
            )
    return await after(house, desk, member, answer, "gegeven")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/krediet/{grant_id:uuid}/terugnemen",
    opt=COUNTER,
    include_in_schema=False,
)
async def take_credit_back(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    grant_id: FromPath[UUID],
    data: URLEncodedBody[TakeBackForm],
    house: NamedDependency[House],
) -> Template | Redirect:
    desk = await stand(request)
    async with house.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        purses = await read_purses(tx, desk.region.id, membership_id)
        purse = next((each for each in purses if each.id == grant_id), None)
        if purse is None:
            raise Refused(NotFound())
        answer = await take_back(tx, desk, purse, data)
        if isinstance(answer, Reversed) and answer.new:
            await desk.counter.note(
                tx,
                "grant.reverse",
                "person",
                member.person.id,
                grant_id=str(grant_id),
                cents=answer.amount_cents,
            )
    return await after(house, desk, member, answer, "terug")


async def take_back(
    tx: Executor, desk: Desk, purse: MemberPurse, data: TakeBackForm
) -> Reversed | AlreadyReversed | CannotReverse | TooLateToReverse:
    """Undo a grant that was a mistake, on the day it was made. A repeat is answered the same."""
    given_on = day_in_flanders(purse.granted_at)
    if given_on != desk.counter.today:
        return TooLateToReverse(given_on)
    reason = squeeze(data.reason)[:MOST_REASON] or "Vergissing aan de balie"
    wanted = Reversal(desk.region.id, data.reversal_id, purse.id, reason, data.release_id)
    return await reverse(tx, wanted, desk.counter.now)


async def after(
    house: House, desk: Desk, member: Member, answer: Granted | Reversed | Refusal, done: str
) -> Template | Redirect:
    if not isinstance(answer, Refusal):
        return see_other(desk.address("personen", f"{member.membership.id}/krediet?gedaan={done}"))
    async with house.database.reading() as connection:
        facts = await credit_facts(connection, house, desk, member)
    return form_again("credits/counter.html", answer, **facts)


ROUTES: list[ControllerRouterHandler] = [
    show_programmes,
    show_opening,
    open_one,
    show_programme,
    admit_organisers,
    show_credit,
    give_credit,
    take_credit_back,
]
