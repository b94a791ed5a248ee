"""A financial director asks to close a year at a desk; an auditor, or a colleague, confirms it."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from tests.builders import World
from tests.credits.bookkeeping.years import a_full_year, close, entities, seller_entity, town
from tests.credits.till.drawers import read_page


def address(entity_id: UUID, year: int = 2014) -> str:
    return f"/dender/jaren/{entity_id}/{year}"


async def test_a_year_is_asked_for_and_confirmed_by_another(world: World) -> None:
    session = await a_full_year(world)
    entity = await seller_entity(world, session.organiser_id)
    await world.sign_in_staff("financial_director")

    asked = await world.post_form(f"{address(entity)}/afsluiten")
    waiting = await read_page(world, asked.headers["location"])
    await world.sign_in_staff("auditor")
    done = await world.post_form(f"{address(entity)}/bevestigen")

    assert "Een andere financieel directeur of iemand van nazicht moet dit bevestigen." in waiting
    page = await read_page(world, done.headers["location"])
    assert "Het jaar is afgesloten." in page
    assert "Afgesloten, nog niet in het archief" in page
    assert "€ 65,05" in page
    sold = await world.rows("SELECT vat_code, gross_cents FROM credits.closing_vat ORDER BY 1")
    assert [tuple(row) for row in sold] == [("", 600), ("exempt-44-2-9", 803)]


async def test_who_asked_does_not_confirm(world: World) -> None:
    await a_full_year(world)
    await world.sign_in_staff("financial_director")
    entity = await town(world)
    await world.post_form(f"{address(entity)}/afsluiten")

    answer = await world.post_form(f"{address(entity)}/bevestigen")

    assert answer.status_code == 409
    assert "Iemand anders moet dit bevestigen" in answer.text
    assert await world.value("SELECT confirmed_at FROM credits.year_close") is None


async def test_the_list_says_of_each_year_how_far_it_is(world: World) -> None:
    await a_full_year(world)
    await close(world, await town(world))
    await world.sign_in_staff("auditor")

    page = await read_page(world, "/dender/jaren")

    assert "2013" not in page
    assert page.count("Afgesloten, nog niet in het archief") == 1
    assert f'href="{address(await town(world))}"' in page


async def test_a_book_without_a_year_behind_it_says_when_this_one_closes_and_has_no_table(
    world: World,
) -> None:
    await a_full_year(world)
    world.clock.set(datetime(2014, 6, 1, 9, 0, tzinfo=UTC))
    await world.sign_in_staff("auditor")

    page = await read_page(world, "/dender/jaren")

    assert page.count("2014 loopt nog; je sluit het vanaf 2 januari 2015.") == len(await entities(world)) > 1
    assert "<table" not in page
    assert f'href="{address(await town(world))}"' in page


async def test_a_year_that_cannot_be_closed_yet_says_why_and_has_no_button(world: World) -> None:
    await a_full_year(world)
    await world.sign_in_staff("financial_director")

    page = await read_page(world, address(await town(world), 2015))

    assert "Het boekjaar 2015 kan pas dicht vanaf 2 januari 2016." in page
    assert "/afsluiten" not in page


async def test_what_is_still_owed_is_listed_before_one_confirms(world: World) -> None:
    session = await a_full_year(world)
    await world.execute("UPDATE credits.refund SET done_at = '2015-01-15'")
    await world.sign_in_staff("financial_director")

    page = await read_page(world, address(await seller_entity(world, session.organiser_id)))

    assert "1 terugbetaling die nog moest gebeuren" in page
    assert "€ 2,00" in page


async def test_books_and_years_that_are_not_there_are_not_found(world: World) -> None:
    await a_full_year(world)
    await world.sign_in_staff("financial_director")

    for missing in (address(uuid4()), address(await town(world), 1999)):
        assert (await world.client.get(missing)).status_code == 404
        assert (await world.post_form(f"{missing}/afsluiten")).status_code == 404


async def test_the_vat_of_a_closed_year_is_what_was_kept_of_it(world: World) -> None:
    session = await a_full_year(world)
    entity = await seller_entity(world, session.organiser_id)
    await close(world, entity)
    await world.execute("DELETE FROM credits.receipt_line")
    await world.sign_in_staff("auditor")

    page = await read_page(world, address(entity))

    assert "€ 8,03" in page
