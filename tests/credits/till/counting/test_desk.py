"""The end of a day at the desk: a blind count, and a closing with its reason."""

import pytest

from tests.builders import World
from tests.credits.till.drawers import (
    a_clerk,
    a_drawer,
    account_cents,
    faults,
    home,
    read_page,
    signed_in_drawer,
)


async def test_a_clerk_counts_blind_closes_fifty_cents_short_and_says_why(world: World) -> None:
    drawer, address = await signed_in_drawer(world)
    await drawer.sell(500)
    assert "105,00" not in await read_page(world, f"{address}/tellen")

    await world.post_form(f"{address}/tellen", counted="104,50")
    assert "Er is € 0,50 te weinig." in await read_page(world, f"{address}/sluiten")
    closed = await world.post_form(f"{address}/sluiten", reason="Verkeerd teruggegeven", to_safe="4,50")

    report = await read_page(world, closed.headers["location"])
    assert "De kassa is gesloten." in report
    assert report.count("Verkeerd teruggegeven") == 2
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 10_000
    assert await faults(world) == []


async def test_coins_and_notes_are_added_up(world: World) -> None:
    _, address = await signed_in_drawer(world)

    await world.post_form(
        f"{address}/tellen", counted="", **{"pieces-5000": "1", "pieces-200": "3", "pieces-5": "2"}
    )

    counted = await world.rows("SELECT counted_cents, denominations::text FROM credits.till_session")
    assert counted == [(5610, '{"5": 2, "200": 3, "5000": 1}')]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"counted": ""}, "counted"),
        ({"counted": "veel"}, "counted"),
        ({"counted": "10", "pieces-500": "1"}, "counted"),
        ({"pieces-500": "een"}, "pieces-500"),
        ({"pieces-500": "-1"}, "pieces-500"),
    ],
)
async def test_a_count_that_cannot_be_read_is_asked_again(
    world: World, fields: dict[str, str], wrong: str
) -> None:
    _, address = await signed_in_drawer(world)

    answer = await world.post_form(f"{address}/tellen", **fields)

    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    assert await world.value("SELECT counted_at FROM credits.till_session") is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"to_safe": "0", "reason": ""}, "reason"),
        ({"to_safe": "100", "reason": "Geteld"}, "to_safe"),
        ({"to_safe": "x", "reason": "Geteld"}, "to_safe"),
    ],
)
async def test_a_closing_asks_for_its_reason_and_leaves_no_less_than_nothing(
    world: World, fields: dict[str, str], wrong: str
) -> None:
    drawer, address = await signed_in_drawer(world)
    await drawer.count(9950)

    answer = await world.post_form(f"{address}/sluiten", **fields)

    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text


async def test_a_second_count_is_refused_and_changes_nothing(world: World) -> None:
    _, address = await signed_in_drawer(world)
    await world.post_form(f"{address}/tellen", counted="99")

    answer = await world.post_form(f"{address}/tellen", counted="100")

    assert answer.status_code == 409
    assert await world.value("SELECT counted_cents FROM credits.till_session") == 9900


async def test_an_organiser_closes_the_till_that_a_clerk_left_open(world: World) -> None:
    drawer = await a_drawer(world, staff_id=await a_clerk(world))
    seller = drawer.worker.organiser_id
    await world.sign_in_staff("organiser", organiser_id=seller)
    address = f"{home(seller)}/{drawer.session_id}"

    assert "Deze kassa is van een collega." in await read_page(world, address)
    await world.post_form(f"{address}/tellen", counted="100")
    closed = await world.post_form(f"{address}/sluiten", to_safe="100")

    assert closed.headers["location"] == f"{address}/verslag?gedaan=gesloten"
    assert await world.value("SELECT left_cents FROM credits.till_session") == 0
