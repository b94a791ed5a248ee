"""A region that sells in its own name for an organiser: under a mandate, with what that stands on."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import astuple

from credits.errors import MandateChain
from credits.payments.seller import open_books
from organisers.mandate import Mandate, end_mandate, insert_mandate
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class SellingOrganiser(Struct, frozen=True):
    """An organiser and who sells for it: itself, or an agent under the mandate that is named.

    `card_open`: whether who sells takes cards.
    """

    id: UUID
    name: str
    sells: bool
    card_open: bool
    agent: str | None
    mandate_id: UUID | None
    reference: str | None
    legal_opinion: str | None
    procurement: str | None
    starts_on: date | None
    ends_on: date | None


class Standing(Struct, frozen=True):
    """The mandate that an organiser has, and whether another would make money go through two agents."""

    mandate_id: UUID | None
    makes_chain: bool


read_selling_organisers = SQL.many("read_selling_organisers", SellingOrganiser)
lock_sellers = SQL.command("lock_sellers")
read_standing = SQL.one("read_standing", Standing)
set_agent = SQL.command("set_agent")
end_agent = SQL.command("end_agent")


async def give_mandate(
    tx: Executor, region_id: int, mandate: Mandate, ids: Ids, today: date
) -> bool | MandateChain:
    """Let an agent sell for an organiser from now on, in the agent's books. Returns whether it is new.

    The mandate that it had ends today. A repeat changes nothing, also once the mandate was ended. Refused
    where money would go through two agents: before anything is written, and again under the lock.
    """
    key = region_id, mandate.organiser_id, mandate.agent_id
    if (await read_standing(tx, *key)).makes_chain:
        return MandateChain()
    sellers = sorted([mandate.agent_id, mandate.organiser_id])
    for seller_id in sellers:
        await open_books(tx, region_id, seller_id, ids)
    await lock_sellers(tx, region_id, sellers)
    standing = await read_standing(tx, *key)
    if standing.makes_chain:
        return MandateChain()
    if not await insert_mandate(tx, region_id, *astuple(mandate)):
        return False
    if standing.mandate_id:
        await end_mandate(tx, region_id, standing.mandate_id, today)
    await set_agent(tx, region_id, mandate.organiser_id, mandate.agent_id, mandate.id)
    return True


async def revoke_mandate(tx: Executor, region_id: int, organiser: SellingOrganiser, last_day: date) -> bool:
    """End the mandate of an organiser: it sells for itself again. False when that does not stand any more."""
    if organiser.mandate_id is None or not await end_agent(tx, region_id, organiser.id, organiser.mandate_id):
        return False
    await end_mandate(tx, region_id, organiser.mandate_id, last_day)
    return True
