"""A basket with all that it can hold goes in one order, and a change that waits keeps nobody from it."""

import re
from uuid import UUID

from reservations.booking.price_code import code_digest
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child
from tests.reservations.basket.baskets import MANDJE, look, press, put_in
from tests.reservations.basket.test_for_others import put_in_for
from tests.reservations.changes.test_pages import chosen, said_yes, stage
from tests.reservations.changes.town import pay
from tests.reservations.conditions import ask
from tests.reservations.dates import faults, statuses
from tests.reservations.seats.world import seated


async def test_seats_a_code_a_child_and_two_organisers_go_in_one_order(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte = await a_child(world, mother, credit_cents=2000)
    hall, club = await seated(world, price_cents=700), await world.session(price_cents=500)
    await world.tariff(club, "vrienden", 200)
    digest = code_digest(world.services.secrets.signing, 1, "VRIEND")
    await ask(world, club, "vrienden", code_digest=digest)
    await world.sign_in(mother)

    await put_in_for(world, hall, lotte, myself=True)
    await world.post_form(f"{MANDJE}/{club.id}", **{"plaatsen-vrienden": 1, "code": "VRIEND"})
    assert "Dit worden" not in await look(world)
    await press(world, "boek")

    sold = await world.rows("SELECT session_id, tariff_code, holder_id FROM reservations.line")
    assert {tuple(each) for each in sold} == {
        (hall.id, "base", mother.membership_id),
        (hall.id, "base", lotte.membership_id),
        (club.id, "vrienden", mother.membership_id),
    }
    assert await world.value("SELECT count(DISTINCT booking_id) FROM reservations.line") == 1
    assert await world.value("SELECT count(DISTINCT seat) FROM reservations.ticket") == 2
    assert [await world.available_cents(each) for each in (mother, lotte)] == [4100, 1300]
    assert await faults(world) == []


async def waiting(world: World) -> tuple[Session, Resident, UUID, dict[str, object]]:
    """A change of two places that waits for € 4 by card, while the old places stand; and its payment."""
    first, other, anna, booking_id = await stage(world, credit_cents=1000)
    own = f"/dender/boekingen/{booking_id}/wijzigen"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    await world.post_form(own, **said_yes((await world.client.get(own, params=asked)).text))
    row = (await world.rows("SELECT id, amount_cents FROM credits.payment WHERE status = 'pending'"))[0]
    return other, anna, booking_id, {"id": str(row["id"]), "amount_cents": row["amount_cents"]}


async def test_a_basket_is_booked_while_a_change_waits_and_then_that_is_paid(world: World) -> None:
    _, anna, booking_id, payment = await waiting(world)
    await world.purse(1, anna.membership_id, 500)
    elsewhere = await world.session(price_cents=500)
    await put_in(world, elsewhere, base=1)

    answer = await press(world, "boek")
    await pay(world, {"booking_id": str(booking_id)}, payment)

    assert answer.status_code == 303
    assert await world.places_left(elsewhere) == 9
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert await faults(world) == []


async def test_the_last_places_that_a_change_holds_are_in_a_basket_once_it_is_let_go(world: World) -> None:
    other, anna, booking_id, _ = await waiting(world)
    await world.purse(1, anna.membership_id, 5000)
    await put_in(world, other, base=2)
    await world.execute("UPDATE reservations.pool SET capacity = 2 WHERE id = $1", other.pool_id)

    full = await press(world, "boek")
    await world.post_form(f"/dender/boekingen/{booking_id}/wijziging-laten-vallen")
    booked = await press(world, "boek")

    assert full.status_code != booked.status_code == 303
    assert await statuses(world, booking_id) == ["confirmed", "confirmed", "lapsed", "lapsed"]
    assert await world.places_left(other) == 0
    assert await faults(world) == []


async def test_until_a_change_is_paid_one_cancels_by_the_date_that_stands(world: World) -> None:
    _, _anna, booking_id, _payment = await waiting(world)
    own = f"/dender/boekingen/{booking_id}"
    later = "UPDATE reservations.session SET cancel_until = cancel_until + interval '30 days' WHERE id <> $1"
    stands = await world.value(
        "SELECT session_id FROM reservations.ticket WHERE status = 'confirmed' LIMIT 1"
    )
    until = await world.value("SELECT cancel_until FROM reservations.session WHERE id = $1", stands)
    before = (await world.client.get(own)).text
    await world.execute(later, stands)

    page = (await world.client.get(own)).text

    said = re.search(r"Annuleer voor .*", page)
    assert said is not None
    assert said[0] in before
    assert str(until.day) in said[0]
    assert "Annuleer alles" in (await world.client.get(f"{own}/annuleren")).text
