"""Waiting for a place for a wheelchair: on one's own page, at a counter, and by a program."""

import re
from html import unescape
from uuid import uuid4

from reservations.waiting.join_form import date_field
from tests.builders import Session, World
from tests.reservations.booking.test_api import put, told
from tests.reservations.catalogue.test_event import plain as words
from tests.reservations.seats.world import line
from tests.reservations.waiting.counter.test_desk import at_the_counter
from tests.reservations.waiting.test_api import asked, post
from tests.reservations.waiting.test_pages import asking
from tests.reservations.waiting.test_wheelchairs import evening

SEE_OTHER, UNPROCESSABLE = 303, 422


def typed(session: Session, places: int, wheelchairs: int) -> dict[str, object]:
    fields = {"entry_id": uuid4(), "plaatsen-base": places, date_field(session.id): "true"}
    return {**fields, "rolstoel": wheelchairs}


async def lines_stored(world: World) -> object:
    return await world.value("SELECT lines::text FROM reservations.waiting_entry")


async def test_who_finds_no_wheelchair_place_is_led_to_the_line_for_one(world: World) -> None:
    session, _ = await evening(world, "A-1", "A-6")
    await world.sign_in(await world.resident())

    order = f"/dender/sessies/{session.id}/boeken/{uuid4()}"
    page = (await world.client.get(order, params={"plaatsen-base": "1", "rolstoel": "1"})).text
    [address] = re.findall(r'href="([^"]+wachtlijst[^"]*)"', page)
    form = (await world.client.get(unescape(address))).text
    joined = await world.post_form(address.split("?")[0], **typed(session, 1, 1))
    place = (await world.client.get(joined.headers["location"])).text

    assert address.endswith("?plaatsen-base=1&amp;rolstoel=1")
    assert re.search(r'name="rolstoel"[^>]*value="1"', form)
    assert await lines_stored(world) == '[{"places": 1, "tariff": "base", "wheelchairs": 1}]'
    assert "Met een rolstoel 1" in words(place)
    assert "Een rolstoelplaats gaat naar wie er een vroeg." in words(place)


async def test_who_cannot_sit_beside_the_wheelchair_may_wait_until_they_can(world: World) -> None:
    session, _ = await evening(world, "A-2", "A-5")
    await world.sign_in(await world.resident())

    order = f"/dender/sessies/{session.id}/boeken/{uuid4()}"
    page = (await world.client.get(order, params={"plaatsen-base": "2", "rolstoel": "1"})).text
    joined = await world.post_form(asking(session), **typed(session, 2, 1))

    assert "Wie meekomt, kan hier niet naast de rolstoel zitten." in words(page)
    assert "Kies zelf je stoelen" in page
    assert "wachtlijst" in page
    assert joined.status_code == SEE_OTHER


async def test_no_more_wheelchairs_come_than_people(world: World) -> None:
    session, _ = await evening(world, "A-1", "A-6")
    await world.sign_in(await world.resident())

    answer = await world.post_form(asking(session), **typed(session, 1, 2))

    assert answer.status_code == UNPROCESSABLE
    assert re.search(r'name="rolstoel"[^>]*value="2"', answer.text)


async def test_where_no_seat_is_for_a_wheelchair_nobody_is_asked(world: World) -> None:
    session = await world.session(seats=1)

    assert 'name="rolstoel"' not in (await world.client.get(asking(session))).text


async def test_a_clerk_lets_somebody_wait_for_a_wheelchair_place(world: World) -> None:
    (session, _), anna = await evening(world, "A-1", "A-6"), await world.resident()
    lists = await at_the_counter(world, anna)

    form = (await world.client.get(f"{lists}/{session.id}", params={"rolstoel": "1"})).text
    await world.post_form(f"{lists}/{session.id}", **typed(session, 1, 1))
    page = (await world.client.get(lists)).text

    assert re.search(r'name="rolstoel"[^>]*value="1"', form)
    assert "met een rolstoel: 1" in words(page)


async def test_a_program_waits_for_a_wheelchair_place(world: World) -> None:
    session, _ = await evening(world, "A-1", "A-6")
    headers, anna = await world.api_client(session.organiser_id), await world.resident()
    document = asked(session, anna)
    document["lines"][0]["wheelchairs"] = 1

    refused = await put(world, headers, line(session, anna, 1, wheelchairs=1))
    joined = await post(world, headers, document)
    many = await post(
        world, headers, {**asked(session), "lines": [{"tariff": "base", "places": 1, "wheelchairs": 2}]}
    )

    assert told(refused) == (409, "reservations.no_seats")
    assert refused.json()["waiting"]["before"] == 0
    assert joined.status_code == 201
    assert told(many) == (422, "reservations.seats_miscounted")
