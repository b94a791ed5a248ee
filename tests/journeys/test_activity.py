"""A volunteer makes an evening by hand, and a resident finds it and books, without script."""

import re
from datetime import timedelta

from tests.journeys.steps import Street, Visitor
from uit.core.clock import SystemClock, day_in_flanders

TITLE = "Grote quiz van de harmonie"


async def make(volunteer: Visitor, title: str, day: str) -> None:
    """A draft with all its parts."""
    await volunteer.follow("Organisator")
    await volunteer.follow("Activiteiten")
    await volunteer.follow("Maak een activiteit")
    await volunteer.fill(title=title)
    await volunteer.tick("Cultuur")
    await volunteer.press("Ga verder")
    await volunteer.reads("Ontwerp: niemand ziet het", "Nog 4 delen in te vullen.")
    await volunteer.follow(re.compile("Vul in.*Waar"))
    await volunteer.tick("Een plaats die hier niet staat")
    await volunteer.page.get_by_text("Adres van een plaats").click()
    await volunteer.fill(
        name="Parochiezaal Sint-Jan", street="Kerkplein 2", postal_code="9300", locality="Aalst"
    )
    await volunteer.press("Bewaar")
    await volunteer.follow(re.compile("Vul in.*Wanneer"))
    await volunteer.follow("Eén datum")
    await volunteer.fill(day=day, starts="20:00", ends="23:00")
    await volunteer.press("Toon de datums")
    await volunteer.press("Zet deze datum erbij")
    await volunteer.follow("Terug naar de activiteit")
    await volunteer.follow(re.compile("Vul in.*Prijzen"))
    await volunteer.page.get_by_text("Leeftijd, groep of gezin").nth(1).click()
    await volunteer.fill(price_0="3", name_1="Tot 12 jaar", price_1="1,50", age_to_1="12")
    await volunteer.press("Bewaar")
    await volunteer.follow(re.compile("Vul in.*Plaatsen"))
    await volunteer.fill(places="40")
    await volunteer.press("Bewaar")


async def test_a_volunteer_makes_an_evening_with_two_prices_and_a_resident_books_it(street: Street) -> None:
    volunteer, yasmine = await street.arrive("organiser"), await street.arrive("resident")
    day = day_in_flanders(SystemClock().now() + timedelta(days=9)).isoformat()

    await make(volunteer, TITLE, day)
    await volunteer.reads("Alles is ingevuld.", "40 plaatsen", "Tot 12 jaar: € 1,50")
    await volunteer.press("Publiceer")
    await volunteer.reads("Gepubliceerd.")
    await yasmine.book(TITLE, day, "Aalst")

    await yasmine.reads(TITLE, "Parochiezaal Sint-Jan")
    await volunteer.go(volunteer.page.url.partition("?")[0])
    await volunteer.reads("1 / 40")


async def test_a_volunteer_completes_an_activity_of_uitdatabank_with_a_series(street: Street) -> None:
    volunteer = await street.arrive("organiser")
    first = day_in_flanders(SystemClock().now() + timedelta(days=20))
    await volunteer.follow("Organisator")
    await volunteer.follow("Activiteiten")
    await volunteer.follow("Vrij podium")
    await volunteer.follow(re.compile("Wijzig.*Plaatsen"))
    await volunteer.fill(places="33")
    await volunteer.press("Bewaar")
    await volunteer.reads("33 plaatsen", "Hier aangevuld: dat gaat voor op UiTdatabank")

    await volunteer.follow(re.compile("Wijzig.*Wanneer"))
    await volunteer.follow("Datums die terugkomen")
    await volunteer.fill(
        first=first.isoformat(), last=(first + timedelta(days=20)).isoformat(), starts="20:00", ends="22:00"
    )
    await volunteer.tick("Dinsdag")
    await volunteer.press("Toon de datums")
    await volunteer.page.get_by_role("checkbox").first.uncheck()
    await volunteer.press("Zet deze datums erbij")
    await volunteer.reads("Hier toegevoegd", "van 20:00 tot 22:00")

    await volunteer.follow(re.compile("^Elke dinsdag"))
    await volunteer.fill(starts="20:30", ends="22:30")
    await volunteer.press("Ga verder")
    await volunteer.reads("Het nieuwe uur", "Niemand boekte voor deze datums.")
    await volunteer.press("Ja, verander dit")
    await volunteer.reads("De datums zijn veranderd.", "van 20:30 tot 22:30")


async def test_who_chose_french_reads_what_a_volunteer_wrote_in_it(street: Street) -> None:
    volunteer, stranger = await street.arrive("organiser"), await street.arrive()
    await volunteer.follow("Organisator")
    await volunteer.follow("Activiteiten")
    await volunteer.follow("Vrij podium")
    await volunteer.follow(re.compile("Wijzig.*Wat"))
    await volunteer.page.get_by_text("Ook in het Frans").click()
    await volunteer.fill(title_fr="Scène ouverte", text_fr="Chacun chante.")
    await volunteer.press("Bewaar")
    await volunteer.follow("Bekijk het zoals iedereen het ziet")

    await stranger.go(volunteer.page.url)
    await stranger.reads("Vrij podium")
    await stranger.follow("Français")
    await stranger.reads("Scène ouverte", "Chacun chante.", "Nederlands")
