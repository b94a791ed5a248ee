"""What was typed in a form that could not be taken is there again, and nobody else reads it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from jinja2 import nodes

from tests.builders import World
from tests.web.test_forms import TEMPLATES, fields, pages
from uit.web.kept_form import COOKIE, SECRET_FIELDS, cache_key, opened
from uit.web.refill import REFILL, Refill
from uit.web.view import environment

SITE = "http://testserver.local"
REGISTER = "/dender/balie/nieuw"
TYPED = {
    "given_name": "Zoë",
    "family_name": "De Smet",
    "born_on": "1990-05-17",
    "refnis": "41002",
    "insz": "90651700197",
}


async def send(world: World, address: str, page: str, **fields: object) -> Any:
    """Send a form of a page as a browser does, with a token that is no good any more."""
    return await world.client.post(
        address,
        data={"_csrf_token": "0" * 128, **fields},
        headers={"Origin": SITE, "Referer": f"{SITE}{page}", "Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )


def value(page: str, name: str) -> str:
    found = re.search(rf'id="{name}"[^>]*? value="([^"]*)"', page)
    return found[1] if found else ""


async def test_a_form_that_was_open_too_long_comes_back_filled_in(world: World) -> None:
    await world.sign_in_staff("clerk")

    stale = await send(world, REGISTER, REGISTER, **TYPED)
    page = (await world.client.get(stale.headers["location"])).text

    assert (stale.status_code, stale.headers["location"]) == (303, REGISTER)
    assert "Kijk even na en verzend opnieuw" in page
    assert (value(page, "given_name"), value(page, "family_name")) == ("Zoë", "De Smet")
    assert await world.value("SELECT count(*) FROM passes.membership") == 0


async def test_it_is_filled_in_once(world: World) -> None:
    await world.sign_in_staff("clerk")
    await send(world, REGISTER, REGISTER, **TYPED)

    first, second = [(await world.client.get(REGISTER)).text for _ in range(2)]

    assert (value(first, "given_name"), value(second, "given_name")) == ("Zoë", "")
    assert "verzend opnieuw" not in second


async def test_after_an_ended_sign_in_one_comes_back_to_what_was_typed(world: World) -> None:
    sent = await send(world, REGISTER, f"{REGISTER}?gedaan=ja", **TYPED)
    waiting = (await world.client.get(sent.headers["location"])).text
    await world.sign_in_staff("clerk")

    page = (await world.client.get(REGISTER)).text

    assert sent.headers["location"] == "/team/aanmelden?next=%2Fdender%2Fbalie%2Fnieuw"
    assert "Wat je typte, is bewaard" in waiting
    assert "Zoë" not in waiting
    assert value(page, "given_name") == "Zoë"


async def test_what_is_secret_is_not_kept(world: World) -> None:
    await world.sign_in_staff("clerk")

    await send(world, REGISTER, REGISTER, **TYPED)
    page = (await world.client.get(REGISTER)).text

    assert (value(page, "given_name"), value(page, "insz")) == ("Zoë", "")
    secrets = {
        name
        for _, page_ in pages()
        for name, call in fields(page_)
        if isinstance(call.node, nodes.Getattr) and call.node.attr in {"password", "code"}
    }
    assert secrets
    assert secrets <= SECRET_FIELDS


async def test_what_lies_in_the_store_cannot_be_read_there(world: World) -> None:
    await world.sign_in_staff("clerk")
    await send(world, REGISTER, REGISTER, **TYPED)

    token = str(world.client.cookies.get(COOKIE))
    stored = await world.services.cache.get(cache_key(token), bytes)

    assert stored
    assert b"Smet" not in stored
    assert opened(token, stored)
    assert opened(token[::-1], stored) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://kwaad.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://kwaad.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
async def test_a_form_of_another_site_never_comes_back_filled_in(
    world: World, headers: dict[str, str]
) -> None:
    await world.sign_in_staff("clerk")

    answer = await world.client.post(REGISTER, data=TYPED, headers=headers, follow_redirects=False)

    assert answer.status_code == 403
    assert COOKIE not in world.client.cookies


async def test_somebody_else_at_the_same_browser_does_not_read_it(world: World) -> None:
    await world.sign_in_staff("clerk")
    await send(world, REGISTER, REGISTER, **TYPED)
    await world.sign_in_staff("clerk")

    page = (await world.client.get(REGISTER)).text

    assert "Zoë" not in page


async def test_nor_does_another_resident_where_one_books_signed_in_or_not(world: World) -> None:
    session, anna, bilal = await world.session(10), await world.resident(), await world.resident()
    address = f"/dender/sessies/{session.id}/boeken/{uuid4()}"
    await world.sign_in(anna)
    await send(world, address, address, **{"plaatsen-base": "7"})

    await world.sign_in(bilal)
    of_bilal = (await world.client.get(address)).text
    await world.sign_in(anna)
    of_anna = (await world.client.get(address)).text

    assert "verzend opnieuw" not in of_bilal
    assert (value(of_bilal, "plaatsen-base"), value(of_anna, "plaatsen-base")) == ("1", "7")


async def test_a_button_alone_is_told_and_nothing_is_kept(world: World) -> None:
    session = await world.session(10)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    page = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}"

    sent = await send(world, f"{page}/deuren/{uuid4()}/sluiten", page)

    assert sent.status_code == 403
    assert COOKIE not in world.client.cookies


async def test_it_goes_when_somebody_signs_out(world: World) -> None:
    await world.sign_in_staff("clerk")
    await send(world, REGISTER, REGISTER, **TYPED)
    assert world.client.cookies.get(COOKIE)

    await world.post_form("/afmelden")

    assert COOKIE not in world.client.cookies


async def test_a_form_that_stood_on_the_answer_to_another_leads_to_the_page_above(world: World) -> None:
    session = await world.session(10)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    page = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}"

    sent = await send(world, f"{page}/deuren", f"{page}/deuren", door_id=uuid4())

    assert sent.headers["location"] == page


async def test_a_script_that_sends_a_field_is_told_and_nothing_is_kept(world: World) -> None:
    answer = await world.client.post(
        REGISTER,
        data=TYPED,
        headers={"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"},
        follow_redirects=False,
    )

    assert answer.status_code == 303
    assert COOKIE not in world.client.cookies


FORM = """{% import "ui/ui.html" as ui %}
{% call ui.form("/there", "token") %}
  {{ ui.radios("way", "Hoe?", [("cash", "Cash"), ("card", "Kaart")], "cash") }}
  {{ ui.select("town", "Waar?", [("1", "Aalst"), ("2", "Ninove")], "1") }}
  {{ ui.checkbox("culture", "Cultuur", true) }}
  {{ ui.checkbox("sport", "Sport") }}
  {{ ui.textarea("why", "Waarom?", "eerst") }}
  {{ ui.hidden("id", "new") }}
{% endcall %}
{{ ui.text("why", "Nog iets", "daarbuiten") }}"""


ASKED = """{% import "ui/ui.html" as ui %}
{% for which in "ab" %}
  {% call ui.ask_first("Weg", "Dan is het weg.", "Ja, weg", "/x/weg", "token", "/x") %}
    {{ ui.text("reason", "Waarom?") }}
  {% endcall %}
{% endfor %}"""


def drawn(action: str, page: str = FORM, **typed: list[str]) -> str:
    typed |= {"way": ["card"], "town": ["2"], "sport": ["true"], "why": ["<b>daarom</b>"], "id": ["old"]}
    before = REFILL.set(Refill(action, typed))
    try:
        return environment().from_string(page).render()
    finally:
        REFILL.reset(before)


def test_every_kind_of_field_is_filled_in_and_only_in_that_form() -> None:
    page = drawn("/there")

    controls = ('value="card"', 'value="2"', 'id="sport"', 'id="culture"', 'value="cash"', 'value="1"')
    chosen = [bool(re.search(rf"{each}[^>]*(checked|selected)", page)) for each in controls]
    assert chosen == [True, True, True, False, False, False]
    assert "&lt;b&gt;daarom&lt;/b&gt;</textarea>" in page
    assert 'name="id" value="new"' in page
    assert 'value="daarbuiten"' in page


def test_another_form_is_not_filled_in() -> None:
    page = drawn("/elsewhere")

    assert "verzend opnieuw" not in page
    assert ">eerst</textarea>" in page


def test_what_was_folded_in_is_open_when_it_comes_back_and_only_the_first_of_two() -> None:
    page = drawn("/x/weg", ASKED, reason=["te laat"])

    assert re.findall(r"<details[^>]*?(open)?>", page) == ["open", ""]
    assert page.count("verzend opnieuw") == page.count('value="te laat"') == 1


def test_every_form_that_is_folded_in_opens_when_it_comes_back() -> None:
    sources = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name, _ in pages()}
    folded = {
        name: each
        for name, source in sources.items()
        for each in re.findall(r"(<details.*?)</details>", source, re.DOTALL)
        if "ui.form(" in each
    }

    assert len(folded) >= 3
    assert [name for name, each in folded.items() if "form_comes_back(action)" not in each] == []
