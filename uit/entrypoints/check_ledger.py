"""`python -m uit check-ledger`: every invariant of the ledger and the bookings."""

from argparse import Namespace

from credits.check import check_ledger, list_debts
from reservations.check import check_bookings
from uit.core.settings import Settings
from uit.entrypoints.operating import opened_database


async def run(settings: Settings, _given: Namespace) -> int:
    async with opened_database(settings) as database, database.reading() as connection:
        faults = [*map(str, await check_ledger(connection)), *await check_bookings(connection)]
        debts = await list_debts(connection)
    for line in [*faults, *(f"To know: {debt}" for debt in debts)]:
        print(line)
    print("The ledger is right to the cent." if not faults else f"{len(faults)} faults.")
    return 1 if faults else 0
