"""What is known of a till when a sale there is decided, and why it may not sell. Pure, but for one look."""

from uuid import UUID

import msgspec
from msgspec import Struct

from credits.errors import NotYourTill, TillClosed, TillCounted, TillOfOtherSeller, TillUnknown
from credits.till.sale import Sale, SaleOrigin
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class TillFacts(Struct, frozen=True):
    """A session at a till: in whose books it sells, who works there, and what became of it."""

    id: UUID
    till: str
    seller_id: UUID
    opened_by: UUID
    is_counted: bool = False
    is_closed: bool = False


class SaleFacts(Struct, frozen=True):
    """The tills of sales, and of the ids that those would write the ones that are there already."""

    tills: list[TillFacts] = []
    receipts: frozenset[UUID] = frozenset()
    payments: frozenset[UUID] = frozenset()


read_sale_facts = SQL.value("read_sale_facts", str)


async def read_till_facts(tx: Executor, region_id: int, till_session_id: UUID) -> list[TillFacts]:
    """A session as a sale finds it now, without a lock: good for showing."""
    document = await read_sale_facts(tx, region_id, [till_session_id])
    return msgspec.json.decode(document, type=SaleFacts).tills


def till_refusal(till: TillFacts | None, origin: Sale | SaleOrigin) -> Refusal | None:
    """Why this sale cannot be made in this session; None when it can."""
    if till is None:
        return TillUnknown()
    if till.is_closed:
        return TillClosed(till.till)
    if till.opened_by != origin.sold_by:
        return NotYourTill(till.till)
    if till.is_counted:
        return TillCounted(till.till)
    return None if till.seller_id == origin.seller_id else TillOfOtherSeller(origin.seller_id)
