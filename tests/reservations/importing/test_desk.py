"""A region says whether UiTdatabank counts what was booked here."""

import re

from tests.builders import World
from tests.credits.till.drawers import read_page

ADDRESS = "/dender/uitdatabank"


async def chosen(world: World, address: str = ADDRESS) -> list[str]:
    """The answers that are chosen on the page."""
    page = await read_page(world, address)
    inputs = re.findall(r"<input[^>]*type=\"radio\"[^>]*>", page)
    return [each.split('value="')[1].split('"')[0] for each in inputs if " checked" in " ".join(each.split())]


async def test_nobody_knows_who_counts_until_an_officer_says_so(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    assert await chosen(world) == ["unknown"]

    answer = await world.post_form(ADDRESS, counting="ours_included")

    assert "Bewaard." in await read_page(world, answer.headers["location"])
    assert await chosen(world) == ["ours_included"]


async def test_what_is_so_already_is_not_written_down_again(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    for counting in ("unknown", "ours_included", "ours_included", "ours_excluded"):
        await world.post_form(ADDRESS, counting=counting)

    acts = await world.rows("SELECT facts FROM uit.audit WHERE act = 'source.counting' ORDER BY at, id")
    assert len(acts) == 2


async def test_what_is_no_answer_is_asked_again(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    answer = await world.post_form(ADDRESS, counting="misschien")

    assert answer.status_code == 422
    assert "Kies een van de drie." in answer.text
