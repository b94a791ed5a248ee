"""A message to who booked for a group: each who works with it gets a mail of their own.

The copy of the booking counts as sent once one of them was mailed, so that an address that fails keeps it
from nobody else.
"""

from uuid import UUID

import msgspec
from msgspec.structs import replace

from reservations.booking.rows import OutboxRow
from reservations.groups.telling import read_worker, staff_of_group
from reservations.writing.copy_to_send import COPY, AboutMessage, finish_copy, read_copy
from uit.core.translation import gettext as _
from uit.database.outbox import write_outbox
from uit.database.statements import as_json
from uit.identity.message.way import Way
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

TEMPLATE = "reservations/writing/mail_group"


async def pass_on(services: Services, region_id: int, booking_id: UUID, message_id: UUID) -> bool:
    """Put a copy in the outbox for each who works with the group that booked; False where nobody does."""
    now = services.clock.now()
    async with services.database.transaction() as tx:
        staff = await staff_of_group(tx, region_id, booking_id, now)
        rows = [
            OutboxRow(COPY, booking_id, msgspec.to_builtins(AboutMessage(message_id, each.staff_id)))
            for each in staff
        ]
        if rows:
            await write_outbox(tx, region_id, as_json(rows), now)
    return bool(rows)


async def deliver_to_worker(
    services: Services, region_id: int, booking_id: UUID, message_id: UUID, staff_id: UUID
) -> MailAway | MailRefused | None:
    """Mail one of them, as long as they work there; None when that is done."""
    now, key = services.clock.now(), (region_id, message_id, booking_id)
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        copy = await read_copy(connection, region_id, message_id, booking_id)
        worker = await read_worker(connection, region_id, booking_id, staff_id, now)
    if region is None or copy is None or worker is None:
        return None
    CLOCK.set(services.clock)
    group = f"partners/{worker.partner_id}/groepen/{worker.group_id}"
    named = not copy.is_discreet
    mail = written_mail(
        worker.email,
        TEMPLATE,
        group=worker.group_name,
        own=f"{services.settings.address}/{region.slug}/{group}/boekingen/{booking_id}",
        subject=copy.subject if named else _("Een bericht over je boeking"),
        body=copy.body,
        session=copy if named else None,
        organiser=copy.organiser if named else _("de organisator"),
    )
    answer = await services.mailer.send(replace(mail, reply_to=copy.email if named else None))
    if not isinstance(answer, MailAway) and copy.outcome != "sent":
        async with services.database.transaction() as tx:
            outcome = "failed" if answer else "sent"
            await finish_copy(tx, *key, Way.EMAIL.value, outcome, services.clock.now())
    return answer
