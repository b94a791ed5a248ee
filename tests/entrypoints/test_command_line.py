"""Whatever ends a command early is said in words: to a person, to a program, and without a traceback."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from tests.town import ROOT, environment
from uit.core.settings import Settings, StoreProblem
from uit.database.connecting import NotConnected
from uit.database.migrate import MigrationProblem
from uit.entrypoints.command_line import naming_settings, run_command
from uit.entrypoints.commands import parser
from uit.entrypoints.refused import CommandRefused

Said = pytest.CaptureFixture[str]

# Python as somebody interrupts it who is as fast as can be: while it reads a module of ours.
INTERRUPTED: Final = """
import os, runpy, signal, sys

class Interrupt:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt)
sys.argv = ["uit", {command!r}]
runpy.run_module("uit", run_name="__main__")
"""


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with addresses at which nobody is."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://uit_app@127.0.0.1:9/uit")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9")
    return monkeypatch


def test_a_wrong_setting_is_said_to_a_person_and_to_a_program_that_asked(
    given: pytest.MonkeyPatch, capsys: Said
) -> None:
    given.setenv("SMTP_URL", "127.0.0.1:25")

    plain, as_text = run_command(["check"]), capsys.readouterr()
    asked, as_json = run_command(["check", "--json"]), capsys.readouterr()

    assert (plain, asked) == (2, 2)
    assert as_text.out == ""
    assert as_text.err.startswith("SMTP_URL is wrong: ")
    assert json.loads(as_json.out) == {"code": "settings.wrong", "error": as_text.err.strip()}
    assert as_json.err == as_text.err


def test_what_a_command_refuses_has_its_own_code(given: pytest.MonkeyPatch, capsys: Said) -> None:
    def refuse(_settings: Settings, _given: object) -> int:
        raise CommandRefused("Nobody has this address.", code="identity.staff_unknown")

    given.setattr("uit.entrypoints.command_line.run_on_stores", refuse)

    assert run_command(["staff", "list", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "identity.staff_unknown"


@pytest.mark.parametrize(
    ("words", "usage", "wrong"),
    [
        (["region", "list", "--jsn"], "region list", "not known here: --jsn"),
        (["check-ledger", "--jsn"], "check-ledger", "not known here: --jsn"),
        (["client", "remove"], "client", "invalid choice: 'remove'"),
    ],
)
def test_words_that_are_wrong_are_answered_by_the_command_that_they_name(
    words: list[str], usage: str, wrong: str, capsys: Said
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser(words).parse_args(words)

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith(f"usage: python -m uit {usage} ")
    assert f"python -m uit {usage}: " in said
    assert wrong in said
    assert said.endswith(f"`python -m uit {usage} --help` says what there is.\n")


def test_a_command_that_there_is_not_brings_the_list_once(capsys: Said) -> None:
    with pytest.raises(SystemExit):
        parser(["regio"]).parse_args(["regio"])

    assert capsys.readouterr().err.count("check-ledger") == 1


def test_a_program_reads_what_was_wrong_with_its_words(capsys: Said) -> None:
    words = ["region", "list", "--json", "--jsn"]
    with pytest.raises(SystemExit):
        parser(words).parse_args(words)

    assert json.loads(capsys.readouterr().out)["code"] == "words.wrong"


def test_what_the_database_says_leads_to_what_is_to_be_done() -> None:
    settings = Settings(
        database_url="postgresql://uit_app@db/uit", owner_database_url="postgresql://uit_owner@db/uit"
    )

    def said_of(raised: Exception, kind: type[Exception]) -> str:
        with pytest.raises(kind) as found, naming_settings(settings):
            raise raised
        return str(found.value)

    away = said_of(NotConnected(settings.owner_url, ConnectionRefusedError()), CommandRefused)
    wrong = said_of(NotConnected(settings.owner_url, asyncpg.InvalidPasswordError("No.")), StoreProblem)
    lost = said_of(asyncpg.ConnectionDoesNotExistError("The connection was lost."), CommandRefused)
    old = said_of(asyncpg.UndefinedTableError('relation "uit.region" does not exist'), MigrationProblem)
    assert away.endswith("whether OWNER_DATABASE_URL is right.")
    assert "Correct OWNER_DATABASE_URL" in wrong
    assert lost.startswith("The database went away meanwhile: The connection was lost.")
    assert old.endswith('"uit.region" does not exist. Run `python -m uit migrate`.')


@pytest.mark.parametrize(
    ("module", "ended_by"),
    [("uit.entrypoints.command_line", -signal.SIGINT), ("uit.entrypoints.outbox", 128 + signal.SIGINT)],
)
def test_ctrl_c_while_modules_are_read_leaves_no_traceback(
    module: str, ended_by: int, tmp_path: Path
) -> None:
    program = INTERRUPTED.format(module=module, command="outbox")
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stderr) == (ended_by, "")


def test_an_output_that_nobody_reads_ends_the_command_without_a_traceback(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as nobody:
        said = subprocess.run(
            [sys.executable, "-m", "uit", "region", "--jsn", "--json"],
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert said.returncode == 128 + signal.SIGPIPE
    assert "Traceback" not in said.stderr
    assert "BrokenPipe" not in said.stderr
