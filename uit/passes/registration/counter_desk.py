"""The counter desk of a request, and the member whose page is open at it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct, structs

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here, roles_here, staff
from uit.identity.message.letter import WaitingMessage, is_doubted, read_waiting
from uit.identity.person.change import PersonDetails, read_details
from uit.identity.person.person import Person, is_protected, read_person
from uit.passes.card import card as cards
from uit.passes.counter import Counter
from uit.passes.membership.household import HouseholdMember, read_households_of, seen_by
from uit.passes.membership.membership import Membership, read_membership, read_town
from uit.passes.merging.merge_log import KnownMerge, read_merges_of
from uit.services.region import Region
from uit.web.view import Page, form_again, page

# It also admits staff of one municipality: `Counter.towns` limits the members whom they see.
CLERK: Final = staff("clerk", within_town=True)


class CounterDesk(Struct, frozen=True):
    """The counter of a region. `may_issue`: the member of staff may register people and give passes."""

    region: Region
    counter: Counter
    may_issue: bool

    def address(self, *parts: object) -> str:
        return "/".join(["", self.region.slug, "balie", *map(str, parts)])

    def page(self, template: str, status: int = 200, **facts: object) -> Page:
        return page(
            f"passes/registration/{template}.html",
            status,
            region=self.region,
            may_issue=self.may_issue,
            **facts,
        )

    def form_again(self, template: str, refusal: Refusal, **facts: object) -> Page:
        facts |= {"region": self.region, "may_issue": self.may_issue}
        return form_again(f"passes/registration/{template}.html", refusal, **facts)


class OpenMember(Struct, frozen=True):
    """The member whose page is open at the counter."""

    membership: Membership
    person: Person
    details: PersonDetails
    is_protected: bool
    is_address_doubted: bool
    waiting: Sequence[WaitingMessage]
    town: str | None
    cards: Sequence[cards.Card]
    households: Sequence[HouseholdMember]
    merges: Sequence[KnownMerge]


async def counter_desk_here(request: StaffRequest) -> CounterDesk:
    """The desk of a request. With roles for municipalities only, it sees the members who live there."""
    author, roles = await author_here(request), await roles_here(request)
    towns = tuple(role.refnis for role in roles if role.refnis is not None)
    everywhere = any(role.refnis is None for role in roles)
    names = {role.role for role in roles}
    counter = Counter(**structs.asdict(author), towns=None if everywhere else towns)
    return CounterDesk(await region_here(request), counter, "clerk" in names)


async def open_member(tx: Executor, desk: CounterDesk, membership_id: UUID) -> OpenMember:
    """A member whom this desk may see. Raises NotFound for a member of another region or municipality."""
    membership = await read_membership(tx, desk.region.id, membership_id)
    if membership is None or not desk.counter.sees(membership.refnis):
        raise RefusalError(NotFound())
    person = await read_person(tx, membership.person_id)
    details = await read_details(tx, membership.person_id)
    assert person is not None
    assert details is not None
    is_hidden = await is_protected(tx, person.id)
    doubted, waiting = await is_doubted(tx, person.id), await read_waiting(tx, desk.region.id, person.id)
    town = await read_town(tx, membership.refnis or person.refnis)
    held = await cards.cards_of(tx, desk.region.id, membership_id)
    asked = desk.region.id, membership_id, desk.counter.today, desk.counter.towns
    family = seen_by(membership_id, await read_households_of(tx, *asked))
    merges = await read_merges_of(tx, desk.region.id, membership_id, desk.counter.now)
    return OpenMember(membership, person, details, is_hidden, doubted, waiting, town, held, family, merges)
