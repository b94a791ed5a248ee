"""`python -m uit invite`: `staff invite` by its earlier name, with its earlier options."""

from argparse import ArgumentParser, Namespace

from uit.core.settings import Settings
from uit.entrypoints.staff import Guest, add_guest, invite_staff
from uit.identity.staff.role import OF_A_TOWN, PERHAPS_OF_A_TOWN


def add_options(parser: ArgumentParser) -> None:
    add_guest(parser)
    parser.add_argument(
        "--scope",
        default="",
        help="the organiser's id or the municipality's REFNIS code, where the role needs it",
    )


async def run(settings: Settings, given: Namespace) -> int:
    is_town = given.role in {*OF_A_TOWN, *PERHAPS_OF_A_TOWN}
    organiser = "" if is_town else given.scope
    municipality = given.scope if is_town else ""
    guest = Guest(given.name, given.email, given.role, given.region, organiser, municipality)
    return await invite_staff(settings, guest)
