"""The books of a town, as those who keep them meet them."""

import csv
import re
from pathlib import Path
from uuid import uuid4

import asyncpg
from playwright.async_api import expect

from credits.payments.seller import open_books
from credits.till.counting.closing import DrawerCount, TillClosing, close_till, count_drawer
from credits.till.opening import TillOpening, open_till
from credits.till.till import TillWorker, make_till
from tests.journeys.conftest import address_of_database
from tests.journeys.steps import Street, Visitor
from tests.town import Town
from uit.core.clock import SystemClock, day_in_flanders
from uit.core.ids import TimeOrderedIds

CLOCK = SystemClock()
IDS = TimeOrderedIds(CLOCK)


async def also_audits(town: Town, role: str) -> None:
    """Who has a role of the example audits the books as well."""
    connection = await asyncpg.connect(address_of_database(town))
    await connection.execute(
        "INSERT INTO identity.role (region_id, id, staff_id, role, starts_at)"
        " SELECT 1, gen_random_uuid(), staff_id, 'auditor', starts_at FROM identity.role"
        " WHERE region_id = 1 AND role = $1",
        role,
    )
    await connection.close()


async def saved(visitor: Visitor, name: str) -> list[list[str]]:
    """The rows of a file that a link gives, as a spreadsheet of here reads it."""
    async with visitor.page.expect_download() as download:
        await visitor.page.get_by_role("link", name=name).click()
    return rows_of(await (await download.value).path())


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))


async def worked_last_year(town: Town) -> int:
    """Answers in which year an organiser opened and closed a till, and left money in it: last year."""
    at = CLOCK.now().replace(month=6, day=15)
    at = at.replace(year=at.year - 1)
    connection = await asyncpg.connect(address_of_database(town))
    async with connection.transaction():
        organiser_id = await connection.fetchval(
            "SELECT id FROM organisers.organiser WHERE region_id = 1 ORDER BY name LIMIT 1"
        )
        await open_books(connection, 1, organiser_id, IDS)
        worker = TillWorker(1, organiser_id, uuid4(), at, IDS)
        till_id, session_id = uuid4(), uuid4()
        await make_till(connection, worker, till_id, f"Vorig jaar {till_id.hex[:4]}")
        await open_till(connection, worker, TillOpening(session_id, till_id, 0, 10_000))
        await count_drawer(connection, worker, DrawerCount(session_id, 10_000))
        await close_till(connection, worker, TillClosing(session_id, 4_000, None, None))
    await connection.close()
    return at.year


async def test_a_financial_director_reads_the_journal_and_takes_it_along(street: Street) -> None:
    director, today = await street.arrive("financial_director"), day_in_flanders(CLOCK.now())
    await director.follow("Financieel directeur")
    await director.follow("Dagboek")

    await director.fill(rechtspersoon="Regio Dender (voorbeeld)", van=f"{today.year}-01-01", tot=f"{today}")
    await director.press("Toon")
    await director.reads("Samen", "Een voor een", "Krediet")
    rows = await saved(director, "Dagboek als bestand (CSV)")

    listed = director.page.locator("table").last.locator("tbody tr")
    assert len(rows) - 1 >= await listed.count() > 0
    assert {len(row) for row in rows} == {len(rows[0])}


async def test_a_year_is_closed_by_two_and_its_balances_are_kept(street: Street) -> None:
    year = await worked_last_year(street.town)
    director = await street.arrive("financial_director")
    await director.follow("Financieel directeur")
    await director.follow("Boekjaren")
    await director.follow(str(year))

    await director.press(f"Vraag om {year} af te sluiten")
    await director.reads("moet dit bevestigen")
    await expect(director.page.get_by_text(f"Sluit {year} af", exact=True)).to_have_count(0)
    address = director.page.url.partition("?")[0]

    await also_audits(street.town, "programme_officer")
    auditor = await street.arrive("programme_officer")
    await auditor.go(address)
    await auditor.page.get_by_text(f"Sluit {year} af", exact=True).click()
    await auditor.press(f"Ja, sluit {year} af")

    await auditor.reads(f"Saldi op 31 december {year}", "Gevraagd", "Bevestigd", "Controlegetal")
    await director.go(address)
    await director.reads("Bevestigd", "Vraag de beheerder om dit jaar naar het archief te brengen")
    await expect(director.page.get_by_role("button", name=re.compile("af te sluiten"))).to_have_count(0)
