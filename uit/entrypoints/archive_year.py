"""`python -m uit archive-year`: hands a closed year of the books of a legal entity over as files."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from uit.core.settings import Settings
from uit.entrypoints.books import Whose, add_whose, archive_year
from uit.entrypoints.option_type import year


def add_options(parser: ArgumentParser) -> None:
    add_whose(parser)
    parser.add_argument("--year", required=True, type=year)
    parser.add_argument("--out", required=True, type=Path, help="a folder for the files; it is made")


async def run(settings: Settings, given: Namespace) -> int:
    return await archive_year(settings, Whose(given.region, given.entity), given.year, given.out)
