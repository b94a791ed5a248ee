"""Booking with a card of turns on one's own page: it is said, chosen, and the total follows."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from tests.builders import Resident, Session, World
from tests.reservations.catalogue.test_event import plain
from tests.reservations.turn_card.world import buy, card_date, turns_left

HIDDEN = re.compile(r'<input type="hidden" name="(gezien|beurtenkaart-getoond|voor_lid)" value="([^"]*)"')


async def open_form(world: World, session: Session) -> tuple[str, str]:
    begun = await world.client.get(f"/dender/sessies/{session.id}/boeken")
    address = begun.headers["location"]
    return str((await world.client.get(address)).text), address


async def send(world: World, page: str, address: str, **fields: str) -> Any:
    found = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    return await world.post_form(
        address.partition("?")[0], **(found | {"stap": "boek", "plaatsen-base": "1"} | fields)
    )


async def prices_of(world: World, who: Resident, session: Session) -> list[int]:
    found = await world.rows(
        "SELECT price_cents FROM reservations.line WHERE holder_id = $1 AND session_id = $2",
        who.membership_id,
        session.id,
    )
    return [each["price_cents"] for each in found]


async def test_who_has_a_card_sees_what_is_left_and_books_with_it(world: World) -> None:
    session = await world.session(price_cents=500)
    anna = await world.resident(credit_cents=5000)
    card = await buy(world, anna, await card_date(world, session))
    await world.sign_in(anna)

    page, address = await open_form(world, session)
    answer = await send(world, page, address, beurtenkaart=f"{card.booking_id}.1.1")

    assert "Met je beurtenkaart: nog 10 beurten" in plain(page)
    assert "Gratis" in plain(page) or "Je betaalt € 0,00" in plain(page)
    assert answer.status_code == 303
    assert await prices_of(world, anna, session) == [0]
    assert await turns_left(world, card) == 9


async def test_who_comes_along_is_paid_apart_where_the_card_is_of_one(world: World) -> None:
    session = await world.session(price_cents=500)
    social_until = world.clock.now().date() + timedelta(days=90)
    anna = await world.resident(credit_cents=5000, social_until=social_until)
    card = await buy(world, anna, await card_date(world, session), "kansentarief")
    await world.sign_in(anna)

    page, address = await open_form(world, session)
    typed = {"plaatsen-kansentarief": "0", "beurtenkaart": f"{card.booking_id}.1.1"}
    seen = await send(world, page, address, **typed)
    shown = str((await world.client.get(seen.headers["location"])).text) if seen.is_redirect else seen.text
    done = await send(world, shown, address, **typed)

    assert "De beurtenkaart is voor één persoon. Wie meekomt, betaal je apart." in plain(page)
    assert done.status_code == 303
    assert await prices_of(world, anna, session) == [500]
    assert await turns_left(world, card) == 10


async def test_a_total_of_the_card_is_not_booked_without_it(world: World) -> None:
    session = await world.session(price_cents=500)
    anna = await world.resident(credit_cents=5000)
    card = await buy(world, anna, await card_date(world, session))
    await world.sign_in(anna)

    page, address = await open_form(world, session)
    seen = await send(world, page, address, beurtenkaart="nee")
    again = str((await world.client.get(seen.headers["location"])).text)
    booked = await send(world, again, address, beurtenkaart="nee")

    assert "Kijk de som nog eens na" in again
    assert await prices_of(world, anna, session) == [500]
    assert booked.status_code == 303
    assert await turns_left(world, card) == 10


async def test_nobody_is_asked_for_a_card_that_they_have_not(world: World) -> None:
    session, other = await world.session(), await world.session()
    anna = await world.resident(credit_cents=5000)
    await buy(world, anna, await card_date(world, other))
    await world.sign_in(anna)

    page, _ = await open_form(world, session)

    assert "beurtenkaart" not in page


async def test_a_guest_buys_no_card(world: World) -> None:
    sold = await card_date(world, await world.session())

    page, _ = await open_form(world, sold)

    assert "Voor deze activiteit heb je een UiTPAS nodig." in plain(page)


async def test_who_buys_a_card_reads_what_it_is_and_when_it_comes_back(world: World) -> None:
    sold = await card_date(world, await world.session(), months=6)
    await world.sign_in(await world.resident(credit_cents=5000))

    page, _ = await open_form(world, sold)

    assert "10 beurten, 6 maanden geldig" in plain(page)
    assert "Hoeveel kaarten? Beurtenkaart" in plain(page)
    assert "geef je terug tot 14 dagen na de aankoop" in plain(page)
    assert "In mandje" not in page
