"""How often a member may hold places and pay later, so that nobody hoards what others want."""

from typing import Final
from uuid import UUID

from reservations.booking.commands import PayWith
from reservations.order.form import Form
from reservations.order.order import Order, Total
from uit.core.errors import TooOften
from uit.services.limit import Limit
from uit.services.services import Services

HOLDS: Final = Limit("holds of member", 20, 3600)
HOLDS_OF_SESSION: Final = Limit("holds of session of member", 5, 3600)
HELD: Final = frozenset({PayWith.CARD, PayWith.CREDIT_THEN_CARD, PayWith.DESK})


async def hold_limit(
    services: Services, order: Order, form: Form, total: Total, session_id: UUID
) -> TooOften | None:
    """Count one booking of a member that will wait for money; what is paid at once is not counted."""
    if order.member is None or total.way_for(form) not in HELD:
        return None
    member = str(order.member.id)
    return await services.limiter.count(HOLDS, member) or await services.limiter.count(
        HOLDS_OF_SESSION, member, str(session_id)
    )
