"""`python -m uit journal`: what is in the books of a legal entity between two days."""

from argparse import ArgumentParser, Namespace

from uit.core.settings import Settings
from uit.entrypoints.books import Whose, add_whose, print_journal
from uit.entrypoints.option_type import EXAMPLE_DAY, day


def add_options(parser: ArgumentParser) -> None:
    add_whose(parser)
    for name, where in (("--from", "first"), ("--to", "last")):
        parser.add_argument(name, required=True, type=day, dest=where, metavar=EXAMPLE_DAY)
    parser.add_argument("--vat", action="store_true", help="what was sold by month and VAT code, instead")


async def run(settings: Settings, given: Namespace) -> int:
    whose = Whose(given.region, given.entity)
    return await print_journal(settings, whose, (given.first, given.last), vat=given.vat)
