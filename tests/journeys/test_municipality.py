"""A municipality fills in its dossier, with a script and without."""

from tests.journeys.steps import Street, Visitor


async def open_dossier(clerk: Visitor) -> None:
    await clerk.follow("Gemeente")


async def test_a_municipality_leaves_a_field_and_it_is_kept(street: Street) -> None:
    clerk = await street.arrive("municipality", script=True)
    await open_dossier(clerk)
    await clerk.follow("5. Logies")

    await clerk.fill(all_season="70,5", licensed_lodgings="veel")
    await clerk.page.keyboard.press("Tab")
    await clerk.reads("Bewaard.", "Vul een getal in, zoals 12 of 7,5.")
    await clerk.follow("Terug naar alle delen")
    await clerk.reads("bezig")
    await clerk.follow("5. Logies")

    assert await clerk.page.locator("[name=all_season]").input_value() == "70,5"
    assert await clerk.page.locator("[name=licensed_lodgings]").input_value() == "veel"
    await clerk.fill(licensed_lodgings="85", accessible_lodgings="4")
    await clerk.press("Bewaar en ga verder")
    await clerk.reads("Deel 6 van 6")
    assert clerk.said == []


async def test_without_script_the_button_keeps_all_and_the_end_names_what_is_missing(street: Street) -> None:
    clerk = await street.arrive("municipality")
    await open_dossier(clerk)
    await clerk.follow("4. Gasten")

    await clerk.fill(nights="60.000", nights_per_thousand="zo'n 2700")
    await clerk.press("Bewaar en ga verder")
    await clerk.reads("Er is niets verloren", "Vul een getal in")
    await clerk.fill(nights_per_thousand="2700")
    await clerk.press("Bewaar en ga verder")
    await clerk.reads("Deel 5 van 6")
    await clerk.follow("Terug naar alle delen")
    await clerk.follow("Dien het dossier in")

    await clerk.reads("Er mist nog iets", "Gaat de opbrengst van de toeristenbelasting naar toerisme?")
    await clerk.reads_not("Hoeveel overnachtingen telde je gemeente vorig jaar?")
