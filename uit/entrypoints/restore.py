"""`python -m uit restore`: a dump into an empty database, a copy to a moment, and what follows either."""

import os
import shutil
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import msgspec
from msgspec import Struct, field

from uit.core.settings import Settings
from uit.database.address import database_in, login_in, with_database
from uit.database.backup import count_things
from uit.database.connecting import connected
from uit.database.login import ADMIN_DATABASE, Logins, create_database, has_database, make_logins
from uit.entrypoints.backup import Dump
from uit.entrypoints.client_program import ProgramProblem, find_program, program_path, run_program
from uit.entrypoints.operating import opened_database, operator_of
from uit.entrypoints.option_type import absolute, moment
from uit.identity.sign_in.restored import end_sign_ins, last_act_at
from uit.identity.visitor import FLANDERS


class CopiedFile(Struct, frozen=True):
    path: str = field(default="", name="Path")
    modified: str = field(default="", name="Last-Modified")


class Manifest(Struct, frozen=True):
    """What PostgreSQL writes of the files of a copy, as far as we read it."""

    files: list[CopiedFile] = field(name="Files")


NEXT = """Next, before anybody is let in:
  python -m uit migrate          when this version of uit is newer than the backup
  python -m uit check-ledger     must find nothing
  python -m uit worker           erases again what was erased since the backup, and goes on with the rest
  python -m uit payments replay  reads what the provider reported since"""


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    dump = verbs.add_parser("dump", help="a dump, into a database with nothing in it; made when missing")
    dump.add_argument("dump", type=absolute, help="what `backup dump` wrote, with what lies beside it")
    dump.add_argument("--dry-run", action="store_true", help="only look at the dump and the database")
    base = verbs.add_parser("base", help="a copy of the server: makes a data folder to start PostgreSQL on")
    base.add_argument("backup", type=absolute, help="what `backup base` wrote")
    base.add_argument("data", type=absolute, help="a new folder")
    base.add_argument("--wal", required=True, type=absolute, help="the folder of `backup wal`")
    base.add_argument(
        "--to", type=moment, metavar="MOMENT", help="2026-05-04T12:00, in UTC; without it all there is"
    )
    verbs.add_parser("finish", help="after `base`: ends the sign-ins that came back, and notes the restore")


async def run(settings: Settings, given: Namespace) -> int:
    match given.verb:
        case "dump":
            return await restore_dump(settings, given.dump, dry_run=given.dry_run)
        case "base":
            return await restore_base(given.backup, given.data, given.wal, given.to)
        case _:
            return await finish(settings)


async def restore_dump(settings: Settings, source: Path, *, dry_run: bool) -> int:
    """Bring a dump back into a database with nothing in it: roles, all of it or nothing, and statistics.

    `dry_run` reads the dump and looks at the database, and changes nothing.
    """
    kept, name = Dump(source), database_in(settings.database_url)
    refuse_damaged(kept)
    program = await find_program("pg_restore", server_of(settings))
    if things := await things_in(settings, name):
        raise ProgramProblem(
            f"The database {name} is not empty: it has {things} schemas, tables and functions of somebody. "
            "Give DATABASE_URL and OWNER_DATABASE_URL a new one, which is made, or an empty one."
        )
    if dry_run:
        print(f"{kept.path} is whole, and {name} can take it.")
        return 0
    await make_database(settings, name, kept.roles.read_text())
    target = with_database(settings.admin_url, name)
    await run_program(
        program, "--exit-on-error", "--single-transaction", "--statistics", kept.path, dsn=target
    )
    await make_own_logins(settings)
    print(f"{kept.path} is in {name}.")
    return await finish(settings)


def server_of(settings: Settings) -> str:
    """Where one can connect when our own database is not there yet."""
    return with_database(settings.admin_url, ADMIN_DATABASE)


def refuse_damaged(kept: Dump) -> None:
    """`ProgramProblem` when a file is missing, or is not as it was written."""
    for path in (kept.path, kept.roles, kept.digests):
        if not path.exists():
            raise ProgramProblem(
                f"{path} is not there: a dump is kept with its roles and its digests beside it."
            )
    if kept.digests.read_text() != kept.list_digests():
        raise ProgramProblem(f"{kept.path} is not as it was written: compare it with {kept.digests}.")


async def things_in(settings: Settings, name: str) -> int:
    """What a database has in it; 0 when it is not there."""
    async with connected(server_of(settings)) as server:
        if not await has_database(server, name):
            return 0
    async with connected(with_database(settings.admin_url, name)) as connection:
        return await count_things(connection)


