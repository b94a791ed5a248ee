"""The commands of an installation, each in a module of `uit.entrypoints`, and how their words are read."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Final, NamedTuple, NoReturn

from uit.entrypoints.refused import WRONG, as_error

EXIT_CODES: Final = """
exit codes: 0 done; 1 refused, or something is not there, is away or was found wrong; 2 not begun, because of
what was typed or set. With --json an error is an object on standard output as well, with "code" and "error".
"""


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
    "municipality": EntryPoint(
        "municipality", "Let one municipality go into another, or list those that did."
    ),
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
    "anchors": EntryPoint(
        "anchors",
        "Compare the audit trail and the ledger with the anchor of each day. Exit code 1 when one differs.",
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


class CommandParser(argparse.ArgumentParser):
    """Says what is wrong with the words of a command with the options of that command, and of no other."""

    _for_program = False

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuses here what is not known: argparse leaves that to the parser of all commands."""
        self._for_program = "--json" in (args or ())
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"not known here: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        words = f"{message}. `{self.prog} --help` says what there is."
        if self._for_program:
            print(as_error("words.wrong", words))
        self.print_usage(sys.stderr)
        self.exit(WRONG, f"{self.prog}: {words}\n")


def parser(words: Sequence[str]) -> CommandParser:
    """Reads the words of a command line; the options are those of the command that they begin with."""
    plain = argparse.RawDescriptionHelpFormatter
    made = CommandParser(
        "python -m uit",
        description="uit: credit, bookings and labels for Flemish towns.",
        epilog=EXIT_CODES,
        formatter_class=plain,
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        each = commands.add_parser(
            name, help=command.help, description=command.help, epilog=EXIT_CODES, formatter_class=plain
        )
        if not command.plain and name in words[:1]:
            module_of(name).add_options(each)
    return made


def module_of(name: str) -> ModuleType:
    return import_module(f"uit.entrypoints.{COMMANDS[name].module}")
