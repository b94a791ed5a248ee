"""Tickets for others at a till: of another date, tariff or number."""

import re
from asyncio import gather
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from httpx import Response

from credits.check import check_ledger
from credits.till.till import read_drawer
from reservations.booking.turnstile import read_booking
from reservations.check import check_bookings
from reservations.order.form import SeenTotal, encode_seen_total
from tests.builders import Session, World
from tests.credits.till.drawers import Drawer
from tests.reservations.box_office.tills import address, at_the_till, paying, selling, swapping, waiting

CHANGE_CENTS = 10_000


async def sold(world: World, drawer: Drawer, session: Session, places: int = 1, due_cents: int = 500) -> UUID:
    """Places that were sold at this till for cash, a moment ago."""
    booking_id = uuid4()
    page = address(drawer, "verkoop", session.id, booking_id)
    assert (await world.post_form(page, **selling(places, due_cents))).status_code == 303
    world.clock.move(timedelta(minutes=5))
    return booking_id


def swap_page(drawer: Drawer, old_id: UUID, session: Session, new_id: UUID | None = None) -> str:
    return address(drawer, "ruilen", old_id, session.id, new_id or uuid4())


async def swap(world: World, page: str, form: dict[str, Any]) -> Response:
    answer: Response = await world.post_form(page, **form)
    return answer


async def in_drawer(world: World, drawer: Drawer) -> int:
    """What is in the drawer above the change with which it was opened."""
    async with world.services.database.reading() as connection:
        return int(await read_drawer(connection, 1, drawer.session_id)) - CHANGE_CENTS


async def status_of(world: World, booking_id: UUID) -> str:
    async with world.services.database.reading() as connection:
        booking = await read_booking(connection, 1, booking_id)
    return str(booking.status) if booking else "not there"


async def nothing_is_wrong(world: World) -> bool:
    async with world.services.database.reading() as connection:
        return await check_ledger(connection) == [] == await check_bookings(connection)


async def two_dates(world: World, price_cents: int, seats: int = 10) -> tuple[Drawer, Session, Session]:
    """A till, a date of five euro, and another of the same organiser."""
    first = await world.session(10, price_cents=500)
    other = await world.session(seats, price_cents=price_cents, organiser_id=first.organiser_id)
    return await at_the_till(world, first), first, other


async def test_for_a_dearer_date_only_the_difference_is_paid_and_rounded(world: World) -> None:
    drawer, first, dearer = await two_dates(world, price_cents=703)
    old_id, new_id = await sold(world, drawer, first), uuid4()
    page = swap_page(drawer, old_id, dearer, new_id)

    shown = await world.client.get(page, params={"tickets": "1.1", "plaatsen-base": 1})
    answer = await swap(world, page, swapping(1, 703, 203))
    tickets = await world.client.get(answer.headers["location"])

    assert "2,03" in shown.text
    assert "2,05" in shown.text
    assert await in_drawer(world, drawer) == 705
    assert (await status_of(world, old_id), await status_of(world, new_id)) == ("cancelled", "confirmed")
    assert "Geruild." in tickets.text
    assert await nothing_is_wrong(world)


async def test_for_a_cheaper_date_the_difference_is_given_in_cash(world: World) -> None:
    drawer, first, cheaper = await two_dates(world, price_cents=299)
    old_id = await sold(world, drawer, first)

    page = swap_page(drawer, old_id, cheaper)
    shown = await world.client.get(page, params={"tickets": "1.1", "plaatsen-base": 1})
    answer = await swap(world, page, swapping(1, 299, -201))
    tickets = await world.client.get(answer.headers["location"])

    assert "Geef € 2,00 terug, en ruil" in shown.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "€ 2,00" in tickets.text.replace("\N{NO-BREAK SPACE}", " ")
    assert await in_drawer(world, drawer) == 300
    assert await nothing_is_wrong(world)


