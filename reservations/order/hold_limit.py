"""How often a member may hold places and pay later, so that nobody hoards what others want."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from reservations.booking.commands import PayWith
from uit.core.errors import TooOften
from uit.services.limit import Limit
from uit.services.services import Services

HOLDS: Final = Limit("holds of member", 20, 3600)
HOLDS_OF_SESSION: Final = Limit("holds of session of member", 5, 3600)
HELD: Final = frozenset({PayWith.CARD, PayWith.CREDIT_THEN_CARD, PayWith.DESK})


async def hold_limit(
    services: Services, member_id: UUID, way: PayWith, session_ids: Iterable[UUID]
) -> TooOften | None:
    """Count one booking of a member that will wait for money; what is paid at once is not counted."""
    if way not in HELD:
        return None
    refusal = await services.limiter.count(HOLDS, str(member_id))
    for session_id in session_ids:
        refusal = refusal or await services.limiter.count(HOLDS_OF_SESSION, str(member_id), str(session_id))
    return refusal
