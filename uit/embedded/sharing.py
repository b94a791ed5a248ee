"""The stores of a command: those of the settings, those of a running `make run`, or embedded ones.

The process that starts embedded stores holds a lock on `house.lock` in their home and writes their URLs to
`running.json`. When nobody holds the lock, a killed process left that file, and it is ignored.

The example's own payment provider goes the same way, in `provider.json`, which only its owner can read.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from uit.core.settings import Settings, StoreProblem
from uit.database.address import with_login
from uit.database.login import OWNER, REPORT_ROLE, Logins, make_logins
from uit.database.pool import APPLICATION_ROLE
from uit.embedded.home import make_home
from uit.embedded.stores import open_postgres, open_valkey

OPENERS = {"database_url": open_postgres, "redis_url": open_valkey}


class RunningStores(Struct, frozen=True, omit_defaults=True):
    """The content of `running.json`: the URLs of the stores; `base_url` when `serve` started them.

    None of them has a password: the socket is in a folder of the account that runs the server.
    """

    database_url: str = ""
    owner_database_url: str = ""
    report_database_url: str = ""
    admin_database_url: str = ""
    redis_url: str = ""
    base_url: str = ""


LOGINS = ("owner_database_url", "report_database_url", "admin_database_url")
"""What comes with a `database_url`."""


class RunningProvider(Struct, frozen=True):
    """The content of `provider.json`: how to reach the payment provider that `serve` runs."""

    stripe_secret_key: str
    stripe_api_base: str


@contextmanager
def with_stores(settings: Settings, *, serves: bool = False) -> Iterator[Settings]:
    """The settings with the URLs of running stores. Embedded stores end with the context.

    `serves`: the command is `serve`, whose stores other commands may use, but not another `serve`.
    Raises StoreProblem when the stores cannot start, or when another process has them and cannot share them.
    """
    settings = replace(settings, example=settings.is_example)
    wanted = [name for name in OPENERS if not getattr(settings, name)]
    with ExitStack() as stack:
        if wanted:
            found = (
                start_stores(settings, wanted, stack, serves=serves)
                if lock_home(settings.folder, stack)
                else join_running(settings, wanted, serves=serves)
            )
            settings = replace(settings, **found)
        yield settings


def lock_home(home: Path, stack: ExitStack) -> bool:
    """Whether this process got the lock of a home; it holds the lock until the stack closes."""
    try:
        file = stack.enter_context((make_home(home) / "house.lock").open("a"))
    except OSError as problem:
        raise StoreProblem(str(problem)) from problem
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def start_stores(settings: Settings, wanted: list[str], stack: ExitStack, *, serves: bool) -> dict[str, str]:
    """Start these stores and write their URLs to `running.json`, but no URL of the settings (passwords)."""
    file = settings.folder / "running.json"
    file.unlink(missing_ok=True)
    provider_file(settings.folder).unlink(missing_ok=True)
    found = open_all(settings.folder, wanted, stack)
    if "database_url" in found:
        found |= log_in(found["database_url"])
    stack.callback(file.unlink, missing_ok=True)
    file.write_bytes(msgspec.json.encode(RunningStores(**found, base_url=settings.address if serves else "")))
    return found


def open_all(home: Path, wanted: list[str], stack: ExitStack) -> dict[str, str]:
    """Start the stores at the same time; the stack closes those that started, also when another failed."""
    with ThreadPoolExecutor() as threads:
        starting = {name: threads.submit(OPENERS[name], home) for name in wanted}
    for future in starting.values():
        if future.exception() is None:
            stack.enter_context(future.result())
    return {name: future.result().url for name, future in starting.items()}


def log_in(admin: str) -> dict[str, str]:
    """The addresses of the three logins of an embedded server, which are made where they are missing."""
    logins = Logins(*(with_login(admin, name) for name in (OWNER, APPLICATION_ROLE, REPORT_ROLE)))
    asyncio.run(make_logins(admin, logins))
    return {
        "database_url": logins.application,
        "owner_database_url": logins.owner,
        "report_database_url": logins.report,
        "admin_database_url": admin,
    }


def join_running(settings: Settings, wanted: list[str], *, serves: bool) -> dict[str, str]:
    """The URLs of the stores that another process started in the same home, and its `base_url`."""
    running = read_running(settings.folder)
    if serves and running.base_url:
        raise StoreProblem(
            f"uit is already running at {running.base_url}. "
            "Stop that first, or give this one its own UIT_HOME."
        )
    if serves or running == RunningStores():
        raise StoreProblem(f"Another command has the stores in {settings.folder}. Try again when it is done.")
    found = asdict(running)
    for name in wanted:
        if not found[name]:
            raise StoreProblem(
                f"What runs in {settings.folder} was given a {name.upper()}. Give it here too."
            )
    logins = LOGINS if "database_url" in wanted else ()
    joined = {name: found[name] for name in (*wanted, *logins)}
    if running.base_url:
        joined |= {"base_url": running.base_url} | read_provider(settings)
    return joined


def read_running(home: Path) -> RunningStores:
    """The content of `running.json`; empty while the other process is starting or stopping."""
    try:
        return msgspec.json.decode((home / "running.json").read_bytes(), type=RunningStores)
    except (FileNotFoundError, msgspec.DecodeError):
        return RunningStores()


def provider_file(home: Path) -> Path:
    return home / "provider.json"


@contextmanager
def sharing_provider(settings: Settings) -> Iterator[None]:
    """Let other commands in this home use the payment provider of these settings, until the end."""
    file = provider_file(settings.folder)
    file.unlink(missing_ok=True)
    running = RunningProvider(settings.stripe_secret_key, settings.stripe_api_base)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(msgspec.json.encode(running))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def read_provider(settings: Settings) -> dict[str, str]:
    """The settings that reach the running provider; none where one is set, or none runs."""
    if settings.stripe_secret_key:
        return {}
    try:
        text = provider_file(settings.folder).read_bytes()
        return asdict(msgspec.json.decode(text, type=RunningProvider))
    except (OSError, msgspec.DecodeError):
        return {}
