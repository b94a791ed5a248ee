"""What a resident does on the pages: find, book, look, cancel."""

import re
from asyncio import gather
from datetime import date, timedelta
from uuid import UUID, uuid4

from httpx import Response

from tests.builders import Resident, Session, World

MOST_BYTES = 60_000


def form_address(session: Session, booking_id: UUID) -> str:
    return f"/dender/sessies/{session.id}/boeken/{booking_id}"


def seen_on(page: str) -> str:
    found = re.search(r'name="gezien" value="([^"]*)"', page)
    assert found, "the page shows no sum"
    return found[1]


async def fill_in(world: World, session: Session, booking_id: UUID, **fields: object) -> Response:
    """What the form says after it was filled in and added up."""
    turned = await world.post_form(form_address(session, booking_id), stap="kijk", **named(fields))
    assert turned.status_code == 303
    return await world.client.get(turned.headers["location"])


async def confirm(world: World, session: Session, booking_id: UUID, seen: str, **fields: object) -> Response:
    address = form_address(session, booking_id)
    answer = await world.post_form(address, stap="boek", gezien=seen, **named(fields))
    assert isinstance(answer, Response)
    return answer


def named(places: dict[str, object]) -> dict[str, object]:
    return {f"plaatsen-{code}": number for code, number in places.items()}


async def booked(world: World, who: Resident, session: Session, places: int = 1) -> UUID:
    """The id of a booking that was made through the pages."""
    await world.sign_in(who)
    booking_id = uuid4()
    looked = await fill_in(world, session, booking_id, base=places)
    answer = await confirm(world, session, booking_id, seen_on(looked.text), base=places)
    assert answer.status_code == 303
    return booking_id


async def test_a_resident_books_sees_tickets_cancels_and_has_the_credit_back(world: World) -> None:
    session, anna = await world.session(seats=5, price_cents=300), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session, places=2)
    address = f"/dender/boekingen/{booking_id}"

    tickets = await world.client.get(address)
    assert tickets.text.count("<svg viewBox") >= 2
    assert "Ticket 2 van 2" in tickets.text
    assert await world.available_cents(anna) == 400

    asked = await world.client.get(f"{address}/annuleren")
    assert "€\xa06,00 krediet terug" in asked.text
    every = {"ticket-1.1": "true", "ticket-1.2": "true"}
    assert (await world.post_form(f"{address}/annuleren", **every)).headers[
        "location"
    ] == f"{address}?gedaan=teruggegeven"
    assert "Je boeking is geannuleerd" in (await world.client.get(address)).text
    assert await world.available_cents(anna) == 1000
    assert await world.places_left(session) == 5


async def test_all_tickets_go_by_one_button_and_none_by_no_box(world: World) -> None:
    session, anna = await world.session(seats=5, price_cents=300), await world.resident(credit_cents=1000)
    address = f"/dender/boekingen/{await booked(world, anna, session, places=3)}/annuleren"

    nothing = await world.post_form(address)
    offered = {"welke": "alle", "aanbod": "1.1 1.2 1.3", "cancellation_id": uuid4()}
    every = [await world.post_form(address, **offered) for _ in range(2)]

    assert (nothing.status_code, [each.status_code for each in every]) == (422, [303, 303])
    assert "Kies minstens één ticket." in nothing.text
    assert await world.places_left(session) == 5


async def test_a_link_to_book_makes_a_fresh_id_each_time(world: World) -> None:
    session = await world.session()
    await world.sign_in(await world.resident())
    link = f"/dender/sessies/{session.id}/boeken"

    one, other = await world.client.get(link), await world.client.get(link)

    assert one.status_code == other.status_code == 303
    assert one.headers["location"].startswith(f"{link}/")
    assert one.headers["location"] != other.headers["location"]


