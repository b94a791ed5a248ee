"""Money that is still to come or to go back, as figures for who watches."""

from msgspec import Struct
from prometheus_client import Gauge

from uit.database.pool import Database
from uit.database.statements import Statements

SQL = Statements(__name__)

OPEN = Gauge("uit_payments_open", "How many payments by card wait for their payer")
OPEN_OLDEST = Gauge("uit_payments_open_oldest_seconds", "How long the oldest of them has waited")
REFUNDS = Gauge("uit_refunds_open", "How many refunds are decided and not there yet")
REFUNDS_OLDEST = Gauge("uit_refunds_open_oldest_seconds", "How long ago the oldest of them was decided")


class OpenMoney(Struct, frozen=True):
    payments: int
    payments_oldest_seconds: float
    refunds: int
    refunds_oldest_seconds: float


read_open = SQL.one("read_open", OpenMoney)


async def show_open_money(database: Database) -> None:
    async with database.reading() as connection:
        found = await read_open(connection)
    OPEN.set(found.payments)
    OPEN_OLDEST.set(found.payments_oldest_seconds)
    REFUNDS.set(found.refunds)
    REFUNDS_OLDEST.set(found.refunds_oldest_seconds)
