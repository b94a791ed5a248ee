"""`python -m uit organiser`: adds an organiser to a region, and lists those of one."""

from argparse import ArgumentParser, Namespace

from msgspec import Struct

from organisers.organiser import NewOrganiser, OrganiserLine, add_organiser, read_lines
from uit.core.email_address import is_email
from uit.core.one_line import one_line
from uit.core.settings import Settings
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database, operator_of
from uit.entrypoints.refused import WRONG, CommandRefused
from uit.entrypoints.terminal import as_table, region_named
from uit.web.enterprise_number import bare_number, enterprise_error

MOST_LETTERS = 120


class AddedOrganiser(Struct, frozen=True):
    """`added` is false where the region had one of this name already, with this id."""

    id: str
    name: str
    added: bool


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="an organiser; prints its id, also of one of this name that is there")
    add.add_argument("--name", required=True, help="how people call it")
    add.add_argument("--enterprise-number", default="", metavar="NUMBER", help="ten digits: 0123.456.749")
    add.add_argument("--email", default="", help="where people reach it")
    listing = verbs.add_parser("list", help="the organisers of a region, with their ids")
    for each in (add, listing):
        each.add_argument("--region", required=True, help="the slug of the region")
        each.add_argument("--json", action="store_true", help="the answer, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    if given.verb == "list":
        return await list_organisers(settings, given.region, as_json=given.json)
    wanted = read_wanted(given.name, given.enterprise_number, given.email)
    return await add(settings, given.region, wanted, as_json=given.json)


def read_wanted(name: str, enterprise_number: str, email: str) -> NewOrganiser:
    """The organiser as it was typed. Raises CommandRefused for what cannot be right."""
    line, number = one_line(name), bare_number(enterprise_number)
    if not 0 < len(line) <= MOST_LETTERS:
        raise CommandRefused(f"Give the organiser a name of at most {MOST_LETTERS} letters.", WRONG)
    if number and enterprise_error(number):
        raise CommandRefused(
            f"{enterprise_number} is no enterprise number: its ten digits do not add up. Look at it again.",
            WRONG,
        )
    if email and not is_email(email):
        raise CommandRefused(f"{email!r} is no e-mail address. Give one such as info@dewerf.example.", WRONG)
    return NewOrganiser(line, number or None, email or None)


async def add(settings: Settings, slug: str, wanted: NewOrganiser, *, as_json: bool) -> int:
    async with opened_database(settings) as database, database.transaction() as tx:
        author = operator_of((await region_named(tx, slug)).id)
        organiser_id = author.ids.new()
        found = await add_organiser(tx, author, organiser_id, wanted)
    is_new = found.id == organiser_id
    if as_json:
        print(indented_json(AddedOrganiser(str(found.id), found.name, is_new)))
    else:
        print(found.id if is_new else f"{found.id}  (known already, nothing was changed)")
    return 0


async def list_organisers(settings: Settings, slug: str, *, as_json: bool) -> int:
    async with opened_database(settings) as database, database.reading() as connection:
        region = await region_named(connection, slug)
        lines = await read_lines(connection, region.id)
    if as_json:
        print(indented_json(lines))
    elif lines:
        print(as_table(("id", "name", "number", "e-mail"), [as_row(each) for each in lines]))
    else:
        print(f"{region.name} has no organiser yet. Add one with `organiser add`, or with `import-events`.")
    return 0


def as_row(line: OrganiserLine) -> tuple[str, str, str, str]:
    return str(line.id), line.name, line.enterprise_number or "-", line.email or "-"