async def make_database(settings: Settings, name: str, roles: str) -> None:
    """The roles of the dump, which hold for the whole server, and the database when it is not there."""
    async with connected(server_of(settings)) as server:
        await server.execute(roles)
        if not settings.owner_database_url and not await has_database(server, name):
            await server.execute(await create_database(server, name, login_in(settings.admin_url)[0]))
    await make_own_logins(settings)


async def make_own_logins(settings: Settings) -> None:
    """Passwords are not in a backup: logins have those of the addresses, where there are three."""
    if settings.owner_database_url:
        logins = Logins(settings.owner_database_url, settings.database_url, settings.report_database_url)
        await make_logins(settings.admin_url, logins)


async def restore_base(backup: Path, data: Path, wal: Path, to: datetime | None) -> int:
    """Make a data folder that PostgreSQL brings to a moment when it starts, or as far as the log goes.

    `backup` stays as it is. `data` is new; the account that runs the server has to own it and read `wal`.
    """
    refuse_wrong_folders(data, wal)
    refuse_too_early(backup, to)
    if (verify := program_path("pg_verifybackup")) is None:
        raise ProgramProblem("pg_verifybackup is not there. Install PostgreSQL where this runs.")
    await run_program(verify, "--quiet", backup)
    make_data(backup, data, recovery_settings(wal, to))
    print(f"{data} is ready. Start PostgreSQL on it: it reads the log from {wal}")
    print(f"up to {to.isoformat()} and opens." if to else "as far as that goes and opens.")
    print("Then run `python -m uit restore finish`, and have `backup wal` write to a new folder.")
    return 0


def refuse_wrong_folders(data: Path, wal: Path) -> None:
    if data.exists() and any(data.iterdir()):
        raise ProgramProblem(f"{data} is not empty. Give a new folder, or move that one away.")
    if not wal.is_dir():
        raise ProgramProblem(f"{wal} is not a folder: it is what `backup wal` writes to.")


def refuse_too_early(backup: Path, to: datetime | None) -> None:
    """`ProgramProblem` when a copy was begun after the moment: the log only leads on from it."""
    begun = begun_at(backup)
    if to and begun and to < begun:
        raise ProgramProblem(
            f"The copy in {backup} was begun at {begun:%Y-%m-%d %H:%M:%S} UTC, after {to.isoformat()}. Take "
            "one that was made before that moment, or give --to a later one."
        )


def begun_at(backup: Path) -> datetime | None:
    """When a copy was begun: then the server wrote its label. None where its manifest cannot be read.

    The label says it too, in a time zone of the server that has no more than a short name there.
    """
    with suppress(OSError, msgspec.MsgspecError):
        for file in msgspec.json.decode((backup / "backup_manifest").read_bytes(), type=Manifest).files:
            if file.path == "backup_label":
                return datetime.strptime(file.modified, "%Y-%m-%d %H:%M:%S GMT").replace(tzinfo=UTC)
    return None


def make_data(backup: Path, data: Path, settings: str) -> None:
    shutil.copytree(backup, data, dirs_exist_ok=True)
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write(settings)
    (data / "recovery.signal").touch()
    give_to_owner_of(data.parent, data)


def recovery_settings(wal: Path, to: datetime | None) -> str:
    """The last segment of a receiver that was stopped ends in .partial, and is as good."""
    kept = quote(str(wal).replace("%", "%%"))
    copy = f'cp {kept}/%f "%p" || cp {kept}/%f.partial "%p"'
    lines = [f"restore_command = '{in_quotes(copy)}'", "recovery_target_action = 'promote'"]
    if to:
        lines.append(f"recovery_target_time = '{to.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
    return "\n# Written by `python -m uit restore base`.\n" + "\n".join(lines) + "\n"


def in_quotes(text: str) -> str:
    """As a value in a configuration file of PostgreSQL."""
    return text.replace("\\", "\\\\").replace("'", "''")


def give_to_owner_of(parent: Path, data: Path) -> None:
    """Root makes it for the account that has the folder around it. A server refuses data that others read."""
    if os.geteuid() == 0:
        owner = parent.stat()
        for path in (data, *data.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    data.chmod(0o700)


async def finish(settings: Settings) -> int:
    """End every sign-in that the backup brought back, and leave a row in the audit trail."""
    author, name = operator_of(FLANDERS), database_in(settings.database_url)
    async with opened_database(settings) as database, database.transaction() as tx:
        until = await last_act_at(tx)
        ended = await end_sign_ins(tx, author.now)
        await author.note(tx, "backup.restore", "database", name, last_act=until, sign_ins=ended)
    print(f"The last act in it is of {until}. {ended} sign-ins, tokens and links were ended.")
    print(NEXT)
    return 0
