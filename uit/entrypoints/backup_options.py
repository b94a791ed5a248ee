"""The options of `python -m uit backup` and `python -m uit restore`."""

import argparse

from uit.entrypoints.option_type import absolute, moment


def add_backup_verbs(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(dest="verb", required=True)
    dump = verbs.add_parser("dump", help="the database at one moment, with its roles and digests beside it")
    dump.add_argument("target", type=absolute, help="one file, when its name ends in .dump, or else a folder")
    base = verbs.add_parser("base", help="the whole server, from which `restore base` goes to a moment")
    base.add_argument("folder", type=absolute, help="a folder that is made")
    log = verbs.add_parser("wal", help="the log of the server as it is written; runs until it is stopped")
    log.add_argument("folder", type=absolute, help="a folder for this server alone; a repeat goes on in it")
    for each in (dump, base):
        each.add_argument("--json", action="store_true", help="what was written, for a program")


def add_restore_verbs(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(dest="verb", required=True)
    dump = verbs.add_parser("dump", help="a dump, into a database with nothing in it; made when missing")
    dump.add_argument("dump", type=absolute, help="what `backup dump` wrote, with what lies beside it")
    dump.add_argument("--dry-run", action="store_true", help="only look at the dump and the database")
    base = verbs.add_parser("base", help="a copy of the server: makes a data folder to start PostgreSQL on")
    base.add_argument("backup", type=absolute, help="what `backup base` wrote")
    base.add_argument("data", type=absolute, help="a new folder")
    base.add_argument("--wal", required=True, type=absolute, help="the folder of `backup wal`")
    base.add_argument(
        "--to",
        type=moment,
        metavar="MOMENT",
        help="2026-05-04T12:00, in UTC; without it all there is",
    )
    verbs.add_parser("finish", help="after `base`: ends the sign-ins that came back, and notes the restore")
