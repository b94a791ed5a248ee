"""A clerk at a till, by keyboard alone, from the first change in the drawer to the report of the day."""

import re
from uuid import UUID, uuid4

import asyncpg
from playwright.async_api import expect

from credits.payments.seller import open_books
from credits.till.sale import Paid, SaleLine, SaleOrigin, compose_sale, record_sale
from tests.journeys.conftest import Evening, address_of_database
from tests.journeys.steps import Street, Visitor
from tests.town import Town
from uit.core.clock import SystemClock, day_in_flanders
from uit.core.ids import TimeOrderedIds

CLOCK = SystemClock()
IDS = TimeOrderedIds(CLOCK)


async def sells_for_money(town: Town, organiser_id: UUID) -> None:
    """What the region does once: it opens the books of an organiser."""
    connection = await asyncpg.connect(address_of_database(town))
    async with connection.transaction():
        await open_books(connection, 1, organiser_id, IDS)
    await connection.close()


async def sold(town: Town, organiser_id: UUID, session_id: UUID, staff_id: UUID) -> UUID:
    """Two places for cash, with two cents to round, in a session that is open."""
    origin = SaleOrigin(organiser_id, session_id, staff_id, day_in_flanders(CLOCK.now()))
    line = SaleLine(1, "Een euro voor een lied", "reduced-6", 1002, 2)
    sale = compose_sale(uuid4(), origin, [line], Paid(), IDS)
    connection = await asyncpg.connect(address_of_database(town))
    async with connection.transaction():
        await record_sale(connection, 1, sale, CLOCK.now())
    await connection.close()
    return sale.id


async def come_in(street: Street) -> tuple[Visitor, UUID]:
    """An organiser at the page of their tills, and which organiser it is."""
    organiser = await street.arrive("organiser", script=True)
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    organiser_id = UUID(organiser.page.url.rstrip("/").rpartition("/")[2])
    await sells_for_money(street.town, organiser_id)
    await organiser.follow("Geld")
    await organiser.follow("Kassa")
    return organiser, organiser_id


async def open_a_till(organiser: Visitor, name: str) -> UUID:
    await organiser.fill(name=name)
    await organiser.press("Maak de kassa")
    await expect(organiser.page.get_by_label("Hoeveel wisselgeld leg je erbij?")).to_be_focused()
    await organiser.page.keyboard.type("100")
    await organiser.key("F8")
    await organiser.reads("De kassa is open.")
    return UUID(organiser.page.url.partition("?")[0].rpartition("/")[2])


async def choose(clerk: Visitor, evening: Evening) -> None:
    """The sale of places for an evening, from the list of what is on sale."""
    await clerk.page.locator("li.card", has_text=evening.name).get_by_role("link").click()
    await clerk.reads(evening.name, "Te betalen")


async def staff_of(town: Town, session_id: UUID) -> UUID:
    connection = await asyncpg.connect(address_of_database(town))
    found = await connection.fetchval("SELECT opened_by FROM credits.till_session WHERE id = $1", session_id)
    await connection.close()
    assert isinstance(found, UUID)
    return found


async def test_a_clerk_closes_the_till_fifty_cents_short_with_a_reason(street: Street) -> None:
    clerk, organiser_id = await come_in(street)
    session_id = await open_a_till(clerk, f"Kassa inkom {uuid4().hex[:4]}")
    await sold(street.town, organiser_id, session_id, await staff_of(street.town, session_id))
    await expect(clerk.page.get_by_label("Nummer van de boeking")).to_be_focused()

    await clerk.key("Shift+F4")
    await clerk.page.keyboard.type("63")
    await clerk.key("F8")
    await clerk.reads("Het geld is naar de kluis.")
    await clerk.key("Shift+F9")
    await clerk.reads_not("47,00")
    await clerk.page.keyboard.type("46,50")
    await clerk.key("F8")
    await clerk.reads("Er is € 0,50 te weinig.")
    await clerk.page.keyboard.type("Verkeerd teruggegeven")
    await clerk.key("F8")

    await clerk.reads(
        "De kassa is gesloten.", "Verkeerd teruggegeven", "€ 10,02", "Wacht op wie de kassa opnieuw opent"
    )