async def test_the_form_shows_the_sum_before_it_books(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    await world.sign_in(anna)

    page = (await world.client.get(form_address(session, uuid4()))).text

    assert "Met krediet" in page
    assert "\N{MINUS SIGN}\xa0€\xa03,00" in page
    assert "Daarna heb je nog €\xa07,00 krediet" in page
    assert await world.available_cents(anna) == 1000


async def test_another_number_than_the_one_added_up_is_added_up_again_and_not_booked(world: World) -> None:
    session, anna = await world.session(seats=5, price_cents=300), await world.resident(credit_cents=1000)
    await world.sign_in(anna)
    booking_id = uuid4()
    looked = await fill_in(world, session, booking_id, base=1)

    turned = await confirm(world, session, booking_id, seen_on(looked.text), base=3)

    answer = await world.client.get(turned.headers["location"])
    assert "Kijk de som nog eens na" in answer.text
    assert seen_on(answer.text).startswith("900 ")
    assert await world.places_left(session) == 5


async def test_the_address_of_a_sum_says_how_many_places_and_nothing_else(world: World) -> None:
    session = await world.session(price_cents=300)
    await world.sign_in(await world.resident(credit_cents=1000))
    address = form_address(session, uuid4())

    turned = await world.post_form(address, stap="kijk", gezien="300 0 0 base:1", **{"plaatsen-base": "2"})

    assert turned.headers["location"] == f"{address}?plaatsen-base=2"
    page = await world.client.get(turned.headers["location"])
    assert seen_on(page.text) == "600 0 0 base:2"


async def test_what_will_be_refused_is_refused_with_its_own_status_also_before_the_sum_was_seen(
    world: World,
) -> None:
    session = await world.session(price_cents=1500)
    await world.sign_in(await world.resident(credit_cents=5000, social_until=date(2027, 1, 1)))

    answer = await confirm(world, session, uuid4(), "", kansentarief=5)

    assert answer.status_code == 409
    assert "Eén plaats voor deze prijs" in answer.text


async def test_a_form_sent_twice_at_once_books_once(world: World) -> None:
    session, anna = await world.session(seats=5, price_cents=300), await world.resident(credit_cents=1000)
    await world.sign_in(anna)
    booking_id = uuid4()
    seen = seen_on((await fill_in(world, session, booking_id, base=1)).text)

    answers = await gather(*(confirm(world, session, booking_id, seen, base=1) for _ in range(3)))

    assert {answer.headers.get("location") for answer in answers} == {f"/dender/boekingen/{booking_id}"}
    assert await world.places_left(session) == 4
    assert await world.available_cents(anna) == 700


async def test_places_that_went_while_filling_in_are_told_and_nothing_is_lost(world: World) -> None:
    session, anna = await world.session(seats=3, price_cents=100), await world.resident(credit_cents=1000)
    await world.sign_in(anna)
    booking_id = uuid4()
    seen = seen_on((await fill_in(world, session, booking_id, base=3)).text)
    await world.book(await world.resident(credit_cents=1000), session, places=2)

    answer = await confirm(world, session, booking_id, seen, base=3)

    assert answer.status_code == 409
    assert "Er is nog één plaats. Je vroeg er 3." in answer.text
    assert re.search(r'name="plaatsen-base"[^>]*value="3"', answer.text)
    assert await world.available_cents(anna) == 1000


async def test_another_price_than_the_one_seen_is_refused_and_shown(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    await world.sign_in(anna)
    booking_id = uuid4()
    seen = seen_on((await fill_in(world, session, booking_id, base=1)).text)
    await world.execute("UPDATE reservations.tariff SET price_cents = 450 WHERE code = 'base'")

    answer = await confirm(world, session, booking_id, seen, base=1)

    assert answer.status_code == 409
    assert "Je zag € 3,00. Nu is het € 4,50." in answer.text.replace("\xa0", " ")
    again = await confirm(world, session, booking_id, seen_on(answer.text), base=1)
    assert again.status_code == 303
    assert await world.available_cents(anna) == 550


async def test_too_little_credit_tells_what_there_is_and_offers_no_way_to_confirm(world: World) -> None:
    session = await world.session(price_cents=500)
    await world.sign_in(await world.resident(credit_cents=200))

    answer = await fill_in(world, session, uuid4(), base=1)

    assert "Je hebt hiervoor nog €\xa02,00 krediet." in answer.text
    assert 'value="boek"' not in answer.text


async def test_a_personal_price_is_called_theirs_and_never_after_its_reason(world: World) -> None:
    session = await world.session(price_cents=1500)
    await world.sign_in(await world.resident(credit_cents=5000, social_until=date(2027, 1, 1)))

    page = (await world.client.get(form_address(session, uuid4()))).text

    assert "Jouw prijs: €\xa03,00" in page
    assert "Kansentarief" not in page
    assert ">kansentarief" not in page


async def test_only_the_prices_that_somebody_may_have_are_offered(world: World) -> None:
    session = await world.session(price_cents=1500)
    await world.sign_in(await world.resident(credit_cents=5000))

    page = (await world.client.get(form_address(session, uuid4()))).text

    assert "plaatsen-base" in page
    assert "plaatsen-kansentarief" not in page


async def test_wrong_numbers_come_back_as_they_were_typed(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    await world.sign_in(anna)
    for typed in ("twee", "-1", "9" * 5000, "", "1.5", "٣", "0"):
        answer = await fill_in(world, session, uuid4(), base=typed)

        assert answer.status_code == 422, typed
        assert 'id="problems"' in answer.text
        assert not typed or f'value="{typed[:20]}"' in answer.text
    assert await world.available_cents(anna) == 1000


async def test_what_is_wrong_with_a_number_of_places_names_its_box_and_the_range(world: World) -> None:
    session = await world.session(seats=7)
    await world.sign_in(await world.resident(credit_cents=1000, social_until=date(2027, 1, 1)))

    answer = await fill_in(world, session, uuid4(), base="veel", kansentarief="-1")

    assert '<a href="#plaatsen-kansentarief">Jij: Vul een getal in van 0 tot 1.</a>' in answer.text
    assert '<a href="#plaatsen-base">Wie met je meekomt: Vul een getal in van 0 tot 7.</a>' in answer.text


async def test_a_forged_sum_books_nothing(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=1000)
    await world.sign_in(anna)

    answer = await confirm(world, session, uuid4(), "0 0 0 base:1", base=1)

    assert answer.status_code == 409
    assert await world.available_cents(anna) == 1000


async def test_somebody_elses_booking_is_not_there(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session)
    await world.sign_in(await world.resident())

    for address in (f"/dender/boekingen/{booking_id}", f"/dender/boekingen/{booking_id}/annuleren"):
        assert (await world.client.get(address)).status_code == 404
    assert (await world.post_form(f"/dender/boekingen/{booking_id}/annuleren")).status_code == 404
    assert "De kleine prins" not in (await world.client.get("/dender/mijn-boekingen")).text
    assert await world.available_cents(anna) == 500


async def test_a_regions_address_never_shows_another_regions_rows(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session)

    for address in (f"evenementen/{session.event_id}", f"boekingen/{booking_id}"):
        assert (await world.client.get(f"/dender/{address}")).status_code == 200
        assert (await world.client.get(f"/kust/{address}")).status_code == 404
    assert "De kleine prins" not in (await world.client.get("/kust/agenda?tot=2026-12-31")).text
    assert (await world.client.get(f"/kust/sessies/{session.id}/boeken/{uuid4()}")).status_code == 404


async def test_a_session_of_another_region_cannot_be_booked_at_ones_own_address(world: World) -> None:
    session = await world.session(region_id=2)
    await world.sign_in(await world.resident(credit_cents=1000))

    assert (await world.client.get(form_address(session, uuid4()))).status_code == 404


async def test_after_the_limit_the_page_says_so_and_cancels_nothing(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=2), cancel_before=timedelta(days=1))
    anna = await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session)
    world.clock.move(timedelta(days=1, hours=1))
    await world.sign_in(anna)

    answer = await world.post_form(f"/dender/boekingen/{booking_id}/annuleren")

    assert answer.status_code == 409
    assert "Deze boeking kan je niet meer annuleren." in answer.text
    assert await world.available_cents(anna) == 500


async def test_start_greets_a_resident_with_their_credit(world: World) -> None:
    await world.sign_in(await world.resident(credit_cents=2450))

    page = (await world.client.get("/dender")).text

    assert "Dag Yasmine" in page
    assert "€\xa024,50" in page


async def test_home_takes_a_resident_of_one_region_there(world: World) -> None:
    assert "Kust" in (await world.client.get("/")).text
    await world.sign_in(await world.resident())

    assert (await world.client.get("/")).headers["location"] == "/dender"


async def test_every_page_of_a_region_without_events_works_and_weighs_little(world: World) -> None:
    await world.sign_in(await world.resident(region_id=2, credit_cents=500))

    for address in ("/kust", "/kust/agenda", "/kust/mijn-boekingen"):
        page = await world.client.get(address)
        assert page.status_code == 200
        assert len(page.content) < MOST_BYTES


async def test_full_pages_stay_under_the_weight(world: World) -> None:
    session = await world.session(seats=50, price_cents=0)
    anna = await world.resident()
    await world.more_sessions(session, 40)
    booking_id = await booked(world, anna, session, places=20)

    for address in (f"boekingen/{booking_id}", "agenda?tot=2026-12-31", f"evenementen/{session.event_id}"):
        page = await world.client.get(f"/dender/{address}")
        assert page.status_code == 200
        assert len(page.content) < MOST_BYTES, address


async def test_a_stranger_is_sent_to_sign_in_before_booking(world: World) -> None:
    session = await world.session()

    answer = await world.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=False)

    assert answer.status_code in {303, 401}
    assert "De kleine prins" in (await world.client.get(f"/dender/evenementen/{session.event_id}")).text
