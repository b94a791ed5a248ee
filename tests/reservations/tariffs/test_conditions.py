"""An organiser says what a price asks, and it holds on every page on which one books."""

import re
from typing import Any
from uuid import uuid4

from reservations.booking.answers import Booked
from reservations.booking.condition_errors import MostPerPerson
from tests.builders import Session, World
from tests.reservations.activities.making import published
from tests.reservations.conditions import ask
from tests.reservations.sessions.test_desk import text_of

STORED = """
    SELECT for_members, for_companion, most_per_person, most_per_household, code_digest IS NOT NULL,
        code_until, code_uses, shows
    FROM reservations.tariff_condition
"""


async def desk(world: World) -> tuple[Session, str]:
    session = await world.session(price_cents=0)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return session, f"/dender/organisaties/{session.organiser_id}/tarieven"


async def say(world: World, session: Session, home: str, price: str = "base", **typed: object) -> Any:
    return await world.post_form(f"{home}/{session.event_id}/{price}/voorwaarden", **typed)


async def stored(world: World) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await world.rows(STORED)]


async def test_what_an_organiser_asks_holds_and_stands_at_the_price(world: World) -> None:
    session, home = await desk(world)
    anna = await world.resident()

    answer = await say(world, session, home, most_per_person="2", shows="Toon je lidkaart")
    listed = text_of(await world.client.get(home))
    activity = f"{home.removesuffix('/tarieven')}/activiteiten/{session.event_id}"

    assert answer.headers["location"] == f"{activity}?gedaan=bewaard"
    form = await world.client.get(f"{home}/{session.event_id}/base/voorwaarden")
    assert f'href="{activity}#prijzen"' in form.text
    assert await stored(world) == [(False, False, 2, None, False, None, None, "Toon je lidkaart")]
    assert "hoogstens 2 per persoon · Toon je lidkaart" in listed
    assert await world.book(anna, session, 3) == MostPerPerson(session.id, "base", 2)
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'tariff.condition'") == 1


async def test_the_page_of_the_activity_tells_a_price_with_conditions_from_one_without(world: World) -> None:
    this = await published(world, await world.organiser())
    addresses = re.findall(r'href="([^"]*/voorwaarden)"', (await world.client.get(this)).text)
    for address, asked in zip(addresses, ({"most_per_person": "2"}, {"for_companion": "true"}), strict=True):
        assert (await world.post_form(address, **asked)).status_code == 303

    page = text_of(await world.client.get(this))

    assert "iedereen · hoogstens 2 per persoon" in page
    assert "een begeleider · tot en met 12 jaar · één per ander ticket" in page


async def test_a_form_that_asks_nothing_takes_away_what_was_asked(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, most_per_household="4")

    await say(world, session, home)

    assert await stored(world) == []


async def test_a_code_is_kept_as_nobody_can_read_it_and_stays_when_it_is_left_empty(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, code="Zomer 2026", code_uses="30", code_until="2027-01-01")
    page = await world.client.get(f"{home}/{session.event_id}/base/voorwaarden")

    await say(world, session, home, code="", code_uses="20")
    kept = await stored(world)
    await say(world, session, home, no_code="true", code_uses="20")

    assert "ZOMER2026" not in page.text.upper().replace(" ", "")
    assert "Er is al een code" in text_of(page)
    assert kept == [(False, False, None, None, True, None, 20, "")]
    assert await stored(world) == []


async def test_what_is_wrong_comes_back_beside_its_field(world: World) -> None:
    session, home = await desk(world)

    answer = await say(
        world, session, home, code="kort", most_per_person="nul", for_companion="true", code_until="straks"
    )

    assert answer.status_code == 422
    said = text_of(answer)
    assert "Gebruik 6 tot 40 letters of cijfers." in said
    assert "Vul een getal in van 1 tot 1000." in said
    assert "Vul een dag in, zoals 1/9/2026." in said
    assert 'value="kort"' in answer.text


async def test_of_a_personal_price_nothing_is_shown_at_a_door(world: World) -> None:
    session, home = await desk(world)

    answer = await say(world, session, home, "kansentarief", shows="Toon je kaart")

    assert answer.status_code == 422
    assert "de deur mag die niet kennen" in text_of(answer)


async def test_a_price_of_another_organiser_is_not_theirs_to_change(world: World) -> None:
    other = await world.session()
    session, home = await desk(world)

    answer = await say(world, other, home, most_per_person="2")

    assert answer.status_code == 404
    assert await stored(world) == []
    assert session != other


async def test_the_event_and_the_booking_page_say_what_a_price_asks(world: World) -> None:
    session = await world.session(price_cents=0)
    await world.tariff(session, "begeleider", 0, name="Begeleider")
    await ask(world, session, "base", most_per_household=4, shows="Toon je lidkaart")
    await ask(world, session, "begeleider", for_companion=True)

    event = text_of(await world.client.get(f"/dender/evenementen/{session.event_id}"))
    form = text_of(await world.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=True))

    for said in ("hoogstens 4 per gezin · Toon je lidkaart", "één per ander ticket"):
        assert said in event
        assert said in form


