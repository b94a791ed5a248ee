"""What somebody is told and how: chosen by themselves, or by a clerk for who asks."""

from typing import Any

from tests.builders import Resident, World
from tests.passes.counter import acts, open_counter
from tests.passes.membership.test_ending import page_of
from uit.identity.message.kind import KINDS, kind_words

MINE = "/dender/mijn-gegevens/berichten"


async def choose(world: World, who: Resident, **kinds: str) -> Any:
    await world.sign_in(who)
    return await world.post_form(MINE, **kinds)


async def settings(world: World) -> dict[str, str]:
    return dict(await world.rows("SELECT kind, way FROM identity.message_setting"))


async def test_each_kind_has_its_way_and_what_is_not_chosen_goes_as_the_rest(world: World) -> None:
    anna = await world.resident()

    done = await choose(world, anna, booked="off", called_off="letter", changed="")
    page = (await world.client.get(done.headers["location"])).text

    assert done.headers["location"] == f"{MINE}?gedaan=bewaard"
    assert "Je keuze is bewaard." in page
    assert "Zoals gewoonlijk" in page
    assert await settings(world) == {"booked": "off", "called_off": "letter"}
    assert page.count("<select") == len(kind_words())
    assert page.count("selected") == len(kind_words())
    assert await acts(world) == ["message.choose"]


async def test_what_was_chosen_is_taken_back_and_a_repeat_says_nothing_new(world: World) -> None:
    anna = await world.resident()
    await choose(world, anna, booked="off")

    _, again = [await choose(world, anna, booked="") for _ in range(2)]

    assert again.headers["location"].endswith("?gedaan=niets")
    assert await settings(world) == {}
    assert await acts(world) == ["message.choose", "message.choose"]


async def test_what_matters_cannot_be_switched_off_and_the_rest_stays_chosen(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    page = (await world.client.get(MINE)).text

    refused = await choose(world, anna, called_off="off", booked="letter")

    assert page.count('value="off"') == sum(each.may_be_off for each in KINDS.values())
    assert refused.status_code == 422
    assert await settings(world) == {}
    assert 'href="#called_off"' in refused.text
    assert 'value="letter" selected' in refused.text


async def test_a_clerk_chooses_for_who_asks_and_leaves_a_trace(world: World) -> None:
    anna = await world.resident()
    await open_counter(world)
    address = f"{page_of(anna.membership_id)}/berichten"

    shown = await world.client.get(address)
    done = await world.post_form(address, cancelled="off")
    wrong = await world.post_form(address, money_back="off")

    assert (shown.status_code, done.status_code, wrong.status_code) == (200, 303, 422)
    assert await settings(world) == {"cancelled": "off"}
    assert await acts(world) == ["message.choose", "person.read"]
