"""What becomes of credit when its holder moves: a rule of the version of the programme that gave it.

What goes back lapses at once, by the ledger's own way: credit that is put aside for a booking stays, and
follows when it comes free.
"""

from datetime import datetime
from uuid import UUID

from credits.ledger.ledger import lock_wallets
from uit.database.outbox import Handler, Message
from uit.database.statements import Executor, Statements
from uit.passes.membership.membership import read_membership
from uit.passes.membership.moving import LEAVES
from uit.services.municipality import read_area
from uit.services.services import Services

SQL = Statements(__name__)

lapse_outside_area = SQL.command("lapse_outside_area")
lapse_on_leaving = SQL.command("lapse_on_leaving")


def following_moves(services: Services) -> Handler:
    """Does what the programmes say of who moved, as they live now; done again it changes nothing."""

    async def deliver(message: Message) -> None:
        async with services.database.transaction() as tx:
            now = services.clock.now()
            await apply_rules(tx, message.region_id, message.key, message.topic, now)

    return deliver


async def apply_rules(tx: Executor, region_id: int, membership_id: UUID, topic: str, now: datetime) -> int:
    """Returns how many purses go back to their funds."""
    await lock_wallets(tx, region_id, [membership_id])
    membership = await read_membership(tx, region_id, membership_id)
    if membership is None:
        return 0
    if topic != LEAVES:
        area = await read_area(tx, membership.refnis)
        return await lapse_outside_area(tx, region_id, membership_id, now, area)
    if membership.moves_away or membership.status == "ended":
        return await lapse_on_leaving(tx, region_id, membership_id, now)
    return 0
