"""What a holder is told by mail: a booking is made, or cancelled. The worker calls it, from the outbox."""

from typing import Final
from uuid import UUID

from reservations.booking.facts import TicketStatus
from reservations.booking.tickets import read_booker, read_outings
from uit.services.mail import Mail, MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK, render

MADE, CLOSED = "booking.made", "booking.closed"
LETTERS: Final = {
    MADE: (TicketStatus.CONFIRMED, "mail_booked"),
    CLOSED: (TicketStatus.CANCELLED, "mail_cancelled"),
}
"""For a topic of the outbox what a booking must still be, and the mail that tells it."""


async def notify_holder(
    services: Services, region_id: int, booking_id: UUID, topic: str
) -> MailAway | MailRefused | None:
    """Mail the holder of a booking about it; None when that is done, or when there is nothing to tell.

    Nobody is told what is no longer so: a booking that was cancelled since is not confirmed any more.
    """
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        booker = await read_booker(connection, region_id, booking_id)
        outings = await read_outings(connection, region_id, [booking_id])
    status, template = LETTERS[topic]
    is_so = {outing.status for outing in outings} == {status}
    if region is None or booker is None or booker.email is None or not is_so:
        return None
    address = f"{services.settings.address}/{region.slug}"
    CLOCK.set(services.clock)
    facts = {"booker": booker, "region": region, "outings": outings, "address": address}
    return await services.mailer.send(written(booker.email, template, **facts))


def written(to: str, name: str, **facts: object) -> Mail:
    """The two bodies of a mail; the first line of its text is the subject."""
    subject, _, text = render(f"reservations/booking/{name}.txt", **facts).partition("\n")
    return Mail(to, subject, text.strip() + "\n", render(f"reservations/booking/{name}.html", **facts))
