"""Known devices: browsers in which somebody signed in before. They pass where others are asked to wait.

One is known to each of its owners apart. It gives no access: who signs in still needs a link, or a password
and a second factor.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

LIFETIME: Final = timedelta(days=365)

is_known_to_person = SQL.value("is_known_to_person", bool)
"""Whether a device is known to a person who has an e-mail address or a number."""
is_known_to_staff = SQL.value("is_known_to_staff", bool)
"""The same of a member of staff."""
is_known_to = SQL.value("is_known_to", bool)
add_device = SQL.value("add_device", bool)
forget_device = SQL.command("forget_device")
forget_others = SQL.command("forget_others")


async def remember(
    tx: Executor, device: bytes, now: datetime, *, person_id: UUID | None = None, staff_id: UUID | None = None
) -> bool:
    """Know a device of a person or a member of staff for a year from now; whether it was new."""
    return bool(await add_device(tx, device, person_id, staff_id, now, now + LIFETIME))
