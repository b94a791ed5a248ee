"""The list of differences: who sees it, and who closes one, once, with why."""

from uuid import UUID, uuid4

import pytest

from tests.builders import World

HOME = "/dender/verschillen"


async def a_difference(world: World, *, region_id: int = 1) -> UUID:
    made, seller_id = uuid4(), await world.organiser(region_id)
    await world.execute(
        "INSERT INTO credits.difference (region_id, id, seller_id, kind, external_id, expected_cents,"
        " found_cents, day, opened_at) VALUES ($1, $2, $3, 'charge', 'pi_17', 0, 1250, '2026-03-01', $4)",
        region_id, made, seller_id, world.clock.now(),
    )  # fmt: skip
    return made


async def test_an_officer_sees_what_differs_and_cannot_close_it(world: World) -> None:
    difference_id = await a_difference(world)
    await world.sign_in_staff("programme_officer")

    page = (await world.client.get(HOME)).text
    own = (await world.client.get(f"{HOME}/{difference_id}")).text
    answer = await world.post_form(f"{HOME}/{difference_id}", reason="Ik weet het")

    assert "Een betaling, De Werf" in page
    assert "1.250" not in page
    assert "€\xa012,50" in page
    assert ("pi_17" in own, "<textarea" in own, 'name="reason"' in own) == (True, False, False)
    assert answer.status_code == 403


async def test_a_director_closes_a_difference_with_why_and_it_stands_below(world: World) -> None:
    difference_id = await a_difference(world)
    await world.sign_in_staff("financial_director")

    answer = await world.post_form(f"{HOME}/{difference_id}", reason="  Verkoop van hun   eigen webshop ")

    page = (await world.client.get(answer.headers["location"])).text
    assert "Alles klopt" in page
    assert "Verkoop van hun eigen webshop (An Claes)" in page


async def test_a_difference_is_closed_once(world: World) -> None:
    difference_id = await a_difference(world)
    await world.sign_in_staff("financial_director")
    await world.post_form(f"{HOME}/{difference_id}", reason="Eerst")

    again = await world.post_form(f"{HOME}/{difference_id}", reason="Nog eens")

    assert again.status_code == 409
    assert await world.value("SELECT reason FROM credits.difference") == "Eerst"


async def test_without_a_reason_nothing_is_closed(world: World) -> None:
    difference_id = await a_difference(world)
    await world.sign_in_staff("financial_director")

    answer = await world.post_form(f"{HOME}/{difference_id}", reason=" ")

    assert answer.status_code == 422
    assert "Schrijf hoe het verschil er kwam." in answer.text
    assert await world.value("SELECT closed_at FROM credits.difference") is None


async def test_a_difference_of_another_region_is_not_there(world: World) -> None:
    difference_id = await a_difference(world, region_id=2)
    await world.sign_in_staff("financial_director")

    assert (await world.client.get(f"{HOME}/{difference_id}")).status_code == 404
    assert "Alles klopt" in (await world.client.get(HOME)).text


@pytest.mark.parametrize(
    ("role", "page", "links"),
    [
        ("financial_director", "verkopers", ["verschillen", "dagboek"]),
        ("financial_director", "verschillen", ["verkopers", "dagboek"]),
        ("auditor", "verkopers", ["dagboek", "jaren"]),
        ("programme_officer", "kassas", ["verkopers", "verschillen"]),
    ],
)
async def test_every_page_of_a_region_leads_to_what_one_may_open(
    world: World, role: str, page: str, links: list[str]
) -> None:
    await world.sign_in_staff(role)

    text = (await world.client.get(f"/dender/{page}")).text

    assert [link for link in links if f'href="/dender/{link}"' not in text] == []
