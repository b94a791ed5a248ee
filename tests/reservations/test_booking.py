"""One booking and its credit: all of it, or nothing."""

from asyncio import gather

from reservations.ask import Booked, Closed
from reservations.errors import SoldOut
from tests.builders import World


async def test_the_last_seat_goes_to_one_and_the_other_keeps_their_credit(world: World) -> None:
    session = await world.session(seats=1, price_cents=500)
    anna, bilal = await world.resident(credit_cents=500), await world.resident(credit_cents=500)

    answers = await gather(world.book(anna, session), world.book(bilal, session))

    assert {type(answer) for answer in answers} == {Booked, SoldOut}
    assert await world.available_cents(anna, bilal) == 500


async def test_a_cancelled_booking_gives_back_the_place_and_the_credit(world: World) -> None:
    session, anna = await world.session(seats=3), await world.resident(credit_cents=1000)
    booked = await world.book(anna, session, places=2)
    assert isinstance(booked, Booked)

    closed = await world.cancel(booked.booking.id)

    assert isinstance(closed, Closed)
    assert await world.places_left(session) == 3
    assert await world.available_cents(anna) == 1000
