"""`python -m uit municipality`: lets one municipality go into another, and lists those that did."""

from argparse import ArgumentParser, Namespace
from datetime import date

from msgspec import Struct

from credits.town import add_area_versions, move_tills
from organisers.town import move_venues
from uit.core.settings import Settings
from uit.database.statements import Executor
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database, operator_of
from uit.entrypoints.refused import WRONG, CommandRefused
from uit.entrypoints.region import towns_named
from uit.entrypoints.terminal import as_table
from uit.identity.town import merge_people
from uit.passes.membership.moving import move_members
from uit.services.audit import Author
from uit.services.municipality import Merger, merge_towns, read_mergers, read_municipalities
from uit.services.region import lock_platform, read_towns_of_regions


class WantedMerger(Struct, frozen=True):
    """As it was typed: REFNIS codes, and the first day of the new municipality."""

    old: str
    new: str
    merged_on: date


class Follows(Struct, frozen=True):
    """What followed into the new municipality. `merged` is false where it had been done before."""

    old: str
    new: str
    merged_on: date
    merged: bool
    persons: int = 0
    members: int = 0
    roles: int = 0
    programmes: int = 0
    tills: int = 0
    venues: int = 0


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    merge = verbs.add_parser(
        "merge",
        help="one municipality goes into another, with its people, staff, programmes, tills and venues; "
        "run it once for each that ends",
    )
    merge.add_argument("--from", dest="old", required=True, metavar="REFNIS", help="the one that ends")
    merge.add_argument("--into", dest="new", required=True, metavar="REFNIS", help="the one that goes on")
    merge.add_argument(
        "--on", required=True, metavar="DAY", type=read_day, help="its first day, such as 2027-01-01"
    )
    merge.add_argument("--dry-run", action="store_true", help="say what would follow, and change nothing")
    listing = verbs.add_parser("list", help="the municipalities that went into another")
    for each in (merge, listing):
        each.add_argument("--json", action="store_true", help="the answer, for a program")


def read_day(text: str) -> date:
    return date.fromisoformat(text)


async def run(settings: Settings, given: Namespace) -> int:
    if given.verb == "list":
        return await list_mergers(settings, as_json=given.json)
    wanted = WantedMerger(given.old, given.new, given.on)
    return await merge(settings, wanted, dry_run=given.dry_run, as_json=given.json)


async def list_mergers(settings: Settings, *, as_json: bool) -> int:
    async with opened_database(settings) as database, database.reading() as connection:
        found = await read_mergers(connection)
    if as_json:
        print(indented_json(found))
    elif found:
        rows = [(each.name, each.into_name, each.merged_on.isoformat()) for each in found]
        print(as_table(("was", "is", "since"), rows))
    else:
        print("No municipality went into another.")
    return 0


async def merge(settings: Settings, wanted: WantedMerger, *, dry_run: bool, as_json: bool) -> int:
    """Do all of it in one transaction, which a dry run takes back. Raises CommandRefused."""
    async with opened_database(settings) as database, database.transaction() as tx:
        savepoint = tx.transaction()
        await savepoint.start()
        done = await merge_once(tx, wanted)
        await (savepoint.rollback() if dry_run else savepoint.commit())
    print_done(done, dry_run=dry_run, as_json=as_json)
    return 0


async def merge_once(tx: Executor, wanted: WantedMerger) -> Follows:
    await lock_platform(tx)
    before = next((each for each in await read_mergers(tx) if each.refnis == wanted.old), None)
    if before:
        return known(before, wanted)
    if wanted.old == wanted.new:
        raise CommandRefused("A municipality does not go into itself.", WRONG)
    towns_named(await read_municipalities(tx), [wanted.old, wanted.new])
    region_id = await region_of_both(tx, wanted)
    author = operator_of(region_id or 0)
    if wanted.merged_on > author.today:
        raise CommandRefused(f"{wanted.merged_on} is still to come: run this on that day.", WRONG)
    await merge_towns(tx, region_id, wanted.old, wanted.new, wanted.merged_on)
    return await follow(tx, author, wanted, region_id)


def known(before: Merger, wanted: WantedMerger) -> Follows:
    if before.into_refnis != wanted.new:
        raise CommandRefused(f"{before.name} went into {before.into_name} on {before.merged_on}.")
    return Follows(wanted.old, wanted.new, before.merged_on, merged=False)


async def region_of_both(tx: Executor, wanted: WantedMerger) -> int | None:
    """The region of the old one, which the new one has too or gets; None for a town without a region."""
    regions = {each.refnis: each.region_id for each in await read_towns_of_regions(tx)}
    old, new = regions.get(wanted.old), regions.get(wanted.new)
    if old is not None and new is not None and old != new:
        raise CommandRefused(
            "They are in two regions, and credit does not cross: let one region end for its town first."
        )
    return old


async def follow(tx: Executor, author: Author, wanted: WantedMerger, region_id: int | None) -> Follows:
    old, new = wanted.old, wanted.new
    persons, roles = await merge_people(tx, old, new, author.ids, author.now)
    done = Follows(old, new, wanted.merged_on, merged=True, persons=persons, roles=roles)
    if region_id is not None:
        done = Follows(
            old, new, wanted.merged_on, merged=True, persons=persons, roles=roles,
            members=await move_members(tx, region_id, old, new),
            programmes=await add_area_versions(tx, region_id, old, new, author.now),
            tills=await move_tills(tx, region_id, old, new),
            venues=await move_venues(tx, region_id, old, new),
        )  # fmt: skip
    await author.note(
        tx, "municipality.merge", "municipality", old, into=new, persons=done.persons, members=done.members
    )
    return done


def print_done(done: Follows, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print(indented_json(done))
        return
    if not done.merged:
        print(f"Known already: {done.old} went into {done.new} on {done.merged_on}.")
        return
    how = "Would go" if dry_run else "Went"
    print(
        f"{how} from {done.old} into {done.new}: {done.persons} persons, {done.members} members, "
        f"{done.roles} roles, {done.programmes} programmes, {done.tills} tills, {done.venues} venues."
    )