async def test_a_receipt_is_printed_once_as_itself_and_then_as_a_duplicate(street: Street) -> None:
    clerk, organiser_id = await come_in(street)
    session_id = await open_a_till(clerk, f"Foyer {uuid4().hex[:4]}")
    await sold(street.town, organiser_id, session_id, await staff_of(street.town, session_id))
    await clerk.page.reload()
    await clerk.follow(re.compile(r"^\d{4}-\d{6}$"))
    await clerk.reads("Een euro voor een lied", "Afronding op 5 cent", "€ 10,00")

    await clerk.key("F9")
    await clerk.reads_not("DUPLICAAT")
    await clerk.key("F9")
    await clerk.reads("DUPLICAAT")
    await clerk.key("F2")

    await clerk.reads("Laatste bonnetjes")


async def test_a_receipt_of_paper_is_entered_when_the_network_is_back(street: Street) -> None:
    clerk, _ = await come_in(street)
    await open_a_till(clerk, f"Balie {uuid4().hex[:4]}")
    number = uuid4().hex[:6].upper()

    await clerk.key("Shift+F7")
    paper = {"paper_no": number, "words": "Twee plaatsen", "amount": "10,02", "vat_code": "Btw 6 %"}
    for _ in range(2):
        await clerk.fill(**paper)
        await clerk.key("F8")
        await clerk.reads(number)
        if await clerk.page.get_by_role("link", name="Papieren bonnetje").count():
            await clerk.key("Shift+F7")

    await clerk.reads("Dit papieren bonnetje is al ingevoerd")
    await clerk.follow("Kassa's")
    await clerk.reads("Jij werkt hier")
    await clerk.follow("Dagverslag")
    await clerk.reads("nog niet gesloten")


async def test_who_finds_something_else_in_the_drawer_says_what_they_see(street: Street) -> None:
    clerk, _ = await come_in(street)
    name = f"Zaal {uuid4().hex[:4]}"
    await open_a_till(clerk, name)
    await clerk.key("Shift+F6")
    await clerk.page.keyboard.type("ABCD2345")
    await clerk.key("F8")
    await clerk.reads("Onder deze code ligt geen geld klaar")
    await clerk.follow("Terug")
    await clerk.key("Shift+F9")
    await clerk.page.keyboard.type("100")
    await clerk.key("F8")
    await clerk.reads("Het klopt tot op de cent.")
    await clerk.key("F8")
    await clerk.follow("Gesloten kassa's")
    await clerk.reads(name)

    await clerk.follow("Kassa's")
    await clerk.page.locator("article", has_text=name).get_by_role("link").click()
    await expect(clerk.page.get_by_label("Hoeveel ligt er nu in de lade?")).to_be_focused()
    for _ in range(2):
        await clerk.page.get_by_label("Hoeveel ligt er nu in de lade?").fill("95")
        await clerk.key("F8")
    await clerk.reads("De vorige sluiting liet € 100,00 achter. Jij telt € 95,00.")
    await clerk.fill(reason="Er ontbreekt een briefje van 5")
    await clerk.key("F8")

    await clerk.reads("De kassa is open.")


async def test_an_officer_says_from_which_amount_a_second_person_signs(street: Street) -> None:
    officer = await street.arrive("programme_officer")
    await officer.follow("Programma's")
    await officer.follow("Kassa's")

    await officer.fill(amount="20")
    await officer.press("Bewaar")

    await officer.reads("Bewaard. Het geldt vanaf de volgende sluiting.")


async def test_a_clerk_sells_only_the_places_whose_sum_they_saw(street: Street, tonight: Evening) -> None:
    clerk, _ = await come_in(street)
    await open_a_till(clerk, f"Verkoop {uuid4().hex[:4]}")
    await clerk.follow(re.compile("Plaatsen verkopen"))
    await choose(clerk, tonight)

    places = clerk.page.locator('input[name^="plaatsen-"]').first
    await places.fill("2")
    await clerk.key("F8")
    await clerk.reads("Je veranderde het aantal: het is nu", "Te betalen")
    await places.fill("3")
    await clerk.key("Enter")
    await expect(places).to_have_value("3")
    await clerk.reads_not("Er klopt nog iets niet")
    await clerk.key("F8")

    await clerk.reads("Ticket 3 van 3")


