"""A change that waits to be paid is let go: its places and its page to pay, nothing of the old booking."""

from uuid import UUID

from credits.payments.payment import PaymentStatus
from reservations.booking.answers import Answer, Ended
from reservations.booking.commands import StopPayment
from reservations.booking.facts import Booking
from reservations.booking.services import BookingServices
from uit.core.errors import Busy, DatabaseAway


async def stop_pending(
    services: BookingServices, booking: Booking, change_id: UUID
) -> Booking | Answer | Busy | DatabaseAway:
    """The booking without this change, or as it is where that does not wait; whoever asks may."""
    payment = booking.open_payment
    if booking.change is None or booking.change.id != change_id or payment is None:
        return booking
    stop = StopPayment(booking.region_id, booking.id, payment.id, PaymentStatus.EXPIRED)
    answer = await services.turnstile.answer(stop)
    return answer.booking if isinstance(answer, Ended) else answer
