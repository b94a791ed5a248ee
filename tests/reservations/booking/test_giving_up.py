"""The page on which a holder chooses which tickets to give up, as browsers without script use it."""

import re
from asyncio import gather
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from tests.builders import TONIGHT, Resident, Session, World
from tests.credits.books import figures
from tests.reservations.conditions import ask
from tests.reservations.dates import booked, call_off, faults, postpone, show, statuses, tickets


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ").split())


def boxes(page: str) -> dict[str, bool]:
    """The boxes of a page, and which are ticked."""
    inputs: list[str] = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page)
    return {each.partition('name="')[2].partition('"')[0]: " checked" in each for each in inputs}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form of a page, but for its token."""
    found: list[tuple[str, str]] = re.findall(r'type="hidden" name="([^_"][^"]*)" value="([^"]*)"', page)
    return dict(found)


async def with_tickets(world: World, places: int = 3, **when: Any) -> tuple[Session, Resident, UUID, str]:
    """Somebody signed in with tickets of 3 euro each, their booking, and the address where they give up."""
    session, anna = await world.session(price_cents=300, **when), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session, places=places)
    await world.sign_in(anna)
    return session, anna, booking_id, f"/dender/boekingen/{booking_id}/annuleren"


async def test_each_ticket_has_a_box_that_says_what_comes_back(world: World) -> None:
    _, _, _, address = await with_tickets(world)

    page = (await world.client.get(address)).text

    assert boxes(page) == dict.fromkeys(["ticket-1.1", "ticket-1.2", "ticket-1.3"], False)
    assert "Ticket 2 · € 3,00 terug 1.2 · Gewone plaats" in words(page)
    assert "Voor alle tickets samen is dat € 9,00 krediet terug." in words(page)


async def test_what_is_left_keeps_its_number_and_is_counted_among_no_dead_ones(world: World) -> None:
    """What was printed before stays true, and credit that came back is not said to be spent."""
    _, _, booking_id, address = await with_tickets(world)
    before = words((await world.client.get(f"/dender/boekingen/{booking_id}")).text)

    await world.post_form(address, **{"ticket-1.1": "true", "cancellation_id": uuid4()})
    after = words((await world.client.get(f"/dender/boekingen/{booking_id}")).text)

    assert ["Ticket 3 van 3" in before, "Betaald met krediet € 9,00" in before] == [True, True]
    assert re.findall(r"Ticket \d(?: van \d)?", after) == ["Ticket 2", "Ticket 3"]
    assert "Betaald met krediet € 6,00" in after


async def test_only_what_is_ticked_is_given_up(world: World) -> None:
    session, anna, booking_id, address = await with_tickets(world)

    done = await world.post_form(address, **{"ticket-1.2": "true", "cancellation_id": uuid4()})

    assert done.headers["location"] == f"/dender/boekingen/{booking_id}?gedaan=teruggegeven"
    assert "Dat deel is geannuleerd." in words((await world.client.get(done.headers["location"])).text)
    assert [each[2:] for each in await tickets(world, booking_id)] == [
        ("confirmed", None, 0), ("cancelled", "given_up", 300), ("confirmed", None, 0),
    ]  # fmt: skip
    assert await figures(world, anna) == (400, 600, 0, 0, 0)
    assert await world.places_left(session) == 8
    assert await faults(world) == []


async def test_what_was_ticked_stays_ticked_where_it_is_refused(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await world.tariff(session, "begeleider", 0)
    await ask(world, session, "begeleider", for_companion=True)
    lines = [(session, "base", 1), (session, "begeleider", 1)]
    made = await world.services.turnstile.answer(world.command(anna, lines))
    assert isinstance(made, Booked)
    await world.sign_in(anna)

    refused = await world.post_form(
        f"/dender/boekingen/{made.booking.id}/annuleren", **{"ticket-1.1": "true"}
    )

    assert refused.status_code == 409
    assert boxes(refused.text) == {"ticket-1.1": True, "ticket-2.1": False}


async def test_the_ticket_page_then_tells_what_is_left_and_what_came_back(world: World) -> None:
    _, _, booking_id, address = await with_tickets(world)
    await world.post_form(address, **{"ticket-1.2": "true"})

    page = words((await world.client.get(f"/dender/boekingen/{booking_id}")).text)

    assert "Van tickets die je niet meer hebt Je kreeg € 3,00 krediet terug." in page
    assert "1 plaats geannuleerd" in page
    assert page.count("QR-code") <= 2
    assert "ticket-1.2" not in boxes((await world.client.get(address)).text)


async def test_a_form_that_is_sent_twice_has_one_effect(world: World) -> None:
    session, anna, _, address = await with_tickets(world)
    fields = {"ticket-1.1": "true", **hidden((await world.client.get(address)).text)}
    await world.client.get("/hulp")

    answers = await gather(*(world.post_form(address, **fields) for _ in range(3)))

    assert {each.status_code for each in answers} == {303}
    assert (await world.available_cents(anna), await world.places_left(session)) == (400, 8)


async def test_nothing_ticked_is_asked_again_and_nothing_ends(world: World) -> None:
    _, anna, _, address = await with_tickets(world)

    again = await world.post_form(address)

    assert again.status_code == 422
    assert "Kies minstens één ticket." in words(again.text)
    assert await world.available_cents(anna) == 100


async def test_a_box_of_a_ticket_that_is_not_there_changes_nothing(world: World) -> None:
    _, anna, _, address = await with_tickets(world)

    unknown = await world.post_form(address, **{"ticket-1.1": "true", "ticket-1.9": "true"})
    odd = await world.post_form(address, **{"ticket-x": "true", "ticket-0.1": "true", "ticket-1.": "true"})

    assert (unknown.status_code, odd.status_code) == (404, 422)
    assert await world.available_cents(anna) == 100


async def test_of_a_single_ticket_nothing_needs_to_be_chosen(world: World) -> None:
    _, anna, booking_id, address = await with_tickets(world, places=1)

    page = (await world.client.get(address)).text
    done = await world.post_form(address, **hidden(page))

    assert boxes(page) == {}
    assert "Je krijgt € 3,00 krediet terug, meteen." in words(page)
    assert done.status_code == 303
    assert (await statuses(world, booking_id), await world.available_cents(anna)) == (["cancelled"], 1000)


async def test_a_used_ticket_has_no_box(world: World) -> None:
    session, anna, booking_id, address = await with_tickets(world, places=2, **TONIGHT)
    await show(world, session, booking_id, no=1)

    page = (await world.client.get(address)).text
    forged = await world.post_form(address, **{"ticket-1.1": "true", "ticket-1.2": "true"})
    done = await world.post_form(address, **hidden(page))

    assert boxes(page) == {}
    assert (forged.status_code, done.status_code) == (409, 303)
    assert await statuses(world, booking_id) == ["attended", "cancelled"]
    assert await world.available_cents(anna) == 700


async def test_of_two_dates_only_the_one_before_its_limit_has_boxes(world: World) -> None:
    soon = await world.session(price_cents=300, starts_in=timedelta(hours=30))
    later = await world.session(price_cents=300, organiser_id=soon.organiser_id)
    anna = await world.resident(credit_cents=1200)
    booking_id = await booked(world, anna, soon, later, places=2)
    world.clock.move(timedelta(hours=8))
    await world.sign_in(anna)
    address = f"/dender/boekingen/{booking_id}/annuleren"

    page = (await world.client.get(address)).text
    forged = await world.post_form(address, **{"ticket-2.1": "true", "ticket-1.1": "true"})
    assert (forged.status_code, await world.available_cents(anna)) == (409, 0)
    await world.post_form(address, **{"ticket-2.1": "true", "ticket-2.2": "true"})

    assert boxes(page) == {"ticket-2.1": False, "ticket-2.2": False}
    assert "Hiervoor kan je niet meer annuleren." in words(page)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed", "cancelled", "cancelled"]
    assert await world.available_cents(anna) == 600


async def test_of_two_dates_with_one_called_off_the_other_can_be_left(world: World) -> None:
    off, other = await world.session(price_cents=300), await world.session(price_cents=300)
    anna = await world.resident(credit_cents=1200)
    booking_id = await booked(world, anna, off, other)
    await call_off(world, off)
    await world.sign_in(anna)
    address = f"/dender/boekingen/{booking_id}/annuleren"

    done = await world.post_form(address, **hidden((await world.client.get(address)).text))

    assert done.status_code == 303
    assert [end for _, _, _, end, _ in await tickets(world, booking_id)] == ["called_off", "given_up"]
    assert await world.available_cents(anna) == 1200


async def test_what_ended_while_the_form_was_filled_in_gives_up_no_other_ticket(world: World) -> None:
    off, other = await world.session(price_cents=300), await world.session(price_cents=300)
    anna = await world.resident(credit_cents=1200)
    booking_id = await booked(world, anna, off, other)
    await world.sign_in(anna)
    address = f"/dender/boekingen/{booking_id}/annuleren"
    fields = {"ticket-1.1": "true", **hidden((await world.client.get(address)).text)}
    await call_off(world, off)

    await world.post_form(address, **fields)

    assert await statuses(world, booking_id) == ["cancelled", "confirmed"]


async def test_a_postponed_date_is_left_on_the_page_after_its_limit(world: World) -> None:
    session, anna, booking_id, address = await with_tickets(world, starts_in=timedelta(hours=30))
    await postpone(world, session)
    world.clock.move(timedelta(days=40))
    await world.sign_in(anna)

    page = (await world.client.get(address)).text
    await world.post_form(address, **dict.fromkeys(boxes(page), "true"))

    assert await statuses(world, booking_id) == ["cancelled"] * 3
    assert await world.available_cents(anna) == 1000


async def test_what_is_past_its_limit_is_refused_in_words_and_nothing_ends(world: World) -> None:
    _, anna, booking_id, address = await with_tickets(world)
    world.clock.move(timedelta(days=9, hours=1))
    await world.sign_in(anna)

    refused = await world.post_form(address, **{"ticket-1.1": "true"})

    assert refused.status_code == 409
    assert await statuses(world, booking_id) == ["confirmed"] * 3


async def test_nobody_gives_up_what_somebody_else_holds(world: World) -> None:
    _, anna, booking_id, address = await with_tickets(world)
    await world.sign_in(await world.resident())

    for asked in (world.client.get(address), world.post_form(address, **{"ticket-1.1": "true"})):
        assert (await asked).status_code == 404
    assert await statuses(world, booking_id) == ["confirmed"] * 3
    assert await world.available_cents(anna) == 100
