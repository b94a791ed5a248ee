"""At the counter: what somebody has booked, on paper, and given back."""

from typing import Any
from uuid import uuid4

from tests.builders import World
from tests.identity.access.test_desk import deliver
from tests.reservations.counter.helpers import at_the_counter, book_on, booking_of, of, order_page, scan
from tests.reservations.counter.test_desk import a_clerks_till
from tests.reservations.sessions.test_desk import text_of


async def test_bookings_credit_and_passes_are_on_one_screen(world: World) -> None:
    anna = await world.resident(credit_cents=2000)
    await world.book(anna, await world.session(price_cents=500))
    await at_the_counter(world, anna)

    page = text_of(await world.client.get(of(anna, "boekingen")))

    assert "De kleine prins" in page
    assert "€ 15,00" in page
    assert "Digitale pas" in page
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'booking.read_all'") == 1


async def test_tickets_are_printed_on_a6_and_four_on_an_a4(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session, **{"plaatsen-base": "5"})
    own = (await book_on(world, page)).headers["location"]

    a6 = await world.client.get(f"{own}/afdruk/a6.pdf")
    a4 = await world.client.get(f"{own}/afdruk/a4.pdf")
    again = await world.client.get(f"{own}/afdruk/a4.pdf")
    other = await world.client.get(f"{own}/afdruk/a5.pdf")

    assert b"/Type/Pages/Count 5/" in a6.content
    assert b"/Type/Pages/Count 2/" in a4.content
    assert a4.content == again.content
    assert other.status_code == 404
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'booking.print'") == 3


async def test_who_is_at_the_counter_gives_back_and_the_clerk_is_named(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    staff_id = await at_the_counter(world, anna)
    own = (await book_on(world, await order_page(world, anna, session))).headers["location"]
    asked = await world.client.get(f"{own}/annuleren")
    form = {"cancellation_id": uuid4(), "ticket-1.1": "true"}

    answers = [await world.post_form(f"{own}/annuleren", **form) for _ in range(2)]

    assert "Krediet dat terugkomt € 5,00" in text_of(asked)
    assert {each.headers["location"] for each in answers} == {own}
    assert await world.available_cents(anna) == 2000
    acts = await world.rows("SELECT actor_id FROM uit.audit WHERE act = 'booking.take_back'")
    assert [each[0] for each in acts] == [str(staff_id)]
    assert "Terug: krediet € 5,00" in text_of(await world.client.get(own))


async def test_nothing_chosen_comes_back(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session, **{"plaatsen-base": "2"})
    own = (await book_on(world, page)).headers["location"]

    answer = await world.post_form(f"{own}/annuleren", cancellation_id=uuid4())

    assert answer.status_code == 422
    assert "Kies minstens één ticket." in text_of(answer)


async def test_cash_comes_back_under_a_code_from_the_till_of_the_clerk(world: World) -> None:
    anna, session = await world.resident(), await world.session(price_cents=500)
    drawer = await a_clerks_till(world, anna, session)
    own = (await book_on(world, await order_page(world, anna, session), way="cash")).headers["location"]

    await world.post_form(f"{own}/annuleren", **{"cancellation_id": uuid4(), "ticket-1.1": "true"})
    page = await world.client.get(own)

    assert "Terug in cash € 5,00" in text_of(page)
    assert f"kassa/{drawer.session_id}/terugbetalen" in page.text


async def test_the_booking_of_somebody_else_is_not_there(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident(credit_cents=2000)
    session = await world.session(price_cents=500)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session)
    await book_on(world, page)
    await scan(world, bilal)

    pages = ((), ("annuleren",), ("afdruk", "a6.pdf"))
    addresses = [of(bilal, "boekingen", booking_of(page), *more) for more in pages]
    seen: list[Any] = [await world.client.get(each) for each in addresses]
    given = await world.post_form(addresses[1], **{"cancellation_id": uuid4(), "ticket-1.1": "true"})

    assert [each.status_code for each in (*seen, given)] == [404] * 4
    assert await world.available_cents(anna) == 1500


async def test_the_tickets_are_mailed_once_more_for_a_form(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    own = (await book_on(world, await order_page(world, anna, session))).headers["location"]
    await deliver(world)
    form = {"mail_id": uuid4()}

    answers = [await world.post_form(f"{own}/mailen", **form) for _ in range(2)]
    await deliver(world)

    assert [each.headers["location"] for each in answers] == [f"{own}?gedaan=mail"] * 2
    assert [each["To"] for each in world.mails] == [anna.email] * 2
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'booking.mail'") == 1


async def test_who_has_no_address_is_mailed_nothing(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await world.execute("UPDATE identity.person SET email = NULL WHERE id = $1", anna.person_id)
    await at_the_counter(world, anna)
    own = (await book_on(world, await order_page(world, anna, session))).headers["location"]

    page = await world.client.get(own)
    answer = await world.post_form(f"{own}/mailen", mail_id=uuid4())

    assert "per mail" not in text_of(page)
    assert answer.status_code == 404


async def test_by_telephone_one_books_and_cancels_and_nothing_is_printed(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await world.execute("UPDATE identity.person SET phone = '0470 12 34 56' WHERE id = $1", anna.person_id)
    await world.sign_in_staff("clerk")
    await world.post_form(of(anna, "toestemming"), permission_id=uuid4(), soort="callback")
    own = (await book_on(world, await order_page(world, anna, session))).headers["location"]

    page = text_of(await world.client.get(own))
    printed = await world.client.get(f"{own}/afdruk/a6.pdf")
    given = await world.post_form(f"{own}/annuleren", **{"cancellation_id": uuid4(), "ticket-1.1": "true"})

    assert "Druk af" not in page
    assert "Met krediet" not in page
    assert (printed.status_code, given.status_code) == (404, 303)
    assert await world.available_cents(anna) == 2000


async def test_what_a_counter_reads_of_bookings_is_a_look_that_the_person_reads(world: World) -> None:
    anna = await world.resident()
    await at_the_counter(world, anna)

    await world.client.get(of(anna, "boekingen"))
    await world.client.get(of(anna, "overzicht.pdf"))

    rows = await world.rows("SELECT purpose FROM uit.look WHERE person_id = $1", anna.person_id)
    assert {"credit", "copy"} <= {row["purpose"] for row in rows}
