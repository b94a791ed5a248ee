"""What the payment provider reports: stored by its id, and handled later, once, in any order."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=6)
LENT: Final = timedelta(minutes=6)
"""Longer than a worker takes for all that it claims at once."""


class StoredEvent(Struct, frozen=True):
    """That something happened to an object of an account. What, is read back."""

    id: str
    type: str
    account: str | None
    object_id: str
    attempts: int


store_event = SQL.command("store_event")
claim_events = SQL.many("claim_events", StoredEvent)
finish_event = SQL.command("finish_event")
put_event_off = SQL.command("put_event_off")
replay_events = SQL.value("replay_events", int)


async def claim(tx: Executor, now: datetime, most: int) -> list[StoredEvent]:
    """Events that are due; another worker gets them again when this one does not say how it went."""
    return await claim_events(tx, now, now + LENT, most)


def wait_after(attempts: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(attempts, 16)), LONGEST_WAIT)
