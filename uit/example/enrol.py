"""The regions of the example with their programmes, members and staff."""

from asyncio import gather
from collections.abc import Iterable
from uuid import UUID

import msgspec

from credits.errors import NotEntitled
from credits.programme import programme
from credits.programme.grant import GrantRequest, grant_credit
from credits.programme.programme import Agreement, Opening
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.example.people import CLERK, EVERYBODY, RESIDENTS, Inhabitant
from uit.example.town import TOWNS, ExampleTown, Scheme, stable_id
from uit.identity.authorisation.authorisation import Authorisation, enter
from uit.identity.person.person import Person
from uit.identity.staff import staff
from uit.identity.visitor import Role
from uit.passes.card.card import Card, issue
from uit.passes.counter import Counter
from uit.passes.membership.membership import (
    Applicant,
    Membership,
    register,
)
from uit.passes.membership.social_tariff import Proof, allow_social_tariff, usual_social_end
from uit.services.audit import Author
from uit.services.region import add_municipalities, add_region
from uit.services.services import Services


def programme_id(town: ExampleTown, scheme: Scheme) -> UUID:
    return stable_id("programme", town.slug, scheme.name)


def membership_id(town: ExampleTown, resident: Inhabitant) -> UUID:
    return stable_id("membership", town.slug, resident.email)


async def create_regions(services: Services) -> None:
    async with services.database.transaction() as tx:
        for town in TOWNS:
            await add_region(tx, town.region_id, town.slug, town.name, town.help_phone, town.help_text)
            await add_municipalities(tx, town.region_id, town.refnis)
            await enter(tx, author_in(services, town), authorisation_of(services, town))
            for scheme in town.schemes:
                await programme.open_programme(tx, opening(town, scheme), services.ids, services.clock.now())


def author_in(services: Services, town: ExampleTown) -> Author:
    return Author(town.region_id, "system", "example", services.clock.now(), services.ids)


def authorisation_of(services: Services, town: ExampleTown) -> Authorisation:
    """By which the counters of the example ask the number of the national register; numbers are mock ones."""
    made = stable_id("authorisation", town.slug)
    purposes, categories = "Nagaan of iemand al lid is", "Wie een UiTPAS vraagt"
    today = day_in_flanders(services.clock.now())
    return Authorisation(made, "Voorbeeld 1", purposes, categories, today, None)


def opening(town: ExampleTown, scheme: Scheme) -> Opening:
    return Opening(
        region_id=town.region_id,
        id=programme_id(town, scheme),
        name=scheme.name,
        funder=town.funder,
        budget_cents=scheme.budget_cents,
        rules=scheme.rules,
        enterprise_number=town.enterprise_number,
    )


async def admit_organisers(services: Services, town: ExampleTown, organisers: Iterable[UUID]) -> None:
    """Admit these organisers to every programme of their region, from the day on which it was opened."""
    admitted = list(organisers)
    async with services.database.transaction() as tx:
        today = day_in_flanders(services.clock.now())
        for opened in await programme.read_programmes(tx, town.region_id, None, today):
            agreement = Agreement(town.region_id, opened.id, admitted, day_in_flanders(opened.opened_at))
            await programme.admit(tx, agreement, services.ids)


async def register_residents(services: Services) -> None:
    """Register all residents as members, with a digital pass and the credit of the programmes."""
    await gather(*(register_residents_of(services, town) for town in TOWNS))


async def register_residents_of(services: Services, town: ExampleTown) -> None:
    async with services.database.transaction() as tx:
        counter = Counter(town.region_id, "system", "example", services.clock.now(), services.ids)
        for resident in RESIDENTS[town.slug]:
            member = await register_resident(tx, counter, town, resident)
            card = await issue(tx, counter, member.id, stable_id("card", resident.email), "digital")
            assert isinstance(card, Card), card
            await grant_all(tx, counter, town, resident, member)


async def register_resident(
    tx: Executor, counter: Counter, town: ExampleTown, resident: Inhabitant
) -> Membership:
    person = Person(
        id=resident.person_id,
        given_name=resident.given_name,
        family_name=resident.family_name,
        born_on=resident.born_on,
        email=resident.email,
        phone=resident.phone,
        refnis=resident.refnis,
    )
    member = await register(tx, counter, Applicant(membership_id(town, resident), person, has_consent=True))
    assert isinstance(member, Membership), member
    if resident.social:
        await allow_social_tariff(tx, counter, member, proof(counter, resident))
    return member


def proof(counter: Counter, resident: Inhabitant) -> Proof:
    return Proof(
        id=stable_id("proof", resident.email),
        officer_id=CLERK.staff_id,
        document_kind="ocmw",
        reference="voorbeelddossier 2026-1",
        until=usual_social_end(counter.today),
    )


async def grant_all(
    tx: Executor, counter: Counter, town: ExampleTown, resident: Inhabitant, member: Membership
) -> None:
    theirs = resident.schemes
    for scheme in [each for each in town.schemes if theirs is None or each.name in theirs]:
        wanted = GrantRequest(
            town.region_id,
            stable_id("grant", scheme.name, member.id.hex),
            programme_id(town, scheme),
            member.id,
        )
        given = await grant_credit(tx, wanted, counter.ids, counter.now)
        assert isinstance(given, NotEntitled) or not isinstance(given, Refusal), given


async def add_staff_members(services: Services) -> None:
    """Add the staff of the example without roles, which need the organisers."""
    async with services.database.transaction() as tx:
        for each in EVERYBODY:
            await staff.add_staff(tx, each.staff_id, each.name, each.email, services.clock.now())


async def give_roles(services: Services, organisers: dict[str, UUID]) -> None:
    """Give the staff their roles; `organisers` are ids by name."""
    async with services.database.transaction() as tx:
        for each in EVERYBODY:
            organiser_id = organisers[each.organiser] if each.organiser else None
            partner_id = stable_id("partner", each.partner) if each.partner else None
            role = Role(each.role, each.region_id, organiser_id, each.refnis, partner_id)
            row = {"id": services.ids.new(), **msgspec.structs.asdict(role)}
            rows = msgspec.json.encode([row]).decode()
            await staff.give_roles(tx, each.staff_id, rows, services.clock.now())
