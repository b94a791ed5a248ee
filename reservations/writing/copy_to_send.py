"""One copy of a message that an organiser wrote, as it is sent and as what came of it is written down."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)
COPY: Final = "message.copy"


class CopyToSend(Struct, frozen=True):
    """A message for one booking, with the session that it is about and who wrote it.

    `is_turn_card`: it is about cards of turns, which have no moment.
    """

    subject: str
    body: str
    session_id: UUID
    outcome: str
    event: str
    is_discreet: bool
    starts_at: datetime
    ends_at: datetime
    organiser: str
    email: str | None
    phone: str | None
    is_turn_card: bool


class AboutMessage(Struct, frozen=True):
    """`staff_id`: for which of those who work with a group; None for who booked."""

    message_id: UUID
    staff_id: UUID | None = None


read_copy = SQL.maybe("read_copy", CopyToSend)
finish_copy = SQL.command("finish_copy")
