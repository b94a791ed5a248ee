"""A form is taken from the browser that its page was given to, and from no other."""

import re

import pytest
from httpx import AsyncClient

from tests.builders import World, transport_to
from tests.identity.conftest import Opens, town
from tests.identity.steps import is_inside, link_of
from uit.web.cookie import BROWSER_COOKIE, DEVICE_COOKIE, SESSION_COOKIE
from uit.web.form_token import FIELD
from uit.web.public import CACHING

__all__ = ["town"]

SIGN_IN = "/aanmelden"
TOKENS = "/mijn/toegang"


def token_on(page: str) -> str:
    found = re.search(rf'name="{FIELD}" value="([^"]+)"', page)
    assert found
    return found[1]


async def sends(client: AsyncClient, token: str) -> int:
    answer = await client.post(TOKENS, data={FIELD: token, "form_id": "x"}, follow_redirects=False)
    return answer.status_code


async def test_a_token_with_its_cookie_is_worth_nothing_in_another_session(world: World) -> None:
    page = await world.client.get(SIGN_IN)
    planted = {BROWSER_COOKIE: world.client.cookies[BROWSER_COOKIE]}
    await world.sign_in(await world.resident())
    victim = world.client.cookies[SESSION_COOKIE]

    async with AsyncClient(transport=transport_to(world.app), base_url="http://testserver.local") as browser:
        browser.cookies.update({**planted, SESSION_COOKIE: victim})
        own = token_on((await browser.get(TOKENS)).text)
        assert await sends(browser, token_on(page.text)) == 403
        assert await sends(browser, own) == 422  # taken, and read: `x` is no id


async def test_the_token_of_one_session_is_not_that_of_another_of_the_same_person(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    first = token_on((await world.client.get(TOKENS)).text)
    await world.sign_in(anna)

    assert await sends(world.client, first) == 403
    assert await sends(world.client, token_on((await world.client.get(TOKENS)).text)) == 422


@pytest.mark.parametrize("token", ["", "0" * 128, "é"])
async def test_what_is_no_token_is_refused(world: World, token: str) -> None:
    await world.sign_in(await world.resident())

    assert await sends(world.client, token) == 403


async def test_a_token_in_a_header_or_in_json_is_none(world: World) -> None:
    await world.sign_in(await world.resident())
    token = await world.form_token()

    answer = await world.client.post(TOKENS, json={FIELD: token}, headers={"x-csrftoken": token})

    assert answer.status_code == 403


async def test_a_browser_that_signed_in_is_given_no_second_secret(world: World) -> None:
    await world.sign_in(await world.resident())

    await world.client.get(TOKENS)

    assert BROWSER_COOKIE not in world.client.cookies


async def test_over_tls_no_other_host_can_set_what_forms_are_bound_to(town: Opens) -> None:
    async with town(base_url="https://testserver.local") as world:
        world.client.cookies.set(BROWSER_COOKIE, "planted-by-a-neighbour")
        page = await world.client.get(SIGN_IN)
        line = page.headers["set-cookie"]

        assert line.startswith(f"__Host-{BROWSER_COOKIE}=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(line.split("; "))
        assert "Domain" not in line
        assert "Max-Age" not in line
        sent = {FIELD: token_on(page.text), "email": "no address"}
        assert (await world.client.post(SIGN_IN, data=sent)).status_code == 422


async def test_who_signed_in_before_the_names_changed_stays_in(town: Opens) -> None:
    """The cookie of a session has kept its name; only the anonymous one got the prefix."""
    async with town(base_url="https://testserver.local") as world:
        world.client.cookies.set(BROWSER_COOKIE, "0" * 128)
        await world.post_form(await link_of(world, await world.resident()))

        assert {f"__Host-{SESSION_COOKIE}", f"__Host-{DEVICE_COOKIE}"} <= world.client.cookies.keys()
        assert await is_inside(world)


@pytest.mark.parametrize("kept", ["", BROWSER_COOKIE, DEVICE_COOKIE])
async def test_a_public_page_sets_no_cookie_and_can_be_kept(world: World, kept: str) -> None:
    if kept:
        world.client.cookies.set(kept, "of-somebody")

    answer = await world.client.get("/privacy")

    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == CACHING.format(seconds=30)
    assert FIELD not in answer.text


async def test_asking_for_the_head_of_a_page_is_no_change(world: World) -> None:
    assert (await world.client.head("/privacy")).status_code == 200
    assert (await world.client.options(SIGN_IN)).status_code == 204
