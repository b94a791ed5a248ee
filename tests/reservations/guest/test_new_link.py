"""A guest who lost their link, or whose link somebody else has, asks for a new one by mail."""

from asyncio import gather
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from httpx import Response

from reservations.booking.tickets import number_of
from reservations.guest.new_link import LINKS_PER_ADDRESS, LINKS_PER_BOOKING, LINKS_PER_MAILBOX
from tests.builders import World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.booking.test_notifications import html_of, text_of
from tests.reservations.dates import deliver, plain
from tests.reservations.guest.guests import EMAIL, claim_in, guest_books, link_in, link_of

ASK = "/dender/gast/nieuwe-link"
VERSION = "SELECT link_version FROM reservations.contact WHERE booking_id = $1"


async def booked(world: World) -> UUID:
    """A booking of Lotte, of which the mail was sent."""
    booking_id = await guest_books(world, await world.session(price_cents=0))
    await deliver(world)
    return booking_id


async def ask(world: World, booking_id: UUID, email: str = EMAIL, number: str = "") -> Response:
    answer: Response = await world.post_form(ASK, number=number or number_of(booking_id), email=email)
    return answer


async def one_mail(world: World) -> EmailMessage:
    [mail] = await deliver(world)
    assert isinstance(mail, EmailMessage)
    return mail


async def test_a_new_link_is_mailed_and_the_one_before_stops_at_once(world: World) -> None:
    booking_id = await booked(world)
    old = link_of(world, booking_id), link_of(world, booking_id, mailed=True)

    answer = await ask(world, booking_id)
    at_once = [(await world.client.get(each)).status_code for each in old]
    mail = await one_mail(world)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{ASK}?gedaan=ja")
    assert at_once == [404, 404]
    assert mail["To"] == EMAIL
    assert str(mail["Subject"]).startswith("Je nieuwe link: De kleine prins")
    assert (
        link_in(text_of(mail)) == link_in(html_of(mail)) == link_of(world, booking_id, mailed=True, version=2)
    )
    assert "De oude werkt niet meer." in plain(mail)
    assert (await world.client.get(link_in(text_of(mail)))).status_code == 200


