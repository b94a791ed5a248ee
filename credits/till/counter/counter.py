"""Tills of a seller that stand at the counter of a municipality, in a library or a town hall.

Placing one there is what the seller asks of the counter: its clerks then sell and take money for that seller,
in its books and from its drawer, and for nobody else.
"""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct

from credits.till.till import TillWorker
from uit.database.statements import Executor, Statements
from uit.identity.visitor import Role

SQL = Statements(__name__)

CLERK = "clerk"


class Counter(Struct, frozen=True):
    """The counter of a municipality."""

    refnis: str
    name: str


class SellerAtCounter(Struct, frozen=True):
    """An organiser with tills at a counter."""

    id: UUID
    name: str
    tills: int


read_counters = SQL.many("read_counters", Counter)
read_sellers_at_counters = SQL.many("read_sellers_at_counters", SellerAtCounter)
place = SQL.command("place_till")


def towns_of(roles: Iterable[Role]) -> frozenset[str]:
    """The municipalities at whose counters a clerk works; none named: those of the whole region."""
    towns = [role.refnis for role in roles if role.role == CLERK]
    return frozenset() if None in towns else frozenset(filter(None, towns))


async def place_till(tx: Executor, worker: TillWorker, till_id: UUID, refnis: str | None) -> bool:
    """Place a till of the organiser at a counter, or with `refnis` None back at its own box office.

    Who works there now goes on until they close. Returns whether it stood elsewhere.
    """
    return bool(await place(tx, worker.region_id, worker.organiser_id, till_id, refnis))
