"""Messages of the outbox that failed: an operator reads why, and retries or drops them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)


class FailedMessage(Struct, frozen=True):
    """`waiting` is how many messages with the same key wait behind it: none, where it does not block them."""

    region_id: int
    region: str
    id: UUID
    topic: str
    key: UUID
    attempts: int
    failed_at: datetime
    reason: str
    waiting: int


read_failed = SQL.many("read_failed", FailedMessage)
count_failed = SQL.value("count_failed", int)
retry = SQL.command("retry")
drop = SQL.command("drop")
