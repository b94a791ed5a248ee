"""Where to write to who works at the desk of an organiser, as a message to each of them is sent."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class OrganiserRecipient(Struct, frozen=True):
    """Whom a message is for: `staff_id` of an organiser, or None for its own address."""

    organiser_id: UUID
    staff_id: UUID | None = None


address_of_staff = SQL.value("address_of_staff", str)
address_of_organiser = SQL.value("address_of_organiser", str)


async def address_of(
    tx: Executor, region_id: int, recipient: OrganiserRecipient, now: datetime
) -> str | None:
    """Where to write to; None for who does not work there any more, or an organiser without an address."""
    if recipient.staff_id is None:
        return await address_of_organiser(tx, region_id, recipient.organiser_id)
    return await address_of_staff(tx, region_id, recipient.organiser_id, recipient.staff_id, now)
