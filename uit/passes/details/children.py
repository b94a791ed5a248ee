"""The children of a household who live where a parent lives, and move along when a clerk says so."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct, structs

from uit.core.age import OF_AGE, age_on
from uit.database.statements import Executor
from uit.identity.person.change import PersonDetails, home_of, read_details_of
from uit.passes.counter import Counter
from uit.passes.details.details import save
from uit.passes.membership.household import read_households_of
from uit.passes.membership.membership import read_membership

ADDRESS: Final = ("address_kind", "street", "house_number", "postcode", "place", "refnis")


class ChildAtHome(Struct, frozen=True):
    membership_id: UUID
    details: PersonDetails


async def children_at_home(
    tx: Executor, counter: Counter, membership_id: UUID, parent: PersonDetails
) -> list[ChildAtHome]:
    """Children below 18 of the households of a member, at the same home; nobody who is protected."""
    if parent.street is None or parent.address_kind != "home":
        return []
    members = await read_households_of(tx, counter.region_id, membership_id, counter.today, counter.towns)
    is_adult = any(each.membership_id == membership_id and not each.is_child for each in members)
    children = {
        each.person_id: each.membership_id
        for each in members
        if is_adult
        and each.is_child
        and not each.is_protected
        and each.born_on is not None
        and age_on(each.born_on, counter.today) < OF_AGE
    }
    found = await read_details_of(tx, list(children))
    return [
        ChildAtHome(children[each.id], each)
        for each in found
        if each.address_kind == "home" and home_of(each) == home_of(parent)
    ]


async def move_along(
    tx: Executor, counter: Counter, change_id: UUID, children: Sequence[ChildAtHome], parent: PersonDetails
) -> None:
    """Give children the home of their parent, each with its own history; a repeat changes nothing."""
    if parent.address_kind != "home":
        return
    address = {name: getattr(parent, name) for name in ADDRESS}
    for each in children:
        membership = await read_membership(tx, counter.region_id, each.membership_id)
        if membership:
            wanted = structs.replace(each.details, **address)
            await save(tx, counter, membership, uuid5(change_id, str(each.details.id)), wanted)
