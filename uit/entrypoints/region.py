"""`python -m uit region`: adds a region with its municipalities, and lists the regions."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from msgspec import Struct

from uit.core.one_line import one_line
from uit.core.settings import Settings
from uit.database.statements import Executor
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database, operator_of
from uit.entrypoints.refused import WRONG, CommandRefused
from uit.entrypoints.terminal import as_table
from uit.services.municipality import Municipality, normalise, read_municipalities
from uit.services.region import (
    OLDEST_OWN,
    RESERVED_SLUGS,
    SLUG,
    YOUNGEST_OWN,
    add_municipalities,
    change_own_outings,
    insert_region,
    lock_platform,
    read_regions,
    read_towns_of_regions,
)

MOST_LETTERS = 80


class WantedRegion(Struct, frozen=True):
    """As it was typed; `municipalities` are REFNIS codes."""

    slug: str
    name: str
    municipalities: Sequence[str]
    help_phone: str | None = None
    help_text: str | None = None


class RegionLine(Struct, frozen=True):
    """A region as it is listed, with the municipalities by REFNIS code."""

    id: int
    slug: str
    name: str
    municipalities: dict[str, str]


class AddedRegion(Struct, frozen=True):
    """`added` is false where the region was there already, just so."""

    id: int
    slug: str
    added: bool


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="a region with its municipalities; a repeat changes nothing")
    add.add_argument("--slug", required=True, help="the first part of its addresses: dender")
    add.add_argument("--name", required=True, help="how people call it: Dender")
    add.add_argument(
        "--municipality",
        required=True,
        action="append",
        metavar="REFNIS",
        help="the REFNIS code of a municipality, such as 41002; repeat it for more",
    )
    add.add_argument("--help-phone", default="", help="whom residents call")
    add.add_argument(
        "--help-text", default="", help="when one can call, and where else help is, in a sentence"
    )
    add.add_argument("--dry-run", action="store_true", help="say what would be added, and add nothing")
    listing = verbs.add_parser("list", help="the regions with their municipalities")
    change = verbs.add_parser("set", help="what a region chooses for all who live in it")
    change.add_argument("--slug", required=True, help="the first part of its addresses: dender")
    change.add_argument(
        "--own-outings-from",
        type=int,
        required=True,
        choices=range(YOUNGEST_OWN, OLDEST_OWN + 1),
        metavar="AGE",
        help="from which age parents do not see where a young person goes, from 12 to 18",
    )
    for each in (add, listing):
        each.add_argument("--json", action="store_true", help="the answer, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    if given.verb == "list":
        return await list_regions(settings, as_json=given.json)
    if given.verb == "set":
        return await set_region(settings, given.slug, given.own_outings_from)
    wanted = WantedRegion(
        given.slug,
        one_line(given.name),
        given.municipality,
        one_line(given.help_phone) or None,
        one_line(given.help_text) or None,
    )
    return await add_region(settings, wanted, dry_run=given.dry_run, as_json=given.json)


async def set_region(settings: Settings, slug: str, own_outings_from: int) -> int:
    """Change a region. Raises CommandRefused for a slug of none."""
    async with opened_database(settings) as database, database.transaction() as tx:
        region = next((each for each in await read_regions(tx) if each.slug == slug), None)
        if region is None:
            raise CommandRefused(f"There is no region {slug}. See `region list`.", WRONG)
        await change_own_outings(tx, operator_of(region.id), own_outings_from)
    print(f"{region.name}: parents do not see where a young person goes from {own_outings_from}.")
    return 0


async def list_regions(settings: Settings, *, as_json: bool) -> int:
    async with opened_database(settings) as database, database.reading() as connection:
        lines = await read_lines(connection)
    if as_json:
        print(indented_json(lines))
    elif lines:
        rows = [(each.slug, each.name, ", ".join(each.municipalities.values())) for each in lines]
        print(as_table(("slug", "name", "municipalities"), rows))
    else:
        print("There is no region yet. Add one with `region add`.")
    return 0


async def read_lines(tx: Executor) -> list[RegionLine]:
    towns = await read_towns_of_regions(tx)
    return [
        RegionLine(
            region.id,
            region.slug,
            region.name,
            {town.refnis: town.name for town in towns if town.region_id == region.id},
        )
        for region in await read_regions(tx)
    ]


async def add_region(settings: Settings, wanted: WantedRegion, *, dry_run: bool, as_json: bool) -> int:
    """Add a region. Raises CommandRefused for a slug or municipalities that cannot be its own."""
    check_slug(wanted.slug)
    if not 0 < len(wanted.name) <= MOST_LETTERS:
        raise CommandRefused(f"Give the region a name of at most {MOST_LETTERS} letters.", WRONG)
    async with opened_database(settings) as database, database.transaction() as tx:
        await lock_platform(tx)
        towns = towns_named(await read_municipalities(tx), wanted.municipalities)
        known = find_same(await read_lines(tx), wanted, towns)
        region_id = known.id if known else 0
        if not known and not dry_run:
            region_id = await write_region(tx, wanted, list(towns))
    print_added(
        wanted, towns, AddedRegion(region_id, wanted.slug, not known), dry_run=dry_run, as_json=as_json
    )
    return 0


def print_added(
    wanted: WantedRegion, towns: dict[str, str], done: AddedRegion, *, dry_run: bool, as_json: bool
) -> None:
    if as_json:
        print(indented_json(done))
        return
    how = ("Would be added" if dry_run else "Added") if done.added else "Known already"
    print(f"{how}: {wanted.slug}, {wanted.name}, with {', '.join(towns.values())}.")


async def write_region(tx: Executor, wanted: WantedRegion, refnis: list[str]) -> int:
    region_id: int = await insert_region(tx, wanted.slug, wanted.name, wanted.help_phone, wanted.help_text)
    await add_municipalities(tx, region_id, refnis)
    await operator_of(region_id).note(
        tx, "region.add", "region", region_id, slug=wanted.slug, municipalities=len(refnis)
    )
    return region_id


def check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug):
        raise CommandRefused(
            f"{slug} cannot be part of an address. Take 2 to 31 lower-case letters, digits and hyphens, "
            "and begin with a letter.",
            WRONG,
        )
    if slug in RESERVED_SLUGS:
        raise CommandRefused(f"/{slug} is an address of uit itself. Choose another slug.", WRONG)


def towns_named(every: Sequence[Municipality], refnis: Sequence[str]) -> dict[str, str]:
    """The names of these municipalities, by REFNIS code. Raises CommandRefused for a code that is none."""
    names = {each.refnis: each.name for each in every}
    for code in refnis:
        if code not in names:
            meant = next((each for each in every if normalise(each.name) == normalise(code)), None)
            hint = f" {meant.name} has {meant.refnis}." if meant else ""
            raise CommandRefused(f"{code} is no REFNIS code of a Flemish municipality of 2025.{hint}", WRONG)
    return {code: names[code] for code in refnis}


def find_same(lines: Sequence[RegionLine], wanted: WantedRegion, towns: dict[str, str]) -> RegionLine | None:
    """The region that is there just as it is wanted. Raises CommandRefused for one that is in the way."""
    for line in lines:
        if line.slug == wanted.slug:
            if (line.name, set(line.municipalities)) == (wanted.name, set(towns)):
                return line
            there = ", ".join(line.municipalities.values())
            raise CommandRefused(
                f"The slug {line.slug} is taken by {line.name}, with {there}. Choose another slug."
            )
        for code in line.municipalities.keys() & towns.keys():
            raise CommandRefused(
                f"{towns[code]} ({code}) is in the region {line.slug} already. "
                "A municipality is in one region: leave it out."
            )
    return None
