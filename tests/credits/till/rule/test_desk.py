"""A region sets from which amount a second person signs for a till."""

import pytest

from credits.till.rule.rule import needs_signature
from tests.builders import World
from tests.credits.till.drawers import a_clerk, a_drawer, read_page, try_to_open

ADDRESS = "/dender/kassas"


async def test_an_officer_sets_the_amount_from_which_a_closing_is_signed_for(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    answer = await world.post_form(ADDRESS, amount="20")

    page = await read_page(world, answer.headers["location"])
    assert "Bewaard." in page
    assert 'value="20,00"' in page
    left = await a_drawer(world, 1999)
    await left.end(1999)
    assert await world.value("SELECT needs_signature FROM credits.till_session") is False


async def test_the_same_amount_again_is_not_written_down_again(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    for amount in ("20", "20,00", "0"):
        await world.post_form(ADDRESS, amount=amount)

    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'till.rule'") == 2


@pytest.mark.parametrize("amount", ["", "veel", "-5"])
async def test_what_is_no_amount_is_asked_again(world: World, amount: str) -> None:
    await world.sign_in_staff("programme_officer")

    answer = await world.post_form(ADDRESS, amount=amount)

    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text


async def test_a_closing_keeps_the_rule_of_its_day(world: World) -> None:
    drawer, bilal = await a_drawer(world, 1500), await a_clerk(world)
    await drawer.end(1500)
    await world.sign_in_staff("programme_officer")
    await world.post_form(ADDRESS, amount="20")

    await try_to_open(world, drawer.worker.organiser_id, drawer.till_id, bilal, found_cents=1500)

    signed = await world.value("SELECT signed_by FROM credits.till_session WHERE id = $1", drawer.session_id)
    assert signed == bilal


@pytest.mark.parametrize(
    ("left_cents", "limit_cents", "needed"),
    [(0, 0, False), (1, 0, True), (1999, 2000, False), (2000, 2000, True)],
)
def test_an_empty_drawer_and_one_under_the_amount_need_no_signature(
    left_cents: int, limit_cents: int, *, needed: bool
) -> None:
    assert needs_signature(left_cents, limit_cents) is needed
