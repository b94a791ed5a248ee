"""`python -m uit`: the commands of an installation."""

import argparse
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from signal import SIGINT
from threading import Thread
from typing import Any

import uvloop
from msgspec.structs import replace

from uit.core.settings import InvalidSetting, Settings, StoreProblem, read_settings
from uit.database.migrate import MigrationProblem, Superseded
from uit.entrypoints.backup_options import add_backup_verbs, add_restore_verbs
from uit.entrypoints.option_type import moment
from uit.entrypoints.port import refuse_taken_port

Given = argparse.Namespace

ROLES = (
    "clerk",
    "social_worker",
    "box_office",
    "organiser",
    "programme_officer",
    "financial_director",
    "tourism_officer",
    "assessor",
    "municipality",
    "auditor",
)


async def serve(settings: Settings, _given: Given) -> int:
    from uit.entrypoints import serve as serving

    return await serving.serve(settings)


async def worker(settings: Settings, given: Given) -> int:
    from uit.entrypoints.worker import work

    return await work(settings, with_parent=given.with_parent)


async def logins(settings: Settings, _given: Given) -> int:
    from uit.entrypoints.logins import set_up_logins

    return await set_up_logins(settings)


async def backup(settings: Settings, given: Given) -> int:
    from uit.entrypoints.backup import base, dump, wal

    if given.verb == "wal":
        return await wal(settings, given.folder)
    if given.verb == "base":
        return await base(settings, given.folder, as_json=given.json)
    return await dump(settings, given.target, as_json=given.json)


async def restore(settings: Settings, given: Given) -> int:
    from uit.entrypoints.restore import finish, restore_base, restore_dump

    if given.verb == "base":
        return await restore_base(given.backup, given.data, given.wal, given.to)
    if given.verb == "finish":
        return await finish(settings)
    return await restore_dump(settings, given.dump, dry_run=given.dry_run)


async def migrate(settings: Settings, _given: Given) -> int:
    from uit.entrypoints.prepare import prepare

    for migration in await prepare(settings):
        print(f"{migration.number:04} {migration.name}")
    print("The database is up to date.")
    return 0


async def example(settings: Settings, _given: Given) -> int:
    from uit.core.clock import SystemClock
    from uit.entrypoints.prepare import prepare
    from uit.example import fill_example

    await prepare(settings)
    await fill_example(settings, SystemClock())
    print(f"The example is in: {settings.folder / 'example.json'}")
    return 0


async def import_events(settings: Settings, given: Given) -> int:
    from uit.entrypoints.import_events import import_events as run_import

    return await run_import(settings, given.source, given.region, given.client_id)


async def check_ledger(settings: Settings, _given: Given) -> int:
    from credits.check import check_ledger as check
    from credits.check import list_debts
    from reservations.check import check_bookings
    from uit.database.pool import Database

    database = await Database.open(settings.database_url, connections=1)
    async with database.reading() as connection:
        faults = [*map(str, await check(connection)), *await check_bookings(connection)]
        debts = await list_debts(connection)
    await database.close()
    for line in [*faults, *(f"To know: {debt}" for debt in debts)]:
        print(line)
    print("The ledger is right to the cent." if not faults else f"{len(faults)} faults.")
    return 1 if faults else 0


async def distribute(settings: Settings, _given: Given) -> int:
    from uit.database.distribute import read_statements

    print("\n".join(await read_statements(settings.owner_url)))
    return 0


async def invite(settings: Settings, given: Given) -> int:
    from uit.entrypoints.invite import Guest, invite_staff

    guest = Guest(given.name, given.email, given.role, given.region, given.scope)
    return await invite_staff(settings, guest)


async def outbox(settings: Settings, given: Given) -> int:
    from uit.entrypoints.outbox import decide_on, list_failed

    if given.retry:
        return await decide_on(settings, "retry", given.retry)
    if given.drop:
        return await decide_on(settings, "drop", given.drop)
    return await list_failed(settings, as_json=given.json)


async def payments(settings: Settings, given: Given) -> int:
    from uit.entrypoints.payments import list_open, reconcile_day, replay

    if given.verb == "replay":
        return await replay(settings, given.since)
    if given.verb == "reconcile":
        return await reconcile_day(settings, given.day, as_json=given.json)
    return await list_open(settings, as_json=given.json)


async def client(settings: Settings, given: Given) -> int:
    from uit.entrypoints.client import list_origins, set_origins

    if given.add or given.remove:
        return await set_origins(
            settings, given.client_id, added=given.add, removed=given.remove, as_json=given.json
        )
    return await list_origins(settings, given.client_id, as_json=given.json)


async def journal(settings: Settings, given: Given) -> int:
    from uit.entrypoints.books import Whose, print_journal

    whose = Whose(given.region, given.entity)
    return await print_journal(settings, whose, (given.first, given.last), vat=given.vat)


