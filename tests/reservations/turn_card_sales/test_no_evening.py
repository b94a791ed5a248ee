"""What is sold as a card is no evening: its desk pages lead to the page of the card, and no list has it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

from litestar import Litestar
from litestar.routes import HTTPRoute

from reservations.booking.answers import Booked
from reservations.booking.tickets import number_of
from tests.builders import Session, World
from tests.reservations.box_office.tills import address, at_the_till
from tests.reservations.catalogue.test_listing import find, ids
from tests.reservations.halls.dates.test_desk import desk as seats_of
from tests.reservations.halls.test_usual import at_a_place, hang, hung
from tests.reservations.seats.world import plan_of
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card_sales.test_desk import address_of, at_desk, make, sold_as

ONE_OF = re.compile(
    r"/organisaties/\{organiser_id:uuid\}/(sessies/\{session_id|activiteiten/\{event_id|tarieven/\{event_id)"
)
STAY = {
    "boekingen",
    "boekingen/boekingen.csv",
    "boekingen/{booking_id:uuid}",
    "boekingen/{booking_id:uuid}/annuleren",
    "boekingen/{booking_id:uuid}/notitie",
    "boekingen/{booking_id:uuid}/opsturen",
    "berichten",
    "berichten/{written_id:uuid}",
}
"""What there is to do about a card that somebody bought."""


def pages_of_one(app: Litestar) -> Iterator[tuple[str, str]]:
    """The methods and addresses of a desk that are about one date or one activity."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and ONE_OF.search(route.path):
            yield from ((method, route.path) for method in sorted({"GET", "POST"} & route.methods))


def filled(path: str, card: Session) -> str:
    known = {"region": "dender", "organiser_id": card.organiser_id, "session_id": card.id}
    known |= {"event_id": card.event_id, "document": "a4.pdf"}
    return re.sub(
        r"\{(\w+):(\w+)\}", lambda at: str(known.get(at[1], uuid4() if at[2] == "uuid" else "x")), path
    )


async def on_sale(world: World) -> tuple[Session, Session]:
    """An activity and the card for it, at the desk of its organiser."""
    session = await at_desk(world)
    await make(world, session, uuid4())
    return session, await sold_as(world)


async def test_every_page_of_a_date_or_activity_leads_from_a_card_to_its_page(world: World) -> None:
    session, card = await on_sale(world)
    led, stay = 0, set[str]()

    for method, path in pages_of_one(world.app):
        page = filled(path, card)
        answer = await (
            world.client.get(page, follow_redirects=False) if method == "GET" else world.post_form(page)
        )
        if answer.headers.get("location") == f"{address_of(session)}#kaart-{card.id}":
            led += 1
        else:
            stay.add(path.partition("{session_id:uuid}/")[2])

    assert stay == STAY
    assert led > 60


async def test_who_sells_tickets_is_led_to_who_bought_a_card(world: World) -> None:
    _, card = await on_sale(world)
    home = f"/dender/organisaties/{card.organiser_id}"
    await world.sign_in_staff("box_office", organiser_id=card.organiser_id)

    answer = await world.client.get(f"{home}/sessies/{card.id}", follow_redirects=False)

    assert answer.headers["location"] == f"{home}/sessies/{card.id}/boekingen"
    assert (await world.client.get(answer.headers["location"])).status_code == 200


async def test_what_becomes_of_a_sold_card_is_said_without_a_date_or_a_door(world: World) -> None:
    _, card = await on_sale(world)
    answer = await world.book(await world.resident(5000), card)
    assert isinstance(answer, Booked)
    own = f"/dender/organisaties/{card.organiser_id}/sessies/{card.id}/boekingen"
    one = f"{own}/{answer.booking.id}"

    pages = [await world.client.get(each) for each in (own, one, f"{one}/annuleren")]
    taken_back = await world.post_form(
        f"{one}/annuleren", **{"ticket-1.1": "true", "cancellation_id": uuid4()}
    )

    for page in pages:
        assert page.status_code == 200
        assert "Tien keer yoga" in text_of(page)
        for word in ("Binnen", "Deurlijst", "Zet op een andere datum", "Plaatsen", " mrt "):
            assert word not in text_of(page)
    assert taken_back.headers["location"] == f"{own}?gedaan=geannuleerd"


async def test_no_list_of_dates_or_prices_has_a_card(world: World) -> None:
    session, card = await on_sale(world)
    await world.execute(
        "UPDATE reservations.session SET starts_at = starts_at + interval '1 day' WHERE id = $1", card.id
    )
    home = f"/dender/organisaties/{card.organiser_id}"

    for page in ("", "/vandaag", "/dertig-dagen", "/tarieven"):
        shown = text_of(await world.client.get(home + page))
        assert "De kleine prins" in shown or page == "/vandaag"
        assert "Tien keer yoga" not in shown
    everything = await find(world, [card.organiser_id])
    by_word = await find(world, [card.organiser_id], q="yoga")

    assert ids(everything) == [str(session.id)]
    assert ids(by_word) == []


async def test_a_client_does_not_find_a_card_that_was_put_on_sale_long_ago(world: World) -> None:
    session, card = await on_sale(world)
    world.clock.move(timedelta(days=5))

    assert ids(await find(world, [card.organiser_id])) == [str(session.id)]


async def test_a_card_has_no_numbered_seat_in_a_place_where_halls_have_them(world: World) -> None:
    session = await at_desk(world)
    await at_a_place(world, session)
    own = await seats_of(world, session)
    await hang(world, own, await plan_of(world, session), "plek")

    await make(world, session, uuid4())
    card = await sold_as(world)
    await hang(world, own, await plan_of(world, session), "plek")

    assert await hung(world, session)
    assert await hung(world, card) is None
    assert isinstance(await world.book(await world.resident(5000), card), Booked)


async def test_a_card_is_found_at_a_till_by_its_number_long_after_the_first_was_sold(world: World) -> None:
    _, card = await on_sale(world)
    world.clock.move(timedelta(days=90))
    answer = await world.book(await world.resident(5000), card)
    assert isinstance(answer, Booked)
    booking_id: UUID = answer.booking.id
    drawer = await at_the_till(world, card)

    found = await world.post_form(address(drawer, "terugnemen"), nummer=number_of(booking_id))

    assert found.headers["location"] == address(drawer, "terugnemen", booking_id)
