"""A region that sells in its own name for an organiser: under a mandate, with what that stands on."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import astuple

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


read_selling_organisers = SQL.many("read_selling_organisers", SellingOrganiser)
set_agent = SQL.command("set_agent")


async def give_mandate(tx: Executor, region_id: int, mandate: Mandate, ids: Ids) -> bool:
    """Let an agent sell for an organiser from now on, in the agent's books. Returns whether it is new.

    A repeat changes nothing, also once the mandate was ended.
    """
    if not await insert_mandate(tx, region_id, *astuple(mandate)):
        return False
    await open_books(tx, region_id, mandate.agent_id, ids)
    await open_books(tx, region_id, mandate.organiser_id, ids)
    await set_agent(tx, region_id, mandate.organiser_id, mandate.agent_id, mandate.id)
    return True


async def revoke_mandate(tx: Executor, region_id: int, organiser: SellingOrganiser, last_day: date) -> bool:
    """End the mandate of an organiser: it sells for itself again. False when there is none any more."""
    if organiser.mandate_id is None:
        return False
    await end_mandate(tx, region_id, organiser.mandate_id, last_day)
    await set_agent(tx, region_id, organiser.id, None, None)
    return True
