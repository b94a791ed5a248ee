"""Signing in by a code: from a text message, and on paper at a computer of the library."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx import Response

from tests.builders import Resident, World
from tests.identity.steps import ask_link, browser_from, cookie_of, is_inside, proof_on, send
from uit.identity.one_time_code.one_time_code import CodeKind, give_on_paper
from uit.services.limit import Limit
from uit.web.caught_mail import CaughtText
from uit.web.cookie import DEVICE_COOKIE

PAGE = "/aanmelden/met-code"
PHONE = "+32470123456"
Texts = Callable[[], list[CaughtText]]


async def on_paper(world: World, anna: Resident, kind: CodeKind = CodeKind.SLIP) -> str:
    async with world.services.database.transaction() as tx:
        return await give_on_paper(tx, anna.person_id, kind, world.clock.now())


async def type_code(world: World, code: str, **more: str) -> Response:
    answer: Response = await world.post_form(PAGE, code=code, **more)
    return answer


async def with_phone(world: World) -> Resident:
    anna = await world.resident()
    await world.execute(
        "UPDATE identity.person SET phone = $2, email = NULL WHERE id = $1", anna.person_id, PHONE
    )
    return anna


def code_in(texts: Texts) -> str:
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", texts()[0].text)
    assert found
    return found[0]


async def test_a_slip_signs_in_at_a_shared_computer_for_an_hour(world: World) -> None:
    code = await on_paper(world, await world.resident())

    answer = await type_code(world, code.lower(), shared="true", next="/mijn/toegang")

    assert (answer.status_code, answer.headers["location"]) == (303, "/mijn/toegang")
    assert "Max-Age=3600" in cookie_of(answer)
    assert not [line for line in answer.headers.get_list("set-cookie") if line.startswith(DEVICE_COOKIE)]
    assert await world.value("SELECT count(*) FROM identity.device") == 0
    assert await is_inside(world)
    world.clock.move(timedelta(hours=1))
    assert not await is_inside(world)


async def test_on_a_computer_of_ones_own_one_stays_and_the_browser_is_known(world: World) -> None:
    answer = await type_code(world, await on_paper(world, await world.resident(), CodeKind.LETTER))

    assert answer.status_code == 303
    assert cookie_of(answer, DEVICE_COOKIE)
    world.clock.move(timedelta(days=29))
    assert await is_inside(world)


async def test_a_code_that_was_used_is_refused_in_words_and_one_that_cannot_be_one_at_its_field(
    world: World,
) -> None:
    code = await on_paper(world, await world.resident())
    await type_code(world, code)
    world.client.cookies.clear()

    used, odd = await type_code(world, code), await type_code(world, "12345")

    assert (used.status_code, odd.status_code) == (410, 422)
    assert "Deze code werkt niet" in used.text
    assert "Een code heeft 8 of 10 letters en cijfers" in odd.text
    assert not await is_inside(world)


async def test_a_number_gets_a_code_and_the_page_to_type_it(world: World, texts: Texts) -> None:
    await with_phone(world)

    page = await ask_link(world, "0470 12.34.56", "/dender/agenda")
    answer = await type_code(world, code_in(texts), next="/dender/agenda")

    assert page.status_code == 200
    assert f"Kennen we {PHONE}?" in page.text
    assert texts()[0].to == PHONE
    assert (answer.status_code, answer.headers["location"]) == (303, "/dender/agenda")
    assert await is_inside(world)


async def test_the_page_is_the_same_for_a_number_that_nobody_has(world: World, texts: Texts) -> None:
    await with_phone(world)
    token = re.compile(r'value="[^"]{20,}"')

    known, unknown = await ask_link(world, PHONE), await ask_link(world, "+32470999999")

    assert len(texts()) == 1
    assert token.sub("", known.text) == token.sub("", unknown.text).replace("999999", "123456")


async def test_a_phone_is_not_filled_and_one_that_works_is_always_there(world: World, texts: Texts) -> None:
    await with_phone(world)
    for _ in range(3):
        await ask_link(world, PHONE)
    world.clock.move(timedelta(minutes=1))
    await ask_link(world, PHONE)

    assert len(texts()) == 2
    assert (await type_code(world, code_in(texts))).status_code == 303


async def test_a_text_message_works_for_a_quarter_of_an_hour(world: World, texts: Texts) -> None:
    await with_phone(world)
    await ask_link(world, PHONE)
    world.clock.move(timedelta(minutes=15))

    assert (await type_code(world, code_in(texts))).status_code == 410


async def test_without_a_gateway_no_page_speaks_of_numbers(world: World) -> None:
    await with_phone(world)

    page, answer = await world.client.get("/aanmelden"), await ask_link(world, PHONE)

    assert "telefoonnummer" not in page.text
    assert answer.status_code == 422
    assert "Vul een e-mailadres in, zoals naam@voorbeeld.be." in answer.text


async def test_who_guesses_is_slowed_down_and_a_browser_that_works_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "uit.identity.one_time_code.pages.TRIES_PER_ADDRESS", Limit("one-time codes from place", 3, 900)
    )
    code = await on_paper(world, await world.resident())
    async with browser_from(world, "198.51.100.7") as guesser, browser_from(world, "198.51.100.8") as other:
        guesses = [(await send(guesser, PAGE, PAGE, code="ABCD-2345")).status_code for _ in range(4)]
        above = await send(guesser, PAGE, PAGE, code=code)
        proved = await send(guesser, PAGE, PAGE, code=code, proof=proof_on(above.text))

        assert guesses == [410, 410, 410, 429]
        assert (above.status_code, proved.status_code) == (429, 303)
        assert (await send(other, PAGE, PAGE, code="ABCD-2345")).status_code == 410


async def test_a_line_in_a_house_gets_no_text_message_and_is_told_so(world: World, texts: Texts) -> None:
    answer = await ask_link(world, "053 12 34 56")

    assert answer.status_code == 422
    assert "Naar dit nummer gaat geen sms." in answer.text
    assert texts() == []
