"""What is left of a basket once a booking was made of it."""

from msgspec.structs import replace

from reservations.basket.courses import CoursesInBasket, read_courses_in, without_booked
from reservations.booking.facts import Booking
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.kept_basket import KeptBasket
from uit.database.statements import Executor


async def read_left(services: BookingServices, tx: Executor, basket: KeptBasket) -> KeptBasket:
    """Without what was booked although its answer never arrived: the booking is there, so its lines go."""
    booking = await read_booking(tx, basket.region_id, basket.booking_id)
    if booking is None:
        return basket
    courses = await read_courses_in(tx, basket.region_id, basket.lines)
    return left_after(services, basket, booking, courses)


def left_after(
    services: BookingServices, basket: KeptBasket, booking: Booking, courses: CoursesInBasket
) -> KeptBasket:
    """What is left when a booking was made of it; the next one gets an id of its own."""
    next_id = services.ids.new() if basket.booking_id == booking.id else basket.booking_id
    return replace(without_booked(basket, booking, courses), booking_id=next_id, previous_id=booking.id)
