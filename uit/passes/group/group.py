"""Group passes: the card of a group of a partner, with a number of places at the social tariff in a year."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from uit.core.seal import PassSeal, open_pass, seal_pass
from uit.database.directory import list_in_directory, lives_elsewhere
from uit.database.statements import Executor, Statements
from uit.passes.card.number import take_number
from uit.passes.errors import PassUnknown
from uit.services.audit import Author

SQL = Statements(__name__)


class GroupTerms(Struct, frozen=True):
    """What a region gives a group: so many places at the social tariff in a year, until a last day."""

    tickets_a_year: int
    social_until: date


class NewGroup(GroupTerms, frozen=True):
    partner_id: UUID
    name: str


class GroupPass(NewGroup, frozen=True):
    """`ended_at`: when it stopped; None as long as it works."""

    region_id: int
    id: UUID
    partner: str
    number: str
    token_version: int
    ended_at: datetime | None

    def works_on(self, day: date) -> bool:
        return self.ended_at is None and day <= self.social_until

    def token(self, signing_key: bytes) -> str:
        """The token in the QR code of the pass."""
        return seal_pass(signing_key, PassSeal(self.region_id, self.id, self.token_version))


read_groups = SQL.many("read_groups", GroupPass)
read_groups_of = SQL.many("read_groups_of", GroupPass)
read_group = SQL.maybe("read_group", GroupPass)
insert_group = SQL.command("insert_group")
write_terms = SQL.command("write_terms")
stop_group = SQL.command("stop_group")


async def add_group(tx: Executor, author: Author, group_id: UUID, wanted: NewGroup) -> bool:
    """Give a group its pass, with the next number of the region; False when this id has one already."""
    if await read_group(tx, author.region_id, group_id) or await lives_elsewhere(
        tx, "card", author.region_id, group_id
    ):
        return False
    number = await take_number(tx, author.region_id)
    terms = wanted.tickets_a_year, wanted.social_until
    row = group_id, wanted.partner_id, wanted.name, *terms, number
    if not await insert_group(tx, author.region_id, *row, author.now):
        return False
    await list_in_directory(tx, "card", author.region_id, {group_id: wanted.partner_id})
    await author.note(tx, "group.add", "group", group_id, tickets_a_year=wanted.tickets_a_year)
    return True


async def change_terms(tx: Executor, author: Author, group_id: UUID, terms: GroupTerms) -> bool:
    """Give a group another number, or another last day; False when there is none that works."""
    if not await write_terms(tx, author.region_id, group_id, terms.tickets_a_year, terms.social_until):
        return False
    await author.note(tx, "group.change", "group", group_id, tickets_a_year=terms.tickets_a_year)
    return True


async def end_group(tx: Executor, author: Author, group_id: UUID) -> None:
    """Nothing is booked with it from now on; what was booked stays. A repeat changes nothing."""
    if await stop_group(tx, author.region_id, group_id, author.now):
        await author.note(tx, "group.end", "group", group_id)


async def group_by_pass(tx: Executor, signing_key: bytes, token: str) -> GroupPass | PassUnknown:
    """The group whose pass was shown. It opens what was booked, also when it ended since."""
    seal = open_pass(signing_key, token)
    group = await read_group(tx, seal.region_id, seal.card_id) if seal else None
    return group if seal and group and group.token_version == seal.version else PassUnknown()
