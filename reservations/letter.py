"""What a holder is told by mail: a booking is made, or cancelled. The worker calls it, from the outbox."""

from collections.abc import Sequence
from uuid import UUID

from reservations.facts import TicketStatus
from reservations.ticket import Booker, Outing, read_booker, read_outings
from uit.ground.house import House
from uit.ground.mail import Mail, MailAway
from uit.ground.region import Region
from uit.ground.web.view import render

MADE, CLOSED = "booking.made", "booking.closed"


async def tell_holder(house: House, region_id: int, booking_id: UUID, topic: str) -> MailAway | None:
    """Mail the holder of a booking about it; None when that is done, or when there is nothing to tell.

    Nobody is told what is no longer so: a booking that was cancelled since is not confirmed any more.
    """
    region = await house.regions.by_id(region_id)
    async with house.database.reading() as connection:
        booker = await read_booker(connection, region_id, booking_id)
        outings = await read_outings(connection, region_id, [booking_id])
    if region is None or booker is None or booker.email is None or not outings:
        return None
    statuses = {outing.status for outing in outings}
    address = f"{house.settings.address}/{region.slug}"
    if topic == MADE and statuses == {TicketStatus.CONFIRMED}:
        return await house.mailer.send(booked_mail(booker.email, booker, region, outings, address))
    if topic == CLOSED and statuses == {TicketStatus.CANCELLED}:
        return await house.mailer.send(cancelled_mail(booker.email, booker, region, outings, address))
    return None


def booked_mail(to: str, booker: Booker, region: Region, outings: Sequence[Outing], address: str) -> Mail:
    return written(to, "mail_booked", booker=booker, region=region, outings=outings, address=address)


def cancelled_mail(to: str, booker: Booker, region: Region, outings: Sequence[Outing], address: str) -> Mail:
    return written(to, "mail_cancelled", booker=booker, region=region, outings=outings, address=address)


def written(to: str, name: str, **facts: object) -> Mail:
    """The two bodies of a mail; the first line of its text is the subject."""
    subject, _, text = render(f"reservations/{name}.txt", **facts).partition("\n")
    return Mail(to, subject, text.strip() + "\n", render(f"reservations/{name}.html", **facts))
