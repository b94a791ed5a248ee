"""Runs the command that a command line names, and says in words why it ended early."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Final

import asyncpg
import uvloop
from msgspec.structs import replace

from uit.core.settings import InvalidSetting, Settings, StoreProblem, read_settings
from uit.database.connecting import NotConnected, setting_of
from uit.database.migrate import MigrationProblem, Superseded
from uit.database.pool import OUTAGE
from uit.entrypoints.commands import module_of, parser
from uit.entrypoints.port import refuse_taken_port
from uit.entrypoints.refused import WRONG, CommandRefused, as_error

NOT_MIGRATED: Final = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
)
"""What a statement of ours meets in a database without all migrations."""
AWAY: Final = "store.away"
"""The code where the same command may succeed later, without anything that was typed or set otherwise."""


def run_command(words: Sequence[str]) -> int:
    """Run `python -m uit WORDS` to its end; returns the exit code.

    What a command refuses or finds away is said on standard error and, where `--json` was asked, as an
    object on standard output. Anything else that is raised is a bug.
    """
    given = parser(words).parse_args(words)
    try:
        settings = read_settings()
        with naming_settings(settings):
            return run_on_stores(settings, given)
    except CommandRefused as refused:
        code, exit_code, said = refused.code, refused.exit_code, str(refused)
    except InvalidSetting as wrong:
        code, exit_code, said = "settings.wrong", WRONG, str(wrong)
    except MigrationProblem as problem:
        code, exit_code, said = "database.not_migrated", WRONG, str(problem)
    except StoreProblem as problem:
        code, exit_code, said = "store.problem", WRONG, str(problem)
    if getattr(given, "json", False):
        print(as_error(code, said))
    print(said, file=sys.stderr)
    return exit_code


def run_on_stores(settings: Settings, given: Namespace) -> int:
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

        set_up_logs()
        exit_code: int = uvloop.run(module_of(given.command).run(running, given))
        return exit_code


@contextmanager
def naming_settings(settings: Settings) -> Iterator[None]:
    """Say of a database that is away, or not as it should be, which setting to look at."""
    try:
        yield
    except NotConnected as none:
        words = none.words(setting_of(settings, none.dsn))
        if none.is_away:
            raise CommandRefused(words, code=AWAY) from None
        raise StoreProblem(words) from None
    except OUTAGE as lost:
        words = f"The database went away meanwhile: {lost} See whether it runs, and run this again."
        raise CommandRefused(words, code=AWAY) from None
    except Superseded as wrong:
        raise MigrationProblem(way_on(settings, wrong)) from None
    except NOT_MIGRATED as missing:
        words = f"The database is not up to date: {missing}. Run `python -m uit migrate`."
        raise MigrationProblem(words) from None


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