async def test_what_is_free_instead_gives_all_back_without_a_receipt(world: World) -> None:
    drawer, first, free = await two_dates(world, price_cents=0)
    old_id = await sold(world, drawer, first)

    answer = await swap(world, swap_page(drawer, old_id, free), swapping(1, 0, -500))

    assert answer.status_code == 303
    assert await in_drawer(world, drawer) == 0
    assert await world.value("SELECT count(*) FROM credits.receipt") == 1
    assert await nothing_is_wrong(world)


async def test_the_difference_can_go_on_the_terminal(world: World) -> None:
    drawer, first, dearer = await two_dates(world, price_cents=703)
    old_id = await sold(world, drawer, first)

    form = swapping(1, 703, 203, way="terminal", slip="AUT 0042")
    await swap(world, swap_page(drawer, old_id, dearer), form)

    assert await in_drawer(world, drawer) == 500
    assert await world.value("SELECT amount_cents FROM credits.tender WHERE means = 'terminal'") == 203
    assert await nothing_is_wrong(world)


async def test_a_form_that_is_sent_twice_swaps_once(world: World) -> None:
    drawer, first, dearer = await two_dates(world, price_cents=700)
    old_id = await sold(world, drawer, first)
    page, form = swap_page(drawer, old_id, dearer), swapping(1, 700, 200)

    answers = [await swap(world, page, form) for _ in range(2)]

    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await in_drawer(world, drawer) == 700
    assert await world.value("SELECT count(*) FROM credits.refund") == 1


async def test_of_two_who_swap_one_ticket_at_once_one_does(world: World) -> None:
    drawer, first, dearer = await two_dates(world, price_cents=700)
    old_id = await sold(world, drawer, first)

    forms = [(swap_page(drawer, old_id, dearer), swapping(1, 700, 200)) for _ in range(2)]
    answers = await gather(*(swap(world, page, form) for page, form in forms))

    assert sorted(each.status_code for each in answers) == [303, 409]
    assert await in_drawer(world, drawer) == 700
    assert await world.value("SELECT count(*) FROM credits.refund") == 1
    assert await nothing_is_wrong(world)


async def test_a_date_that_is_sold_out_changes_nothing(world: World) -> None:
    drawer, first, full = await two_dates(world, price_cents=700, seats=1)
    old_id = await sold(world, drawer, first)
    await world.book(await world.resident(credit_cents=700), full)

    answer = await swap(world, swap_page(drawer, old_id, full), swapping(1, 700, 200))

    assert answer.status_code == 409
    assert await status_of(world, old_id) == "confirmed"
    assert await in_drawer(world, drawer) == 500
    assert await world.value("SELECT count(*) FROM credits.refund") == 0


async def test_another_number_of_the_same_date_can_use_the_places_that_come_free(world: World) -> None:
    session = await world.session(2, price_cents=500)
    drawer = await at_the_till(world, session)
    old_id, new_id = await sold(world, drawer, session, 2, 1000), uuid4()

    page = swap_page(drawer, old_id, session, new_id)
    answer = await swap(world, page, swapping(1, 500, -500, tickets="1.1 1.2"))

    assert answer.status_code == 303
    assert await world.value("SELECT taken FROM reservations.pool") == 1
    assert await status_of(world, new_id) == "confirmed"
    assert await nothing_is_wrong(world)


async def test_another_difference_than_the_page_showed_swaps_nothing(world: World) -> None:
    drawer, first, dearer = await two_dates(world, price_cents=700)
    old_id = await sold(world, drawer, first)

    answer = await swap(world, swap_page(drawer, old_id, dearer), swapping(1, 700, 100))

    assert answer.status_code == 409
    assert "€ 2,00" in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert await status_of(world, old_id) == "confirmed"


async def test_the_fee_of_the_organiser_stays_with_them_unless_it_is_waived(world: World) -> None:
    drawer, first, same = await two_dates(world, price_cents=500)
    await world.execute("UPDATE credits.seller SET cancel_fee_cents = 100")
    one, two = await sold(world, drawer, first), await sold(world, drawer, first)

    by_rules = await swap(world, swap_page(drawer, one, same), swapping(1, 500, 100))
    waived = await swap(world, swap_page(drawer, two, same), swapping(1, 500, 0, uitzondering="our_fault"))

    assert (by_rules.status_code, waived.status_code) == (303, 303)
    assert await in_drawer(world, drawer) == 1100
    act = "SELECT count(*) FROM uit.audit WHERE act = 'booking.swap'"
    assert await world.value(act) == 2
    assert await nothing_is_wrong(world)


