"""Somebody reads what is kept of them, who looked, and why something was refused; and asks to look again."""

from tests.journeys.steps import Street

GROUND = "Je bewijs van het ziekenfonds is van vorig jaar."


async def test_somebody_reads_and_changes_what_is_kept_of_them(street: Street) -> None:
    clerk = await street.arrive("clerk")
    await clerk.follow("Balie")
    await clerk.fill(wie="yasmine benali")
    async with clerk.page.expect_event("load"):
        await clerk.page.keyboard.press("Enter")
    await clerk.page.locator("summary").first.click()
    async with clerk.page.expect_event("load"):
        await clerk.page.locator("main a[href*='/personen/']").first.click()
    await clerk.follow("Beslissingen over deze persoon")
    await clerk.tick("Je krijgt geen krediet")
    await clerk.fill(ground=GROUND, rule="Artikel 4 van het reglement")
    await clerk.press("Bewaar de beslissing")

    yasmine = await street.arrive("resident")
    await yasmine.go("/dender/mijn-gegevens")
    await yasmine.reads("Yasmine Benali", "Wie keek naar je gegevens?", "Om je te helpen aan de balie")
    await yasmine.follow("Wijzig mijn gegevens")
    await yasmine.tick("Op een adres")
    await yasmine.fill(street="Kerkstraat", house_number="", postcode="9300", place="Aalst")
    await yasmine.press("Bewaar")
    await yasmine.reads("Vul het huisnummer in.")
    await yasmine.fill(house_number="12")
    await yasmine.press("Bewaar")
    await yasmine.reads("Je gegevens zijn gewijzigd.", "Kerkstraat 12, 9300 Aalst", "Door jou")

    await yasmine.follow("Kies je berichten")
    await yasmine.fill(booked="Niet nodig")
    await yasmine.press("Bewaar")
    await yasmine.follow("Terug naar mijn gegevens")
    await yasmine.follow("Lees de beslissingen")
    await yasmine.follow("Je krijgt geen krediet")
    await yasmine.reads(GROUND, "Artikel 4 van het reglement", "vlaamseombudsdienst.be")
    await yasmine.fill(why="Het is van dit jaar.")
    await yasmine.press("Vraag om opnieuw te kijken")
    await yasmine.reads("Iemand kijkt er opnieuw naar", "Het is van dit jaar.")

    await clerk.follow("Herbekijken")
    await clerk.follow("Yasmine Benali")
    await clerk.reads("Het is van dit jaar.", "Jij nam deze beslissing. Een collega kijkt opnieuw.")

    await yasmine.go("/dender/mijn-gegevens")
    await yasmine.follow("Lees alles wat we over je bewaren")
    await yasmine.reads("Lid sinds", "Boekingen")
    await yasmine.follow("Terug")
    await yasmine.follow("Bekijk je toestellen")
    await yasmine.reads("Dit toestel", "Laatst gebruikt")
    await yasmine.follow("Terug naar mijn gegevens")
    await yasmine.follow("Laat mijn gegevens wissen")
    await yasmine.reads("Wat blijft?")
