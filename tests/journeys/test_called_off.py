"""A volunteer makes an evening, sells it out and calls it off; everybody ends as they chose."""

import re
from datetime import timedelta
from uuid import uuid4

from playwright.async_api import expect

from credits.check import check_ledger
from reservations.check import check_bookings
from tests.journeys.conftest import Evening, address_of_database, in_database
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_paying import pay_with
from tests.town import Town
from uit.core.clock import SystemClock, day_in_flanders
from uit.core.formats import day as day_words
from uit.database.pool import Database
from uit.example.people import THIBO, YASMINE

TICKETS = "QR-code van ticket"
A_STORM = "Er komt storm."
A_THIRD = "Er komt een derde avond bij."


async def make(volunteer: Visitor, title: str, *days: str) -> None:
    """An evening at eight on each of these days, with three places at five euro, on sale."""
    await volunteer.follow("Organisator")
    await volunteer.follow("Activiteiten")
    await volunteer.follow("Maak een activiteit")
    await volunteer.fill(title=title)
    await volunteer.tick("Cultuur")
    await volunteer.press("Ga verder")
    await volunteer.follow(re.compile("Vul in.*Waar"))
    await volunteer.tick("Een plaats die hier niet staat")
    await volunteer.page.get_by_text("Adres van een plaats").click()
    await volunteer.fill(name="Openluchtpodium", street="Kerkplein 3", postal_code="9300", locality="Aalst")
    await volunteer.press("Bewaar")
    await volunteer.follow(re.compile("Vul in.*Wanneer"))
    for day in days:
        await volunteer.follow("Eén datum")
        await volunteer.fill(day=day, starts="20:00", ends="22:00")
        await volunteer.press("Toon de datums")
        await volunteer.press("Zet deze datum erbij")
    await volunteer.follow("Terug naar de activiteit")
    await volunteer.follow(re.compile("Vul in.*Prijzen"))
    await volunteer.fill(price_0="5")
    await volunteer.press("Bewaar")
    await volunteer.follow(re.compile("Vul in.*Plaatsen"))
    await volunteer.fill(places="3")
    await volunteer.press("Bewaar")
    await volunteer.press("Publiceer")
    await volunteer.reads("Gepubliceerd.")


async def pays_by_card(visitor: Visitor, evening: Evening, email: str = "") -> None:
    """One place, by Bancontact, with what credit there is."""
    await visitor.find(evening.name, evening.day, evening.town)
    await visitor.follow("Boek je plaats")
    if email:
        await visitor.fill(naam="Mieke Wouters", email=email)
        await visitor.tick("Bancontact of kaart")
    else:
        await visitor.tick("€ 3,00 met krediet, € 2,00 met Bancontact of kaart")
    await visitor.press("Boek en betaal")
    await pay_with(visitor, "Bancontact")
    await expect(visitor.page.get_by_role("img", name=TICKETS)).to_have_count(1)


async def waits(visitor: Visitor, evening: Evening, email: str) -> None:
    await visitor.find(evening.name, evening.day, evening.town)
    await visitor.follow("Zet je op de wachtlijst")
    await visitor.fill(naam="Lies Goossens", email=email)
    await visitor.press("Zet me op de wachtlijst")
    await visitor.reads("Je bent de eerste in de rij.")


async def call_off(volunteer: Visitor) -> None:
    """The first date, from the list of all dates: who booked may choose."""
    await volunteer.follow("Afgelasten")
    await volunteer.reads("Er is nog 1 andere datum.", "Boekingen")
    await volunteer.fill(reason=A_STORM)
    await volunteer.tick("Ze kiezen: een andere datum, of alles terug")
    await volunteer.press("Ja, gelast af")
    await volunteer.reads("Afgelast. Wie boekte, kiest wat het wordt", A_STORM)


async def gives_longer(volunteer: Visitor) -> None:
    """Two weeks and a day more than a week, with the reason that everybody reads."""
    longest = day_in_flanders(SystemClock().now()) + timedelta(days=15)
    await volunteer.page.get_by_text("Geef langer de tijd om te kiezen").click()
    await volunteer.fill(day=longest.isoformat(), reason=A_THIRD)
    await volunteer.press("Geef langer de tijd en laat het weten")
    await volunteer.reads("Wie nog kiest, heeft langer de tijd en krijgt bericht.")


