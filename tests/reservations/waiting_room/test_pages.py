"""The pages of a waiting room: in, one's place, the turn, and out; by pass and by mail, without script."""

import asyncio
import re
import shlex
import sys
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest

from reservations.waiting_room import pages as waiting_room_pages
from reservations.waiting_room import rooms as remembering
from tests.builders import Session, World
from tests.reservations.catalogue.test_event import plain
from tests.reservations.waiting_room.queue import a_room, enter, entry_of, mail_in, now_of, open_now, rooms_of
from uit.core.seal import QueueSeal, seal_queue
from uit.database.outbox import Deliverer
from uit.entrypoints.topics import topics


def address_of(session: Session) -> str:
    return f"/dender/sessies/{session.id}/wachtkamer"


def place_of(world: World, session: Session, entry_id: UUID) -> str:
    token = seal_queue(world.services.secrets.signing, QueueSeal(1, session.id, entry_id))
    return f"/dender/wachtkamer/{token}"


async def said(world: World, address: str, status: int = 200) -> str:
    answer = await world.client.get(address)
    assert answer.status_code == status, answer.text
    return plain(answer.text)


async def deliver(world: World) -> None:
    services = world.services
    await Deliverer(services.database, world.clock, services.ids, topics(services)).deliver_due()


async def test_the_page_of_an_activity_leads_to_its_waiting_room(world: World) -> None:
    session = await world.session()
    await a_room(world, session)

    page = (await world.client.get(f"/dender/evenementen/{session.event_id}")).text

    assert f'href="{address_of(session)}"' in page
    assert f"/dender/sessies/{session.id}/boeken" not in page


