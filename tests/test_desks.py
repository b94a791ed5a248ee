"""What every desk has, whoever works at it."""

import pytest

from tests.builders import World
from tests.test_access import AALST, OUR_ORGANISER, REGIONAL, address, rows_of_table

FLEMISH = ("tourism_officer", "assessor")


async def come_in(world: World, role: str) -> None:
    """A new member of staff with this role, where it belongs."""
    match role:
        case "organiser" | "box_office":
            await world.execute(
                "INSERT INTO organisers.organiser (region_id, id, name, created_at)"
                " VALUES (1, $1, 'De Werf', now())",
                OUR_ORGANISER,
            )
            await world.sign_in_staff(role, organiser_id=OUR_ORGANISER)
        case "municipality":
            await world.municipality(AALST)
            await world.sign_in_staff(role, region_id=0, refnis=AALST)
        case _:
            await world.sign_in_staff(role, region_id=0 if role in FLEMISH else 1)


@pytest.mark.parametrize("role", [*REGIONAL, *FLEMISH, "organiser", "box_office", "municipality"])
async def test_every_page_of_a_desk_has_the_way_out(world: World, role: str) -> None:
    await come_in(world, role)
    places = {path for method, path, who in rows_of_table() if method == "GET" and role in who.split(", ")}

    pages = {path: await world.client.get(address(path)) for path in {*places, "/team"}}
    shown = {path: page.text for path, page in pages.items() if page.status_code == 200}

    assert len(shown) > 1, places
    assert [path for path, text in shown.items() if 'action="/afmelden"' not in text] == []