async def the_time_to_choose_is_over(town: Town, title: str) -> None:
    await in_database(
        town,
        "UPDATE reservations.session AS s SET choose_until = now(), due_at = now()"
        " FROM organisers.event AS e WHERE e.name = $1 AND s.region_id = e.region_id AND s.event_id = e.id"
        " AND s.status = 'cancelled'",
        title,
    )


async def faults(town: Town) -> list[str]:
    """What the check of the books finds wrong."""
    database = await Database.open(address_of_database(town), connections=1)
    try:
        async with database.reading() as connection:
            return [*map(str, await check_ledger(connection)), *await check_bookings(connection)]
    finally:
        await database.close()


async def test_an_evening_is_made_sold_out_and_called_off_and_everybody_ends_as_they_chose(
    street: Street, town: Town
) -> None:
    title, today = f"Zomer in de tuin {uuid4().hex[:4]}", day_in_flanders(SystemClock().now())
    first, second = today + timedelta(days=9), today + timedelta(days=10)
    evening, mieke_at, lies_at = (
        Evening(title, first.isoformat(), "Aalst"),
        f"mieke-{uuid4().hex[:6]}@example.org",
        f"lies-{uuid4().hex[:6]}@example.org",
    )
    volunteer, yasmine, thibo, mieke, lies = (
        await street.arrive("organiser"),
        await street.arrive("resident"),
        await street.arrive("young"),
        await street.arrive(),
        await street.arrive(),
    )
    await make(volunteer, title, first.isoformat(), second.isoformat())
    await yasmine.book(title, evening.day, evening.town)
    yasmines = yasmine.page.url
    await pays_by_card(thibo, evening)
    thibos = thibo.page.url
    await pays_by_card(mieke, evening, mieke_at)
    await waits(lies, evening, lies_at)

    await volunteer.follow("Vandaag")
    await volunteer.follow("De komende 30 dagen")
    await volunteer.follow(re.compile(title))
    await call_off(volunteer)
    await lies.reads_mail(lies_at, title, "Je stond hiervoor op de wachtlijst.")

    await yasmine.open_mail(YASMINE.email, title)
    await yasmine.reads("Dit gaat niet door", A_STORM, "Kies je niets, dan krijg je daarna alles terug.")
    await yasmine.follow("Kies dit")
    await yasmine.reads("Dit wordt het", "Aan de prijs verandert niets.")
    await yasmine.press("Ja, wijzig de boeking")
    await yasmine.reads("Je komt op")

    await mieke.open_mail(mieke_at, "Kies wat je wil")
    await mieke.page.get_by_text("Neem alles terug").first.click()
    await mieke.press("Ja, neem alles terug")
    await mieke.waits_to_read("€ 5,00 terug")
    await mieke.reads_mail(mieke_at, title, "€ 5,00 terug op de rekening of kaart waarmee je betaalde")

    await volunteer.follow("Wat werd het?")
    await volunteer.reads("Andere datum", "Alles terug", "Nog geen antwoord")
    await gives_longer(volunteer)
    await thibo.reads_mail(THIBO.email, title, A_THIRD)
    await thibo.go(thibos)
    await thibo.reads("Dit gaat niet door", "Een andere datum", "Alles terug")
    await the_time_to_choose_is_over(town, title)

    await thibo.waits_to_read(
        "€ 3,00 krediet terug", "€ 2,00 terug op de rekening of kaart waarmee je betaalde"
    )
    await thibo.reads_mail(THIBO.email, title, "Dit gaat niet door", "€ 3,00 krediet terug")
    await yasmine.go(yasmines)
    await yasmine.reads(day_words(second), "Geboekt")
    await expect(yasmine.page.get_by_role("img", name=TICKETS)).to_have_count(1)
    await volunteer.go(volunteer.page.url)
    await volunteer.reads_not("Nog geen antwoord")
    await volunteer.reads("2 boekingen", "1 boeking")
    assert await faults(town) == []
