"""Two memberships of a region that are one person's: cards and households move to the one that stays."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.identity.person.merging import Moved, details_of, ids_of
from uit.passes.counter import Counter
from uit.passes.membership.ending import MembershipKey
from uit.passes.merging.merge_log import MembershipBefore

SQL = Statements(__name__)


class Pair(Struct, frozen=True):
    """The two memberships of one region, and whose they are."""

    region_id: int
    kept_id: UUID
    gone_id: UUID


class RegionPair(Struct, frozen=True):
    """The memberships of both persons in a region; `kept_id` is None where only the other is a member."""

    region_id: int
    kept_id: UUID | None
    gone_id: UUID


class RowKey(Struct, frozen=True):
    id: UUID


class HouseholdKey(Struct, frozen=True):
    """Somebody in a household, by when they came into it."""

    id: UUID
    starts_on: date


lock_pair = SQL.command("lock_pair")
memberships_of = SQL.many("memberships_of", MembershipKey)
read_before = SQL.one("read_before", MembershipBefore)
move_membership = SQL.command("move_membership")
move_cards = SQL.many("move_cards", RowKey)
move_cards_back = SQL.command("move_cards_back")
move_decisions = SQL.many("move_decisions", RowKey)
move_provisional = SQL.many("move_provisional", RowKey)
end_doubled_household = SQL.many("end_doubled_household", HouseholdKey)
move_households = SQL.many("move_households", HouseholdKey)
move_households_back = SQL.command("move_households_back")
resume_households = SQL.command("resume_households")
write_merged = SQL.command("write_merged")
widen_kept = SQL.command("widen_kept")
restore_gone = SQL.command("restore_gone")
restore_kept = SQL.command("restore_kept")
set_town = SQL.command("set_town")


async def read_pairs(tx: Executor, kept: UUID, gone: UUID) -> list[RegionPair]:
    """Where the one that goes is a member, in the order of regions; `kept` and `gone` are the persons."""
    stays = {each.region_id: each.id for each in await memberships_of(tx, kept)}
    found = await memberships_of(tx, gone)
    return [RegionPair(each.region_id, stays.get(each.region_id), each.id) for each in found]


async def move_member(tx: Executor, counter: Counter, pair: Pair) -> list[Moved]:
    """Cards go on working for the one that stays; where both are in a household, one of them leaves it."""
    key = pair.region_id, pair.gone_id, pair.kept_id
    cards = await move_cards(tx, *key)
    ended = await end_doubled_household(tx, *key, counter.today)
    households = await move_households(tx, *key, counter.today)
    return [
        *(Moved("card", each.id) for each in cards),
        *(Moved("decision", each.id) for each in await move_decisions(tx, *key, None)),
        *(Moved("provisional", each.id) for each in await move_provisional(tx, *key, None)),
        *(Moved("household_ended", each.id, each.starts_on.isoformat()) for each in ended),
        *(Moved("household", each.id, each.starts_on.isoformat()) for each in households),
    ]


async def move_member_back(tx: Executor, pair: Pair, things: Sequence[Moved]) -> None:
    key = pair.region_id, pair.kept_id, pair.gone_id
    await move_cards_back(tx, *key, ids_of("card", things))
    await move_decisions(tx, *key, ids_of("decision", things))
    await move_provisional(tx, *key, ids_of("provisional", things))
    await move_households_back(tx, *key, ids_of("household", things), details_of("household", things))
    ended = ids_of("household_ended", things), details_of("household_ended", things)
    await resume_households(tx, pair.region_id, pair.gone_id, *ended)
