"""The bookings of dates that were called off: each ends for that date, whole, through the turnstile."""

from typing import Final

import structlog

from reservations.booking.commands import CallOff, Ended
from reservations.booking.services import BookingServices
from reservations.sessions.due import AGAIN_AFTER, CLAIMED_FOR, bookings_of, claim_calling_off, finish
from uit.core.duty_result import DutyResult

AT_ONCE: Final = 256

log = structlog.get_logger()


async def call_off_due(services: BookingServices) -> DutyResult:
    """End the bookings of the longest overdue date that was called off; no more when there was none.

    What was refused or failed is tried again an hour later, not at every turn, and holds up no other booking.
    """
    now = services.clock.now()
    async with services.database.transaction() as tx:
        session = await claim_calling_off(tx, now, now + CLAIMED_FOR)
    if session is None:
        return DutyResult(0)
    done, again_at = 0, None
    async for booking_ids in bookings_of(services.database, session, AT_ONCE):
        commands = [CallOff(session.region_id, booking_id, session.id) for booking_id in booking_ids]
        answers = await services.turnstile.answer_each(commands)
        ended = sum(isinstance(answer, Ended) for answer in answers)
        done += ended
        if ended < len(answers):
            log.error("call_off_refused", session=str(session.id), bookings=len(answers) - ended)
            again_at = now + AGAIN_AFTER
    await finish(services.database, session, now, again_at)
    return DutyResult(done, session.was_due_at, more=True)


async def call_off_all(services: BookingServices) -> int:
    """End the bookings of every date that was called off by now; how many ended."""
    done = 0
    while (step := await call_off_due(services)).more:
        done += step.count
    return done
