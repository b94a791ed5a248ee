"""Where a resident is signed in: each browser with when it was last used, and ending one of them."""

import re
from datetime import timedelta

from tests.builders import Resident, World
from tests.identity.steps import is_inside, link_of
from tests.passes.counter import acts
from tests.reservations.sessions.test_desk import text_of

HOME = "/mijn/toestellen"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile"


async def on_phone(world: World, who: Resident) -> dict[str, str]:
    """Signed in on a phone; its cookies."""
    world.client.cookies.clear()
    link = await link_of(world, who)
    usual = world.client.headers["user-agent"]
    world.client.headers["user-agent"] = PHONE
    await world.post_form(link)
    world.client.headers["user-agent"] = usual
    cookies = dict(world.client.cookies)
    world.client.cookies.clear()
    return cookies


async def named_sessions(world: World) -> list[str]:
    return re.findall(r'name="session" value="([0-9a-f]+)"', (await world.client.get(HOME)).text)


async def test_each_browser_has_its_name_and_the_day_on_which_it_was_last_used(world: World) -> None:
    anna = await world.resident()
    phone = await on_phone(world, anna)
    world.clock.move(timedelta(days=3))
    world.client.cookies.update(phone)
    assert await is_inside(world)
    world.clock.move(timedelta(days=3))
    world.client.cookies.clear()
    await world.sign_in(anna)

    page = text_of(await world.client.get(HOME))

    assert "Toestel Chrome, Android" in page
    assert "Laatst gebruikt 5 maart 2026" in page
    assert "Laatst gebruikt 8 maart 2026" in page


async def test_one_that_is_signed_out_is_out_at_once_and_not_known_any_more(world: World) -> None:
    anna = await world.resident()
    phone = await on_phone(world, anna)
    await world.sign_in(anna)
    here = dict(world.client.cookies)
    [named] = await named_sessions(world)

    done = await world.post_form(f"{HOME}/beeindigen", session=named)
    world.client.cookies.clear()
    world.client.cookies.update(phone)
    outside = await is_inside(world)
    world.client.cookies.clear()
    world.client.cookies.update(here)

    assert (done.status_code, outside, await is_inside(world)) == (303, False, True)
    assert await acts(world) == ["session.end"]
    assert await world.value("SELECT count(*) FROM identity.device WHERE person_id = $1", anna.person_id) == 0


async def test_nobody_signs_another_out(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await on_phone(world, anna)
    await world.sign_in(anna)
    [named] = await named_sessions(world)
    await world.sign_in(bilal)

    refused = await world.post_form(f"{HOME}/beeindigen", session=named)

    assert refused.status_code == 404
    assert await world.value("SELECT count(*) FROM identity.session WHERE revoked_at IS NOT NULL") == 0


async def test_everywhere_is_everywhere(world: World) -> None:
    anna = await world.resident()
    phone = await on_phone(world, anna)
    await world.sign_in(anna)

    await world.post_form("/afmelden/overal")
    world.client.cookies.update(phone)

    assert await is_inside(world) is False
