"""A price with a code at a desk: staff of its organiser gives it, and a clerk of a municipality types it."""

from uuid import uuid4

from reservations.booking.price_code import CODES_OF_CLERK, code_digest
from tests.builders import Session, World
from tests.reservations.box_office.tills import address, at_the_till, paying, selling
from tests.reservations.conditions import ask
from tests.reservations.counter.helpers import at_the_counter, book_on, order_page
from tests.reservations.counter.test_desk import a_clerks_till
from tests.reservations.order.test_one_each import value_of
from tests.reservations.sessions.test_desk import text_of

WANTED = {"plaatsen-base": "0", "plaatsen-vrienden": "1"}


async def for_friends(world: World) -> Session:
    session = await world.session(price_cents=500)
    await world.tariff(session, "vrienden", 200)
    digest = code_digest(world.services.secrets.signing, 1, "VRIEND")
    await ask(world, session, "vrienden", code_digest=digest)
    return session


async def bookings(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM reservations.booking"))


async def test_at_a_counter_the_code_of_a_price_is_typed(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await for_friends(world)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session)
    path = page.url.raw_path.decode()

    asked = await world.client.get(path, params=WANTED)
    wrong = await world.post_form(path, **WANTED, code="VIJAND")
    right = await world.post_form(path, **WANTED, code="vriend")
    unsaid = await book_on(world, right, code="")
    before = await bookings(world)
    answer = await book_on(world, right, code="vriend")

    assert "Code van de organisator" in text_of(page)
    assert "Deze prijs vraagt een code" in text_of(asked)
    assert "Die code klopt niet" in text_of(wrong)
    assert (unsaid.status_code, before) == (422, 0)
    assert answer.status_code == 303
    assert await world.available_cents(anna) == 1800


async def test_a_clerk_tries_only_so_many_codes(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await for_friends(world)
    staff_id = await at_the_counter(world, anna)
    page = await order_page(world, anna, session)
    for _ in range(CODES_OF_CLERK.times):
        await world.services.limiter.count(CODES_OF_CLERK, str(staff_id))

    answer = await world.post_form(page.url.raw_path.decode(), **WANTED, code="vriend")

    assert answer.status_code == 429
    assert await bookings(world) == 0


async def test_at_a_till_that_stands_at_a_counter_it_is_typed_too(world: World) -> None:
    session = await for_friends(world)
    drawer = await a_clerks_till(world, await world.resident(), session)
    page = address(drawer, "verkoop", session.id, uuid4())

    shown = await world.post_form(page, **WANTED, code="vriend")
    form = WANTED | {"gezien": value_of(shown, "gezien"), "stap": "boek"} | paying(200)
    unsaid = await world.post_form(page, **form)
    before = await bookings(world)
    answer = await world.post_form(page, **form, code="vriend")

    assert unsaid.status_code != 303
    assert before == 0
    assert "vraag de code" not in shown.text
    assert answer.status_code == 303


async def test_at_its_own_till_an_organiser_gives_the_price_and_reads_what_to_ask(world: World) -> None:
    session = await for_friends(world)
    await world.execute("UPDATE reservations.tariff SET age_to = 25 WHERE code = 'vrienden'")
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    shown = await world.client.get(page, params=WANTED)
    form = WANTED | {"gezien": value_of(shown, "gezien"), "stap": "boek"} | paying(200)
    answer = await world.post_form(page, **form)

    assert "Een prijs met een code: vraag de code" in text_of(shown)
    assert 'name="code"' not in shown.text
    assert "met een code van de organisator · tot en met 25 jaar" in text_of(shown)
    assert "aan de deur" not in text_of(shown)
    assert answer.status_code == 303


async def test_a_swap_at_a_counter_gives_no_price_with_a_code(world: World) -> None:
    session, sold = await for_friends(world), uuid4()
    drawer = await a_clerks_till(world, await world.resident(), session)
    await world.post_form(address(drawer, "verkoop", session.id, sold), **selling(1, 500))

    page = await world.client.get(address(drawer, "ruilen", sold, session.id, uuid4()) + "?tickets=1.1")

    assert 'name="plaatsen-base"' in page.text
    assert 'name="plaatsen-vrienden"' not in page.text
