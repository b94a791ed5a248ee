"""How often a member may hold places and pay later, so that nobody hoards what others want."""

from typing import Final
from uuid import UUID

from reservations.booking.commands import Book, PayWith
from reservations.guest.limit import unless_booked
from uit.core.errors import TooOften
from uit.services.limit import Limit
from uit.services.services import Services

HOLDS: Final = Limit("holds of member", 20, 3600)
HOLDS_OF_SESSION: Final = Limit("holds of session of member", 5, 3600)
HELD: Final = frozenset({PayWith.CARD, PayWith.CREDIT_THEN_CARD, PayWith.DESK})


async def hold_limit(services: Services, membership_id: UUID, command: Book) -> TooOften | None:
    """Count one booking of a member that will wait for money; what is paid at once is not counted."""
    if command.pay_with not in HELD:
        return None
    member = str(membership_id)
    too_often = await services.limiter.count(HOLDS, member)
    for session_id in sorted({str(line.session_id) for line in command.lines}):
        too_often = too_often or await services.limiter.count(HOLDS_OF_SESSION, member, session_id)
    return await unless_booked(services, command.region_id, command.booking_id, too_often)
