"""Places that were held too long."""

from datetime import timedelta

from reservations.booking.expiry import expire_due
from tests.builders import World


async def test_places_held_too_long_are_let_go_once(world: World) -> None:
    session, anna = await world.session(seats=1), await world.resident(credit_cents=500)
    until = world.clock.now() + timedelta(minutes=14)
    await world.services.turnstile.answer(world.command(anna, [(session, "base", 1)], held_until=until))
    assert await expire_due(world.services) == 0
    world.clock.move(timedelta(minutes=14))

    assert await expire_due(world.services) == 1

    assert await world.available_cents(anna) == 500
    assert await world.value("SELECT ending::text FROM reservations.ticket") == "lapsed"
    assert await expire_due(world.services) == 0


async def test_a_torn_booking_is_not_tried_again_and_again(world: World) -> None:
    session, anna = await world.session(seats=1), await world.resident(credit_cents=500)
    until = world.clock.now() + timedelta(minutes=14)
    await world.services.turnstile.answer(world.command(anna, [(session, "base", 1)], held_until=until))
    await world.execute("DELETE FROM uit.directory WHERE kind = 'booking'")
    world.clock.move(timedelta(minutes=14))

    assert await expire_due(world.services) == 0
