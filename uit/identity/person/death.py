"""What a death ends at once: what somebody may do for others, and others for them, and what they asked."""

from datetime import datetime
from uuid import UUID

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

end_powers = SQL.command("end_powers")
withdraw_asks = SQL.command("withdraw_asks")
restore_helping = SQL.command("restore_helping")
"""Give back what a death ended that a clerk wrote down by mistake; before the person lives again."""


async def end_helping(tx: Executor, person_id: UUID, now: datetime) -> None:
    """End who helps them and whom they help, under the moment at which the person ends."""
    await end_powers(tx, person_id, now)
    await withdraw_asks(tx, person_id)
