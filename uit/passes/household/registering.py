"""A household is registered whole, in one transaction: all of its members or nobody.

Members are made, or taken as they are; parents may act for their children; passes and social tariffs are
given to each by their own right.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from msgspec import Struct, structs

from uit.core.errors import NotFound, Refusal
from uit.database.statements import Executor, Statements
from uit.identity.person.change import PersonDetails, write_details
from uit.identity.person.parental import Parental, give_parental
from uit.passes.card import card as cards
from uit.passes.counter import Counter
from uit.passes.membership.household import HouseholdMember, Role, read_household
from uit.passes.membership.membership import (
    Applicant,
    Membership,
    lock_membership,
    register,
)
from uit.passes.membership.social_tariff import Proof, allow_social_tariff

SQL = Statements(__name__)


class WantedMember(Struct, frozen=True):
    """Somebody for a household. `known_id`: the membership that they have, of which nothing changes."""

    role: Role
    applicant: Applicant
    details: PersonDetails
    known_id: UUID | None = None
    has_social_tariff: bool = False


class WantedHousehold(Struct, frozen=True):
    """`form_id` gives the ids of what is made, so that a form that is sent twice has one effect.

    `proof` is what the clerk saw of the family, `social` of the social tariff of whoever has it.
    """

    form_id: UUID
    household_id: UUID
    members: Sequence[WantedMember]
    proof: str
    social: Proof | None = None
    gives_passes: bool = True


class MemberRefused(Struct, frozen=True):
    """Why nobody was registered: the refusal of the member at this place in the form."""

    at: int
    refusal: Refusal


is_in_household = SQL.value("is_in_household", bool)
insert_member = SQL.command("insert_member")
end_member = SQL.command("end_member")


async def register_household(
    tx: Executor, counter: Counter, wanted: WantedHousehold
) -> MemberRefused | Sequence[HouseholdMember]:
    """Register all of a household, or nobody: then the answer says whom and why not."""
    savepoint = tx.transaction()
    await savepoint.start()
    answer = await _register(tx, counter, wanted)
    await (savepoint.rollback() if isinstance(answer, MemberRefused) else savepoint.commit())
    return answer


async def _register(
    tx: Executor, counter: Counter, wanted: WantedHousehold
) -> MemberRefused | Sequence[HouseholdMember]:
    joined: list[UUID] = []
    for at, each in enumerate(wanted.members):
        membership = await _membership(tx, counter, each)
        if isinstance(membership, Refusal):
            return MemberRefused(at, membership)
        joined.append(membership.id)
        await _join(tx, counter, wanted.household_id, membership, each.role)
        await _give(tx, counter, wanted, each, membership)
    members = await read_household(tx, counter.region_id, wanted.household_id, counter.today, None)
    await _give_parents(tx, counter, wanted, members, joined)
    return members


async def _join(
    tx: Executor, counter: Counter, household_id: UUID, membership: Membership, role: Role
) -> None:
    asked = counter.region_id, household_id, membership.id, counter.today
    if await is_in_household(tx, *asked):
        return
    await insert_member(tx, *asked, role)
    await counter.note(tx, "household.join", "person", membership.person_id, household=str(household_id))


async def _membership(tx: Executor, counter: Counter, each: WantedMember) -> Membership | Refusal:
    """The member as they are known, or made now with the details of the form."""
    if each.known_id:
        known = await lock_membership(tx, counter.region_id, each.known_id)
        return known if known and counter.sees(known.refnis) else NotFound()
    membership = await register(tx, counter, each.applicant)
    if isinstance(membership, Membership) and membership.person_id == each.details.id:
        await write_details(tx, *structs.astuple(each.details))
    return membership


async def _give(
    tx: Executor, counter: Counter, wanted: WantedHousehold, each: WantedMember, membership: Membership
) -> None:
    """A pass on paper where they have none, and the social tariff to who has the right."""
    if wanted.gives_passes:
        await cards.issue(tx, counter, membership.id, uuid5(wanted.form_id, f"card-{membership.id}"), "paper")
    if wanted.social and each.has_social_tariff:
        proof = structs.replace(wanted.social, id=uuid5(wanted.form_id, f"proof-{membership.id}"))
        await allow_social_tariff(tx, counter, membership, proof)


async def _give_parents(
    tx: Executor,
    counter: Counter,
    wanted: WantedHousehold,
    members: Sequence[HouseholdMember],
    joined: Sequence[UUID],
) -> None:
    """Let each parent act for each child, where one of the two is in the form."""
    pairs = [
        (parent, child)
        for parent in members
        for child in members
        if parent.role == "parent"
        and child.is_child
        and {parent.membership_id, child.membership_id} & {*joined}
    ]
    for parent, child in pairs:
        if child.born_on is None:
            continue
        given_id = uuid5(wanted.form_id, f"parental-{parent.person_id}-{child.person_id}")
        parental = Parental(given_id, child.person_id, parent.person_id, child.born_on, wanted.proof)
        await give_parental(tx, counter, parental)


async def leave_household(
    tx: Executor, counter: Counter, household_id: UUID, membership_id: UUID
) -> Membership | NotFound:
    """Somebody is in this household no more, from today. What parents may do for a child stays."""
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    if await end_member(tx, counter.region_id, household_id, membership_id, counter.today):
        household = str(household_id)
        await counter.note(tx, "household.leave", "person", membership.person_id, household=household)
    return membership
