"""Groups in a batch: what of them is looked up under its locks, and what is written of their years."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from credits.wallet.spread import Purse
from reservations.booking.actor import GroupProof
from reservations.booking.answers import Answer, Booked, Changed, Ended, Paid, Swapped
from reservations.booking.commands import Book, ChangeBooking, Command
from reservations.booking.counted import GroupUse
from reservations.booking.facts import Facts, Group
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)


class GroupRows(Struct, frozen=True):
    """What lines of new bookings count, and the groups of which something changed."""

    uses: list[GroupUse]
    group_ids: list[UUID]

    def __bool__(self) -> bool:
        return bool(self.group_ids)

    def as_json(self) -> tuple[str, str]:
        return as_json(self.uses), msgspec.json.encode(self.group_ids).decode()


lock_groups = SQL.many("lock_groups", Group)
read_groups = SQL.many("read_groups", Group)
read_group_use = SQL.many("read_group_use", GroupUse)
read_group_purses = SQL.value("read_group_purses", str)
write_group_use = SQL.command("write_group_use")


async def with_groups(tx: Executor, facts: Facts, commands: Sequence[Command]) -> Facts:
    """The facts of a batch with the groups that somebody books for; where nobody does, as they are.

    Their wallets are locked by then, so that a number is counted once; their passes are now, so that who
    stops one waits, or was first and is seen.
    """
    group_ids = list(dict.fromkeys(groups_in(commands)))
    if not group_ids:
        return facts
    region_id = commands[0].region_id
    return await with_read(tx, facts, region_id, await lock_groups(tx, region_id, group_ids))


async def with_group(tx: Executor, facts: Facts, region_id: int, group_id: UUID) -> Facts:
    """The facts of a page with one group, without a lock."""
    return await with_read(tx, facts, region_id, await read_groups(tx, region_id, [group_id]))


async def with_read(tx: Executor, facts: Facts, region_id: int, groups: list[Group]) -> Facts:
    ids = [each.id for each in groups]
    purses = msgspec.json.decode(await read_group_purses(tx, region_id, ids), type=list[Purse])
    return replace(
        facts,
        groups=groups,
        group_use=await read_group_use(tx, region_id, ids),
        purses=[*facts.purses, *purses],
    )


def groups_in(commands: Iterable[Command]) -> Iterator[UUID]:
    for command in commands:
        for line in command.lines if isinstance(command, Book | ChangeBooking) else ():
            if isinstance(line.holder, GroupProof):
                yield line.holder.group_id


def group_rows_of(answers: Iterable[Answer]) -> GroupRows:
    """What a batch changed of groups: what they booked, and what of theirs ended."""
    uses: list[GroupUse] = []
    group_ids: dict[UUID, None] = {}
    for answer in answers:
        match answer:
            case Booked(new=True):
                booking = answer.booking
                uses += answer.uses
            case Changed(new=True):
                booking = answer.booking
                uses += answer.uses
            case Ended() | Paid():
                booking = answer.booking
            case Swapped():
                booking = answer.ended.booking
            case _:
                continue
        if booking.by.group_id:
            group_ids[booking.by.group_id] = None
    return GroupRows(uses, list(group_ids))
