"""The navigation of a resident: the same on every page, with the present one marked."""

import re

from tests.builders import World
from tests.reservations.catalogue.test_pages import booked

MENU = re.compile(r'<nav aria-label="Hoofdmenu">(.*?)</nav>', re.DOTALL)
PLACES = [
    ("/dender/agenda", "Agenda"),
    ("/dender/mijn-pas", "Mijn pas"),
    ("/dender/mijn-krediet", "Mijn krediet"),
    ("/dender/mijn-boekingen", "Mijn boekingen"),
    ("/dender/mijn-gegevens", "Mijn gegevens"),
]


async def menu_at(world: World, address: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The places of the navigation on a page, and those that are marked as the present one."""
    answer = await world.client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    found = MENU.search(answer.text)
    menu = found[1] if found else ""
    links = re.findall(r'<a href="([^"]*)"([^>]*)>([^<]*)</a>', menu)
    return [(href, text) for href, _, text in links], [
        text for _, rest, text in links if "aria-current" in rest
    ]


async def test_it_is_the_same_on_every_page_and_marks_where_one_is(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session)
    pages = {
        "/dender": [],
        "/dender/agenda": ["Agenda"],
        f"/dender/evenementen/{session.event_id}": ["Agenda"],
        f"/dender/sessies/{session.id}/boeken": ["Agenda"],
        "/dender/mijn-pas": ["Mijn pas"],
        "/dender/mijn-krediet": ["Mijn krediet"],
        "/dender/mijn-boekingen": ["Mijn boekingen"],
        "/dender/mijn-gegevens": ["Mijn gegevens"],
        f"/dender/boekingen/{booking_id}": ["Mijn boekingen"],
        f"/dender/boekingen/{booking_id}/annuleren": ["Mijn boekingen"],
        "/dender/mandje": [],
        "/hulp?regio=dender": [],
        "/privacy?regio=dender": [],
        "/toegankelijkheid?regio=dender": [],
        "/labels?regio=dender": [],
    }

    seen = {address: await menu_at(world, address) for address in pages}

    assert seen == {address: (PLACES, present) for address, present in pages.items()}


async def test_what_is_in_the_basket_is_in_it_on_every_page(world: World) -> None:
    session = await world.session()
    await world.sign_in(await world.resident(credit_cents=1000))
    await world.post_form(f"/dender/mandje/{session.id}")
    basket = ("/dender/mandje", "Mandje (1)")

    for address in ("/dender/agenda", "/dender/mijn-pas", "/dender/mijn-krediet", "/hulp?regio=dender"):
        places, _ = await menu_at(world, address)
        assert places == [*PLACES, basket], address


async def test_its_pages_lead_to_those_of_all_regions_and_back(world: World) -> None:
    await world.sign_in(await world.resident())

    page = (await world.client.get("/dender/mijn-krediet")).text

    for address in ("hulp", "labels", "privacy", "toegankelijkheid"):
        assert f'href="/{address}?regio=dender"' in page


async def test_who_is_not_signed_in_sees_nothing_of_ones_own(world: World) -> None:
    assert await menu_at(world, "/hulp") == ([], [])
    assert await menu_at(world, "/hulp?regio=nergens") == ([], [])
    assert await menu_at(world, "/dender/agenda") == (PLACES[:1], ["Agenda"])
