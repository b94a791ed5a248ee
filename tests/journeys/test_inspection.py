"""The inspection of every page finds what it is there for."""

import pytest
from playwright.async_api import Browser

from tests.journeys.inspection import Inspector
from tests.town import Town

POLICY = "default-src 'none'; style-src 'self'"
GOOD = '<!DOCTYPE html><html lang="nl"><title>Goed</title><a class="skip" href="#main">Naar de inhoud</a>{}'


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ('<img src="/assets/none.png">', "image-alt"),
        ('<p style="color: red">Rood</p>', "Content Security Policy"),
        (f"<p>{'breed' * 100}</p>", "too wide"),
        (f"<!-- {' '.join(map(str, range(60_000)))} -->", "weighs"),
        ('<input name="wie">', "label"),
        (f"<table><thead><tr><th>{'Wij stelden vast ' * 9}</thead></table>", "breaks"),
    ],
)
async def test_what_is_wrong_with_a_page_is_said(
    town: Town, chromium: Browser, part: str, fault: str
) -> None:
    faults = await (await Inspector.start(chromium)).faults(
        f"{town.base}/hulp", GOOD.format(f"<main>{part}</main>"), POLICY
    )

    assert any(fault in each for each in faults), faults


async def test_a_page_without_a_way_to_its_content_and_without_policy_is_named(
    town: Town, chromium: Browser
) -> None:
    page = GOOD.replace('class="skip"', "").format("<p>Tekst</p>")

    faults = await (await Inspector.start(chromium)).faults(f"{town.base}/hulp", page, "")

    assert "no content security policy" in faults
    assert any("the keyboard starts at ''" in each for each in faults)


async def test_a_good_page_has_no_faults(town: Town, chromium: Browser) -> None:
    assert (
        await (await Inspector.start(chromium)).faults(
            f"{town.base}/hulp", GOOD.format("<h1>Goed</h1>"), POLICY
        )
        == []
    )
