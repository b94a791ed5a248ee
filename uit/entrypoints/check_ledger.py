"""`python -m uit check-ledger`: every invariant of the ledger and the bookings."""

from argparse import ArgumentParser, Namespace

from msgspec import Struct

from credits.check import check_ledger, list_debts
from reservations.check import check_bookings
from uit.core.settings import Settings
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database
from uit.entrypoints.terminal import counted


class CheckedLedger(Struct, frozen=True):
    """What is broken, and what is to be known and breaks nothing: a sentence each."""

    faults: list[str]
    to_know: list[str]


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="the faults, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    """Print what was found. Returns 1 where something is broken."""
    async with opened_database(settings) as database, database.reading() as connection:
        faults = [*map(str, await check_ledger(connection)), *await check_bookings(connection)]
        found = CheckedLedger(faults, await list_debts(connection))
    print(indented_json(found) if given.json else "\n".join(as_lines(found)))
    return 1 if found.faults else 0


def as_lines(found: CheckedLedger) -> list[str]:
    last = f"{counted(len(found.faults), 'fault')}." if found.faults else "The ledger is right to the cent."
    return [*found.faults, *(f"To know: {debt}" for debt in found.to_know), last]
