"""What of the payments of this installation waits for somebody, for who runs it."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
STUCK_AFTER: Final = 3
"""An event that was tried so often and is not done wants somebody to look."""


class OpenRefund(Struct, frozen=True):
    """Money that was decided to go back and is not there: by which way, and why it failed before."""

    region: str
    id: UUID
    organiser: str
    booking_id: UUID
    amount_cents: int
    way: str
    status: str
    failure: str | None
    decided_at: datetime


class StuckEvent(Struct, frozen=True):
    """What the provider reported and is not handled, or came to nothing; `outcome` says why."""

    id: str
    type: str
    received_at: datetime
    attempts: int
    outcome: str | None


class OpenDifference(Struct, frozen=True):
    """`expected_cents` is in our books, `found_cents` in the provider's."""

    region: str
    id: UUID
    organiser: str
    kind: str
    external_id: str
    day: date
    expected_cents: int
    found_cents: int


class Overview(Struct, frozen=True):
    refunds: list[OpenRefund]
    events: list[StuckEvent]
    differences: list[OpenDifference]


open_refunds = SQL.many("open_refunds", OpenRefund)
stuck_events = SQL.many("stuck_events", StuckEvent)
open_differences = SQL.many("open_differences", OpenDifference)


async def read_overview(connection: Executor) -> Overview:
    """At most a thousand of each, oldest first."""
    return Overview(
        await open_refunds(connection),
        await stuck_events(connection, STUCK_AFTER),
        await open_differences(connection),
    )
