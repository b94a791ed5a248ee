"""A basket in which something is for another: with their price and credit, in one booking with one's own."""

from typing import Any
from uuid import uuid4

from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child
from tests.reservations.basket.baskets import MANDJE, fields_of, look, press, put_in
from tests.reservations.order.test_tariffs import order_page
from tests.reservations.sessions.test_desk import text_of


async def put_in_for(world: World, session: Session, *whom: Resident, myself: bool = False) -> Any:
    """Press *In mandje* on the page of who comes."""
    who = ",".join([*(["ik"] if myself else []), *(str(each.membership_id) for each in whom)])
    page = await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}", params={"voor": who})
    boxes = {f"komt-{each}": "true" for each in who.split(",")}
    numbers = {name: value for name, value in fields_of(page).items() if name.startswith("plaatsen-")}
    return await world.post_form(f"{MANDJE}/{session.id}", **numbers, voor=who, kiest="ja", **boxes)


async def test_what_is_for_a_child_and_for_oneself_is_one_booking_from_two_purses(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte = await a_child(world, mother, credit_cents=2000)
    film, play = [await world.session(price_cents=cents) for cents in (500, 700)]
    await world.sign_in(mother)

    await put_in(world, film, base=1)
    answer = await put_in_for(world, play, lotte)
    shown = await look(world)
    booked = await press(world, "boek")

    assert answer.headers["location"] == MANDJE
    assert "Lotte: Gewone plaats" in shown
    assert "/boekingen/" in booked.headers["location"]
    assert [await world.available_cents(each) for each in (mother, lotte)] == [4500, 1300]
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1
    assert "Er zit niets in je mandje" in await look(world)


async def test_several_go_in_together_and_one_comes_out(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session()
    await world.sign_in(mother)

    await put_in_for(world, session, lotte, myself=True)
    shown = await look(world)
    both = fields_of(await world.client.get(MANDJE))
    await press(world, f"weg:{session.id}/base")
    one = fields_of(await world.client.get(MANDJE))

    own, hers = f"plaatsen-{session.id}-base", f"plaatsen-{session.id}-base-{lotte.membership_id.hex}"
    assert "De kleine prins, voor Lotte" in shown
    assert {own, hers} <= both.keys()
    assert (own in one, hers in one) == (False, True)


async def test_the_power_that_ended_takes_its_line_and_the_rest_is_booked(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session()
    await world.sign_in(mother)
    await put_in_for(world, session, lotte, myself=True)
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())

    shown = await look(world)
    booked = await press(world, "boek")

    assert "Je kan dit niet voor deze persoon doen" in shown
    assert "Lotte" not in shown
    assert booked.status_code == 303
    assert [await world.available_cents(each) for each in (mother, lotte)] == [4500, 2000]


async def test_nobody_puts_in_for_a_stranger(world: World) -> None:
    mother, stranger, session = await world.resident(), await world.resident(), await world.session()
    await world.sign_in(mother)

    answer = await world.post_form(
        f"{MANDJE}/{session.id}", voor=str(stranger.membership_id), **{"plaatsen-base": "1"}
    )

    assert answer.status_code == 403


async def test_a_box_ticked_after_the_numbers_were_shown_asks_first(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, session = await a_child(world, mother), await world.session()
    await world.sign_in(mother)

    answer = await world.post_form(
        f"{MANDJE}/{session.id}",
        **{"plaatsen-base": "2", "kiest": "ja", "komt-ik": "true", f"komt-{lotte.membership_id}": "true"},
    )

    assert "/boeken/" in answer.headers["location"]
    assert f"voor=ik%2C{lotte.membership_id}" in answer.headers["location"]
    assert "Er zit niets in je mandje" in await look(world)


async def test_what_a_guest_typed_goes_along_into_the_basket_and_stays(world: World) -> None:
    first, second = await world.session(), await world.session()
    for session in (first, second):
        await world.seller(session.organiser_id)
    page = await order_page(world, first)

    await world.post_form(
        f"{MANDJE}/{first.id}", **{"plaatsen-base": "1", "naam": "Noor", "email": "noor@example.org"}
    )
    await put_in(world, second, base=1)
    fields = fields_of(await world.client.get(MANDJE))

    assert 'name="naam"' in page.text
    assert (fields["naam"], fields["email"]) == ("Noor", "noor@example.org")


async def test_who_signs_in_takes_nothing_typed_by_a_guest_along(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    await world.seller(session.organiser_id)
    await world.post_form(f"{MANDJE}/{session.id}", **{"plaatsen-base": "1", "naam": "Noor"})

    await world.sign_in(anna)

    assert "Noor" not in text_of(await world.client.get(MANDJE))
