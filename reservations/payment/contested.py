"""Telling who looks after a seller's money that a payment is contested, and how that ended.

The worker calls it, from the outbox: one message for each person. Nothing is said of who paid, or why they
contest it, and who paid is told nothing.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.payments.dispute import DISPUTE_TOPICS
from reservations.booking.tickets import number_of
from reservations.organiser_recipient import OrganiserRecipient, address_of
from uit.database.statements import Statements
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

SQL = Statements(__name__)
STATUS_OF: Final = {topic: status for status, topic in DISPUTE_TOPICS.items()}


class ToTell(OrganiserRecipient, frozen=True):
    """`respond_by`: until when the bank waits for an answer, where it says so."""

    respond_by: datetime | None = None


class ContestedPayment(Struct, frozen=True):
    """A payment that is or was contested: `seller` took the money, for `event`."""

    booking_id: UUID
    status: str
    amount_cents: int
    event: str
    starts_at: datetime
    ends_at: datetime
    seller_id: UUID
    seller: str

    @property
    def number(self) -> str:
        """What its holder calls the booking."""
        return number_of(self.booking_id)


read_contested = SQL.maybe("read_contested", ContestedPayment)


async def notify_seller(
    services: Services, region_id: int, dispute_id: UUID, topic: str, payload: str
) -> MailAway | MailRefused | None:
    """Mail one of those who look after the money; None when that is done, or there is nothing to tell.

    Nobody is told what is no longer so: a dispute that was decided since is not new any more.
    """
    to_tell, now = msgspec.json.decode(payload, type=ToTell), services.clock.now()
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        contested = await read_contested(connection, region_id, dispute_id)
        address = await address_of(connection, region_id, to_tell, now)
    if region is None or address is None or contested is None or contested.status != STATUS_OF[topic]:
        return None
    CLOCK.set(services.clock)
    desk = f"{services.settings.address}/{region.slug}/organisaties/{to_tell.organiser_id}"
    facts: dict[str, Any] = {
        "contested": contested,
        "is_seller": to_tell.organiser_id == contested.seller_id,
        "respond_by": to_tell.respond_by if to_tell.respond_by and to_tell.respond_by > now else None,
        "own": f"{desk}/betalen/terug",
        "kassa": f"{desk}/kassa",
    }
    return await services.mailer.send(written_mail(address, "reservations/payment/mail_dispute", **facts))
