"""The inspection of every page finds what it is there for."""

import pytest
from playwright.async_api import Browser

from tests.journeys.inspection import Inspector
from tests.town import Town
from uit.web.view import asset

POLICY = "default-src 'none'; style-src 'self'"
SHEET = f'<link rel="stylesheet" href="{asset("uit.css")}">'
GOOD = f'<!DOCTYPE html><html lang="nl"><title>Goed</title>{SHEET}'
GOOD += '<a class="skip" href="#main">Naar de inhoud</a>{}'
WIDE = f"<table><tr><td>{'breed' * 20}<td>€ 4,00</table>"
SWIPED = f'<div class="table" role="region" aria-label="Breed" tabindex="0">{WIDE}</div>'


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ('<img src="/assets/none.png">', "image-alt"),
        ('<p style="color: red">Rood</p>', "Content Security Policy"),
        (f"<pre>{'breed' * 100}</pre>", "too wide"),
        (f"<!-- {' '.join(map(str, range(60_000)))} -->", "weighs"),
        ('<input name="wie">', "label"),
        ('<p class="huge">Allervriendelijkst, allervriendelijkst</p>', "phone: a word is broken: Allerv"),
        (
            '<ul id="problems"><li><a href="#wie">Vul in.</a></ul><label>Je naam <input id="wie"></label>',
            "names no field: Vul in.",
        ),
        (SWIPED, "phone: cut off: € 4,00"),
        (f'<div class="card">{WIDE}</div>', "cut off: € 4,00"),
        (f"<table><thead><tr><th>{'Wij stelden vast ' * 9}</thead></table>", "a heading breaks"),
    ],
)
async def test_what_is_wrong_with_a_page_is_said(
    town: Town, chromium: Browser, part: str, fault: str
) -> None:
    faults = await (await Inspector.start(chromium)).faults(
        f"{town.base}/hulp", GOOD.format(f"<main>{part}</main>"), POLICY
    )

    assert any(fault in each for each in faults), faults


async def test_only_a_table_at_a_desk_may_be_swiped_and_only_on_a_phone(
    town: Town, chromium: Browser
) -> None:
    page = f'<body class="desk"><main><h1>Goed</h1>{SWIPED}</main>'

    faults = await (await Inspector.start(chromium)).faults(f"{town.base}/hulp", GOOD.format(page), POLICY)

    assert faults == []


async def test_a_page_without_a_way_to_its_content_and_without_policy_is_named(
    town: Town, chromium: Browser
) -> None:
    page = GOOD.replace('class="skip"', "").format("<p>Tekst</p>")

    faults = await (await Inspector.start(chromium)).faults(f"{town.base}/hulp", page, "")

    assert "no content security policy" in faults
    assert any("the keyboard starts elsewhere" in each for each in faults)


async def test_a_good_page_has_no_faults(town: Town, chromium: Browser) -> None:
    assert (
        await (await Inspector.start(chromium)).faults(
            f"{town.base}/hulp", GOOD.format("<h1>Goed</h1>"), POLICY
        )
        == []
    )
