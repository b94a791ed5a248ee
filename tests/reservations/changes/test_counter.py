"""At the counter a clerk changes what somebody booked, at their word, and is named for it."""

from tests.builders import World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import said_yes
from tests.reservations.counter.helpers import at_the_counter, book_on, order_page
from tests.reservations.dates import faults


async def test_a_clerk_changes_the_number_of_places_and_is_named(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    staff_id = await at_the_counter(world, anna)
    own = (await book_on(world, await order_page(world, anna, session))).headers["location"]
    asked = {"stap": "bekijk", f"aantal-base.{anna.membership_id.hex}": "3"}

    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    answers = [await world.post_form(f"{own}/wijzigen", **said_yes(shown)) for _ in range(2)]

    assert "Er gaat € 10,00 krediet meer af." in words(shown)
    assert {each.headers["location"] for each in answers} == {f"{own}?gedaan=gewijzigd"}
    assert await world.available_cents(anna) == 500
    acts = await world.rows("SELECT actor_id FROM uit.audit WHERE act = 'booking.change'")
    assert [each[0] for each in acts] == [str(staff_id)]
    assert await faults(world) == []


async def test_what_credit_does_not_pay_is_said_and_nothing_changes(world: World) -> None:
    anna, session = await world.resident(credit_cents=700), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    own = (await book_on(world, await order_page(world, anna, session))).headers["location"]
    asked = {"stap": "bekijk", f"aantal-base.{anna.membership_id.hex}": "3"}

    answer = await world.client.get(f"{own}/wijzigen", params=asked)

    assert answer.status_code == 409
    assert "Ja, wijzig de boeking" not in answer.text
    assert await world.available_cents(anna) == 200
