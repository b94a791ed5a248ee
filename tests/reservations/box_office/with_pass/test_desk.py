"""At a till of an organiser: a pass is scanned, and its holder is in order, or still pays something."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from credits.till.counter.counter import place_till
from reservations.box_office.with_pass.shown import without_own_price
from reservations.errors import LookAgain, NotForYou, OnePlaceEach, PriceChanged, SoldOut
from reservations.seats.plan import PlanLine
from tests.builders import Resident, Session, World
from tests.credits.till.drawers import Drawer, a_drawer
from tests.passes.counter import AALST
from tests.reservations.box_office.tills import address, at_the_till
from tests.reservations.counter.helpers import HIDDEN
from tests.reservations.order.test_one_each import value_of
from tests.reservations.order.test_tariffs import fields_in
from tests.reservations.seats.world import seated
from tests.reservations.sessions.test_desk import text_of

LATER = date(2027, 1, 1)


async def shown(world: World, drawer: Drawer, token: str) -> Any:
    return await world.post_form(address(drawer, "pas"), permission_id=uuid4(), token=token)


async def order_page(world: World, drawer: Drawer, who: Resident, session: Session, **query: str) -> Any:
    """The pass is scanned in the box of the till, and a date chosen."""
    answer = await world.post_form(address(drawer, "boeking"), nummer=who.token)
    where = f"{answer.headers['location']}/{session.id}/{uuid4()}"
    return await world.client.get(where, params=query)


async def sell_on(world: World, page: Any, **fields: object) -> Any:
    numbers = {name: value_of(page, name) for name in fields_in(page)}
    hidden = dict(re.findall(HIDDEN, page.text))
    shown_total = {"stap": "boek", "gezien": value_of(page, "gezien")}
    return await world.post_form(page.url.path, **numbers | hidden | shown_total | fields)


@pytest.mark.parametrize("social_until", [None, LATER])
async def test_who_has_enough_credit_is_in_order_whatever_their_price(
    world: World, social_until: date | None
) -> None:
    anna, session = (
        await world.resident(2000, social_until=social_until),
        await world.session(price_cents=500),
    )
    drawer = await at_the_till(world, session)

    page = await order_page(world, drawer, anna, session)
    answer, again = await sell_on(world, page), await sell_on(world, page)

    said = text_of(page)
    assert "Yasmine Peeters" in said
    assert "In orde" in said
    assert fields_in(page) == ["plaatsen-base"]
    for hidden in ("€", "krediet", "kansentarief", "meekomt", "500", "100", "2000"):
        assert hidden not in said.partition("Hoeveel plaatsen?")[2].partition("Een andere datum")[0]
        assert hidden.isdigit() is False or f'"{hidden}' not in page.text
    booked = page.url.path.rpartition("/")[2]
    assert answer.headers["location"] == again.headers["location"] == address(drawer, "tickets", booked)
    assert await world.available_cents(anna) == (1900 if social_until else 1500)
    channel = await world.value("SELECT channel::text FROM reservations.booking")
    assert channel == "box_office"


async def test_the_first_place_is_at_their_own_price_and_the_others_at_that_of_all(world: World) -> None:
    anna, session = await world.resident(2000, social_until=LATER), await world.session(price_cents=500)
    drawer = await at_the_till(world, session)

    await sell_on(world, await order_page(world, drawer, anna, session, **{"plaatsen-base": "3"}))
    again = await order_page(world, drawer, anna, session)
    await sell_on(world, again)

    sold = await world.rows("SELECT tariff_code, price_cents FROM reservations.line ORDER BY booking_id, no")
    assert sorted(tuple(each) for each in sold) == [("base", 500), ("base", 1000), ("kansentarief", 100)]
    assert await world.available_cents(anna) == 400


async def test_what_credit_does_not_pay_is_said_and_taken(world: World) -> None:
    anna, session = await world.resident(200), await world.session(price_cents=500)
    drawer = await at_the_till(world, session)
    page = await order_page(world, drawer, anna, session)

    change = await sell_on(world, page, way="cash", given="5")
    answer = await sell_on(world, page, way="cash")

    assert "Nog te betalen: € 3,00" in text_of(page)
    assert "€ 5,00" not in text_of(page)
    assert "€ 2,00" not in text_of(page)
    assert "Geef € 2,00 terug" in text_of(change)
    assert answer.status_code == 303
    assert await world.available_cents(anna) == 0
    assert await world.value("SELECT words FROM credits.receipt_line") == "De kleine prins"


async def test_who_showed_a_pass_reads_that_the_organiser_looked_once(world: World) -> None:
    anna, session, given_id = await world.resident(200), await world.session(), uuid4()
    drawer = await at_the_till(world, session)

    for _ in range(2):
        await world.post_form(address(drawer, "pas"), permission_id=given_id, token=anna.token)

    looks = await world.rows("SELECT person_id, service, service_key, purpose FROM uit.look")
    assert [tuple(each) for each in looks] == [
        (anna.person_id, "organiser", str(session.organiser_id), "price")
    ]


def test_a_refusal_that_tells_of_a_price_of_their_own_says_no_more() -> None:
    session_id, tariff = uuid4(), "kansentarief"
    telling = [OnePlaceEach(session_id, tariff), PriceChanged(100, 500), NotForYou(session_id, tariff)]

    assert {without_own_price(each) for each in telling} == {LookAgain()}
    assert without_own_price(SoldOut(session_id, 2, 1, tariff)) == SoldOut(session_id, 2, 1)


async def test_other_places_than_were_shown_are_not_sold(world: World) -> None:
    anna, session = await world.resident(200), await world.session(price_cents=500)
    drawer = await at_the_till(world, session)
    page = await order_page(world, drawer, anna, session)

    more = await sell_on(world, page, way="cash", **{"plaatsen-base": "2"})
    await world.purse(1, anna.membership_id, 100)
    richer = await sell_on(world, page, way="cash")

    assert "Nog te betalen: € 8,00" in text_of(more)
    assert richer.status_code == 409
    assert "Nog te betalen: € 2,00" in text_of(richer)
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_permission_is_of_this_till_its_worker_and_half_an_hour(world: World) -> None:
    anna, session, other = await world.resident(2000), await world.session(), await world.session()
    drawer = await at_the_till(world, session)
    page = await order_page(world, drawer, anna, session)
    of_another = page.url.path.replace(str(session.id), str(other.id))

    elsewhere = await world.client.get(of_another)
    world.clock.move(timedelta(minutes=31))
    late = await sell_on(world, page)
    fresh = await order_page(world, drawer, anna, session)
    colleague = await world.sign_in_staff("box_office", organiser_id=session.organiser_id)
    await world.execute("UPDATE credits.till_session SET opened_by = $1", colleague)
    of_a_colleague = await world.client.get(fresh.url.path)

    assert [each.status_code for each in (elsewhere, late, fresh, of_a_colleague)] == [404, 404, 200, 404]
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_number_a_blocked_pass_and_one_of_another_region_lead_nowhere(world: World) -> None:
    anna, bea = await world.resident(), await world.resident(region_id=2)
    drawer = await at_the_till(world, await world.session())
    await world.execute("UPDATE passes.card SET state = 'blocked' WHERE id = $1", anna.card_id)

    answers = [await shown(world, drawer, token) for token in ("", "0900100009001", anna.token, bea.token)]
    in_the_box = await world.post_form(address(drawer, "boeking"), nummer=anna.token)

    assert [each.status_code for each in (*answers, in_the_box)] == [422, 404, 409, 404, 409]
    assert await world.value("SELECT count(*) FROM passes.permission") == 0


async def test_who_reads_that_a_pass_is_unknown_is_told_what_a_till_can_do(world: World) -> None:
    """It finds nobody by name: that is for a counter."""
    drawer = await at_the_till(world, await world.session())

    answer = await shown(world, drawer, "0900100009001")

    assert "Lukt het niet, dan vindt de balie die persoon op naam." in text_of(answer)
    assert "zoek op naam" not in text_of(answer)
    assert f'href="{address(drawer, "verkoop")}"' in answer.text
    assert f'href="{address(drawer)}"' in answer.text


async def test_the_pass_shown_at_a_box_office_opens_nothing_at_a_counter(world: World) -> None:
    anna, session = await world.resident(2000), await world.session()
    drawer = await at_the_till(world, session)
    await shown(world, drawer, anna.token)
    staff_id = await world.sign_in_staff("clerk")
    await world.execute("UPDATE passes.permission SET staff_id = $1", staff_id)

    page = await world.client.get(
        f"/dender/balie/personen/{anna.membership_id}/boeken", follow_redirects=False
    )

    assert page.status_code == 303


async def test_a_clerk_at_a_till_books_at_their_own_counter(world: World) -> None:
    """There only people of their municipality exist, and here nobody asks where somebody lives."""
    anna, session = await world.resident(2000), await world.session()
    await world.municipality(AALST)
    await world.seller(session.organiser_id, desk_hours=48)
    staff_id = await world.sign_in_staff("clerk")
    drawer = await a_drawer(world, seller_id=session.organiser_id, staff_id=staff_id)
    await drawer.run(lambda tx, worker: place_till(tx, worker, drawer.till_id, AALST))

    refused = await shown(world, drawer, anna.token)
    unknown = await world.post_form(address(drawer, "boeking"), nummer=anna.token)

    assert (refused.status_code, unknown.status_code) == (403, 404)


async def test_what_is_booked_for_a_pass_says_its_seats(world: World) -> None:
    anna = await world.resident(credit_cents=5000)
    session = await seated(world, PlanLine("A", 1, 2), price_cents=500)
    drawer = await at_the_till(world, session)
    await world.book(anna, session, 2)

    answer = await shown(world, drawer, anna.token)
    dates = await world.client.get(answer.headers["location"])

    assert "rij A, stoel 1 en 2" in text_of(dates)
