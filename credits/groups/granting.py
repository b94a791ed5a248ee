"""Group passes with a wallet of their own, and credit that a programme gives a group."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.errors import AlreadyGranted, BudgetSpent, GrantIdTaken
from credits.ledger import ledger
from credits.ledger.ledger import Granted
from credits.programme.grant import grant_by, read_terms
from uit.core.clock import day_in_flanders
from uit.core.errors import NotAllowed, NotFound
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.passes.group.group import NewGroup, add_group, read_group
from uit.passes.membership.membership import read_membership
from uit.services.audit import Author

SQL = Statements(__name__)


class GroupCredit(Struct, frozen=True):
    """What a group has of credit: to spend, and put aside for what is booked."""

    group_id: UUID
    available_cents: int
    held_cents: int


class GroupGrant(Struct, frozen=True):
    """An amount of a programme for a group; `id` comes from the caller."""

    region_id: int
    id: UUID
    group_id: UUID
    programme_id: UUID
    amount_cents: int


read_group_credit = SQL.many("read_group_credit", GroupCredit)


async def open_group(tx: Executor, author: Author, group_id: UUID, wanted: NewGroup) -> bool | NotAllowed:
    """Give a group its pass and its wallet, whose row is what a booking locks. A repeat changes nothing.

    Refused: NotAllowed for the id of a membership or of a wallet, whose credit the group would spend.
    """
    if await read_membership(tx, author.region_id, group_id):
        return NotAllowed()
    if not await ledger.insert_wallet(tx, author.region_id, group_id):
        return False if await read_group(tx, author.region_id, group_id) else NotAllowed()
    return await add_group(tx, author, group_id, wanted)


async def grant_to_group(
    tx: Executor, wanted: GroupGrant, ids: Ids, now: datetime
) -> Granted | NotFound | AlreadyGranted | BudgetSpent | GrantIdTaken:
    """Give a group credit of a programme, once per programme year. A repeat is told what it did."""
    key = wanted.region_id, wanted.id, wanted.group_id, wanted.programme_id
    before = await ledger.repeated_grant(tx, *key)
    if before is not None:
        return before
    today, group = day_in_flanders(now), await read_group(tx, wanted.region_id, wanted.group_id)
    terms = next(iter(await read_terms(tx, wanted.region_id, wanted.programme_id, now)), None)
    if terms is None or group is None or not group.works_on(today):
        return NotFound()
    return await ledger.grant(tx, grant_by(terms, *key, wanted.amount_cents, ids.new(), today), now)
