"""How often a person may hold places and pay later, so that nobody hoards what others want."""

from typing import Final
from uuid import UUID

from reservations.booking.commands import Book, PayWith
from reservations.guest.limit import count_all, of_sessions
from uit.core.errors import TooOften
from uit.services.limit import Limit
from uit.services.services import Services

HOLDS: Final = Limit("holds of person", 20, 3600)
HOLDS_OF_SESSION: Final = Limit("holds of session of person", 5, 3600)
HELD: Final = frozenset({PayWith.CARD, PayWith.CREDIT_THEN_CARD, PayWith.DESK})


async def hold_limit(services: Services, person_id: UUID, command: Book) -> TooOften | None:
    """Count one booking of a person that will wait for money; what is paid at once is not counted."""
    if command.pay_with not in HELD:
        return None
    who = (str(person_id),)
    return await count_all(services, command, [(HOLDS, who), *of_sessions(command, HOLDS_OF_SESSION, who)])
