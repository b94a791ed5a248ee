"""Tills at the counter of a municipality, where clerks sell for an organiser."""

from typing import Any
from uuid import UUID, uuid4

from tests.builders import World
from tests.credits.till.drawers import a_drawer, a_seller, a_till, home
from tests.test_access import AALST, NINOVE


async def counters(world: World) -> None:
    """Two municipalities of the region, each with a counter."""
    for refnis, name in ((AALST, "Aalst"), (NINOVE, "Ninove")):
        await world.municipality(refnis, name)
        await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", refnis)


async def placed(world: World, seller_id: UUID, name: str, refnis: str) -> UUID:
    """A till that its organiser placed at a counter."""
    till_id = await a_till(world, seller_id, name)
    await world.sign_in_staff("organiser", organiser_id=seller_id)
    await world.post_form(f"{home(seller_id)}/plaats/{till_id}", **{f"counter-{till_id}": refnis})
    return till_id


async def opened(world: World, seller_id: UUID, till_id: UUID) -> Any:
    form = {"session_id": uuid4(), "found": "0", "added": "10"}
    return await world.post_form(f"{home(seller_id)}/openen/{till_id}", **form)


async def test_a_clerk_opens_the_till_that_an_organiser_placed_at_their_counter(world: World) -> None:
    seller_id = await a_seller(world)
    await counters(world)
    till_id = await placed(world, seller_id, "Balie Aalst", AALST)
    await world.sign_in_staff("clerk", refnis=AALST)

    listed = (await world.client.get("/dender/balie/kassas")).text
    tills = (await world.client.get(home(seller_id))).text
    answer = await opened(world, seller_id, till_id)

    assert f'href="{home(seller_id)}"' in listed
    assert "Balie Aalst" in tills
    assert "Dagverslag" not in tills
    assert answer.status_code == 303
    assert (await world.client.get(answer.headers["location"])).status_code == 200


async def test_the_page_of_the_tills_says_to_their_organiser_where_each_stands(world: World) -> None:
    seller_id = await a_seller(world)
    await counters(world)
    await a_till(world, seller_id, "Kassa inkom")
    await placed(world, seller_id, "Balie Aalst", AALST)

    page = (await world.client.get(home(seller_id))).text

    assert "Staat bij jullie zelf" in page
    assert "Staat aan de balie van Aalst" in page


async def test_other_tills_of_that_organiser_are_unknown_to_a_clerk(world: World) -> None:
    seller_id = await a_seller(world)
    await counters(world)
    own = await a_drawer(world, seller_id=seller_id, name="Kassa inkom")
    sold = await own.sell(500)
    elsewhere = await placed(world, seller_id, "Balie Ninove", NINOVE)
    await world.sign_in_staff("clerk", refnis=AALST)

    page = (await world.client.get(home(seller_id))).text
    pages = [
        await world.client.get(f"{home(seller_id)}/{path}")
        for path in (own.session_id, f"{own.session_id}/verslag", f"openen/{elsewhere}", f"bonnen/{sold.id}")
    ]

    assert "Kassa inkom" not in page
    assert "Balie Ninove" not in page
    assert [each.status_code for each in pages] == [404] * 4
    assert (await opened(world, seller_id, elsewhere)).status_code == 404
    assert (await world.client.get(f"{home(seller_id)}/dag")).status_code == 403


async def test_a_clerk_of_the_region_works_at_any_of_its_counters(world: World) -> None:
    seller_id = await a_seller(world)
    await counters(world)
    till_id = await placed(world, seller_id, "Balie Ninove", NINOVE)
    await world.sign_in_staff("clerk")

    assert (await opened(world, seller_id, till_id)).status_code == 303


async def test_a_till_that_is_taken_away_from_a_counter_is_unknown_there(world: World) -> None:
    seller_id = await a_seller(world)
    await counters(world)
    till_id = await placed(world, seller_id, "Balie Aalst", AALST)
    await world.post_form(f"{home(seller_id)}/plaats/{till_id}", **{f"counter-{till_id}": ""})
    await world.sign_in_staff("clerk", refnis=AALST)

    listed = (await world.client.get("/dender/balie/kassas")).text

    assert str(seller_id) not in listed
    assert (await opened(world, seller_id, till_id)).status_code == 404


async def test_what_is_no_counter_of_the_region_is_the_own_box_office(world: World) -> None:
    seller_id = await a_seller(world)
    await counters(world)

    await placed(world, seller_id, "Kassa", "11002")

    assert await world.value("SELECT counter_refnis FROM credits.till") is None


async def test_the_own_staff_of_an_organiser_work_at_its_tills_everywhere(world: World) -> None:
    seller_id = await a_seller(world)
    await counters(world)
    till_id = await placed(world, seller_id, "Balie Aalst", AALST)
    await world.sign_in_staff("box_office", organiser_id=seller_id)

    assert (await opened(world, seller_id, till_id)).status_code == 303
