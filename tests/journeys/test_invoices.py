"""A school books on an invoice, and its seller makes it, hears that it is paid, and credits a part."""

import re
from uuid import UUID

import asyncpg

from credits.payments.seller import open_books
from tests.journeys.conftest import address_of_database
from tests.journeys.steps import Street, Visitor
from tests.town import Town
from uit.core.clock import SystemClock
from uit.core.ids import TimeOrderedIds

NUMBER = "0123456749"
FIND = """
    SELECT s.id FROM reservations.session AS s
    JOIN reservations.tariff AS t ON t.region_id = s.region_id AND t.session_id = s.id AND t.active
    JOIN reservations.pool AS p ON p.region_id = s.region_id AND p.id = ANY (t.pool_ids)
    WHERE s.region_id = 1 AND s.organiser_id = $1 AND s.status = 'scheduled' AND t.code = 'base'
        AND t.eligibility = 'anyone' AND t.price_cents > 0 AND p.capacity - p.taken - p.held > 6
        AND s.cancel_until > now() + interval '1 day' AND coalesce(s.sale_opens_at, now()) <= now()
    ORDER BY s.starts_at LIMIT 1
"""


async def seller_of(town: Town, organiser_id: UUID) -> UUID:
    """A date that an organiser sells, once the region opened its books and gave its number."""
    connection = await asyncpg.connect(address_of_database(town))
    async with connection.transaction():
        await open_books(connection, 1, organiser_id, TimeOrderedIds(SystemClock()))
        await connection.execute(
            "UPDATE organisers.organiser SET enterprise_number = $2, email = 'facturen@werf.example'"
            " WHERE region_id = 1 AND id = $1",
            organiser_id,
            NUMBER,
        )
        found = await connection.fetchval(FIND, organiser_id)
    await connection.close()
    assert isinstance(found, UUID)
    return found


async def agree(organiser: Visitor, home: str) -> str:
    """The code of a school with which the organiser agrees."""
    await organiser.go(f"{home}/klanten")
    await organiser.follow("Nieuwe klant")
    await organiser.fill(
        name="Basisschool De Klimop", enterprise_number="0876.543.270", street="Schoolstraat 1",
        postal_code="9300", town="Aalst", contact="Els Maes", email="facturen@klimop.example",
    )  # fmt: skip
    await organiser.press("Spreek af en toon de code")
    await organiser.reads("We tonen deze code maar één keer.")
    return await organiser.read("main code")


async def book(teacher: Visitor, session_id: UUID, code: str) -> None:
    await teacher.go(f"/dender/sessies/{session_id}/boeken")
    await teacher.fill(**{"plaatsen-base": "4"})
    await teacher.press("Reken opnieuw")
    await teacher.fill(naam="Juf Els", email="els@klimop.example")
    await teacher.page.locator("[name='betaal'][value='invoice'][type='radio']").check()
    await teacher.fill(klantcode="AAAA-BBBB-CCCC-DDDD", kenmerk="Uitstap 3B")
    await teacher.press("Boek op factuur")
    await teacher.reads("Deze code kennen we niet.")
    await teacher.fill(klantcode=code)
    await teacher.press("Boek op factuur")


async def test_a_school_books_on_an_invoice_and_the_seller_reads_back_that_it_is_paid(street: Street) -> None:
    organiser = await street.arrive("organiser", script=True)
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    home = "/" + organiser.page.url.rstrip("/").split("/", 3)[3]
    session_id = await seller_of(street.town, UUID(home.rpartition("/")[2]))
    code = await agree(organiser, home)

    await book(await street.arrive(), session_id, code)

    await organiser.go(f"{home}/facturen")
    await organiser.reads("Factuur te maken", "Uitstap 3B")
    await organiser.follow("Basisschool De Klimop")
    await organiser.waits_to_read("Zonder btw")
    await organiser.reads("Schoolstraat 1", "+++")
    await organiser.fill(number="2026/14")
    await organiser.press("Bewaar het nummer")
    await organiser.reads("Wacht op betaling")
    await organiser.fill(reference="VB 12/001")
    await organiser.press("Noteer de betaling")
    await organiser.reads("Er staat niets meer open.", "VB 12/001")
    await organiser.follow("Geld")
    await organiser.follow("Facturen")
    await organiser.reads("Betaald")
    await organiser.reads_mail("facturen@werf.example", "Factuur te maken", "Basisschool De Klimop")
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", code)
