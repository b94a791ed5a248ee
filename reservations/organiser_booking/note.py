"""A few words of an organiser about a booking: its own alone, and kept as long as the booking."""

from datetime import datetime
from typing import Final
from uuid import UUID

from reservations.sessions.organiser_desk import OrganiserDesk
from uit.database.statements import Executor, Statements
from uit.web.form import text_error

SQL = Statements(__name__)
MOST_LETTERS: Final = 200

write_note = SQL.command("write_note")
remove_note = SQL.command("remove_note")


def note_error(typed: str) -> str:
    """What is wrong with a note; an empty one takes it away."""
    return text_error(typed, "", MOST_LETTERS)


async def keep_note(tx: Executor, desk: OrganiserDesk, booking_id: UUID, typed: str, now: datetime) -> None:
    note = " ".join(typed.split())
    key = *desk.organiser_key, booking_id
    await (write_note(tx, *key, note, now) if note else remove_note(tx, *key))
