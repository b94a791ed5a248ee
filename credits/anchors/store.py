"""Where anchors are kept, outside the database. A folder of files is one; others fit the same protocol."""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol


class AnchorStore(Protocol):
    """Keeps the anchor of each day of each region, and changes none that is there."""

    async def days(self, region: str) -> Sequence[date]:
        """The days that are kept of a region, the first one first."""

    async def read(self, region: str, day: date) -> bytes: ...

    async def write(self, region: str, day: date, content: bytes) -> None:
        """Keep the anchor of a day. Where there is one already, that stays as it is."""


class AnchorFolder:
    """A file per day: `aalst/2026-03-01.json`. Keep the folder where the database cannot be written from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def days(self, region: str) -> Sequence[date]:
        found = []
        for path in (self._folder / region).glob("*.json"):
            with suppress(ValueError):
                found.append(date.fromisoformat(path.stem))
        return sorted(found)

    async def read(self, region: str, day: date) -> bytes:
        return self._path(region, day).read_bytes()

    async def write(self, region: str, day: date, content: bytes) -> None:
        """The file appears whole, so that of two workers that write at once one comes first."""
        path = self._path(region, day)
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent) as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):
                os.link(draft.name, path)

    def _path(self, region: str, day: date) -> Path:
        return self._folder / region / f"{day.isoformat()}.json"
