"""A basket on its page: filled, changed, and booked one seller after the other."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from httpx import Cookies

from reservations.kept_basket import MOST_LINES
from tests.builders import Resident, Session, World
from tests.reservations.basket.baskets import MANDJE, fields_of, look, press, put_in, words
from tests.reservations.payment.waiting import paid_by_peer
from uit.embedded.stripe_peer.peer import StripePeer
from uit.services.limit import Limit

NAMED = {"naam": "Mieke Wouters", "email": "mieke@example.org"}


@pytest.fixture
async def peer(world: World) -> AsyncIterator[StripePeer]:
    async with paid_by_peer(world) as running:
        yield running


async def sold_by(world: World, name: str, cents: int = 500, *, seats: int = 10) -> Session:
    """A session of a seller with this name, who takes cards."""
    session = await world.session(seats, cents, organiser_id=await world.organiser(name=name))
    await world.seller(session.organiser_id, account="")
    return session


async def bookings(world: World) -> list[tuple[UUID, str]]:
    rows = await world.rows("SELECT id, channel FROM reservations.booking ORDER BY made_at, id")
    return [(row["id"], row["channel"]) for row in rows]


async def lines_of_bookings(world: World) -> list[set[UUID]]:
    rows = await world.rows(
        "SELECT array_agg(session_id) AS sessions FROM reservations.line GROUP BY booking_id"
    )
    return [set(row["sessions"]) for row in rows]


async def someone(world: World, credit_cents: int = 0) -> Resident:
    anna = await world.resident(credit_cents)
    await world.sign_in(anna)
    return anna


async def test_a_basket_holds_nothing_and_says_so(world: World) -> None:
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=3)

    page = await look(world)

    assert "Je plaatsen zijn pas van jou als je boekt." in page
    assert "De kleine prins" in page
    assert await world.places_left(session) == 10


async def test_what_is_put_in_again_takes_the_place_of_what_was_there(world: World) -> None:
    session = await sold_by(world, "De Werf")
    for number in (1, 3, 3):
        await put_in(world, session, base=number)
    await put_in(world, session)

    assert "/base:3" in fields_of(await world.client.get(MANDJE))["regels"]


async def test_numbers_that_cannot_be_are_said_at_their_field_and_stay_typed(world: World) -> None:
    session = await sold_by(world, "De Werf")

    turned = await world.post_form(f"{MANDJE}/{session.id}", **{"plaatsen-base": "veel"})
    page = await world.client.get(turned.headers["location"])

    assert 'id="plaatsen-base-error"' in page.text
    assert 'value="veel"' in page.text


async def test_more_lines_than_it_takes_are_refused_and_nothing_is_lost(world: World) -> None:
    sessions = [await world.session(price_cents=0) for _ in range(MOST_LINES + 1)]
    await put_in(world, *sessions[:-1])

    answer = await world.post_form(f"{MANDJE}/{sessions[-1].id}")

    assert answer.status_code == 409
    assert "Je mandje is vol" in answer.text
    assert len(fields_of(await world.client.get(MANDJE))["regels"].split()) == MOST_LINES


async def test_over_two_sellers_it_says_before_the_button_that_it_becomes_two_bookings(world: World) -> None:
    await put_in(world, await sold_by(world, "De Werf"), await sold_by(world, "De Ster"))

    page = await look(world)

    said = page.index("Dit worden 2 boekingen, die je na elkaar betaalt.")
    assert "Je betaalt eerst aan De Werf, daarna aan De Ster." in page
    assert said < page.index("Boek en betaal")


async def test_what_credit_pays_over_two_sellers_is_one_booking(world: World) -> None:
    await someone(world, credit_cents=1000)
    one, other = await sold_by(world, "De Werf"), await sold_by(world, "De Ster")
    await put_in(world, one, other, base=1)
    assert "Dit worden" not in await look(world)

    answer = await press(world, "boek")

    [(booking_id, channel)] = await bookings(world)
    assert answer.headers["location"] == f"/dender/boekingen/{booking_id}"
    assert channel == "page"
    assert await lines_of_bookings(world) == [{one.id, other.id}]
    assert "Er zit niets in je mandje" in await look(world)


async def test_two_sellers_are_paid_one_after_the_other(world: World, peer: StripePeer) -> None:
    await someone(world)
    one, other = await sold_by(world, "De Werf"), await sold_by(world, "De Ster")
    await put_in(world, one, other, base=1)

    to_pay = await press(world, "boek")
    assert to_pay.headers["location"].startswith(peer.url)
    assert await lines_of_bookings(world) == [{one.id}]
    [(first, _)] = await bookings(world)
    own = words(await world.client.get(f"/dender/boekingen/{first}"))
    assert "Volgende boeking: De kleine prins" in own

    page = await look(world)
    assert "Dit worden" not in page
    assert f"/dender/boekingen/{first}" in page
    await press(world, "boek")
    assert {frozenset(each) for each in await lines_of_bookings(world)} == {
        frozenset({one.id}),
        frozenset({other.id}),
    }
    assert "Er zit niets in je mandje" in await look(world)


async def test_credit_goes_to_the_first_booking_and_the_page_says_what_is_left_for_the_next(
    world: World, peer: StripePeer
) -> None:
    anna = await someone(world, credit_cents=300)
    one, other = await sold_by(world, "De Werf"), await sold_by(world, "De Ster", 800)
    await put_in(world, one, other, base=1)
    page = (await look(world)).replace("\xa0", " ")
    assert page.index("€ 2,00") < page.index("Boeking 2, bij De Ster") < page.rindex("€ 8,00")

    await press(world, "boek", betaal="credit_then_card")

    (row,) = await world.rows("SELECT amount_cents, means::text FROM credits.payment")
    assert (row["amount_cents"], row["means"]) == (200, "card")
    assert await world.available_cents(anna) == 0
    assert fields_of(await world.client.get(MANDJE))["gezien"].startswith("800 800 ")


async def test_who_holds_a_date_again_and_again_has_to_wait_and_keeps_the_basket(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reservations.order.hold_limit.HOLDS_OF_SESSION", Limit("holds", 1, 3600))
    await someone(world)
    session = await sold_by(world, "De Werf")
    await world.execute("UPDATE credits.seller SET desk_hours = 48")
    answers = []
    for _ in range(2):
        await put_in(world, session, base=1)
        answers.append(await press(world, "boek", betaal="desk"))

    assert [answer.status_code for answer in answers] == [303, 429]
    assert f"{session.id}/base:1" in fields_of(answers[1])["regels"]
    assert len(await bookings(world)) == 1


async def test_an_id_under_which_something_else_was_booked_says_so_and_gives_another(world: World) -> None:
    await someone(world, credit_cents=5000)
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=1)
    page = await world.client.get(MANDJE)
    before, form = Cookies(world.client.cookies), {**fields_of(page), "stap": "boek"}
    await world.post_form(MANDJE, **form)
    world.client.cookies = before

    lines = f"{session.id}/base:2"
    other = {"regels": lines, "gezien": f"1000 0 0 {lines}", f"plaatsen-{session.id}-base": "2"}
    answer = await world.post_form(MANDJE, **{**form, **other})

    assert answer.status_code == 409
    assert "Dit heb je al geboekt" in answer.text
    assert f"/dender/boekingen/{form['boeking']}" in answer.text
    assert await world.places_left(session) == 9


async def test_a_form_that_is_sent_again_books_nothing_twice(world: World) -> None:
    await someone(world, credit_cents=1000)
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=2)
    form = {**fields_of(await world.client.get(MANDJE)), "stap": "boek"}

    answers = [await world.post_form(MANDJE, **form) for _ in range(3)]

    assert {answer.headers["location"] for answer in answers} == {f"/dender/boekingen/{form['boeking']}"}
    assert await world.places_left(session) == 8


async def test_what_was_booked_leaves_the_basket_also_when_the_answer_never_arrived(
    world: World, peer: StripePeer
) -> None:
    await someone(world)
    one, other = await sold_by(world, "De Werf"), await sold_by(world, "De Ster")
    await put_in(world, one, other, base=1)
    before = Cookies(world.client.cookies)
    await press(world, "boek")
    [(booking_id, _)] = await bookings(world)
    world.client.cookies = before

    own = words(await world.client.get(f"/dender/boekingen/{booking_id}"))
    page = await world.client.get(MANDJE)

    assert "Volgende boeking: De kleine prins" in own
    assert f"/dender/boekingen/{booking_id}" in page.text
    assert str(one.id) not in fields_of(page)["regels"]
    assert str(other.id) in fields_of(page)["regels"]
    assert fields_of(page)["boeking"] != str(booking_id)


async def test_a_line_that_is_sold_out_says_so_and_does_not_stop_the_others(world: World) -> None:
    anna, late = await someone(world, credit_cents=1000), await world.resident(credit_cents=1000)
    gone, there = await sold_by(world, "De Werf", seats=1), await sold_by(world, "De Ster")
    await put_in(world, gone, there, base=1)
    await world.book(late, gone)

    page = await look(world)
    assert "Dit kan je nu niet boeken" in page
    assert "Alle plaatsen zijn weg." in page
    assert f'href="/dender/sessies/{gone.id}/wachtlijst"' in page
    await press(world, "boek")

    assert await world.available_cents(anna) == 500
    assert "Alle plaatsen zijn weg." in await look(world)
    await press(world, f"weg:{gone.id}/base")
    assert "Er zit niets in je mandje" in await look(world)


async def test_what_credit_alone_can_pay_and_does_not_says_so_beside_the_line(world: World) -> None:
    await someone(world, credit_cents=300)
    unpaid, there = await world.session(price_cents=400), await sold_by(world, "De Ster")
    await put_in(world, unpaid, there, base=1)

    page = await look(world)

    assert "Er is niet genoeg krediet" in page
    assert str(there.id) in fields_of(await world.client.get(MANDJE))["regels"]


async def test_numbers_that_were_changed_are_added_up_again_and_not_booked(world: World) -> None:
    await someone(world, credit_cents=5000)
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=1)

    answer = await press(world, "boek", **{f"plaatsen-{session.id}-base": "4"})

    assert answer.status_code == 200
    assert "Kijk de som nog eens na" in answer.text
    assert await world.places_left(session) == 10
    await press(world, "boek")
    assert await world.places_left(session) == 6


async def test_a_wrong_number_is_said_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=1)
    field = f"plaatsen-{session.id}-base"

    answer = await press(world, "boek", **{field: "drie", **NAMED})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert (fields_of(answer)[field], fields_of(answer)["naam"]) == ("drie", "Mieke Wouters")
    added = await press(world, "kijk", **{field: "3", **NAMED})
    assert fields_of(added)["email"] == "mieke@example.org"
    assert "/base:3" in fields_of(added)["regels"]


async def test_nought_takes_a_line_out(world: World) -> None:
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=1)

    answer = await press(world, "kijk", **{f"plaatsen-{session.id}-base": "0"})

    assert "Er zit niets in je mandje" in answer.text


async def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_booked(world: World) -> None:
    await someone(world, credit_cents=5000)
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=1)
    form = {**fields_of(await world.client.get(MANDJE)), "stap": "boek"}
    await world.execute("UPDATE reservations.tariff SET price_cents = 700 WHERE code = 'base'")

    answer = await world.post_form(MANDJE, **form)

    assert answer.status_code == 409
    assert fields_of(answer)["gezien"].startswith("700 ")
    assert await world.places_left(session) == 10


async def test_a_guest_says_once_who_they_are(world: World, peer: StripePeer) -> None:
    one, other = await sold_by(world, "De Werf"), await sold_by(world, "De Ster")
    await put_in(world, one, other)
    nameless = await press(world, "boek")
    assert nameless.status_code == 422
    assert "Vul je naam in." in nameless.text

    to_pay = await press(world, "boek", **NAMED)

    assert to_pay.headers["location"].startswith(peer.url)
    page = await world.client.get(MANDJE)
    assert (fields_of(page)["naam"], fields_of(page)["email"]) == (NAMED["naam"], NAMED["email"])
    own = next(part for part in page.text.split('"') if part.startswith("/dender/gast/"))
    assert "Volgende boeking: De kleine prins" in words(await world.client.get(own))
    await press(world, "boek")
    assert len(await bookings(world)) == 2


async def test_a_basket_is_of_who_filled_it(world: World) -> None:
    session = await sold_by(world, "De Werf")
    await put_in(world, session)
    anna = await someone(world)
    assert "De kleine prins" in await look(world)

    await someone(world)
    assert "Er zit niets in je mandje" in await look(world)
    await world.sign_in(anna)
    await put_in(world, session)
    assert any("basket" in name for name in world.client.cookies)
    await world.post_form("/afmelden")
    assert not any("basket" in name for name in world.client.cookies)


async def test_who_signs_in_later_is_told_their_own_price_and_can_choose_it(world: World) -> None:
    session = await sold_by(world, "De Werf")
    await put_in(world, session, base=1)
    anna = await world.resident(credit_cents=1000, social_until=date(2027, 1, 1))
    await world.sign_in(anna)

    assert "Voor jou is er een prijs van € 1,00." in (await look(world)).replace("\xa0", " ")
    await put_in(world, session, kansentarief=1, base=0)

    assert "Voor jou is er een prijs" not in await look(world)
    assert fields_of(await world.client.get(MANDJE))["regels"] == f"{session.id}/kansentarief:1"


async def test_who_is_done_empties_it(world: World) -> None:
    await put_in(world, await sold_by(world, "De Werf"))

    answer = await world.post_form(MANDJE, stap="leeg")

    assert answer.headers["location"] == MANDJE
    assert "Er zit niets in je mandje" in await look(world)


async def test_a_basket_that_we_did_not_make_is_none(world: World) -> None:
    await put_in(world, await sold_by(world, "De Werf"))
    (name,) = [name for name in world.client.cookies if "basket" in name]
    sealed = world.client.cookies[name]
    for forged in (sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB"), "B", "", "é", "B" * 4000):
        answer = await world.client.get(MANDJE, headers={b"cookie": f"{name}={forged}".encode()})

        assert answer.status_code == 200
        assert "Er zit niets in je mandje" in answer.text


@pytest.mark.parametrize("lines", ["", "base:1", "x/base:1", "/:", "0" * 5000, "a/b:c d/e:f"])
async def test_hidden_fields_that_cannot_be_read_book_nothing(world: World, lines: str) -> None:
    await someone(world, credit_cents=1000)
    await put_in(world, await sold_by(world, "De Werf"))

    answer = await press(world, "boek", regels=lines)

    assert answer.status_code == 200
    assert await bookings(world) == []


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://dender.test"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://elders.example"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
async def test_the_button_of_another_site_puts_nothing_in_a_basket(
    world: World, headers: dict[str, str], *, is_own: bool
) -> None:
    session = await sold_by(world, "De Werf")

    answer = await world.client.post(f"{MANDJE}/{session.id}", data={}, headers=headers)

    assert answer.status_code == (303 if is_own else 403)
    assert any("uit_own_" in name for name in world.client.cookies) is is_own


async def test_a_basket_takes_a_family_and_a_group_that_is_larger_than_others_may_be(world: World) -> None:
    await someone(world, credit_cents=5000)
    session = await world.session(seats=40, price_cents=0)
    await world.tariff(session, "gezin", 0, name="Gezin", weight=4)
    await world.tariff(session, "groep", 0, name="Groep", least=25)

    await put_in(world, session, gezin=1, groep=25)
    shown = await look(world)
    await press(world, "boek")

    assert "neemt 4 plaatsen" in shown
    assert "vanaf 25 plaatsen" in shown
    assert await world.places_left(session) == 40 - 4 - 25


async def test_a_group_in_a_basket_grows(world: World) -> None:
    await someone(world, credit_cents=5000)
    session = await world.session(seats=40, price_cents=0)
    await world.tariff(session, "groep", 0, name="Groep", least=25)
    await put_in(world, session, groep=25)
    grown = {f"plaatsen-{session.id}-groep": 30}

    await press(world, "kijk", **grown)
    await press(world, "boek")

    assert await world.places_left(session) == 10
