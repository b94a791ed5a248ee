"""The till at which a clerk is at work for an organiser: what they book there can be paid there."""

from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)


class TillAtWork(Struct, frozen=True):
    """A session at a till that is open, and in whose books it sells. `id` is that of the session."""

    id: UUID
    till: str
    seller_id: UUID


find_till_at_work = SQL.maybe("find_till_at_work", TillAtWork)
