"""Money that a seller has to pay back by transfer, of a booking that was made."""

from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from tests.builders import World

WRITE_PAYMENT = """
INSERT INTO credits.payment
    (region_id, id, booking_id, seller_id, means, status, amount_cents, line_cents, reference, made_at,
     paid_at)
VALUES (1, $1, $1, $2, 'card', 'paid', 500, ARRAY[500], 'pi_1', $3, $3)
"""
WRITE_REFUND = """
INSERT INTO credits.refund
    (region_id, id, payment_id, booking_id, line_no, amount_cents, way, reason, code, failure, decided_at)
VALUES (1, $1, $2, $2, 1, 500, $3::credits.refund_way, 'given_up', $4, $5, $6)
"""


async def owed(world: World, way: str = "transfer") -> tuple[UUID, UUID, UUID]:
    """The seller, the booking and the refund."""
    session, who = await world.session(), await world.resident(credit_cents=500)
    await world.seller(session.organiser_id)
    answer = await world.book(who, session)
    assert isinstance(answer, Booked)
    booking_id, refund_id, now = answer.booking.id, uuid4(), world.clock.now()
    await world.execute(WRITE_PAYMENT, booking_id, session.organiser_id, now)
    code, failure = ("K7MP3ROI", None) if way == "cash" else (None, "expired_card")
    await world.execute(WRITE_REFUND, refund_id, booking_id, way, code, failure, now)
    return session.organiser_id, booking_id, refund_id
