"""An organiser makes a waiting room for a date, watches it and closes it."""

from datetime import timedelta
from typing import Any

import pytest

from reservations.booking.answers import Booked
from tests.builders import Session, World
from tests.reservations.waiting_room.queue import a_room, enter, open_now, rooms_of
from tests.reservations.waiting_room.test_pages import deliver, said
from uit.core.clock import BRUSSELS


def address_of(session: Session) -> str:
    return f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/wachtkamer"


def typed(world: World, **more: str) -> dict[str, Any]:
    at = (world.clock.now() + timedelta(hours=24)).astimezone(BRUSSELS)
    fields = {
        "day": at.date().isoformat(),
        "hour": f"{at:%H:%M}",
        "credit": "2",
        "counter": "1",
        "minutes": "8",
    }
    return fields | more


@pytest.fixture
async def session(world: World) -> Session:
    made = await world.session()
    await world.sign_in_staff("organiser", organiser_id=made.organiser_id)
    return made


async def test_a_room_is_made_with_its_shares_and_stands_in_the_trail(world: World, session: Session) -> None:
    answer = await world.post_form(address_of(session), **typed(world))

    assert answer.status_code == 303
    words = await said(world, answer.headers["Location"])
    assert "De wachtkamer is gemaakt." in words
    assert "2 van elke tien" in words
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'waiting_room.make'") == 1
    room = rooms_of(world).room(1, session.id)
    assert room is not None
    assert room.room.opens_at == world.clock.now() + timedelta(hours=24)


async def test_a_form_that_is_sent_twice_makes_one(world: World, session: Session) -> None:
    for _ in range(2):
        await world.post_form(address_of(session), **typed(world))

    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'waiting_room.make'") == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": ""}, "Kies een dag."),
        ({"hour": "laat"}, "Vul een uur in"),
        ({"credit": "11"}, "Vul een getal in van 0 tot 10."),
        ({"credit": "6", "counter": "5"}, "Samen zijn het er hoogstens tien."),
        ({"minutes": "2"}, "Vul een getal in van 5 tot 60."),
        ({"day": "2026-03-01"}, "minstens 10 minuten later"),
        ({"day": "2027-03-01"}, "Dan is het boeken al gesloten."),
    ],
)
async def test_what_is_wrong_is_said_and_the_form_comes_back(
    world: World, session: Session, wrong: dict[str, Any], words: str
) -> None:
    answer = await world.post_form(address_of(session), **typed(world, **wrong))

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{wrong.get("minutes", "8")}"' in answer.text


async def test_a_room_that_is_closed_lets_everybody_book_and_tells_who_waited(
    world: World, session: Session
) -> None:
    anna, bilal = await world.resident(5_000), await world.resident()
    await world.execute("UPDATE reservations.pool SET capacity = 1")
    await a_room(world, session)
    for _ in range(2):
        await enter(world, session, await world.resident())
    await open_now(world, session)
    await enter(world, session, bilal)
    await world.execute("UPDATE uit.outbox SET delivered_at = $1", world.clock.now())

    answer = await world.post_form(f"{address_of(session)}/sluiten")
    await rooms_of(world).step()
    await deliver(world)

    assert "Wie nog wachtte, krijgt een bericht." in await said(world, answer.headers["Location"])
    assert [mail["To"] for mail in world.mails] == [bilal.email]
    assert isinstance(await world.book(anna, session), Booked)


async def test_another_organiser_reaches_no_room(world: World, session: Session) -> None:
    other = await world.session()
    await a_room(world, other)

    address = address_of(session).replace(str(session.id), str(other.id))

    assert (await world.client.get(address)).status_code == 404
    assert (await world.post_form(f"{address}/sluiten")).status_code == 404


async def test_an_officer_makes_and_closes_one_in_the_place_of_the_organiser(world: World) -> None:
    session = await world.session()
    await world.execute(
        "UPDATE reservations.session SET sale_opens_at = $1", world.clock.now() + timedelta(hours=24)
    )
    await world.sign_in_staff("programme_officer")
    assert f'href="{address_of(session)}"' in (await world.client.get("/dender/wachtkamers")).text
    page = await said(world, address_of(session))
    assert "Je beslist in de plaats van" in page

    await world.post_form(address_of(session), **typed(world))

    assert "Er is een wachtkamer" in await said(world, "/dender/wachtkamers")
    assert "Terug naar de wachtkamers" in await said(world, address_of(session))
    await world.post_form(f"{address_of(session)}/sluiten")
    assert await world.value("SELECT end_reason FROM reservations.waiting_room") == "closed"
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act LIKE 'waiting_room.%'") == 2


async def test_an_officer_of_another_region_reaches_none(world: World) -> None:
    session = await world.session()
    await world.sign_in_staff("programme_officer", region_id=2)

    assert (await world.client.get(address_of(session))).status_code == 403
