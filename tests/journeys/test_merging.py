"""A clerk finds that somebody was registered twice, makes them one, and undoes it."""

from uuid import uuid4

from tests.journeys.steps import Street, Visitor


async def register(clerk: Visitor, name: str, born_on: str) -> None:
    await clerk.follow("Inschrijven")
    await clerk.fill(given_name="Ida", family_name=name, born_on=born_on, refnis="Ninove")
    await clerk.key("F8")
    await clerk.press("Geef een pas op papier")


async def test_a_clerk_makes_two_registrations_one_and_undoes_it(street: Street) -> None:
    clerk, name = await street.arrive("clerk", script=True), f"Dubbel {uuid4().hex[:6]}"
    await clerk.follow("Balie")
    await register(clerk, name, "1971-05-30")
    await clerk.follow("Inschrijven")
    await clerk.fill(given_name="Ida", family_name=f"{name}s", born_on="1971-05-30", refnis="Ninove")
    await clerk.key("F8")
    await clerk.reads("Is het een van deze?", "Kijk of het een van deze is.", f"Ida {name}")
    await clerk.tick("Dit is iemand anders")
    await clerk.key("F8")
    await clerk.press("Geef een pas op papier")

    await clerk.follow("Zoek deze persoon een tweede keer")
    await clerk.reads("Bijna dezelfde naam, zelfde geboortedatum", f"Ida {name}")
    await clerk.page.locator("summary").filter(has_text=f"Ida {name}").first.click()
    await clerk.follow("Leg ze naast elkaar")
    await clerk.reads("Is dit dezelfde persoon?", "Verschilt")
    await clerk.page.locator("summary").filter(has_text="Voeg samen").click()
    await clerk.press("Ja, het is dezelfde persoon: voeg samen")

    await clerk.reads("De twee zijn nu één persoon.", f"Ida {name}s", "Samengevoegd")
    await clerk.page.locator("summary").filter(has_text="Maak het samenvoegen ongedaan").click()
    await clerk.press("Ja, maak het ongedaan")
    await clerk.reads("Het zijn weer twee personen, zoals voordien.")