async def close_year(settings: Settings, given: Given) -> int:
    from uit.entrypoints.books import Whose
    from uit.entrypoints.books import close_year as ask

    whose = Whose(given.region, given.entity)
    return await ask(settings, whose, given.year, dry_run=given.dry_run, as_json=given.json)


async def anchors(settings: Settings, given: Given) -> int:
    from uit.entrypoints.anchors import verify_anchors

    return await verify_anchors(settings, given.first, given.last, as_json=given.json)


async def archive_year(settings: Settings, given: Given) -> int:
    from uit.entrypoints.books import Whose
    from uit.entrypoints.books import archive_year as hand_over

    whose = Whose(given.region, given.entity)
    return await hand_over(settings, whose, given.year, given.out)


COMMANDS: dict[str, tuple[Callable[[Settings, Given], Coroutine[Any, Any, int]], str]] = {
    "serve": (
        serve,
        "Serve pages and API, with a worker beside it. Starts embedded stores where none are given.",
    ),
    "worker": (
        worker,
        "Deliver mails, expire, settle, lapse and erase. Start more of them when there is much to do.",
    ),
    "logins": (
        logins,
        "Make the three logins of the database, as its administrator: owner, application and reports.",
    ),
    "backup": (backup, "Dump the database, copy the whole server, or receive its log as it is written."),
    "restore": (
        restore,
        "Bring a dump back into an empty database, or a copy of the server to a moment. Writes over nothing.",
    ),
    "migrate": (migrate, "Bring the database up to date. Safe to run again, also by two at once."),
    "example": (example, "Fill an empty database with two example regions and write who to sign in as."),
    "import-events": (
        import_events,
        "Import events of UiTdatabank. Exit code 1 when records were refused; the rest went in.",
    ),
    "check-ledger": (
        check_ledger,
        "Check every invariant of the ledger and the bookings. Exit code 1 when one is broken.",
    ),
    "outbox": (
        outbox,
        "List the messages that could not be delivered, with the reason; retry or drop them.",
    ),
    "payments": (
        payments,
        "List the money that waits for somebody; handle events again; compare a day with the provider.",
    ),
    "client": (
        client,
        "List, add and remove the origins of a client's shop, to which a payment page may lead back.",
    ),
    "journal": (
        journal,
        "Print the journal of a legal entity between two days as CSV, or the VAT of what it sold.",
    ),
    "close-year": (
        close_year,
        "Ask to close a year of the books of a legal entity. Somebody at the desk confirms it.",
    ),
    "archive-year": (
        archive_year,
        "Write a closed year as files, with a list that verifies them. Only then it is erased, in ten years.",
    ),
    "anchors": (
        anchors,
        "Compare the audit trail and the ledger with the anchor of each day. Exit code 1 when one differs.",
    ),
    "distribute": (distribute, "Print the statements that spread the tables over Citus nodes by region."),
    "invite": (
        invite,
        "Invite a member of staff: prints a link where they choose a password and a second factor.",
    ),
}


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        "python -m uit", description="uit: credit, bookings and labels for Flemish towns."
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    each = {
        name: commands.add_parser(name, help=help_, description=help_)
        for name, (_, help_) in COMMANDS.items()
    }
    each["worker"].add_argument(
        "--with-parent", action="store_true", help="end when standard input closes, as `serve` needs"
    )
    add_outbox_options(each["outbox"])
    add_payments_verbs(each["payments"])
    add_client_verbs(each["client"])
    add_backup_verbs(each["backup"])
    add_restore_verbs(each["restore"])
    add_books_options(each["journal"], each["close-year"], each["archive-year"])
    add_anchors_verbs(each["anchors"])
    events = each["import-events"]
    events.add_argument(
        "source",
        nargs="+",
        help="a file of JSON (one event, an array, or a page of the Search API) or of NDJSON (an event per "
        "line), a folder of such files, or an https address of the Search API",
    )
    events.add_argument("--region", help="the slug of the region, instead of the one that the venue lies in")
    events.add_argument("--client-id", help="your client id at publiq, for a Search API address")
    person = each["invite"]
    person.add_argument("email")
    person.add_argument("--name", required=True, help="how colleagues know them")
    person.add_argument("--role", required=True, choices=ROLES, metavar="ROLE", help=", ".join(ROLES))
    person.add_argument(
        "--region", default="platform", help="the slug of a region; without it the whole of Flanders"
    )
    person.add_argument(
        "--scope",
        default="",
        help="the organiser's id or the municipality's REFNIS code, where the role needs it",
    )
    return made


