"""What every desk has, whoever works at it."""

import re
from typing import Any
from uuid import UUID

import pytest

from tests.builders import World
from tests.test_access import (
    AALST,
    NINOVE,
    OTHER_ORGANISER,
    OTHER_PARTNER,
    OUR_ORGANISER,
    OUR_PARTNER,
    REGIONAL,
    REGIONS,
    address,
    rows_of_table,
    staff,
)
from uit.identity.staff.role import OF_A_PARTNER, ROLE_DESKS

FLEMISH = ("tourism_officer", "assessor")


async def add_organiser(world: World, organiser_id: UUID) -> None:
    await world.execute(
        "INSERT INTO organisers.organiser (region_id, id, name, created_at) VALUES (1, $1, 'De Werf', now())",
        organiser_id,
    )


async def add_partners(world: World) -> None:
    for region_id in (1, 2):
        for partner_id in (OUR_PARTNER, OTHER_PARTNER):
            await world.execute(
                "INSERT INTO identity.partner (region_id, id, kind, name, created_at)"
                " VALUES ($1, $2, 'school', $3, now())",
                region_id, partner_id, partner_id.hex,
            )  # fmt: skip


async def come_in(world: World, role: str) -> None:
    """A new member of staff with this role, where it belongs."""
    match role:
        case "organiser" | "box_office":
            await add_organiser(world, OUR_ORGANISER)
            await world.sign_in_staff(role, organiser_id=OUR_ORGANISER)
        case "group_worker" | "social_worker":
            await add_partners(world)
            await world.sign_in_staff(role, partner_id=OUR_PARTNER)
        case "municipality":
            await world.municipality(AALST)
            await world.sign_in_staff(role, region_id=0, refnis=AALST)
        case _:
            await world.sign_in_staff(role, region_id=0 if role in FLEMISH else 1)


NAV = re.compile(r'<nav aria-label="Hoofdmenu">.*?</nav>', re.DOTALL)
LINK = re.compile(r'href="(/[^"#]*)"')


BEHIND_ANOTHER = {"/dender/programmas/nieuw", "/dender/balie/herbekijken"}
"""What stands in a menu beside the pages of somebody's work: a form of one, and a page of a counter."""


def menu_in(page: str) -> list[str]:
    """The links of the main menu of a page."""
    return [link for menu in NAV.findall(page) for link in LINK.findall(menu)]


async def menus_walked(world: World, role: str) -> dict[str, int]:
    """Every page to which the menu of a page leads that this role opens, with its status."""
    shown = (await world.client.get("/team")).text
    waiting = re.findall(r'<h2>\s*<a href="([^"]+)"', shown)
    waiting += [
        address(path)
        for method, path, who in rows_of_table()
        if method == "GET" and role in who.split(", ") and not path.startswith("/api")
    ]
    pages = {link: await world.client.get(link) for link in dict.fromkeys(waiting)}
    in_menus = {link for page in pages.values() for link in menu_in(page.text)}
    more = {link: await world.client.get(link) for link in in_menus - pages.keys()}
    return {link: (pages | more)[link].status_code for link in in_menus}


@pytest.mark.parametrize(
    "role", [*REGIONAL, *FLEMISH, "organiser", "box_office", *OF_A_PARTNER, "municipality"]
)
async def test_menus_lead_to_what_opens_and_to_nothing_else(world: World, role: str) -> None:
    await come_in(world, role)

    walked = await menus_walked(world, role)

    assert walked
    assert {link: status for link, status in walked.items() if status != 200} == {}


@pytest.mark.parametrize("role", ["programme_officer", "financial_director", "auditor"])
async def test_what_stands_in_the_menu_of_a_region_stands_on_the_page_of_work(
    world: World, role: str
) -> None:
    await come_in(world, role)
    shown = (await world.client.get("/team")).text

    in_menu = set(menu_in((await world.client.get("/dender/programmas")).text))

    assert len(in_menu) > 4
    assert in_menu - set(LINK.findall(shown)) <= BEHIND_ANOTHER


@pytest.mark.parametrize(
    "role", [*REGIONAL, *FLEMISH, "organiser", "box_office", *OF_A_PARTNER, "municipality"]
)
async def test_every_page_of_a_desk_has_the_way_out(world: World, role: str) -> None:
    await come_in(world, role)
    places = {path for method, path, who in rows_of_table() if method == "GET" and role in who.split(", ")}

    pages = {path: await world.client.get(address(path)) for path in {*places, "/team"}}
    shown = {path: page.text for path, page in pages.items() if page.status_code == 200}

    assert len(shown) > 1, places
    assert [path for path, text in shown.items() if 'action="/afmelden"' not in text] == []


async def test_the_page_with_somebodys_work_links_a_desk_exactly_when_it_lets_them_in(world: World) -> None:
    for refnis in (AALST, NINOVE):
        await world.municipality(refnis)
    for organiser_id in (OUR_ORGANISER, OTHER_ORGANISER):
        await add_organiser(world, organiser_id)
    await add_partners(world)
    surprises = []
    for visitor in staff():
        if visitor.name == "social_worker of nobody":
            continue  # their page of work has no desk, and no address to try
        limits: dict[str, Any] = {
            "organiser_id": visitor.organiser_id,
            "refnis": visitor.refnis,
            "partner_id": visitor.partner_id,
        }
        await world.sign_in_staff(visitor.kind, region_id=REGIONS[visitor.region or "platform"], **limits)
        shown = (await world.client.get("/team")).text
        of_role = ROLE_DESKS[visitor.kind]
        desks = [
            pattern.format(region=visitor.region, **limits)
            for pattern in (of_role.address, *of_role.more)
            if pattern
        ]
        open_desks = [desk for desk in desks if (await world.client.get(desk)).status_code == 200]
        linked = re.findall(r'<h2>\s*<a href="([^"]+)"', shown)
        if linked != open_desks:
            surprises.append(f"{visitor.name}: {linked}, and in are {open_desks} of {desks}")

    assert surprises == []