async def test_a_clerk_reads_the_change_by_keyboard_before_the_sale_is_made(
    street: Street, tonight: Evening
) -> None:
    clerk, _ = await come_in(street)
    await open_a_till(clerk, f"Wissel {uuid4().hex[:4]}")
    await clerk.key("F5")
    await choose(clerk, tonight)

    await clerk.page.get_by_label("Wat geeft de klant?").fill("500")
    await clerk.key("Enter")
    await clerk.reads("Er is nog niets geboekt.")
    await clerk.key("F8")

    await clerk.reads("Verkocht.", "Druk de tickets af")


async def test_a_clerk_swaps_what_was_just_sold_by_keyboard(street: Street, tonight: Evening) -> None:
    clerk, _ = await come_in(street)
    await open_a_till(clerk, f"Ruil {uuid4().hex[:4]}")
    await clerk.key("F5")
    await choose(clerk, tonight)
    await clerk.key("F8")
    await clerk.reads("Verkocht.")
    await clerk.key("F2")
    number = (await clerk.read("h1")).removeprefix("Bonnetje ")
    await clerk.key("F2")

    await clerk.key("F11")
    await clerk.page.keyboard.type(number)
    await clerk.key("Enter")
    await clerk.page.get_by_role("checkbox").first.check()
    await clerk.page.get_by_label("Alles: er is net iets verkeerds verkocht").check()
    await clerk.page.get_by_role("button", name="Ruil voor iets anders").focus()
    await clerk.key("Enter")
    await clerk.reads("Waarvoor ruil je?")
    await clerk.page.locator("li.card", has_text="Dezelfde datum").get_by_role("link").click()
    await clerk.reads("Terug van de eerste tickets")
    await clerk.page.locator('input[name^="plaatsen-"]').first.fill("2")
    await clerk.key("Enter")
    await clerk.key("F8")

    await clerk.reads("Geruild.", "Ticket 2 van 2")
    await clerk.key("F2")
    await clerk.reads("Terug van tickets die geruild zijn")


async def test_a_clerk_changes_what_was_just_sold_and_settles_the_difference(
    street: Street, tonight: Evening
) -> None:
    clerk, _ = await come_in(street)
    await open_a_till(clerk, f"Wijzig {uuid4().hex[:4]}")
    await clerk.key("F5")
    await choose(clerk, tonight)
    await clerk.key("F8")
    await clerk.key("F2")
    number = (await clerk.read("h1")).removeprefix("Bonnetje ")

    for places, said, tickets in (
        ("3", "Te ontvangen", "Ticket 3 van 3"),
        ("2", "Terug te geven", "Ticket 2"),
    ):
        await clerk.key("F2")
        await clerk.key("F11")
        await clerk.page.keyboard.type(number)
        await clerk.key("Enter")
        await clerk.follow("Wijzig datum of aantal")
        await clerk.page.locator('input[name^="aantal-"]').first.fill(places)
        await clerk.key("Enter")
        waiver = clerk.page.get_by_label("Alles: de organisator vindt het goed")
        if await waiver.count():
            await waiver.check()
            await clerk.press("Bekijk wat het kost")
        await clerk.reads("Dit wordt het", said)
        await clerk.key("F8")
        await clerk.reads("Gewijzigd. Geef deze tickets mee.", tickets)
        await clerk.key("F2")
        await clerk.reads("bijbetaald")


async def test_a_clerk_of_a_town_sells_for_an_organiser_that_placed_a_till_there(
    street: Street, tonight: Evening
) -> None:
    organiser, _ = await come_in(street)
    name = f"Stadhuis {uuid4().hex[:4]}"
    await organiser.fill(name=name)
    await organiser.press("Maak de kassa")
    await organiser.follow("Kassa's")
    card = organiser.page.locator("article", has_text=name)
    await card.locator("summary").click()
    await card.get_by_label("Waar staat deze kassa?").select_option(label="Aan de balie van Aalst")
    async with organiser.page.expect_event("load"):
        await card.get_by_role("button", name="Bewaar").click()
    await organiser.reads("Staat aan de balie van Aalst")

    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")
    await clerk.follow("Kassa's")
    await clerk.page.locator("li.card a").first.click()
    await clerk.page.locator("article", has_text=name).get_by_role("link").click()
    await expect(clerk.page.get_by_label("Hoeveel wisselgeld leg je erbij?")).to_be_focused()
    await clerk.page.keyboard.type("50")
    await clerk.key("F8")
    await clerk.key("F5")
    await choose(clerk, tonight)
    await clerk.key("F8")

    await clerk.reads("Verkocht.")
    await clerk.key("F2")
    await clerk.reads("Cash")
