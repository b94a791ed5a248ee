"""`python -m uit close-year`: asks to close a year of the books of a legal entity."""

from argparse import ArgumentParser, Namespace

from uit.core.settings import Settings
from uit.entrypoints.books import Whose, add_whose, close_year
from uit.entrypoints.option_type import year


def add_options(parser: ArgumentParser) -> None:
    add_whose(parser)
    parser.add_argument("--year", required=True, type=year)
    parser.add_argument("--dry-run", action="store_true", help="say what would be closed, and ask nothing")
    parser.add_argument("--json", action="store_true", help="the figures, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    whose = Whose(given.region, given.entity)
    return await close_year(settings, whose, given.year, dry_run=given.dry_run, as_json=given.json)
