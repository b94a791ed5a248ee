"""How often somebody without a pass may book or hold places, so that nobody hoards what others want.

Who books on a page is known by their network address and their e-mail address; no cookie follows them for it.
A client books for others from one address of its own, so it says whose device it was.
"""

from collections.abc import Sequence
from typing import Final

from reservations.booking.commands import Book
from reservations.public_computers.public_computer import is_public
from uit.core.errors import TooOften
from uit.database.statements import Statements
from uit.identity.authentication import AnyRequest, recognise
from uit.identity.visitor import Client, Staff
from uit.services.limit import Limit
from uit.services.services import Services
from uit.web.address import client_address, found_address

SQL = Statements(__name__)

# A family behind one address books some outings in an evening; a shelter books for forty from one mailbox.
BOOKINGS_PER_ADDRESS: Final = Limit("guest bookings from place", 30, 3600)
BOOKINGS_PER_DEVICE: Final = Limit("guest bookings from device", 30, 3600)
BOOKINGS_PER_MAILBOX: Final = Limit("guest bookings of mailbox", 60, 86_400)
BOOKINGS_PER_ADDRESS_AND_SESSION: Final = Limit("guest bookings of session from place", 10, 3600)
BOOKINGS_PER_DEVICE_AND_SESSION: Final = Limit("guest bookings of session from device", 10, 3600)
BOOKINGS_PER_MAILBOX_AND_SESSION: Final = Limit("guest bookings of session of mailbox", 40, 86_400)

# What each other place keeps when somebody used up what a mailbox may, so that its owner is not kept away.
MAILBOX_SHARE: Final = Limit("guest bookings of mailbox from place", 3, 86_400)
MAILBOX_AND_SESSION_SHARE: Final = Limit("guest bookings of session of mailbox from place", 2, 86_400)

Who = tuple[str, ...]
Count = tuple[Limit, Who]
"""A limit, and whom it counts."""

is_booked = SQL.value("is_booked", bool)


async def guest_limit(services: Services, request: AnyRequest, command: Book) -> TooOften | None:
    """Count one booking of a guest on a page. Above a limit: TooOften, with the seconds to wait.

    Devices on which staff are signed in, and the public computers of the region, are not limited: there, many
    people book one after the other.
    """
    if await is_exempt(services, request, command.region_id):
        return None
    place = (client_address(request),)
    counts = with_sessions(command, BOOKINGS_PER_ADDRESS, BOOKINGS_PER_ADDRESS_AND_SESSION, place)
    mailbox = await count_mailbox(services, command, place)
    return await count_all(services, command, counts, mailbox)


async def client_guest_limit(
    services: Services, client: Client, command: Book, device: str | None
) -> TooOften | None:
    """Count one booking of a guest by a client, for the device that it names, if any; as `guest_limit`."""
    place: Who = (client.client_id,)
    counts: list[Count] = []
    if device:
        place = (client.client_id, device)
        counts = with_sessions(command, BOOKINGS_PER_DEVICE, BOOKINGS_PER_DEVICE_AND_SESSION, place)
    mailbox = await count_mailbox(services, command, place)
    return await count_all(services, command, counts, mailbox)


async def is_exempt(services: Services, request: AnyRequest, region_id: int) -> bool:
    visitor = await recognise(request)
    if isinstance(visitor, Staff) and visitor.second_factor:
        return True
    _, address = found_address(request)
    if address is None:
        return False
    async with services.database.reading() as connection:
        return await is_public(connection, region_id, str(address))


def with_sessions(command: Book, every: Limit, of_session: Limit, who: Who) -> list[Count]:
    """What one booking counts for, and the same with every date in it."""
    return [(every, who), *of_sessions(command, of_session, who)]


async def count_mailbox(services: Services, command: Book, place: Who) -> list[TooOften | None]:
    """Count the mailbox of a guest, also with every date: above its limits each place keeps a share."""
    assert command.guest is not None
    mailbox, count = (command.guest.email.strip().lower(),), services.limiter.count_share
    dates = of_sessions(command, BOOKINGS_PER_MAILBOX_AND_SESSION, mailbox)
    return [
        await count(BOOKINGS_PER_MAILBOX, MAILBOX_SHARE, mailbox, place),
        *[await count(limit, MAILBOX_AND_SESSION_SHARE, who, place) for limit, who in dates],
    ]


def of_sessions(command: Book, limit: Limit, who: Who) -> list[Count]:
    """The same with every date of a booking."""
    sessions = {str(line.session_id) for line in command.lines}
    return [(limit, (*who, session)) for session in sorted(sessions)]


async def count_all(
    services: Services, command: Book, counts: list[Count], more: Sequence[TooOften | None] = ()
) -> TooOften | None:
    """The longest wait that these limits ask for, or what was counted before as `more`, if any.

    A repeat of what is booked holds nothing more, so it is not refused.
    """
    refusals = [*more, *[await services.limiter.count(limit, *who) for limit, who in counts]]
    longest = max(filter(None, refusals), key=lambda each: each.retry_after_seconds, default=None)
    if longest is None:
        return None
    async with services.database.reading() as connection:
        known = await is_booked(connection, command.region_id, command.booking_id)
    return None if known else longest
