"""The bookings of dates that were called off: each ends for that date, whole, through the turnstile.

Where who booked may choose what becomes of it, what is paid ends when the time for that is over.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from reservations.booking.answers import Ended
from reservations.booking.commands import CallOff
from reservations.booking.services import BookingServices
from reservations.sessions.due import (
    AGAIN_AFTER,
    bookings_of,
    finish,
    next_bookings,
    next_calling_off,
    next_unpaid_bookings,
)
from uit.core.duty_result import DutyResult
from uit.core.errors import Busy, DatabaseAway

AT_ONCE: Final = 256
AGAIN_WHEN_BUSY: Final = timedelta(minutes=1)

log = structlog.get_logger()


async def call_off_due(services: BookingServices) -> DutyResult:
    """End the bookings of the longest overdue date that was called off; no more when there was none.

    What was refused or failed is tried again an hour later, not at every turn, and holds up no other booking;
    what the turnstile had no time for, a minute later.
    """
    now = services.clock.now()
    session = await next_calling_off(services.database, now)
    if session is None:
        return DutyResult(0)
    done, waits = 0, list[timedelta]()
    until = session.choose_until if session.choose_until and session.choose_until > now else None
    ending = next_unpaid_bookings if until else next_bookings
    async for booking_ids in bookings_of(services.database, session, AT_ONCE, ending):
        commands = [CallOff(session.region_id, booking_id, session.id) for booking_id in booking_ids]
        answers = await services.turnstile.answer_each(commands)
        refused = [answer for answer in answers if not isinstance(answer, Ended)]
        done += len(answers) - len(refused)
        if refused:
            log.error("call_off_refused", session=str(session.id), bookings=len(refused))
            waits.append(wait_after(refused))
    again_at = [now + min(waits)] if waits else []
    again_at += [until] if until else []
    await finish(services.database, session, now, min(again_at, default=None))
    return DutyResult(done, session.was_due_at, more=True)


def wait_after(refused: Sequence[object]) -> timedelta:
    passing = any(isinstance(answer, Busy | DatabaseAway) for answer in refused)
    return AGAIN_WHEN_BUSY if passing else AGAIN_AFTER
