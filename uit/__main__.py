"""`python -m uit`: the commands of an installation. Each stands in a module of `uit.entrypoints`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from signal import SIGINT
from threading import Thread
from types import ModuleType
from typing import NamedTuple

import uvloop
from msgspec.structs import replace

from uit.core.settings import InvalidSetting, Settings, StoreProblem, read_settings
from uit.database.migrate import MigrationProblem, Superseded
from uit.entrypoints.port import refuse_taken_port


class EntryPoint(NamedTuple):
    """A command: the module with its `run(settings, given)`, and what it does.

    Unless it is `plain`, the module says in `add_options(parser)` what may follow the name. Only the module
    of the command that was asked for is read, so that each starts fast.
    """

    module: str
    help: str
    plain: bool = False


COMMANDS = {
    "serve": EntryPoint(
        "serve",
        "Serve pages and API, with a worker beside it. Starts embedded stores where none are given.",
        plain=True,
    ),
    "worker": EntryPoint(
        "worker",
        "Deliver mails, expire, settle, lapse and erase. Start more of them when there is much to do.",
    ),
    "logins": EntryPoint(
        "logins",
        "Make the three logins of the database, as its administrator: owner, application and reports.",
        plain=True,
    ),
    "migrate": EntryPoint(
        "prepare", "Bring the database up to date. Safe to run again, also by two at once.", plain=True
    ),
    "check": EntryPoint(
        "check",
        "Check settings, clock, roles, schema, certificate, mail and stores. Exit code 1 at a fault.",
    ),
    "region": EntryPoint("region", "Add a region with its municipalities, or list the regions."),
    "organiser": EntryPoint("organiser", "Add an organiser to a region, or list those of one."),
    "client": EntryPoint(
        "client",
        "Add, list and end the clients of the API, give one a new secret, and say where their shops stand.",
    ),
    "staff": EntryPoint("staff", "Invite members of staff, end what they may do, and list them."),
    "invite": EntryPoint("invite", "The same as `staff invite`, by its earlier name."),
    "import-events": EntryPoint(
        "import_events",
        "Import events of UiTdatabank. Exit code 1 when records were refused; the rest went in.",
    ),
    "outbox": EntryPoint(
        "outbox", "List the messages that could not be delivered, with the reason; retry or drop them."
    ),
    "payments": EntryPoint(
        "payments",
        "List the money that waits for somebody; handle events again; compare a day with the provider.",
    ),
    "check-ledger": EntryPoint(
        "check_ledger",
        "Check every invariant of the ledger and the bookings. Exit code 1 when one is broken.",
        plain=True,
    ),
    "journal": EntryPoint(
        "journal",
        "Print the journal of a legal entity between two days as CSV, or the VAT of what it sold.",
    ),
    "close-year": EntryPoint(
        "close_year",
        "Ask to close a year of the books of a legal entity. Somebody at the desk confirms it.",
    ),
    "archive-year": EntryPoint(
        "archive_year",
        "Write a closed year as files, with a list that verifies them. Only then it is erased, in ten years.",
    ),
    "backup": EntryPoint(
        "backup", "Dump the database, copy the whole server, or receive its log as it is written."
    ),
    "restore": EntryPoint(
        "restore",
        "Bring a dump back into an empty database, or a copy of the server to a moment. Writes over nothing.",
    ),
    "distribute": EntryPoint(
        "distribute",
        "Print the statements that spread the tables over Citus nodes by region, or what of them is missing.",
        plain=True,
    ),
    "example": EntryPoint(
        "example",
        "Fill an empty database with two example regions and write who to sign in as.",
        plain=True,
    ),
}


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Reads the words of a command line; the options are those of the command that they begin with."""
    made = argparse.ArgumentParser(
        "python -m uit", description="uit: credit, bookings and labels for Flemish towns."
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    for name, command in COMMANDS.items():
        each = commands.add_parser(name, help=command.help, description=command.help)
        if not command.plain and name in words[:1]:
            module_of(name).add_options(each)
    return made


def module_of(name: str) -> ModuleType:
    return import_module(f"uit.entrypoints.{COMMANDS[name].module}")


def way_on(settings: Settings, wrong: Superseded) -> str:
    """What to do about a database that no migration brings up to date. Data of `make run` is made again."""
    if settings.database_url:
        return f"{wrong} Give DATABASE_URL a new, empty one, or stay with the version of uit that made it."
    if settings.home != Settings().home:
        return f"{wrong} Remove {settings.folder} and start again."
    return "These data are of an earlier version. Run `make fresh`, which removes them, and start again."


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
    given = parser(sys.argv[1:]).parse_args()
    try:
        settings = read_settings()
        serves = given.command == "serve"
        if serves:
            refuse_taken_port(settings)
        # The modules of the application take as long to read as its stores to start.
        reader = Thread(target=module_of, args=(given.command,), daemon=True)
        reader.start()
        needs_stores = (given.command, getattr(given, "verb", None)) != ("restore", "base")
        with running_stores(settings, serves=serves, needs_stores=needs_stores) as running:
            reader.join()  # two threads that read the same modules would see halves of them
            from uit.entrypoints.log import set_up_logs
            from uit.entrypoints.terminal import CommandRefused

            set_up_logs()
            try:
                exit_code: int = uvloop.run(module_of(given.command).run(running, given))
            except Superseded as wrong:
                print(way_on(settings, wrong), file=sys.stderr)
                return 2
            except CommandRefused as refused:
                print(refused, file=sys.stderr)
                return refused.exit_code
            return exit_code
    except (InvalidSetting, StoreProblem, MigrationProblem) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 128 + SIGINT


if __name__ == "__main__":
    sys.exit(main())
