"""A place that a turn paid for moves to another date on the page of its booking, and takes the turn along."""

from reservations.booking.answers import Booked
from reservations.order.turn_card_order import value_of
from reservations.turn_card.turn_card import TurnCardKey
from tests.builders import Resident, World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import chosen, said_yes, stage
from tests.reservations.counter.helpers import at_the_counter
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


async def booked_with_a_turn(
    world: World, *, shared: bool
) -> tuple[str, dict[str, str], Resident, TurnCardKey]:
    """The page of a booking of one place that a turn paid for, and the form that asks one more."""
    first, _, anna, _ = await stage(world)
    card = await buy(world, anna, await card_date(world, first, turns=5, shared=shared, price_cents=900))
    booked = await take(world, anna, first, card)
    assert isinstance(booked, Booked)
    asked = chosen(first, first, **{f"base.{anna.membership_id.hex}": 2})
    return f"/dender/boekingen/{booked.booking.id}", asked, anna, card


async def test_who_comes_along_takes_a_turn_of_a_shared_card_or_is_paid(world: World) -> None:
    own, asked, anna, card = await booked_with_a_turn(world, shared=True)
    before = await world.available_cents(anna)

    paid = words((await world.client.get(f"{own}/wijzigen", params=asked | {"beurtenkaart": "nee"})).text)
    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    done = await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert "Er gaat € 5,00 krediet meer af." in paid
    assert "Er gaat 1 beurt van de beurtenkaart af." in words(shown)
    assert done.status_code == 303
    assert await world.available_cents(anna) == before
    assert await turns_left(world, card) == 3
    assert await faults(world) == []


async def test_who_comes_along_is_paid_where_the_card_is_of_one_and_the_page_says_so(world: World) -> None:
    own, asked, anna, card = await booked_with_a_turn(world, shared=False)
    before = await world.available_cents(anna)

    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert "De beurtenkaart is voor één persoon. Wie meekomt, betaal je apart." in words(shown)
    assert await world.available_cents(anna) == before - 500
    assert await turns_left(world, card) == 4


async def test_a_booking_that_money_paid_is_not_paid_with_turns_unless_one_asks(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    card = await buy(world, anna, await card_date(world, first, shared=True, price_cents=900))
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    own = f"/dender/boekingen/{booking_id}"

    shown = words((await world.client.get(f"{own}/wijzigen", params=asked)).text)
    with_turns = asked | {"beurtenkaart": f"{card.booking_id}.1.1"}
    by_turns = words((await world.client.get(f"{own}/wijzigen", params=with_turns)).text)

    assert "Er gaat € 4,00 krediet meer af." in shown
    assert "Er gaan 2 beurten van de beurtenkaart af." in by_turns
    assert "Er komt € 10,00 krediet terug." in by_turns


async def test_a_counter_chooses_the_card_of_who_asks_for_another_date(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    card = await buy(world, anna, await card_date(world, first, price_cents=900))
    await at_the_counter(world, anna)
    own = f"/dender/balie/personen/{anna.membership_id}/boekingen/{booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 1}) | {"beurtenkaart": value_of(card)}

    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    done = await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert "Er gaat 1 beurt van de beurtenkaart af." in words(shown)
    assert done.headers["location"] == f"{own}?gedaan=gewijzigd"
    assert await turns_left(world, card) == 9
