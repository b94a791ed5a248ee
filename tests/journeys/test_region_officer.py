"""Who runs a region lets colleagues and programs in, and stops them again."""

from uuid import uuid4

from tests.journeys.steps import Street


async def test_a_colleague_is_invited_and_stopped(street: Street) -> None:
    officer, name = await street.arrive("region_officer"), f"Bo {uuid4().hex[:6]}"
    await officer.follow("Regiobeheer")
    await officer.reads("Collega's", "Griet Van Damme")

    await officer.press("Nodig uit")
    await officer.reads("Vul een naam in.", "Dit is geen e-mailadres. Kijk het na.", "Kies een taak.")
    await officer.fill(name=name, email=f"{uuid4().hex}@voorbeeld.example", role="Balie", refnis="Aalst")
    await officer.press("Nodig uit")

    await officer.reads(f"{name} is uitgenodigd", "/team/uitnodiging/", "Er is een mail naar")
    await officer.follow("Naar de collega's")
    await officer.reads(name, "Uitgenodigd")
    card = officer.page.get_by_role("heading", name=name).locator("..")
    await card.get_by_text(f"Stop {name}").click()
    async with officer.page.expect_event("load"):
        await card.get_by_role("button", name="Ja, stop").click()
    await officer.look()
    await officer.reads("Gestopt. Deze collega kan hier niet meer binnen.")


async def test_an_organiser_is_added_and_a_program_works_for_it(street: Street) -> None:
    officer, name = await street.arrive("region_officer"), f"De Kaai {uuid4().hex[:6]}"
    await officer.follow("Regiobeheer")
    await officer.follow("Organisatoren")
    await officer.fill(name=name, enterprise_number="0123")
    await officer.press("Voeg toe")
    await officer.reads("Dit ondernemingsnummer klopt niet.")
    await officer.fill(enterprise_number="")
    await officer.press("Voeg toe")
    await officer.reads("Toegevoegd.", name)

    await officer.follow("Koppelingen")
    await officer.press("Voeg toe en toon de sleutel")
    await officer.reads("Vul een naam in.", "Kies minstens één organisator.")
    await officer.page.get_by_label(name).check()
    await officer.fill(name=f"Winkel van {name}")
    await officer.press("Voeg toe en toon de sleutel")

    await officer.reads("client_id", "client_secret", "We tonen de sleutel maar één keer.")
    await officer.follow("Naar de koppelingen")
    await officer.reads(f"Winkel van {name}", "Boeken", f"Voor: {name}")
