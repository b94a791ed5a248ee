"""A booking in somebody's calendar: when and where, whether it goes on, and nothing that is private."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.builders import TONIGHT, Resident, Session, World
from tests.reservations.dates import booked, call_off, postpone
from tests.reservations.guest.guests import guest_books, link_of
from tests.reservations.turn_card.world import buy, card_date


def fields_of(answer: Any) -> list[dict[str, str]]:
    """The properties of each event in a file, unfolded."""
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            events[-1][name] = value
    return events


async def stage(world: World, **when: Any) -> tuple[Session, Resident, UUID, str]:
    session, anna = await world.session(price_cents=300, **when), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session, places=2)
    await world.sign_in(anna)
    return session, anna, booking_id, f"/dender/boekingen/{booking_id}/agenda.ics"


async def test_a_booking_is_a_file_that_a_calendar_reads(world: World) -> None:
    session, _, booking_id, address = await stage(world, **TONIGHT)

    page = await world.client.get(f"/dender/boekingen/{booking_id}")
    answer = await world.client.get(address)

    assert f'href="{address}"' in page.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="agenda.ics"'
    assert answer.headers["cache-control"] == "no-store"
    [event] = fields_of(answer)
    at = await world.value("SELECT starts_at FROM reservations.session WHERE id = $1", session.id)
    assert event["DTSTART"] == f"{at:%Y%m%dT%H%M%SZ}"
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "De kleine prins"
    assert event["UID"].startswith(f"{booking_id}.{session.id}@")


async def test_what_was_called_off_or_given_up_is_cancelled_under_the_same_name(world: World) -> None:
    session, _, _, address = await stage(world)
    before = fields_of(await world.client.get(address))[0]
    world.clock.move(timedelta(minutes=3))

    await call_off(world, session)
    after = fields_of(await world.client.get(address))[0]

    assert [before["STATUS"], after["STATUS"]] == ["CONFIRMED", "CANCELLED"]
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


async def test_what_was_put_off_stands_on_no_day(world: World) -> None:
    session, _, _, address = await stage(world)

    await postpone(world, session)

    assert fields_of(await world.client.get(address))[0]["STATUS"] == "CANCELLED"


async def test_what_is_discreet_has_no_title_and_no_house(world: World) -> None:
    _, anna, _, address = await stage(world)
    await world.execute("UPDATE organisers.event SET is_discreet = true")

    answer = await world.client.get(address)

    assert fields_of(answer)[0]["SUMMARY"] == "Een activiteit"
    organiser = await world.value("SELECT name FROM organisers.organiser LIMIT 1")
    for private in ("De kleine prins", "Yasmine", organiser, str(anna.membership_id)):
        assert private not in answer.text


async def test_a_guest_has_it_at_their_own_address_which_is_not_in_it(world: World) -> None:
    session = await world.session(price_cents=0)
    link = link_of(world, await guest_books(world, session))

    answer = await world.client.get(f"{link}/agenda.ics")

    assert len(fields_of(answer)) == 1
    assert "/gast/" not in answer.text.replace("\r\n ", "")
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_calendar_of_somebody_else_is_not_there(world: World) -> None:
    *_, address = await stage(world)
    await world.sign_in(await world.resident())

    assert (await world.client.get(address)).status_code == 404


async def test_each_date_of_a_booking_is_an_event(world: World) -> None:
    session, later = await world.session(), await world.session(starts_in=timedelta(days=20))
    anna = await world.resident(credit_cents=5000)
    booking_id = await booked(world, anna, session, later)
    await world.sign_in(anna)

    events = fields_of(await world.client.get(f"/dender/boekingen/{booking_id}/agenda.ics"))

    assert len({each["UID"] for each in events}) == 2
    assert len({each["DTSTART"] for each in events}) == 2


async def test_a_card_of_turns_stands_on_no_day(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=9000)
    card = await card_date(world, session)
    both = await booked(world, anna, session, card)
    alone = (await buy(world, anna, card)).booking_id
    await world.sign_in(anna)

    [event] = fields_of(await world.client.get(f"/dender/boekingen/{both}/agenda.ics"))

    assert str(session.id) in event["UID"]
    assert (await world.client.get(f"/dender/boekingen/{alone}/agenda.ics")).status_code == 404
    assert "agenda.ics" in (await world.client.get(f"/dender/boekingen/{both}")).text
    assert "agenda.ics" not in (await world.client.get(f"/dender/boekingen/{alone}")).text
