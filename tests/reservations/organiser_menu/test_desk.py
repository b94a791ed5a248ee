"""The menu of an organiser's desk is short, and leads to every page of it in two presses."""

import re

from tests.builders import World
from tests.reservations.sessions.test_desk import text_of

NAV = re.compile(r"<nav.*?</nav>", re.DOTALL)
LINK = re.compile(r'href="([^"]+)"')
PAGES = (
    *("vandaag", "activiteiten", "zaalplannen", "samen", "maatregelen", "kassa", "betalen", "facturen"),
    *("klanten", "dagboek", "tarieven", "afwezigen", "dertig-dagen", "voorbij"),
    *("cursussen", "wachtlijsten", "hulp"),
)


async def desk(world: World, role: str = "organiser") -> str:
    organiser_id = await world.organiser()
    await world.sign_in_staff(role, organiser_id=organiser_id)
    return f"/dender/organisaties/{organiser_id}"


async def menu_of(world: World, address: str) -> str:
    answer = await world.client.get(address)
    assert answer.status_code == 200, address
    return str(NAV.findall(answer.text)[0])


async def test_every_page_is_reached_in_two_presses(world: World) -> None:
    home = await desk(world)

    first = LINK.findall(await menu_of(world, f"{home}/vandaag"))
    second = {link for each in first for link in LINK.findall((await world.client.get(each)).text)}

    assert len(first) == 6
    assert {f"{home}/{page}" for page in PAGES} <= {*first, *second}


async def test_the_entry_that_one_is_in_is_marked_on_the_pages_behind_it(world: World) -> None:
    home = await desk(world)
    behind = {
        "zaalplannen": "Zalen",
        "facturen": "Geld",
        "tarieven": "Meer",
        "cursussen": "Meer",
        "menu/geld": "Geld",
    }

    for page, name in behind.items():
        menu = await menu_of(world, f"{home}/{page}")
        assert re.findall(r'aria-current="page">([^<]+)', menu) == [name], page


async def test_a_box_office_has_its_evening_its_bookings_and_its_till(world: World) -> None:
    home = await desk(world, "box_office")

    menu = await menu_of(world, f"{home}/vandaag")

    assert re.findall(r">([A-Z][a-z]+)</a>", menu) == ["Vandaag", "Boekingen", "Kassa"]
    assert (await world.client.get(f"{home}/menu/geld")).status_code == 403


async def test_no_other_group_is_a_page(world: World) -> None:
    home = await desk(world)

    assert "Zaalplannen" in text_of(await world.client.get(f"{home}/menu/zalen"))
    assert (await world.client.get(f"{home}/menu/alles")).status_code == 404


async def test_all_that_the_help_leads_to_is_a_page_of_who_reads_it(world: World) -> None:
    for role in ("organiser", "box_office"):
        home = await desk(world, role)
        told = (await world.client.get(f"{home}/hulp")).text.partition("<main")[2]
        leads = {link for link in LINK.findall(told) if link.startswith(home)}

        found = {link: (await world.client.get(link)).status_code for link in leads}
        assert len(leads) >= 4
        assert set(found.values()) == {200}, (role, found)