async def test_the_new_mail_has_the_code_that_works_from_now_on(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    old = claim_in(text_of(await one_mail(world)))
    await ask(world, booking_id)
    mail = await one_mail(world)
    await world.client.get(link_in(text_of(mail)))
    await world.sign_in(await world.resident())

    refused = await world.post_form("/dender/mijn-boekingen/toevoegen", **old)
    joined = await world.post_form("/dender/mijn-boekingen/toevoegen", **claim_in(text_of(mail)))

    assert (refused.status_code, joined.status_code) == (404, 303)


async def test_number_and_address_are_taken_as_people_type_them(world: World) -> None:
    booking_id = await booked(world)

    await ask(world, booking_id, f" {EMAIL.upper()} ", number_of(booking_id).lower().replace("-", " "))

    assert len(await deliver(world)) == 1


@pytest.mark.parametrize("wrong", ["number", "email"])
async def test_who_is_not_known_gets_the_same_answer_and_nothing_changes(world: World, wrong: str) -> None:
    booking_id = await booked(world)
    known = await ask(world, await booked(world))
    await deliver(world)
    typed = {"number": number_of(booking_id), "email": EMAIL}
    typed[wrong] = {"number": "0000-0000", "email": "ander@example.org"}[wrong]

    unknown = await world.post_form(ASK, **typed)

    assert (unknown.status_code, unknown.headers["location"], unknown.text) == (
        known.status_code, known.headers["location"], known.text,
    )  # fmt: skip
    assert await deliver(world) == []
    assert await world.value(VERSION, booking_id) == 1
    assert (await world.client.get(link_of(world, booking_id))).status_code == 200


async def test_a_booking_of_another_region_is_not_known_here(world: World) -> None:
    session = await world.session(price_cents=0, region_id=2)
    booking_id = await guest_books(world, session)
    await deliver(world)

    await ask(world, booking_id)

    assert (await deliver(world), await world.value(VERSION, booking_id)) == ([], 1)


async def test_asking_twice_before_the_mail_is_out_is_asking_once(world: World) -> None:
    booking_id = await booked(world)

    await gather(*(ask(world, booking_id) for _ in range(2)))

    assert await world.value(VERSION, booking_id) == 2
    assert len(await deliver(world)) == 1


async def test_a_link_can_be_asked_for_some_times_a_day(world: World) -> None:
    booking_id, other = await booked(world), await booked(world)
    answers = []
    for _ in range(LINKS_PER_BOOKING.times + 1):
        answers.append((await ask(world, booking_id)).status_code)
        await deliver(world)

    assert answers == [303] * LINKS_PER_BOOKING.times + [429]
    assert (await ask(world, other)).status_code == 303
    assert await world.value(VERSION, booking_id) == 1 + LINKS_PER_BOOKING.times
    world.clock.move(timedelta(days=1))
    assert (await ask(world, booking_id)).status_code == 303


async def test_what_is_not_known_is_counted_as_what_is(world: World) -> None:
    known, unknown = await booked(world), UUID(int=0)

    answers = {
        each: [(await ask(world, each)).status_code for _ in range(LINKS_PER_BOOKING.times + 1)]
        for each in (known, unknown)
    }

    assert answers[known] == answers[unknown]


async def test_who_tries_many_addresses_or_many_numbers_has_to_wait(world: World) -> None:
    assert LINKS_PER_ADDRESS.times < LINKS_PER_MAILBOX.times
    answers = [
        (await ask(world, UUID(int=each), f"lotte{each}@example.org")).status_code
        for each in range(LINKS_PER_ADDRESS.times + 1)
    ]

    assert answers == [303] * LINKS_PER_ADDRESS.times + [429]


async def test_what_was_typed_stays_where_something_is_wrong(world: World) -> None:
    page = await world.post_form(ASK, number="4F2A-90BC", email="lotte")

    assert page.status_code == 422
    assert 'value="4F2A-90BC"' in page.text
    assert 'value="lotte"' in page.text
    assert "Vul een e-mailadres in, zoals naam@voorbeeld.be." in words(page.text)
    assert "Vul het nummer van je boeking in." in words((await world.post_form(ASK, email=EMAIL)).text)


async def test_what_was_typed_stays_where_it_was_asked_too_often(world: World) -> None:
    booking_id = await booked(world)
    for _ in range(LINKS_PER_BOOKING.times):
        await ask(world, booking_id)

    page = await ask(world, booking_id)

    assert page.status_code == 429
    assert f'value="{EMAIL}"' in page.text


# With the link in hand


async def opened(world: World) -> UUID:
    """A booking of which the address is proven."""
    booking_id = await booked(world)
    await world.client.get(link_of(world, booking_id, mailed=True))
    return booking_id


async def test_who_shares_their_link_with_somebody_makes_a_new_one_on_its_page(world: World) -> None:
    booking_id = await opened(world)
    link = link_of(world, booking_id)

    page = words((await world.client.get(link)).text)
    answer = await world.post_form(f"{link}/nieuwe-link")
    mail = await one_mail(world)

    assert "We mailen een nieuwe naar l•••@example.org. Deze werkt dan niet meer, ook niet voor jou." in page
    assert answer.headers["location"] == f"{ASK}?gedaan=ja"
    assert (await world.client.get(link)).status_code == 404
    assert link_in(text_of(mail)) == link_of(world, booking_id, mailed=True, version=2)


async def test_where_no_mail_was_opened_yet_the_page_offers_none(world: World) -> None:
    """A new link for an address with a fault in it would lock its guest out."""
    booking_id = await booked(world)

    assert "Maak een nieuwe link" not in words((await world.client.get(link_of(world, booking_id))).text)


async def test_a_link_that_was_ended_ends_no_other(world: World) -> None:
    booking_id = await opened(world)
    link = link_of(world, booking_id)
    await world.post_form(f"{link}/nieuwe-link")
    await deliver(world)

    again = await world.post_form(f"{link}/nieuwe-link")

    assert (again.status_code, await world.value(VERSION, booking_id)) == (404, 2)


async def test_a_link_that_does_not_work_leads_to_where_a_new_one_is_asked_for(world: World) -> None:
    booking_id = await opened(world)
    await ask(world, booking_id)

    page = await world.client.get(link_of(world, booking_id))

    assert page.status_code == 404
    assert f'href="{ASK}"' in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "<h1>Maak een nieuwe link</h1>" in (await world.client.get(ASK)).text
    assert f'href="{ASK}"' in (await world.client.get("/hulp")).text


async def test_who_claimed_the_booking_keeps_it_and_gets_no_link(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    mail = await one_mail(world)
    await world.client.get(link_in(text_of(mail)))
    anna = await world.resident()
    await world.sign_in(anna)
    await world.post_form("/dender/mijn-boekingen/toevoegen", **claim_in(text_of(mail)))

    await ask(world, booking_id)
    mails = await deliver(world)

    assert [each["To"] for each in mails] == [EMAIL]
    assert (await world.client.get(f"/dender/boekingen/{booking_id}")).status_code == 200


async def test_a_guest_who_was_forgotten_is_not_known(world: World) -> None:
    booking_id = await booked(world)
    await world.execute("DELETE FROM reservations.contact")

    assert (await ask(world, booking_id)).status_code == 303
    assert await deliver(world) == []
