"""How often somebody without a pass may book or hold places, so that nobody hoards what others want.

Who books is known by their network address and their e-mail address; no cookie follows them for it.
"""

from typing import Final
from uuid import UUID

from uit.core.errors import TooOften
from uit.identity.authentication import AnyRequest, recognise
from uit.identity.visitor import Staff
from uit.services.limit import Limit
from uit.services.services import Services
from uit.web.address import client_address, comes_from

# A family behind one address books some outings in an evening; a shelter books for forty from one mailbox.
BOOKINGS_PER_ADDRESS: Final = Limit("guest bookings from place", 30, 3600)
BOOKINGS_PER_MAILBOX: Final = Limit("guest bookings of mailbox", 60, 86_400)
BOOKINGS_PER_ADDRESS_AND_SESSION: Final = Limit("guest bookings of session from place", 10, 3600)
BOOKINGS_PER_MAILBOX_AND_SESSION: Final = Limit("guest bookings of session of mailbox", 40, 86_400)


async def guest_limit(
    services: Services, request: AnyRequest, email: str, session_id: UUID
) -> TooOften | None:
    """Count one booking of a guest. Above a limit: TooOften, with the seconds to wait.

    Devices on which staff are signed in, and public computers (the setting `public_computers`), are not
    limited: there, many people book one after the other.
    """
    if await is_exempt(services, request):
        return None
    place, mailbox, session = client_address(request), email.strip().lower(), str(session_id)
    counted = (
        (BOOKINGS_PER_ADDRESS, place),
        (BOOKINGS_PER_MAILBOX, mailbox),
        (BOOKINGS_PER_ADDRESS_AND_SESSION, place, session),
        (BOOKINGS_PER_MAILBOX_AND_SESSION, mailbox, session),
    )
    refusals = [await services.limiter.count(limit, *who) for limit, *who in counted]
    return max(filter(None, refusals), key=lambda each: each.retry_after_seconds, default=None)


async def is_exempt(services: Services, request: AnyRequest) -> bool:
    visitor = await recognise(request)
    if isinstance(visitor, Staff) and visitor.second_factor:
        return True
    return comes_from(request, services.settings.public_computers)
