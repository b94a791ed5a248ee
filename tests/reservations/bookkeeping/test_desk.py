"""Whoever keeps the books reads the journal at a desk and takes it along; an organiser its own."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from credits.bookkeeping.closing import BookYear, balances_of
from credits.bookkeeping.journal import Period, balances_after
from tests.builders import World
from tests.credits.bookkeeping.years import a_full_year, close, seller_entity, town
from tests.credits.till.drawers import read_page

YEAR = "van=2014-01-01&tot=2014-12-31"


async def test_a_director_sees_what_moved_in_sums_by_code_and_one_by_one(world: World) -> None:
    session = await a_full_year(world)
    await world.sign_in_staff("financial_director")
    entity = await seller_entity(world, session.organiser_id)

    page = await read_page(world, f"/dender/dagboek?rechtspersoon={entity}&{YEAR}")

    assert "Aan de kassa betaald" in page
    assert "€ 100,00" in page
    assert "Verkocht per btw-code" in page
    assert "De adviseur van de organisator bevestigt" in page
    assert "2014-000001" in page


async def test_the_first_page_shows_today_where_nothing_moved_for_a_month(world: World) -> None:
    await a_full_year(world)
    await world.sign_in_staff("auditor")

    page = await read_page(world, "/dender/dagboek")

    assert "In deze dagen is niets geboekt" in page
    assert 'value="2015-02-02"' in page
    assert "Saldi op het einde van 2 februari 2015" in page


async def test_the_first_page_shows_the_last_day_on_which_something_moved(world: World) -> None:
    session = await a_full_year(world)
    world.clock.set(datetime(2014, 3, 20, 9, 0, tzinfo=UTC))
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = await read_page(world, f"/dender/organisaties/{session.organiser_id}/dagboek")

    assert 'id="van" name="van" type="date" value="2014-03-03"' in page
    assert "In deze dagen is niets geboekt" not in page


async def test_the_journal_says_what_accounts_stand_at_when_its_days_end(world: World) -> None:
    session = await a_full_year(world)
    await world.sign_in_staff("financial_director")
    entity = await seller_entity(world, session.organiser_id)
    days = "van=2014-03-03&tot=2014-03-03"

    before = await read_page(world, f"/dender/dagboek?rechtspersoon={entity}&van=2014-03-02&tot=2014-03-02")
    after = await read_page(world, f"/dender/dagboek?rechtspersoon={entity}&{days}")
    await close(world, entity)
    later = await read_page(world, f"/dender/dagboek?rechtspersoon={entity}&van=2015-01-05")

    async with world.services.database.reading() as connection:
        year = await balances_of(connection, BookYear(1, entity, 2014))
        balances = await balances_after(connection, Period(1, entity, date(2015, 1, 5), date(2015, 1, 5)))
    assert "Saldi op het einde van" not in before
    assert "Saldi op het einde van 3 maart 2014" in after
    assert "Saldi op het einde van 5 januari 2015" in later
    assert balances == year
    assert {(each.kind, each.cents) for each in balances} >= {("card", 600)}


async def test_a_safe_below_zero_is_said(world: World) -> None:
    session = await a_full_year(world)
    await world.execute(
        "UPDATE credits.transfer AS t SET amount_cents = 20000 FROM credits.account AS a"
        " WHERE a.id = t.debit_id AND a.kind = 'safe'"
    )
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = await read_page(world, f"/dender/organisaties/{session.organiser_id}/dagboek?{YEAR}")

    assert "onder nul" in page


async def test_a_region_without_books_says_so(world: World) -> None:
    await world.sign_in_staff("financial_director")

    assert "Er zijn nog geen boeken" in await read_page(world, "/dender/dagboek")


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ("van=gisteren", "van"),
        ("van=2014-05-04&tot=2014-05-03", "tot"),
        ("van=2013-01-01&tot=2014-12-31", "tot"),
        (f"rechtspersoon={UUID(int=7)}", "rechtspersoon"),
    ],
)
async def test_days_and_books_that_cannot_be_are_asked_again(world: World, choice: str, field: str) -> None:
    await a_full_year(world)
    await world.sign_in_staff("financial_director")

    answer = await world.client.get(f"/dender/dagboek?{choice}")

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert (await world.client.get(f"/dender/dagboek/bestand?{choice}")).status_code == 404


async def test_the_journal_comes_as_a_file_that_a_spreadsheet_opens(world: World) -> None:
    await a_full_year(world)
    await world.sign_in_staff("financial_director")

    answer = await world.client.get(f"/dender/dagboek/bestand?rechtspersoon={await town(world)}&{YEAR}")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="dagboek-2014-01-01-2014-12-31.csv"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbfDatum;Uur;Soort;")
    assert "03/03/2014;10:00:00;Budget geopend;" in answer.text


async def test_vat_comes_as_a_file_too(world: World) -> None:
    session = await a_full_year(world)
    await world.sign_in_staff("financial_director")
    entity = await seller_entity(world, session.organiser_id)

    answer = await world.client.get(f"/dender/dagboek/btw?rechtspersoon={entity}&{YEAR}")

    assert "Samen;;exempt-44-2-9;Vrij van btw (art. 44 §2, 9°);0,00;8,03;" in answer.text


async def test_an_organiser_reads_what_touches_its_own_accounts(world: World) -> None:
    session = await a_full_year(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    home = f"/dender/organisaties/{session.organiser_id}/dagboek"

    page = await read_page(world, f"{home}?{YEAR}")
    file = (await world.client.get(f"{home}/bestand?{YEAR}")).text
    vat = (await world.client.get(f"{home}/btw?{YEAR}")).text

    assert "Kaartbetalingen" in page
    assert "Budget geopend" not in file
    assert file.count("\r\n") == 1 + 6
    assert "exempt-44-2-9" in vat


async def test_an_organiser_sees_no_books_of_another(world: World) -> None:
    await a_full_year(world)
    other = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=other)
    home = f"/dender/organisaties/{other}/dagboek"

    page = await read_page(world, f"{home}?rechtspersoon={await town(world)}&{YEAR}")

    assert "Er zijn nog geen boeken" in page
    assert (
        await world.client.get(f"{home}/bestand?rechtspersoon={await town(world)}&{YEAR}")
    ).status_code == 404
