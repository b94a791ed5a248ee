"""What strangers read lately, for when the database does not answer: better an old page than none."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from litestar.types import HTTPResponseStartEvent
from msgspec import Struct

MOST_BYTES: Final = 16_000_000
MOST_BYTES_OF_PAGE: Final = 200_000
MOST_BYTES_OF_ADDRESS: Final = 300

Address = tuple[str, bytes]
"""A path and a query."""


class KeptPage(Struct, frozen=True):
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    kept_at: float


class KeptPages:
    """The last of each address, as many as fit in MOST_BYTES; who asked for the longest ago goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Address, KeptPage] = OrderedDict()
        self._bytes = 0

    def keep(self, address: Address, start: HTTPResponseStartEvent, body: bytes, now: float) -> None:
        """Keep a page with its headers, unless it or its address is too large."""
        if len(body) > MOST_BYTES_OF_PAGE or sum(map(len, address)) > MOST_BYTES_OF_ADDRESS:
            return
        self._drop(address)
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"set-cookie"]
        self._pages[address] = KeptPage(headers, body, now)
        self._bytes += len(body)
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._pages)))

    def find(self, address: Address) -> KeptPage | None:
        return self._pages.get(address)

    def _drop(self, address: Address) -> None:
        gone = self._pages.pop(address, None)
        if gone:
            self._bytes -= len(gone.body)
