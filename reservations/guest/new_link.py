"""A new link for a guest who lost theirs, or whose link somebody else has: the one before stops at once.

The new one is mailed to the address of the booking and shown to nobody, so that who asks needs to be nobody.
Whether number and address belong together is told to nobody either.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from reservations.booking.contact import BookingContact, RecipientKind
from reservations.booking.notifications import LINK
from reservations.booking.rows import OutboxRow
from reservations.guest.claim import contacts_of_number, tail_of
from uit.core.errors import TooOften
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.services.limit import Limit
from uit.services.services import Services

SQL = Statements(__name__)

LINKS_PER_BOOKING: Final = Limit("new links of booking and mailbox", 3, 86_400)
LINKS_PER_MAILBOX: Final = Limit("new links of mailbox", 60, 86_400)
# What each other place may still ask when somebody used those up; a new link goes to the mailbox alone.
BOOKING_SHARE: Final = Limit("new links of booking and mailbox from place", 1, 86_400)
MAILBOX_SHARE: Final = Limit("new links of mailbox from place", 3, 86_400)
LINKS_PER_ADDRESS: Final = Limit("new links from place", 30, 3600)

lock_contact = SQL.maybe("lock_contact", BookingContact)
raise_version = SQL.command("raise_version")


async def ask_new_link(
    services: Services, region_id: int, number: str, email: str, place: str
) -> TooOften | None:
    """Mail a new link for the booking with this number, where it was made with this address.

    `place` is the network address of who asks. The answer is the same for what is not known, and what is
    counted is what was typed.
    """
    tail, mailbox = tail_of(number), email.strip().lower()
    refusal = await count_request(services, str(region_id), tail, mailbox, place)
    if refusal:
        return refusal
    async with services.database.transaction() as tx:
        for each in await contacts_of_number(tx, region_id, tail):
            if each.email.lower() == mailbox:
                await renew_link(tx, region_id, each.booking_id, services.clock.now())
    return None


async def renew_own_link(
    services: Services, region_id: int, contact: BookingContact, place: str
) -> TooOften | None:
    """The same for who has the link of a booking, and knows that somebody else has it as well."""
    tail, mailbox = contact.booking_id.hex[-8:], contact.email.lower()
    refusal = await count_request(services, str(region_id), tail, mailbox, place)
    if refusal is None:
        async with services.database.transaction() as tx:
            await renew_link(tx, region_id, contact.booking_id, services.clock.now())
    return refusal


async def count_request(
    services: Services, region: str, tail: str, mailbox: str, place: str
) -> TooOften | None:
    """Count by booking and address, by address, and by where it comes from."""
    count, count_share, asker = services.limiter.count, services.limiter.count_share, (place,)
    return (
        await count(LINKS_PER_ADDRESS, place)
        or await count_share(LINKS_PER_MAILBOX, MAILBOX_SHARE, (region, mailbox), asker)
        or await count_share(LINKS_PER_BOOKING, BOOKING_SHARE, (region, tail, mailbox), asker)
    )


async def renew_link(tx: Executor, region_id: int, booking_id: UUID, now: datetime) -> None:
    """End every link of a booking, and have a new one mailed to its guest."""
    contact = await lock_contact(tx, region_id, booking_id)
    if contact and await raise_version(tx, region_id, booking_id, LINK):
        row = OutboxRow(LINK, booking_id, {"to": RecipientKind.GUEST})
        await write_outbox(tx, region_id, as_json([row]), now)
