"""At the counter a clerk with a till takes what a change costs more, or gives back what it costs less."""

from typing import Any
from uuid import UUID

from tests.builders import Resident, World
from tests.credits.till.drawers import Drawer, account_cents
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import said_yes
from tests.reservations.changes.town import pressed
from tests.reservations.counter.helpers import at_the_counter, book_on, order_page
from tests.reservations.counter.test_desk import a_clerks_till
from tests.reservations.dates import faults, statuses


async def paid_place(world: World, credit_cents: int = 0) -> tuple[Resident, Drawer, str]:
    """A place of 5 euro, of which a clerk took at their till what credit did not pay; and its address."""
    anna, session = await world.resident(credit_cents), await world.session(price_cents=500)
    drawer = await a_clerks_till(world, anna, session)
    answer = await book_on(world, await order_page(world, anna, session), way="cash")
    return anna, drawer, answer.headers["location"]


async def chosen(world: World, own: str, who: Resident, places: int) -> Any:
    asked = {"stap": "bekijk", f"aantal-base.{who.membership_id.hex}": str(places)}
    return await world.client.get(f"{own}/wijzigen", params=asked)


async def test_what_more_places_cost_is_taken_in_cash_with_a_receipt(world: World) -> None:
    anna, drawer, own = await paid_place(world)
    shown = await chosen(world, own, anna, 3)
    form = pressed(shown.text) | {"way": "cash"}

    answers = [await world.post_form(f"{own}/wijzigen", **form) for _ in range(2)]

    assert "Ontvangen: € 10,00, en wijzig" in words(shown.text)
    assert {each.headers["location"] for each in answers} == {f"{own}?gedaan=gewijzigd"}
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 10_000 + 1500
    assert [each[0] for each in await world.rows("SELECT total_cents FROM credits.receipt ORDER BY no")] == [
        500,
        1000,
    ]
    sold = await world.rows("SELECT words FROM credits.receipt_line ORDER BY amount_cents DESC")
    assert sold[0][0] == "De kleine prins · bijbetaald"
    assert "Bonnetje" in (await world.client.get(own)).text
    assert await faults(world) == []


async def test_what_goes_on_the_terminal_needs_its_slip_and_then_it_is_done(world: World) -> None:
    anna, drawer, own = await paid_place(world)
    form = pressed((await chosen(world, own, anna, 2)).text) | {"way": "terminal"}

    wrong = await world.post_form(f"{own}/wijzigen", **form)
    await world.post_form(f"{own}/wijzigen", **form, slip="48213")

    assert wrong.status_code == 422
    assert "Neem het nummer over van het bonnetje" in words(wrong.text)
    assert await account_cents(world, drawer.worker.organiser_id, "terminal") == 500
    assert await faults(world) == []


async def test_what_fewer_places_cost_less_is_given_from_the_drawer(world: World) -> None:
    anna, drawer, own = await paid_place(world)
    await world.post_form(f"{own}/wijzigen", **pressed((await chosen(world, own, anna, 3)).text), way="cash")
    shown = await chosen(world, own, anna, 1)

    answers = [await world.post_form(f"{own}/wijzigen", **pressed(shown.text)) for _ in range(2)]

    assert "Geef € 10,00 terug, en wijzig" in words(shown.text)
    assert {each.status_code for each in answers} == {303}
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 10_000 + 500
    assert await world.value("SELECT array_agg(DISTINCT status::text) FROM credits.refund") == ["done"]
    facts = await world.rows("SELECT facts FROM uit.audit WHERE act = 'booking.change' ORDER BY at")
    assert ["-1000" in each[0] for each in facts] == [False, True]
    assert await faults(world) == []


async def test_credit_pays_first_and_the_till_takes_the_rest(world: World) -> None:
    anna, _drawer, own = await paid_place(world, credit_cents=700)
    shown = await chosen(world, own, anna, 2)

    await world.post_form(f"{own}/wijzigen", **pressed(shown.text), way="cash")

    assert "Er gaat € 2,00 krediet meer af." in words(shown.text)
    assert "Ontvangen: € 3,00, en wijzig" in words(shown.text)
    assert await world.available_cents(anna) == 0
    assert await faults(world) == []


async def test_what_the_customer_gives_is_reckoned_with_before_anything_changes(world: World) -> None:
    anna, _drawer, own = await paid_place(world)
    form = pressed((await chosen(world, own, anna, 2)).text) | {"way": "cash", "given": "20"}

    first = await world.post_form(f"{own}/wijzigen", **form)

    assert "Geef € 15,00 terug" in words(first.text)
    assert await world.value("SELECT count(*) FROM reservations.ticket") == 1


async def test_another_difference_than_was_shown_changes_nothing_and_is_shown_anew(world: World) -> None:
    anna, _drawer, own = await paid_place(world)
    form = pressed((await chosen(world, own, anna, 2)).text) | {"way": "cash"}
    await world.execute("UPDATE reservations.tariff SET price_cents = 800")

    answer = await world.post_form(f"{own}/wijzigen", **form)

    assert answer.status_code == 409
    assert "Er is nu € 8,00 te betalen" in words(answer.text)
    assert "Ontvangen: € 8,00, en wijzig" in words(answer.text)
    assert await world.value("SELECT count(*) FROM reservations.ticket") == 1


async def test_a_drawer_with_too_little_gives_nothing_and_the_booking_stands(world: World) -> None:
    anna, drawer, own = await paid_place(world)
    await world.post_form(f"{own}/wijzigen", **pressed((await chosen(world, own, anna, 3)).text), way="cash")
    shown = await chosen(world, own, anna, 1)
    await drawer.drop(11_000)

    answer = await world.post_form(f"{own}/wijzigen", **pressed(shown.text))

    assert answer.status_code == 409
    assert await statuses(world, UUID(own[-36:])) == ["confirmed"] * 3


async def test_a_till_that_was_counted_meanwhile_takes_nothing(world: World) -> None:
    anna, drawer, own = await paid_place(world)
    form = pressed((await chosen(world, own, anna, 2)).text) | {"way": "terminal", "slip": "48213"}
    await drawer.count(10_500)

    answer = await world.post_form(f"{own}/wijzigen", **form)

    assert answer.status_code == 409
    assert "Je kassa" in words(answer.text)
    assert "Ging de kaart al door de terminal?" in words(answer.text)
    assert await statuses(world, UUID(own[-36:])) == ["confirmed"]


async def test_a_change_that_waits_for_a_card_is_let_go_at_the_counter_and_the_tickets_stay(
    world: World,
) -> None:
    anna, _drawer, own = await paid_place(world)
    await world.sign_in(anna)
    mine = f"/dender/boekingen/{own[-36:]}/wijzigen"
    asked = {"stap": "bekijk", f"aantal-base.{anna.membership_id.hex}": "2"}
    await world.post_form(mine, **said_yes((await world.client.get(mine, params=asked)).text))
    await at_the_counter(world, anna)

    waits = words((await world.client.get(own)).text)
    printed = await world.client.get(f"{own}/afdruk/a6.pdf")
    await world.post_form(f"{own}/wijziging-laten-vallen")

    assert "Tot dan blijven de oude tickets geldig." in waits
    assert "Druk af op A6" in waits
    assert printed.status_code == 200
    assert await statuses(world, UUID(own[-36:])) == ["confirmed", "lapsed"]
    assert "Laat de wijziging vallen" not in (await world.client.get(own)).text
    assert await faults(world) == []
