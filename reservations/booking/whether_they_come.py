"""That who booked was asked whether they come, and where they say so: for the page of their booking."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.actor import Actor, ByHolder
from reservations.booking.services import BookingServices
from reservations.booking.tickets import Outing
from reservations.booking.visit import Visit
from uit.core.seal import ConfirmationSeal, seal_confirmation
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
ASKED_BEFORE: Final = timedelta(hours=24)
"""How long before a date begins who stayed away before is asked."""


class WhereToAnswer(Struct, frozen=True):
    """Where one answers what was asked, and until when."""

    address: str
    answer_by: datetime


class OpenConfirmation(Struct, frozen=True):
    id: UUID
    answer_by: datetime


read_asked_confirmation = SQL.maybe("read_asked_confirmation", OpenConfirmation)


async def read_whether_they_come(
    services: BookingServices, tx: Executor, here: Visit, by: Actor, outings: Sequence[Outing]
) -> WhereToAnswer | None:
    """Where the holder of a booking says whether they come; None where they are not asked."""
    now = services.clock.now()
    near = [each for each in outings if each.live_places and now < each.starts_at <= now + ASKED_BEFORE]
    if not near or not isinstance(by, ByHolder):
        return None
    asked = await read_asked_confirmation(tx, here.region.id, near[0].booking_id, now)
    if asked is None:
        return None
    token = seal_confirmation(services.secrets.signing, ConfirmationSeal(here.region.id, asked.id))
    return WhereToAnswer(here.address("kom-je", token), asked.answer_by)
