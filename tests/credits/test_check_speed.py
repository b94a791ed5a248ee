"""`check-ledger` on a database that was just restored: no statement needs statistics to be done in time."""

from itertools import chain
from pathlib import Path

import pytest

from credits.check import INVARIANTS, MOST, payables_below_zero
from credits.invoice.check import INVARIANTS as OF_INVOICES
from credits.payments.check import INVARIANTS as OF_PAYMENTS
from credits.payments.check import differences_open
from credits.till.check import INVARIANTS as OF_TILLS
from reservations import check as bookings
from tests.copies import administer
from uit.database.pool import Database
from uit.database.statements import Many

FILL = (Path(__file__).parent / "check_speed.sql").read_text()
PATIENCE = "SET LOCAL statement_timeout = '10s'"
"""Each takes a fraction of a second. One that compares 20,000 rows with as many takes half a minute."""

OF_CREDITS = [each.violations for each in (*INVARIANTS, *OF_TILLS, *OF_INVOICES, *OF_PAYMENTS)]
OF_BOOKINGS = [each for each in vars(bookings).values() if isinstance(each, Many)]


@pytest.mark.own_database
@pytest.mark.parametrize("after", ["SELECT", "ANALYZE"], ids=["without statistics", "with statistics"])
async def test_each_check_of_many_bookings_is_done_in_time(dsn: str, after: str) -> None:
    await administer(dsn, FILL, after)
    database = await Database.open(dsn, connections=1)
    assert len(OF_BOOKINGS) > 6

    for check in chain(OF_CREDITS, OF_BOOKINGS, [payables_below_zero, differences_open]):
        async with database.transaction() as tx:
            await tx.execute(PATIENCE)
            await check(tx, MOST)

    await database.close()
