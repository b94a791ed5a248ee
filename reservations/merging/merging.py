"""Two members who are one person are made one, in one transaction; for thirty days it goes back exactly.

Whoever stays keeps their ids. What the other had goes along: cards, purses with what they hold, bookings,
households, who helps whom, national numbers. See docs/decisions/0045-merging-moving-dying.md.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from credits.wallet.merging import lock_both, move_purses
from reservations.merging.bookings import move_bookings
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound
from uit.database.statements import Executor
from uit.identity.person import merging as persons
from uit.identity.person.change import PersonDetails, change, read_details
from uit.identity.person.merging import Moved, PersonState, moved, read_state
from uit.identity.sign_in import session, token
from uit.passes.counter import Counter
from uit.passes.errors import CannotMerge
from uit.passes.membership.ending import EndedMembership
from uit.passes.membership.membership import Membership, read_membership
from uit.passes.merging import members
from uit.passes.merging.members import Pair, RegionPair
from uit.passes.merging.merge_log import (
    UNDO_FOR,
    Before,
    PersonsBefore,
    insert_merge,
    is_logged,
    log_moved,
)

PARTS: Final = {
    "name": ("given_name", "family_name"),
    "born_on": ("born_on",),
    "email": ("email",),
    "phone": ("phone",),
    "language": ("language",),
    "address": ("address_kind", "street", "house_number", "postcode", "place", "refnis"),
    "reached_by": ("reached_by",),
}
"""What is chosen of two persons, each with the fields that go together."""


class WantedMerge(Struct, frozen=True):
    """`id` is of the form; `taken`: the parts of which the one that goes is right."""

    id: UUID
    kept_id: UUID
    gone_id: UUID
    taken: frozenset[str] = frozenset()


class Both(Struct, frozen=True):
    """The two persons, locked, and where the one that goes is a member."""

    kept: PersonDetails
    gone: PersonDetails
    kept_state: PersonState
    gone_state: PersonState
    pairs: Sequence[RegionPair]


async def merge(
    tx: Executor, counter: Counter, wanted: WantedMerge
) -> EndedMembership | NotFound | CannotMerge:
    """Make two members one; sent again under the same id it does nothing more.

    Returns what the one that goes was signed in by. Refused: NotFound, CannotMerge.
    """
    region_id = counter.region_id
    await members.lock_pair(tx, region_id, [wanted.kept_id, wanted.gone_id])
    kept = await read_membership(tx, region_id, wanted.kept_id)
    gone = await read_membership(tx, region_id, wanted.gone_id)
    if kept is None or gone is None or kept.id == gone.id:
        return NotFound()
    pairs = await members.read_pairs(tx, kept.person_id, gone.person_id)
    await lock_elsewhere(tx, region_id, pairs)
    await persons.lock_persons(tx, [kept.person_id, gone.person_id])
    both = await read_both(tx, kept.person_id, gone.person_id, pairs)
    if await is_logged(tx, region_id, wanted.id):
        return EndedMembership()
    if refusal := await why_not(tx, kept, gone, both):
        return refusal
    after = chosen(both.kept, both.gone, wanted.taken)
    await write_log(tx, counter, wanted.id, both, persons_before(both, after))
    await write_details(tx, counter, wanted, both, after)
    await move_all(tx, counter, wanted, both)
    return await end_gone(tx, counter, both)


async def lock_elsewhere(tx: Executor, led_by: int, pairs: Sequence[RegionPair]) -> None:
    for each in pairs:
        if each.region_id != led_by:
            ids = [each.gone_id, *([each.kept_id] if each.kept_id else [])]
            await members.lock_pair(tx, each.region_id, ids)


async def read_both(tx: Executor, kept: UUID, gone: UUID, pairs: Sequence[RegionPair]) -> Both:
    stays, goes = await read_details(tx, kept), await read_details(tx, gone)
    assert stays is not None
    assert goes is not None
    return Both(stays, goes, await read_state(tx, kept), await read_state(tx, gone), pairs)


async def why_not(tx: Executor, kept: Membership, gone: Membership, both: Both) -> CannotMerge | None:
    states = both.kept_state, both.gone_state
    if any(each.is_protected for each in states):
        return CannotMerge("protected")
    if any(each.has_died for each in states):
        return CannotMerge("died")
    if kept.status == "ended" or any(each.is_merged for each in states) or gone.is_merged:
        return CannotMerge("over")
    acts = await persons.acts_for_other(tx, kept.person_id, gone.person_id)
    return CannotMerge("acts") if acts else None


def chosen(kept: PersonDetails, gone: PersonDetails, taken: frozenset[str]) -> PersonDetails:
    """Who stays, with the parts that were chosen; never a way to be reached that is not there."""
    fields = {name: getattr(gone, name) for part in taken for name in PARTS[part]}
    after = replace(kept, **fields)
    has = {"email": after.email, "sms": after.phone, "letter": after.street}
    reached = after.reached_by
    return after if has.get(reached or "", "counter") else replace(after, reached_by="counter")


def persons_before(both: Both, after: PersonDetails) -> PersonsBefore:
    return PersonsBefore(
        both.kept, after, both.gone.email, both.gone_state.ended_at, both.gone_state.erase_on
    )


async def write_log(
    tx: Executor, counter: Counter, merge_id: UUID, both: Both, before: PersonsBefore
) -> None:
    """A row for each region where both are members."""
    for each in both.pairs:
        if each.kept_id is None:
            continue
        was = await members.read_before(tx, each.region_id, each.kept_id, each.gone_id)
        is_led_here = each.region_id == counter.region_id
        row = Before(was, before if is_led_here else None)
        await insert_merge(
            tx, each.region_id, merge_id, counter.region_id, each.kept_id, each.gone_id, both.kept.id,
            both.gone.id, counter.now, counter.now + UNDO_FOR, msgspec.json.encode(row).decode(),
        )  # fmt: skip


def own_change(merge_id: UUID) -> UUID:
    """Under which id the history says that the one that goes gave its address up."""
    return uuid5(merge_id, "gone")


async def write_details(
    tx: Executor, counter: Counter, wanted: WantedMerge, both: Both, after: PersonDetails
) -> None:
    """What was chosen, with its history. Who has an address that nobody keeps is told so there."""
    if both.gone.email and after.email != both.gone.email:
        await change(tx, counter, own_change(wanted.id), replace(both.gone, email=None))
    else:
        await persons.clear_email(tx, both.gone.id)
    # An address that one of the two had before.
    answer = await change(tx, counter, wanted.id, after, has_consent=True)
    assert isinstance(answer, PersonDetails)


async def move_all(tx: Executor, counter: Counter, wanted: WantedMerge, both: Both) -> None:
    kept, gone, merge_id = both.kept.id, both.gone.id, wanted.id
    things = await persons.move_person(tx, gone, kept, own_change(merge_id))
    await log_moved(tx, counter.region_id, merge_id, things)
    erase_on = day_in_flanders(counter.now + UNDO_FOR)
    for each in both.pairs:
        here = replace(counter, region_id=each.region_id)
        foreign = await persons.move_foreign_ids(tx, each.region_id, None, gone, kept)
        known = [Moved("foreign_id", gone, f"{each.region_id} {one}") for one in foreign]
        await log_moved(tx, counter.region_id, merge_id, known)
        if each.kept_id is None:
            await members.move_membership(tx, each.region_id, each.gone_id, kept)
            given = await persons.move_in_region(tx, each.region_id, gone, kept)
            rows = [Moved(one.what, one.id, str(each.region_id)) for one in given]
            rows.append(Moved("membership", each.gone_id, str(each.region_id)))
            await log_moved(tx, counter.region_id, merge_id, rows)
        else:
            pair = Pair(each.region_id, each.kept_id, each.gone_id)
            rows = await move_in_region(tx, here, pair, both, erase_on)
            await log_moved(tx, each.region_id, merge_id, rows)
        if each.kept_id == wanted.kept_id and "address" in wanted.taken and both.gone.refnis:
            await members.set_town(tx, each.region_id, wanted.kept_id, both.gone.refnis)
        await here.note(tx, "person.merge", "person", kept, gone=str(gone))


async def move_in_region(
    tx: Executor, counter: Counter, pair: Pair, both: Both, erase_on: date
) -> list[Moved]:
    """What both have in one region. What both were granted for one period stays where it is."""
    key = pair.region_id, pair.kept_id, pair.gone_id
    await lock_both(tx, *key)
    purses = await move_purses(tx, pair.region_id, pair.gone_id, pair.kept_id)
    things = [
        *moved("purse", purses),
        *await persons.move_in_region(tx, pair.region_id, both.gone.id, both.kept.id),
        *await move_bookings(tx, pair, both.gone.id, both.kept.id),
        *await members.move_member(tx, counter, pair),
    ]
    await members.widen_kept(tx, *key)
    await members.write_merged(tx, pair.region_id, pair.gone_id, counter.today, erase_on)
    return things


async def end_gone(tx: Executor, counter: Counter, both: Both) -> EndedMembership:
    gone, erase_on = both.gone.id, day_in_flanders(counter.now + UNDO_FOR)
    await persons.end_new_emails(tx, gone, counter.now)
    await persons.end_merged(tx, gone, both.kept.id, counter.now, erase_on)
    return EndedMembership(
        await session.end_all_of_person(tx, gone, counter.now),
        await token.revoke_all(tx, gone, counter.now),
    )
