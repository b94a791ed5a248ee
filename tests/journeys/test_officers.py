"""Who follows the money, and who gives the label."""

import re

from tests.journeys.steps import Street, Visitor

REASONS = "De gemeente haalt de criteria, zoals de beoordelaar vaststelde."


async def decide(officer: Visitor, kind: str, words: str, ruling: str) -> None:
    choice = officer.page.get_by_role("group", name=f"Label voor {words}")
    await choice.get_by_label(ruling, exact=True).check()
    await officer.fill(**{f"{kind}_reasons": REASONS})
    await officer.press(f"Beslis over {words}")


async def test_a_programme_officer_sees_where_the_money_is(street: Street) -> None:
    officer = await street.arrive("programme_officer")

    await officer.follow("Programma's")
    await officer.reads("Budget", "Opzij gezet", "€ 20.000,00")
    await officer.follow("Cultuurkrediet")

    await officer.reads(
        "Waar het geld is", "Nog te geven", "alleen met kansentarief", "organisatoren doen mee"
    )


async def test_a_programme_officer_is_told_which_field_is_wrong(street: Street) -> None:
    officer = await street.arrive("programme_officer")
    await officer.follow("Programma's")
    await officer.follow("Nieuw programma")
    await officer.fill(name="Jong in Aalst", budget="12,345", amount="veel", age_from="oud")

    await officer.press("Open het programma")

    await officer.reads("Budget in euro: Schrijf hoogstens 2 cijfers na de komma", "Vanaf welke leeftijd:")


async def test_a_tourism_officer_decides_and_the_register_shows_it(street: Street) -> None:
    officer, anybody = await street.arrive("tourism_officer"), await street.arrive()
    await officer.follow("Toerisme")
    await officer.follow("Nieuwpoort")

    await decide(officer, "day", "dagtoerisme", "Toekennen")
    await officer.reads("Het label voor dagtoerisme toekennen aan Nieuwpoort?")
    await officer.press("Ja, ken het toe")
    await decide(officer, "stay", "verblijfstoerisme", "Niet toekennen")
    await officer.reads("wijk")
    await officer.fill(stay_deviation="Een bezoek toonde dat de logies gesloten zijn.")
    await officer.press("Beslis over verblijfstoerisme")
    await officer.press("Ja, ken het niet toe")
    await officer.reads("Besluit: dagtoerisme", "Besluit: verblijfstoerisme")

    await anybody.go("/")
    await anybody.follow("Vakantiegemeenten")
    await anybody.follow("Nieuwpoort")
    await anybody.reads("Nieuwpoort", "Kom een dag")


async def test_a_programme_officer_names_the_computer_of_a_library(street: Street) -> None:
    officer = await street.arrive("programme_officer")
    await officer.follow("Openbare computers")
    await officer.fill(name="Bib Utopia", network="bib")
    await officer.press("Voeg toe")
    await officer.reads("Dit is geen adres")

    await officer.fill(network="193.190.10.20")
    await officer.press("Voeg toe")

    await officer.reads("Bewaard.", "Bib Utopia", "193.190.10.20")
    await officer.press(re.compile(r"Haal\sweg: Bib Utopia"))
    await officer.reads("Nog geen openbare computers")
