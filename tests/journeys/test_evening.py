"""An organiser runs an evening alone: who comes, who is in, what they are told. Without script."""

import re

from tests.journeys.conftest import Evening
from tests.journeys.steps import Street


async def test_an_organiser_finds_who_booked_marks_them_in_and_writes_to_all(
    street: Street, tonight: Evening
) -> None:
    yasmine, organiser = await street.arrive("resident"), await street.arrive("organiser")
    await organiser.follow("Organisator")
    await organiser.follow(tonight.name)
    await organiser.follow("Welke naam je vraagt, en wie het mag weten")
    await organiser.page.get_by_label("De voornaam en de familienaam").check()
    await organiser.press("Bewaar")
    await yasmine.book(tonight.name, tonight.day, tonight.town)

    await organiser.follow("Vandaag")
    await organiser.reads(tonight.name, "1 / 10")
    await organiser.follow("De komende 30 dagen")
    await organiser.follow("Vandaag")
    await organiser.follow("Wat voorbij is")
    await organiser.follow("Vandaag")
    card = organiser.page.locator("article", has_text=tonight.name)
    async with organiser.page.expect_event("load"):
        await card.get_by_role("link", name="Boekingen").click()
    await organiser.look()
    await organiser.fill(wie="yasmine")
    await organiser.press("Zoek")
    await organiser.follow("Yasmine")
    await organiser.press("Zet binnen")
    await organiser.reads("Ze staan binnen.", "1 van 1")
    await organiser.fill(note="Zit vooraan")
    await organiser.press("Bewaar de notitie")
    await organiser.follow("Annuleer deze boeking")
    await organiser.follow("Terug naar de boeking")
    await organiser.follow("Alle boekingen")
    await organiser.follow("Terug naar de datum")
    await organiser.follow("Schrijf naar wie boekte")
    await organiser.fill(subject="Andere zaal", body="We spelen in zaal 2.")
    await organiser.press("Bekijk het eerst")
    await organiser.reads("Naar 1 boeking: 1 per mail")
    await organiser.press("Verstuur")
    await organiser.waits_to_read("Kreeg het")
    await organiser.follow("Terug naar de datum")
    await organiser.follow(re.compile("^Verslag"))
    await organiser.follow("Terug naar de datum")
    await organiser.follow("Deurlijst om af te drukken")
    await organiser.reads("Yasmine", "Zit vooraan", "✓")
