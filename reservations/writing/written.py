"""What an organiser wrote to who booked a session, and who got it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.rows import OutboxRow
from reservations.sessions.occupancy import Attendance
from reservations.sessions.organiser_desk import OrganiserDesk
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)
SPREAD: Final = "message.spread"
OPEN_FOR: Final = timedelta(days=30)
"""So long after a date its organiser may still write to who was there."""


class MessageWords(Struct, frozen=True):
    """What is written: a subject of one line, and a body whose lines end with a line feed."""

    subject: str
    body: str


class WrittenMessage(Struct, frozen=True):
    """A message, and for how many bookings it left by which way."""

    id: UUID
    subject: str
    body: str
    written_at: datetime
    copies: int
    by_email: int
    by_sms: int
    by_letter: int
    waiting: int

    @property
    def missed(self) -> int:
        return self.copies - self.by_email - self.by_sms - self.by_letter - self.waiting


class Copy(Struct, frozen=True):
    """A message for one booking: `waiting`, `sent`, `failed` or for `nobody`; `way` once it was tried."""

    booking_id: UUID
    outcome: str
    way: str | None


write_message = SQL.command("write_message")
write_copies = SQL.command("write_copies")
list_messages = SQL.many("list_messages", WrittenMessage)
read_copies = SQL.many("read_copies", Copy)


def may_be_written_to(session: Attendance, now: datetime) -> bool:
    return now <= session.ends_at + OPEN_FOR


async def send_message(
    tx: Executor, desk: OrganiserDesk, author: Author, message_id: UUID, words: MessageWords
) -> bool:
    """Write a message with a copy for each booking; the worker sends them. False for one that is there."""
    key = desk.region.id, message_id, desk.organiser_id, desk.session_id
    if not await write_message(tx, *key, words.subject, words.body, author.now):
        return False
    copies = await write_copies(tx, desk.region.id, message_id, desk.session_id)
    await write_outbox(tx, desk.region.id, as_json([OutboxRow(SPREAD, message_id)]), author.now)
    await author.note(tx, "message.write", "session", desk.session_id, message=str(message_id), copies=copies)
    return True


def missed_first(copies: Sequence[Copy]) -> tuple[list[Copy], list[Copy], list[Copy]]:
    """Who did not get it, who will, and who did."""
    return (
        [each for each in copies if each.outcome in {"failed", "nobody"}],
        [each for each in copies if each.outcome == "waiting"],
        [each for each in copies if each.outcome == "sent"],
    )
