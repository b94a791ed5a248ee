"""The stores a command works on: those of the settings, of a `make run` next door, or embedded for now.

Who starts embedded stores holds `house.lock` in their home, and says in `running.json` where they answer. A
note that nobody holds the lock for is what a killed process left: it is not believed.
"""

import fcntl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from uit.core.settings import Settings, StoreProblem
from uit.embedded.home import make_home
from uit.embedded.stores import open_postgres, open_valkey

OPENERS = {"database_url": open_postgres, "redis_url": open_valkey}


class Note(Struct, frozen=True, omit_defaults=True):
    """Where the stores answer that were started in a home; `base_url` when something is served from it."""

    database_url: str = ""
    redis_url: str = ""
    base_url: str = ""


@contextmanager
def with_stores(settings: Settings, *, serves: bool = False) -> Iterator[Settings]:
    """The settings with addresses of running stores. Embedded ones end with us.

    `serves`: it is for a house, which shares its embedded stores with commands and not with another house.
    Raises StoreProblem when they cannot start, or when another process has them and we cannot join it.
    """
    settings = replace(settings, example=settings.is_example)
    wanted = [name for name in OPENERS if not getattr(settings, name)]
    with ExitStack() as stack:
        if wanted:
            found = (
                start(settings, wanted, stack, serves=serves)
                if lock(settings.folder, stack)
                else join(settings, wanted, serves=serves)
            )
            settings = replace(settings, **found)
        yield settings


def lock(home: Path, stack: ExitStack) -> bool:
    """Whether the embedded stores of a home are ours to start; they are until the stack closes."""
    try:
        file = stack.enter_context((make_home(home) / "house.lock").open("a"))
    except OSError as problem:
        raise StoreProblem(str(problem)) from problem
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def start(settings: Settings, wanted: list[str], stack: ExitStack, *, serves: bool) -> dict[str, str]:
    """Start these stores, and note what was started: nothing of the settings, which may hold a password."""
    note = settings.folder / "running.json"
    note.unlink(missing_ok=True)
    found = opened(settings.folder, wanted, stack)
    stack.callback(note.unlink, missing_ok=True)
    note.write_bytes(msgspec.json.encode(Note(**found, base_url=settings.address if serves else "")))
    return found


def opened(home: Path, wanted: list[str], stack: ExitStack) -> dict[str, str]:
    """Start them all at once, and close with the stack those that came, also when another did not."""
    with ThreadPoolExecutor() as threads:
        starting = {name: threads.submit(OPENERS[name], home) for name in wanted}
    for future in starting.values():
        if future.exception() is None:
            stack.enter_context(future.result())
    return {name: future.result().url for name, future in starting.items()}


def join(settings: Settings, wanted: list[str], *, serves: bool) -> dict[str, str]:
    """The stores that another process started in the same home, and the address that it serves at."""
    note = read_note(settings.folder)
    if serves and note.base_url:
        raise StoreProblem(
            f"uit is already running at {note.base_url}. Stop that first, or give this one its own UIT_HOME."
        )
    if serves or note == Note():
        raise StoreProblem(f"Another command has the stores in {settings.folder}. Try again when it is done.")
    found = asdict(note)
    for name in wanted:
        if not found[name]:
            raise StoreProblem(
                f"What runs in {settings.folder} was given a {name.upper()}. Give it here too."
            )
    return {name: found[name] for name in wanted} | ({"base_url": note.base_url} if note.base_url else {})


def read_note(home: Path) -> Note:
    """Empty while its writer is still opening, or closing already."""
    try:
        return msgspec.json.decode((home / "running.json").read_bytes(), type=Note)
    except (FileNotFoundError, msgspec.DecodeError):
        return Note()
