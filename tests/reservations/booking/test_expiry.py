"""Bookings that end without being asked to."""

from datetime import timedelta

from reservations.booking.commands import Booked
from reservations.booking.expiry import cancel_called_off, expire_due
from tests.builders import World


async def test_a_session_that_is_called_off_gives_everything_back_however_late(world: World) -> None:
    session, anna = await world.session(seats=5), await world.resident(credit_cents=1000)
    booked = await world.book(anna, session, places=2)
    assert isinstance(booked, Booked)
    world.clock.move(timedelta(days=9, hours=23))
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", session.id)

    assert await cancel_called_off(world.services) == 1

    assert await world.available_cents(anna) == 1000
    assert await world.places_left(session) == 5
    assert await cancel_called_off(world.services) == 0


async def test_a_booking_that_also_names_another_session_waits_for_a_person(world: World) -> None:
    off, on = await world.session(), await world.session()
    anna = await world.resident(credit_cents=1000)
    await world.services.turnstile.answer(world.command(anna, [(off, "base", 1), (on, "base", 1)]))
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", off.id)

    assert await cancel_called_off(world.services) == 0

    assert await world.available_cents(anna) == 0


async def test_places_held_too_long_are_let_go_once(world: World) -> None:
    session, anna = await world.session(seats=1), await world.resident(credit_cents=500)
    until = world.clock.now() + timedelta(minutes=14)
    await world.services.turnstile.answer(world.command(anna, [(session, "base", 1)], held_until=until))
    assert await expire_due(world.services) == 0
    world.clock.move(timedelta(minutes=14))

    assert await expire_due(world.services) == 1

    assert await world.available_cents(anna) == 500
    assert await expire_due(world.services) == 0