def way_on(settings: Settings, wrong: Superseded) -> str:
    """What to do about a database that no migration brings up to date. Data of `make run` is made again."""
    if settings.database_url:
        return f"{wrong} Give DATABASE_URL a new, empty one, or stay with the version of uit that made it."
    if settings.home != Settings().home:
        return f"{wrong} Remove {settings.folder} and start again."
    return "These data are of an earlier version. Run `make fresh`, which removes them, and start again."


def add_outbox_options(command: argparse.ArgumentParser) -> None:
    one = command.add_mutually_exclusive_group()
    one.add_argument("--retry", default="", metavar="ID|all", help="try one again, or all of them")
    one.add_argument(
        "--drop", default="", metavar="ID", help="give one up, so that what waits behind it goes on"
    )
    one.add_argument("--json", action="store_true", help="the list, for a program")


def add_payments_verbs(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser(
        "list", help="refunds that are not there, events that came to nothing, differences"
    )
    again = verbs.add_parser("replay", help="handle reported events once more; what was done stays done once")
    again.add_argument(
        "--since", type=moment, metavar="MOMENT", help="2026-05-04 or 2026-05-04T12:00, in UTC"
    )
    compare = verbs.add_parser(
        "reconcile", help="a day beside the provider's books; exit code 1 when it differs"
    )
    compare.add_argument(
        "--day", type=date.fromisoformat, help="2026-05-04; without it the last that is over"
    )
    for each in (listing, compare):
        each.add_argument("--json", action="store_true", help="the list, for a program")


def add_client_verbs(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(dest="verb", required=True)
    origins = verbs.add_parser("origins", help="where its shop stands, to which a payment page may lead back")
    origins.add_argument("client_id", metavar="CLIENT", help="the id with which it asks for a token")
    for name, what in (("--add", "scheme, host and perhaps a port"), ("--remove", "one of the list")):
        origins.add_argument(
            name, action="append", default=[], metavar="ORIGIN", help=f"{what}; repeat it for more"
        )
    origins.add_argument("--json", action="store_true", help="the list, for a program")


def add_books_options(*commands: argparse.ArgumentParser) -> None:
    journal_, close, archive = commands
    for each in commands:
        each.add_argument("--region", required=True, help="the slug of the region")
        each.add_argument("--entity", required=True, help="the enterprise number of whose books, or its id")
    day, example_day = date.fromisoformat, "2026-05-04"
    journal_.add_argument("--from", required=True, type=day, dest="first", metavar=example_day)
    journal_.add_argument("--to", required=True, type=day, dest="last", metavar=example_day)
    journal_.add_argument("--vat", action="store_true", help="what was sold by month and VAT code, instead")
    for each in (close, archive):
        each.add_argument("--year", required=True, type=int)
    close.add_argument("--dry-run", action="store_true", help="say what would be closed, and ask nothing")
    close.add_argument("--json", action="store_true", help="the figures, for a program")
    archive.add_argument("--out", required=True, type=Path, help="a folder for the files; it is made")


def add_anchors_verbs(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(dest="verb", required=True)
    compare = verbs.add_parser("verify", help="reckon the days anew, and say the first that differs")
    for name, where in (("--from", "first"), ("--to", "last")):
        compare.add_argument(name, type=date.fromisoformat, dest=where, metavar="2026-05-04")
    compare.add_argument("--json", action="store_true", help="the figures, for a program")


@contextmanager
def running_stores(settings: Settings, *, serves: bool, needs_stores: bool = True) -> Iterator[Settings]:
    """The settings with addresses of running stores: the embedded ones where none are given.

    An installation gives both, and need not have the embedded ones installed.
    """
    if not needs_stores or (settings.database_url and settings.redis_url):
        yield replace(settings, example=settings.is_example)
        return
    from uit.embedded.sharing import with_stores

    with with_stores(settings, serves=serves) as found:
        yield found


def main() -> int:
    given = parser().parse_args()
    run, _ = COMMANDS[given.command]
    try:
        settings = read_settings()
        serves = given.command == "serve"
        if serves:
            refuse_taken_port(settings)
            # The modules of the application take as long to read as its stores to start.
            Thread(target=import_module, args=("uit.entrypoints.serve",), daemon=True).start()
        needs_stores = (given.command, given.__dict__.get("verb")) != ("restore", "base")
        with running_stores(settings, serves=serves, needs_stores=needs_stores) as running:
            from uit.entrypoints.log import (
                set_up_logs,  # it takes long to read, and the stores start meanwhile
            )

            set_up_logs()
            try:
                return uvloop.run(run(running, given))
            except Superseded as wrong:
                print(way_on(settings, wrong), file=sys.stderr)
                return 2
    except (InvalidSetting, StoreProblem, MigrationProblem) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 128 + SIGINT


if __name__ == "__main__":
    sys.exit(main())
