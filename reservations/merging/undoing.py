"""A merge that was a mistake is undone: what moved goes back exactly, and what was changed since stays.

What came since to the one that stayed, such as a new booking or a new pass, stays theirs.
"""

from uuid import UUID

import msgspec
from msgspec.structs import replace

from credits.wallet.merging import is_spent_since, lock_both, move_purses_back
from reservations.merging.bookings import move_bookings_back
from uit.core.errors import NotFound
from uit.database.statements import Executor
from uit.identity.person import merging as persons
from uit.identity.person.change import PersonDetails, change, read_details
from uit.identity.person.merging import details_of, ids_of
from uit.identity.person.person import has_email
from uit.passes.counter import Counter
from uit.passes.errors import MergeStands
from uit.passes.membership.membership import read_membership
from uit.passes.merging import members
from uit.passes.merging.members import Pair
from uit.passes.merging.merge_log import (
    Before,
    Merge,
    PersonsBefore,
    lock_merge,
    mark_undone,
    read_moved,
    read_regions,
    was_merged_since,
)


async def undo(
    tx: Executor, counter: Counter, merge_id: UUID, opened_id: UUID, undo_id: UUID
) -> Merge | NotFound | MergeStands:
    """Take a merge back, in every region of it. `undo_id` is of the form, `opened_id` of the open membership.

    Refused: NotFound, also for a merge of others than who is open; and MergeStands when something
    since stands in the way.
    """
    known = await lock_merge(tx, counter.region_id, merge_id)
    if known is None or known.led_by != counter.region_id or opened_id not in {known.kept_id, known.gone_id}:
        return NotFound()
    if known.undone_at is not None:
        return known
    merges = [
        each
        for region_id in await read_regions(tx, merge_id)
        if (each := await lock_merge(tx, region_id, merge_id))
    ]
    for each in merges:
        await members.lock_pair(tx, each.region_id, [each.kept_id, each.gone_id])
    await persons.lock_persons(tx, [known.kept_person_id, known.gone_person_id])
    for each in merges:
        await lock_both(tx, each.region_id, each.kept_id, each.gone_id)
    before = msgspec.json.decode(known.before, type=Before).persons
    assert before is not None
    for each in merges:
        if refusal := await why_not(tx, counter, each, before):
            return refusal
    for each in merges:
        await move_back(tx, replace(counter, region_id=each.region_id), each)
    await restore_persons(tx, counter, known, before, undo_id)
    return known


async def why_not(tx: Executor, counter: Counter, merge: Merge, before: PersonsBefore) -> MergeStands | None:
    if not merge.can_be_undone(counter.now):
        return MergeStands("late")
    region_id = merge.region_id
    if await was_merged_since(tx, region_id, merge.kept_id, merge.merged_at):
        return MergeStands("again")
    kept = await read_membership(tx, region_id, merge.kept_id)
    if kept is None or kept.status == "ended":
        return MergeStands("over")
    purses = ids_of("purse", await read_moved(tx, region_id, merge.id))
    if await is_spent_since(tx, region_id, purses, merge.merged_at):
        return MergeStands("credit")
    now = await read_details(tx, merge.kept_person_id)
    assert now is not None
    back = restored(now, before)
    for email in {back.email, before.gone_email} - {now.email, None}:
        if await has_email(tx, email, merge.kept_person_id):
            return MergeStands("email")
    return MergeStands("email") if back.email and back.email == before.gone_email else None


def restored(now: PersonDetails, before: PersonsBefore) -> PersonDetails:
    """The one that stayed as they were; what was changed since the merge stays."""
    fields = {
        name: getattr(before.kept, name)
        for name in PersonDetails.__struct_fields__
        if getattr(now, name) == getattr(before.kept_after, name)
    }
    return replace(now, **fields)


async def move_back(tx: Executor, counter: Counter, merge: Merge) -> None:
    region_id, things = merge.region_id, await read_moved(tx, merge.region_id, merge.id)
    pair = Pair(region_id, merge.kept_id, merge.gone_id)
    kept, gone = merge.kept_person_id, merge.gone_person_id
    await move_purses_back(tx, region_id, merge.kept_id, merge.gone_id, ids_of("purse", things))
    await move_bookings_back(tx, pair, things, kept, gone)
    await members.move_member_back(tx, pair, things)
    elsewhere = [int(each.detail) for each in things if each.what == "membership"]
    for where in (region_id, *elsewhere):
        await persons.move_in_region_back(tx, where, things, kept, gone)
    await persons.move_person_back(tx, things, kept, gone)
    for foreign in details_of("foreign_id", things):
        there, _, known = foreign.partition(" ")
        await persons.move_foreign_ids(tx, int(there), [known], kept, gone)
    for each in things:
        if each.what == "membership":
            await members.move_membership(tx, int(each.detail), each.id, gone)
    was = msgspec.json.decode(merge.before, type=Before).membership
    await members.restore_kept(tx, region_id, merge.kept_id, merge.gone_id, was.kept_social_until)
    await members.restore_gone(
        tx, region_id, merge.gone_id, was.gone_status, was.gone_ends_on, was.gone_given_until,
        was.gone_ended_why, was.gone_erase_on,
    )  # fmt: skip
    await mark_undone(tx, region_id, merge.id, counter.now)
    await counter.note(tx, "person.unmerge", "person", kept, gone=str(gone))


async def restore_persons(
    tx: Executor, counter: Counter, merge: Merge, before: PersonsBefore, undo_id: UUID
) -> None:
    """Who stayed first: an address can be of one person alone."""
    now = await read_details(tx, merge.kept_person_id)
    assert now is not None
    back = restored(now, before)
    # An address that one of the two had before.
    answer = await change(tx, counter, undo_id, back, has_consent=True)
    assert isinstance(answer, PersonDetails)
    was = msgspec.json.decode(merge.before, type=Before).membership
    if back.refnis != now.refnis and was.kept_refnis:
        await members.set_town(tx, merge.region_id, merge.kept_id, was.kept_refnis)
    await persons.restore_person(
        tx, merge.gone_person_id, before.gone_email, before.gone_ended_at, before.gone_erase_on
    )
