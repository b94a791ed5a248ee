"""The pass of a resident on their own screen."""

from datetime import date

from tests.builders import World
from uit.passes.card.number import grouped
from uit.passes.card.paper import draw_code


async def test_a_resident_sees_their_name_number_and_code_and_no_status(world: World) -> None:
    anna = await world.resident(credit_cents=1234, social_until=date(2027, 4, 30))
    await world.sign_in(anna)

    page = (await world.client.get("/dender/mijn-pas")).text

    number = await world.value("SELECT number FROM passes.card WHERE id = $1", anna.card_id)
    assert "Yasmine Peeters" in page
    assert grouped(number) in page
    assert draw_code(anna.token) in page
    assert "12,34" not in page
    assert "tarief" not in page.lower()


async def test_a_blocked_pass_shows_no_code_and_where_to_go(world: World) -> None:
    anna = await world.resident()
    await world.execute("UPDATE passes.card SET state = 'blocked' WHERE id = $1", anna.card_id)
    await world.sign_in(anna)

    page = (await world.client.get("/dender/mijn-pas")).text

    assert "Je pas werkt nu niet" in page
    assert draw_code(anna.token) not in page
    assert "vernieuwen" not in page


async def test_who_has_no_pass_of_the_region_reads_how_to_get_one(world: World) -> None:
    await world.sign_in(await world.resident(region_id=2))

    page = await world.client.get("/dender/mijn-pas")

    assert page.status_code == 200
    assert "Je hebt nog geen pas in Dender" in page.text


async def test_a_stranger_and_a_clerk_see_no_pass(world: World) -> None:
    stranger = await world.client.get("/dender/mijn-pas", follow_redirects=False)
    await world.sign_in_staff("clerk")
    clerk = await world.client.get("/dender/mijn-pas", follow_redirects=False)

    assert stranger.headers["location"].startswith("/aanmelden")
    assert clerk.headers["location"].startswith("/team/eigen-pas")


async def test_a_code_is_renewed_and_the_page_shows_the_new_one(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)

    before = (await world.client.get("/dender/mijn-pas")).text
    renewed = await world.post_form("/dender/mijn-pas/vernieuwen", token_version=1)
    after = (await world.client.get(renewed.headers["location"])).text

    assert "Je oude code werkt dan niet meer" in before
    assert (draw_code(anna.token) in before, draw_code(anna.token) in after) == (True, False)
    assert ["Je oude code werkt niet meer." in each for each in (before, after)] == [False, True]
