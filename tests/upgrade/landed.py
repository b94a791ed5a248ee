"""Versions that landed: their trees come from git, by the commits that `commits.txt` records."""

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tests.town import ROOT

COMMITS = Path(__file__).parent / "commits.txt"


@dataclass(frozen=True)
class Landed:
    commit: str
    last_migration: str
    name: str

    def __str__(self) -> str:
        return self.last_migration

    def take_out(self, folder: Path, *paths: str) -> Path:
        """Its tree, or these paths of it, in `folder`."""
        archive = git("archive", self.commit, *paths)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        return folder


class NoHistoryError(Exception):
    """Git does not have what `commits.txt` records."""


def git(*words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode().strip()
        raise NoHistoryError(
            f"git {words[0]} {words[1]}: {said}. The tests of an upgrade take earlier versions from the"
            " history: run them in a whole clone (`git fetch --unshallow`), not in a copy without .git."
        )
    return done.stdout


def read_landed() -> list[Landed]:
    lines = [each for each in COMMITS.read_text().splitlines() if not each.startswith("#")]
    return [Landed(*each.split(" ", 2)) for each in lines]
