"""A place that a turn paid for moves to another date on the page of its booking, and takes the turn along."""

from reservations.booking.answers import Booked
from tests.builders import World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import chosen, said_yes, stage
from tests.reservations.dates import faults
from tests.reservations.turn_card.world import buy, card_date, take, turns_left


async def test_another_date_takes_the_turn_along_and_costs_nothing(world: World) -> None:
    first, other, anna, _ = await stage(world)
    card = await buy(world, anna, await card_date(world, first, turns=2, price_cents=900))
    booked = await take(world, anna, first, card)
    assert isinstance(booked, Booked)
    own = f"/dender/boekingen/{booked.booking.id}"
    before = await world.available_cents(anna)

    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 1})
    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    done = await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert "krediet meer af" not in words(shown)
    assert done.headers["location"] == f"{own}?gedaan=gewijzigd"
    assert await world.available_cents(anna) == before
    assert await turns_left(world, card) == 1
    assert await world.places_left(other) == 9
    assert await faults(world) == []