async def test_a_resident_books_with_the_code_that_they_typed(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, code="ZOMER26")
    anna = await world.resident()
    await world.sign_in(anna)
    page = await world.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=True)
    address = str(page.url.path)

    async def send(code: str, **more: str) -> Any:
        return await world.post_form(address, code=code, voor_lid="ja", **{"plaatsen-base": "1"}, **more)

    without, wrong, right = [await send(code, stap="kijk") for code in ("", "ZOMER27", "zomer 26")]
    assert "Deze prijs vraagt een code" in text_of(await world.client.get(without.headers["location"]))
    assert "Die code klopt niet" in text_of(wrong)
    assert "ZOMER27" not in str(wrong.url)
    seen = right.text.split('name="gezien" value="')[1].split('"')[0]

    booked = await send("zomer 26", stap="boek", gezien=seen)

    assert booked.status_code == 303, text_of(booked)
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1
    assert "zomer" not in str(await world.rows("SELECT * FROM uit.outbox")).lower()


async def test_codes_are_not_found_by_trying(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, code="ZOMER26")
    page = await world.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=True)
    typed = {"plaatsen-base": "1", "stap": "kijk"}

    tried = [
        await world.post_form(str(page.url.path), code=f"ZOMER{number:02}", **typed) for number in range(31)
    ]

    assert "Die code klopt niet" in text_of(tried[29])
    assert tried[30].status_code == 429


async def test_a_code_goes_along_in_a_basket(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, code="ZOMER26")
    await world.sign_in(await world.resident())

    await world.post_form(f"/dender/mandje/{session.id}", code="zomer26", **{"plaatsen-base": "1"})
    basket = await world.client.get("/dender/mandje")
    fields = {
        name: basket.text.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("gezien", "regels", "boeking")
    }
    await world.post_form("/dender/mandje", stap="boek", **{f"plaatsen-{session.id}-base": "1"}, **fields)

    assert await world.value("SELECT count(*) FROM reservations.booking") == 1


async def test_a_companion_is_called_so_at_the_door_and_nothing_else(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await world.tariff(session, "hulp", 0, name="Gratis voor wie een zorgkaart toont")
    await ask(world, session, "hulp", for_companion=True)
    await ask(world, session, "base", shows="Toon je lidkaart")
    made = await world.services.turnstile.answer(
        world.command(anna, [(session, "base", 1), (session, "hulp", 1)])
    )
    assert isinstance(made, Booked)
    await world.sign_in(anna)

    tickets = text_of(await world.client.get(f"/dender/boekingen/{made.booking.id}"))

    assert "Begeleider" in tickets
    assert "zorgkaart" not in tickets
    assert "Toon je lidkaart" in tickets


async def test_a_program_gives_the_code_with_its_line(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, code="ZOMER26")
    anna = await world.resident()
    headers = await world.api_client(session.organiser_id)

    async def quoted(**more: str) -> Any:
        line = {"session_id": str(session.id), "tariff": "base", "places": 1, **more}
        answer = await world.client.post(
            "/api/v1/quotes", json={"pass_token": anna.token, "lines": [line]}, headers=headers
        )
        return answer.json()["lines"][0].get("refusal", {}).get("code")

    assert await quoted() == "reservations.code_asked"
    assert await quoted(code="ZOMER27") == "reservations.code_wrong"
    assert await quoted(code="zomer26") is None


async def test_a_program_books_with_the_code_and_repeats_it(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, code="ZOMER26")
    anna, address = await world.resident(), f"/api/v1/bookings/{uuid4()}"
    headers = await world.api_client(session.organiser_id)

    async def book(code: str) -> int:
        line = {"session_id": str(session.id), "tariff": "base", "places": 1, "code": code}
        asked = {"pass_token": anna.token, "lines": [line]}
        return int((await world.client.put(address, json=asked, headers=headers)).status_code)

    assert [await book(code) for code in ("ZOMER27", "ZOMER26", "zomer26")] == [422, 201, 200]


async def test_a_session_says_to_a_program_what_its_prices_ask(world: World) -> None:
    session, home = await desk(world)
    await say(world, session, home, code="ZOMER26", most_per_person="2", shows="Toon je lidkaart")
    headers = await world.api_client(session.organiser_id)

    listed = (await world.client.get("/api/v1/sessions", headers=headers)).json()["sessions"]
    base = next(each for each in listed[0]["tariffs"] if each["code"] == "base")

    assert (base["asks_code"], base["most_per_person"], base["shows"]) == (True, 2, "Toon je lidkaart")
    assert "digest" not in str(listed)
