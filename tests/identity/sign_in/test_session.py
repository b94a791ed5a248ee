"""A session ends where and when its owner says, and by itself."""

from datetime import timedelta

import pytest

from tests.builders import World
from tests.identity.steps import is_inside, link_of
from uit.identity.authentication import SESSION_COOKIE


async def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(world: World) -> None:
    await world.sign_in(await world.resident())
    assert await is_inside(world)

    answer = await world.post_form("/afmelden")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert world.client.cookies[SESSION_COOKIE]
    assert not await is_inside(world)


async def test_the_browser_is_told_to_drop_its_cookie(world: World) -> None:
    await world.post_form(await link_of(world, await world.resident()))

    await world.post_form("/afmelden")

    assert SESSION_COOKIE not in world.client.cookies


async def test_signing_out_everywhere_ends_the_sessions_of_other_devices_too(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    phone = world.client.cookies[SESSION_COOKIE]
    assert await is_inside(world)
    await world.sign_in(anna)

    await world.post_form("/afmelden/overal")

    world.client.cookies.set(SESSION_COOKIE, phone)
    assert not await is_inside(world)


async def test_signing_out_everywhere_leaves_others_in(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await world.sign_in(bilal)
    of_bilal = world.client.cookies[SESSION_COOKIE]
    await world.sign_in(anna)

    await world.post_form("/afmelden/overal")

    world.client.cookies.set(SESSION_COOKIE, of_bilal)
    assert await is_inside(world)


async def test_signing_out_without_being_in_does_nothing(world: World) -> None:
    assert (await world.post_form("/afmelden")).status_code == 303


@pytest.mark.parametrize("address", ["/afmelden", "/afmelden/overal"])
async def test_who_leaves_a_page_that_was_open_too_long_is_out(world: World, address: str) -> None:
    await world.sign_in(await world.resident())

    answer = await world.client.post(
        address, data={"_csrf_token": "0" * 128}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert "verzend opnieuw" not in answer.text
    assert not await is_inside(world)


async def test_another_site_signs_nobody_out(world: World) -> None:
    await world.sign_in(await world.resident())

    answer = await world.client.post("/afmelden", data={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert await is_inside(world)


async def test_a_resident_stays_in_for_thirty_days(world: World) -> None:
    await world.post_form(await link_of(world, await world.resident()))

    world.clock.move(timedelta(days=29))
    assert await is_inside(world)
    world.clock.move(timedelta(days=1))
    assert not await is_inside(world)


@pytest.mark.parametrize(("table", "role"), [("person", None), ("staff", "clerk")])
async def test_an_open_session_is_worth_nothing_once_its_owner_has_ended(
    world: World, table: str, role: str | None
) -> None:
    await (world.sign_in_staff(role) if role else world.sign_in(await world.resident()))

    await world.execute(f"UPDATE identity.{table} SET ended_at = $1", world.clock.now())

    assert not await is_inside(world, "/team" if role else "/mijn/toegang")