async def test_the_receipt_of_a_swap_says_what_was_set_against_it(world: World) -> None:
    drawer, first, dearer = await two_dates(world, price_cents=703)
    answer = await swap(
        world, swap_page(drawer, await sold(world, drawer, first), dearer), swapping(1, 703, 203)
    )
    tickets = (await world.client.get(answer.headers["location"])).text

    found = re.search(r'href="(\S+/bonnen/\S+)"', tickets)
    assert found
    receipt = (await world.client.get(found[1])).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "Terug van tickets die geruild zijn" in receipt
    assert "2,05" in receipt


async def test_a_ticket_of_somebody_with_a_pass_is_not_swapped_here(world: World) -> None:
    drawer, first, other = await two_dates(world, price_cents=700)
    booking = await waiting(world, await world.resident(), first)
    await world.post_form(address(drawer, "boeking", booking.id), **paying(500))

    answer = await swap(world, swap_page(drawer, booking.id, other), swapping(1, 700, 200))

    assert answer.status_code == 409
    assert await status_of(world, booking.id) == "confirmed"


async def test_a_booking_of_another_organiser_is_not_swapped(world: World) -> None:
    theirs = await world.session(price_cents=500)
    booking_id = uuid4()
    await world.book(await world.resident(credit_cents=500), theirs, booking_id=booking_id)
    drawer, _, other = await two_dates(world, price_cents=700)

    answer = await swap(world, swap_page(drawer, booking_id, other), swapping(1, 700, 200))
    listed = await world.client.get(address(drawer, "ruilen", booking_id), params={"tickets": "1.1"})

    assert (answer.status_code, listed.status_code) == (404, 404)


async def test_the_page_of_a_booking_leads_to_the_dates_for_which_it_can_be_swapped(world: World) -> None:
    drawer, first, other = await two_dates(world, price_cents=700)
    old_id = await sold(world, drawer, first)

    form = {"ticket-1.1": "true", "stap": "ruil"}
    answer = await world.post_form(address(drawer, "terugnemen", old_id), **form)
    listed = (await world.client.get(answer.headers["location"])).text

    assert str(other.id) in listed
    assert "Dezelfde datum" in listed
    assert await status_of(world, old_id) == "confirmed"


async def test_more_than_lies_in_the_drawer_is_not_given_for_a_swap(world: World) -> None:
    drawer, first, cheaper = await two_dates(world, price_cents=100)
    old_id = await sold(world, drawer, first)
    await drawer.drop(10_400)

    answer = await swap(world, swap_page(drawer, old_id, cheaper), swapping(1, 100, -400))

    assert answer.status_code == 409
    assert await status_of(world, old_id) == "confirmed"


async def test_the_four_places_of_a_family_are_there_for_others_in_a_full_room(world: World) -> None:
    session = await world.session(4, price_cents=500)
    await world.tariff(session, "gezin", 1500, weight=4)
    drawer, old_id = await at_the_till(world, session), uuid4()
    seen = encode_seen_total(SeenTotal(1500, 1500, 1500), {"gezin": 1})
    form = selling(0, 1500) | {"plaatsen-gezin": 1, "gezien": seen}
    await world.post_form(address(drawer, "verkoop", session.id, old_id), **form)
    world.clock.move(timedelta(minutes=5))

    page = swap_page(drawer, old_id, session)
    too_many = await world.client.get(page, params={"tickets": "1.1", "plaatsen-base": 100})
    await swap(world, page, swapping(4, 2000, 500))

    assert "Vul een getal in van 0 tot 4." in too_many.text
    assert await world.places_left(session) == 0
    assert await in_drawer(world, drawer) == 2000
    assert await nothing_is_wrong(world)