async def test_a_resident_enters_by_a_press_and_sees_that_they_are_in(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    room = await a_room(world, session)
    await world.sign_in(anna)
    assert room.room.promise.hex() in await said(world, address_of(session))

    answer = await world.post_form(address_of(session))

    assert answer.status_code == 303
    words = await said(world, answer.headers["Location"])
    assert "Je bent binnen" in words
    assert "Te zien na de loting" in words


async def test_a_guest_is_mailed_a_link_and_takes_part_when_it_is_opened(world: World) -> None:
    session = await world.session()
    await a_room(world, session)

    answer = await world.post_form(address_of(session), email="gast@example.org")
    assert "Kijk in je mail" in await said(world, answer.headers["Location"])
    await deliver(world)

    [mail] = world.mails
    body = mail.get_body(("plain",))
    assert body is not None
    [link] = re.findall(r"/dender/wachtkamer/\S+", body.get_content())
    entry_id = await world.value("SELECT id FROM reservations.queue_entry")
    assert f"Jouw nummer in de loting: {entry_id}" in body.get_content()
    assert await world.value("SELECT count(proven_at) FROM reservations.queue_entry") == 0
    assert "Je bent binnen" in await said(world, link)
    assert str(entry_id) in (await world.client.get(link)).text
    assert await world.value("SELECT count(proven_at) FROM reservations.queue_entry") == 1


@pytest.mark.parametrize("typed", ["  ", "geen adres"])
async def test_an_address_that_is_none_comes_back_as_it_was_typed(world: World, typed: str) -> None:
    session = await world.session()
    await a_room(world, session)

    answer = await world.post_form(address_of(session), email=typed)

    assert answer.status_code == 422
    assert "Vul een e-mailadres in" in answer.text
    assert f'value="{typed}"' in answer.text


async def test_who_has_no_pass_here_may_enter_by_an_address(world: World) -> None:
    session, anna = await world.session(), await world.resident(region_id=2)
    await a_room(world, session)
    await world.sign_in(anna)

    answer = await world.post_form(address_of(session))

    assert answer.status_code == 409
    assert 'name="email"' in answer.text


async def test_who_waits_reads_how_many_come_before_them_and_costs_no_query(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await world.session(seats=1)
    await a_room(world, session)
    for _ in range(4):
        await enter(world, session, await world.resident())
    await open_now(world, session)
    last = await enter(world, session, await world.resident())
    await rooms_of(world).step()

    async def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(remembering, "read_entry", asked)
    words = await said(world, place_of(world, session, last))

    assert "Er zijn nog 2 mensen vóór jou" in words
    assert "Je staat op plaats 5." in words


async def test_a_look_is_answered_from_memory_after_the_first_of_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await world.session(seats=1)
    await a_room(world, session)
    places = [place_of(world, session, await enter(world, session, await world.resident())) for _ in range(3)]
    await rooms_of(world).read()
    pages = [(await world.client.get(each)).text for each in places]

    monkeypatch.setattr(waiting_room_pages, "own_entry", None)
    again = [await world.client.get(each) for each in places]

    assert [each.text for each in again] == pages
    assert all(f'href="{place}"' in page for place, page in zip(places, pages, strict=True))
    assert len({*pages}) == len(places)
    assert again[0].headers["Referrer-Policy"] == "no-referrer"


async def test_what_is_remembered_of_a_place_is_shown_at_no_address_of_another_region(world: World) -> None:
    session = await world.session()
    await a_room(world, session)
    place = place_of(world, session, await enter(world, session, await world.resident()))
    await rooms_of(world).read()
    await said(world, place)

    assert (await world.client.get(place.replace("/dender/", "/kust/"))).status_code == 404


async def test_who_leaves_is_asked_first_whether_they_really_want_to(world: World) -> None:
    session = await world.session()
    await a_room(world, session)
    place = place_of(world, session, await enter(world, session, await world.resident()))

    asked = await said(world, f"{place}/weg")

    assert "Je plaats in de rij gaat dan naar de volgende." in asked
    await world.post_form(f"{place}/weg")
    answer = await world.client.get(f"{place}/weg", follow_redirects=False)
    assert answer.headers["Location"] == place


async def test_without_a_turn_the_page_to_book_leads_to_the_waiting_room(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    await a_room(world, session)
    await open_now(world, session)
    await world.sign_in(anna)

    answer = await world.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=False)

    assert answer.headers["Location"] == address_of(session)


async def test_with_a_turn_one_comes_to_the_page_to_book(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    await a_room(world, session)
    entry_id = await enter(world, session, anna)
    await open_now(world, session)
    await world.sign_in(anna)
    assert "Het is jouw beurt" in await said(world, place_of(world, session, entry_id))

    answer = await world.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=True)

    assert answer.status_code == 200
    assert "Hoeveel plaatsen?" in answer.text


async def test_a_turn_is_told_by_mail_with_the_link_of_the_place(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    await a_room(world, session)
    entry_id = await enter(world, session, anna)
    await open_now(world, session)

    await deliver(world)

    [mail] = world.mails
    body = mail.get_body(("plain",))
    assert body is not None
    assert mail["To"] == anna.email
    assert place_of(world, session, entry_id) in body.get_content()


async def test_a_turn_is_lengthened_by_a_press_and_the_cookie_with_it(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    await a_room(world, session)
    place = place_of(world, session, await enter(world, session, anna))
    await open_now(world, session)

    for minutes in (20, 30):
        answer = await world.post_form(f"{place}/langer")
        shown = await world.client.get(answer.headers["Location"])
        assert f"Max-Age={minutes * 60}" in shown.headers["set-cookie"]

    assert (await world.post_form(f"{place}/langer")).status_code == 409


async def test_who_missed_the_turn_stands_at_the_end_by_a_press(world: World) -> None:
    session, anna = await world.session(seats=1), await world.resident()
    await a_room(world, session)
    entry_id = await enter(world, session, anna)
    await open_now(world, session)
    world.clock.move(timedelta(minutes=11))
    await rooms_of(world).read()
    place = place_of(world, session, entry_id)
    assert "Je beurt is voorbij." in await said(world, place)

    await world.post_form(f"{place}/opnieuw")

    assert (await entry_of(world, session, entry_id)).is_waiting


async def test_when_all_is_sold_the_place_leads_to_the_waiting_list(world: World) -> None:
    session, anna = await world.session(seats=1), await world.resident(5_000)
    await a_room(world, session)
    await enter(world, session, anna)
    await open_now(world, session)
    await world.book(anna, session)
    late = await enter(world, session, await world.resident())
    for _ in range(2):
        await rooms_of(world).step()

    page = (await world.client.get(place_of(world, session, late))).text

    assert "Alle plaatsen zijn weg." in page
    assert f'href="/dender/sessies/{session.id}/wachtlijst"' in page


async def test_who_leaves_waits_no_more(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    await a_room(world, session)
    entry_id = await enter(world, session, anna)
    place = place_of(world, session, entry_id)

    await world.post_form(f"{place}/weg")

    assert "Je staat niet meer in de rij." in await said(world, place)
    assert not (await open_now(world, session)).places


async def test_anybody_downloads_the_list_that_was_drawn(world: World) -> None:
    session = await world.session()
    await a_room(world, session)
    entered = {str(await enter(world, session, await world.resident())) for _ in range(3)}
    await open_now(world, session)

    lines = (await world.client.get(f"{address_of(session)}/lijst.csv")).text.split()

    assert lines[0] == "place,id"
    assert {each.partition(",")[2] for each in lines[1:]} == entered
    assert now_of(world, session).room.seed is not None


async def test_anybody_reckons_the_draw_anew_by_what_the_page_says(world: World, tmp_path: Path) -> None:
    session = await world.session()
    await a_room(world, session)
    for _ in range(5):
        await enter(world, session, await world.resident())
    await open_now(world, session)
    drawn = (await world.client.get(f"{address_of(session)}/lijst.csv")).content
    (tmp_path / "lijst.csv").write_bytes(drawn)
    page = (await world.client.get(address_of(session))).text

    [command] = re.findall(r'<code class="as-written">(.*?)</code>', page, re.DOTALL)
    _python, *asked = shlex.split(unescape(command))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *asked, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert said.decode().split() == [now_of(world, session).room.promise.hex(), "True"]


@pytest.mark.parametrize("token", ["W", "Wabc", "Gabc"])
async def test_a_link_that_is_not_ours_opens_nothing(world: World, token: str) -> None:
    session = await world.session()
    await a_room(world, session)

    assert (await world.client.get(f"/dender/wachtkamer/{token}")).status_code == 404
    assert (await world.client.get(f"/dender/sessies/{session.event_id}/wachtkamer")).status_code == 404


async def test_a_link_of_another_region_opens_nothing_here(world: World) -> None:
    session = await world.session()
    await a_room(world, session)
    entry_id = await mail_in(world, session, "gast@example.org")

    place = place_of(world, session, entry_id).replace("/dender/", "/kust/")

    assert (await world.client.get(place)).status_code == 404
