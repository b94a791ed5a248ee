"""`python -m uit backup`: a dump of the database, a copy of the server, and its log as it is written."""

import hashlib
import os
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from uit.core.settings import Settings
from uit.database.backup import roles_script
from uit.database.connecting import connected
from uit.entrypoints.client_program import ProgramProblem, find_program, run_program, run_until_stopped
from uit.entrypoints.option_type import absolute

SLOT: Final = "uit_wal"
"""By it the server keeps what was not yet received."""
PRIVATE: Final = 0o077


class Written(Struct, frozen=True):
    """What was written. `sha256` has the digest of each file by which all the others can be compared."""

    path: str
    files: int
    size_bytes: int
    sha256: dict[str, str]


class Dump:
    """The files of a dump: itself, a file or a folder, and beside it roles and digests."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.roles = self.path.with_name(f"{self.path.name}.roles.sql")
        self.digests = self.path.with_name(f"{self.path.name}.sha256")

    @property
    def files(self) -> list[Path]:
        return [*(files_in(self.path) or [self.path]), self.roles]

    def list_digests(self) -> str:
        """As `sha256sum --check` takes it, from the folder in which the dump lies."""
        return "".join(f"{digest_of(each)}  {each.relative_to(self.path.parent)}\n" for each in self.files)


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    dumping = verbs.add_parser(
        "dump", help="the database at one moment, with its roles and digests beside it"
    )
    dumping.add_argument(
        "target", type=absolute, help="one file, when its name ends in .dump, or else a folder"
    )
    copying = verbs.add_parser("base", help="the whole server, from which `restore base` goes to a moment")
    copying.add_argument("folder", type=absolute, help="a folder that is made")
    log = verbs.add_parser("wal", help="the log of the server as it is written; runs until it is stopped")
    log.add_argument("folder", type=absolute, help="a folder for this server alone; a repeat goes on in it")
    for each in (dumping, copying):
        each.add_argument("--json", action="store_true", help="what was written, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    match given.verb:
        case "dump":
            return await dump(settings, given.target, as_json=given.json)
        case "base":
            return await base(settings, given.folder, as_json=given.json)
        case _:
            return await wal(settings, given.folder)


async def dump(settings: Settings, target: Path, *, as_json: bool) -> int:
    """Dump the database as it is at one moment, while it is in use; a name that ends in .dump is one file."""
    made = Dump(target)
    refuse_existing(made.path, made.roles, made.digests)
    program = await find_program("pg_dump", settings.owner_url)
    kind = "custom" if made.path.suffix == ".dump" else "directory"
    with private_files(), unfinished(made.path) as partial:
        options = (f"--format={kind}", f"--file={partial}", "--statistics")
        await run_program(program, *options, dsn=settings.owner_url)
        made.roles.write_text(await read_roles(settings.owner_url))
        partial.rename(made.path)
        made.digests.write_text(made.list_digests())
    noted = [each for each in (made.path, made.digests) if each.is_file()]
    return say(written(made.path, made.files, noted), as_json=as_json)


async def base(settings: Settings, folder: Path, *, as_json: bool) -> int:
    """Copy the whole server while it is in use, with the log that makes the copy whole, and verify it."""
    refuse_existing(folder)
    copy = await find_program("pg_basebackup", settings.admin_url)
    verify = await find_program("pg_verifybackup", settings.admin_url)
    with private_files(), unfinished(folder) as partial:
        await run_program(
            copy,
            *(f"--pgdata={partial}", "--format=plain", "--wal-method=stream", "--checkpoint=fast"),
            *("--manifest-checksums=SHA256", "--label=uit"),
            dsn=settings.admin_url,
        )
        await run_program(verify, "--quiet", partial)
        partial.rename(folder)
    return say(written(folder, files_in(folder), [folder / "backup_manifest"]), as_json=as_json)


async def wal(settings: Settings, folder: Path) -> int:
    """Receive the log of the server as it is written, until stopped. A repeat goes on where it ended."""
    receive = await find_program("pg_receivewal", settings.admin_url)
    with private_files():
        make_folder(folder)
        slot = f"--slot={SLOT}"
        await run_program(receive, slot, "--create-slot", "--if-not-exists", dsn=settings.admin_url)
        directory = f"--directory={folder}"
        return await run_until_stopped(receive, slot, "--synchronous", directory, dsn=settings.admin_url)


def make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


async def read_roles(dsn: str) -> str:
    async with connected(dsn) as connection:
        return await roles_script(connection)


def refuse_existing(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise ProgramProblem(f"{path} is there already. A backup never writes over another.")


@contextmanager
def private_files() -> Iterator[None]:
    """A backup holds what the database holds: only the account that makes it reads it."""
    before = os.umask(PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Where to write, so that what has the name of a backup is whole; removed when it does not become one."""
    partial = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    remove(partial)
    try:
        yield partial
    finally:
        remove(partial)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def files_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def written(path: Path, files: list[Path], noted: list[Path]) -> Written:
    size = sum(each.stat().st_size for each in files)
    return Written(str(path), len(files), size, {str(each): digest_of(each) for each in noted})


def say(made: Written, *, as_json: bool) -> int:
    if as_json:
        print(msgspec.json.encode(made).decode())
        return 0
    print(f"{made.path}: {made.files} files, {made.size_bytes} bytes.")
    print("Note where the backup is not, as `sha256sum` says it:")
    for path, digest in made.sha256.items():
        print(f"{digest}  {path}")
    print("Keep the keys (SECRETS_FILE) as long as the backup, and apart from it.")
    return 0
