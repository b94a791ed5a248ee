"""What a day of a region was, said outside the database: its audit trail, and what moved in its ledger.

Who rewrites a row later, with whatever rights in the database, cannot make it fit what was said of its day.
Each day is signed and holds the digest of the day before, so that none can be left out or put in.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from uit.core.clock import day_in_flanders, start_of_day
from uit.core.signature import is_signed, sign
from uit.database.statements import Executor, Statements
from uit.services.region import Region

SQL = Statements(__name__)
SIGNED_FOR: Final = b"uit.anchor|"
NOTHING_BEFORE: Final = ""
AFTER: Final = timedelta(hours=3)
"""So long after its end a day is said: nothing that began in it is still being written then."""
LATE: Final = timedelta(days=1)
"""A day that is said so long after its end was not said by a worker at work, or not for the first time."""
KEPT_YEARS: Final = 10
"""So long the trail and the ledger are kept; of a day before nothing can be reckoned any more."""


class DaySum(Struct, frozen=True):
    """The rows of a day together. `digest` is SHA-256 over the SHA-256 of each, in hexadecimal."""

    rows: int
    digest: str


class Total(Struct, frozen=True):
    """What went out of the accounts of a kind, and into them, in the books of a legal entity."""

    entity_id: UUID
    kind: str
    programme_id: UUID | None
    debit_cents: int
    credit_cents: int


class Anchor(Struct, frozen=True):
    """A day of a region. `previous` is the SHA-256 of the anchor before; `signature` is over all the rest.

    Those of earlier versions do not say when they were written.
    """

    region: str
    day: date
    trail: DaySum
    transfers: DaySum
    totals: list[Total]
    previous: str
    written_at: datetime | UnsetType = UNSET
    signature: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it was written long after its day was over."""
        ended_at = start_of_day(self.day + timedelta(days=1))
        return self.written_at is not UNSET and self.written_at > ended_at + LATE


first_day = SQL.value("first_day", date)
sum_trail = SQL.one("sum_trail", DaySum)
sum_transfers = SQL.one("sum_transfers", DaySum)
read_totals = SQL.many("read_totals", Total)


async def reckon(
    tx: Executor, region: Region, day: date, previous: str, written_at: datetime | UnsetType
) -> Anchor:
    """The anchor of a day as the database tells it now, not yet signed."""
    between = region.id, start_of_day(day), start_of_day(day + timedelta(days=1))
    return Anchor(
        region=region.slug,
        day=day,
        trail=await sum_trail(tx, *between),
        transfers=await sum_transfers(tx, *between),
        totals=await read_totals(tx, *between),
        previous=previous,
        written_at=written_at,
    )


def signed(key: bytes, anchor: Anchor) -> Anchor:
    return replace(anchor, signature=sign(key, SIGNED_FOR, encode(unsigned(anchor))).hex())


def unsigned(anchor: Anchor) -> Anchor:
    return replace(anchor, signature="")


def is_genuine(key: bytes, anchor: Anchor) -> bool:
    """Whether this installation signed it."""
    try:
        signature = bytes.fromhex(anchor.signature)
    except ValueError:
        return False
    return is_signed(key, SIGNED_FOR, encode(unsigned(anchor)), signature)


def encode(anchor: Anchor) -> bytes:
    return msgspec.json.format(msgspec.json.encode(anchor), indent=2) + b"\n"


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def last_day(now: datetime) -> date:
    """The last day that is over, and of which nothing is written any more."""
    return day_in_flanders(now - AFTER) - timedelta(days=1)


def first_kept(now: datetime) -> date:
    return date(now.year - KEPT_YEARS + 1, 1, 1)
