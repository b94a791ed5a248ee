"""A clerk at the counter, who works with the keys."""

from uuid import uuid4

from playwright.async_api import expect

from tests.journeys.steps import Street, Visitor

ROUND = "Welkom in de Dender"


async def register(clerk: Visitor, family_name: str) -> None:
    await clerk.follow("Inschrijven")
    await clerk.fill(given_name="Ida", family_name=family_name, born_on="1971-05-30", refnis="Ninove")
    await clerk.key("F8")


async def test_a_clerk_finds_a_person_with_the_name_and_opens_them_with_a_key(street: Street) -> None:
    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")

    await expect(clerk.page.get_by_label("Zoek een lid")).to_be_focused()
    await clerk.page.keyboard.type("mehmet yil")
    await clerk.key("Enter")
    await clerk.reads("1 persoon gevonden", "Mehmet Yildiz", "1984")
    await clerk.page.keyboard.press("Enter")
    await clerk.key("F2")

    await clerk.reads("Mehmet Yildiz", "Digitale pas", "0900 1000", "27 januari 1984")


async def test_a_key_acts_on_the_one_person_who_was_found_and_asks_whom_among_several(street: Street) -> None:
    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")
    await clerk.page.keyboard.type("mehmet yil")
    await clerk.key("Enter")
    await clerk.key("F2")
    await clerk.reads("Mehmet Yildiz", "Digitale pas", "27 januari 1984")

    await clerk.follow("Volgende persoon")
    await clerk.page.keyboard.type("va")
    await clerk.key("Enter")
    await clerk.reads("Open eerst wie je zoekt, met Tab en Enter.")
    await clerk.page.get_by_label("Zoek een lid").focus()
    await clerk.page.keyboard.press("F5")
    await expect(clerk.page.locator("summary").first).to_be_focused()
    await clerk.reads("Open eerst wie je zoekt, met Tab en Enter.")


async def test_a_clerk_registers_somebody_and_gives_a_paper_pass_and_credit(street: Street) -> None:
    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")
    await register(clerk, f"Nieuwkomer {uuid4().hex[:6]}")
    await clerk.reads("Ida Nieuwkomer", "Nog geen pas.")

    await clerk.press("Geef een pas op papier")
    await clerk.reads("Pas op papier", "Actief")
    pass_address = await clerk.page.get_by_role("link", name="Afdrukken").get_attribute("href")
    await clerk.key("F4")
    await clerk.reads(ROUND, "Nog geen krediet.")
    await clerk.key("F8")

    await clerk.reads("Nog vrij", "€ 40,00 / € 40,00")
    printed = await clerk.page.request.get(f"{clerk.town.base}{pass_address}")
    assert printed.headers["content-type"] == "application/pdf"
    assert (await printed.body()).startswith(b"%PDF")


async def test_a_clerk_who_registers_the_same_person_again_is_shown_them(street: Street) -> None:
    clerk, name = await street.arrive("clerk", script=True), f"Tweemaal {uuid4().hex[:6]}"
    await clerk.follow("Balie")
    await register(clerk, name)

    await register(clerk, name)

    await clerk.reads(f"Ida {name}", "Dit is iemand anders, met dezelfde naam en geboortedatum")


async def test_a_clerk_sees_while_typing_who_may_be_this_person(street: Street) -> None:
    clerk, name = await street.arrive("clerk", script=True), f"Vermeiren {uuid4().hex[:6]}"
    await clerk.follow("Balie")
    await register(clerk, name)

    await clerk.follow("Inschrijven")
    await clerk.fill(given_name="Ida", family_name=f"{name}s", born_on="1971-05-30")
    await clerk.page.keyboard.press("Tab")

    await clerk.reads("Is het een van deze?", "Bijna dezelfde naam, zelfde geboortedatum", f"Ida {name}")


async def test_a_clerk_registers_who_is_like_another_and_the_tick_stays(street: Street) -> None:
    clerk, name = await street.arrive("clerk", script=True), f"Gelijk {uuid4().hex[:6]}"
    await clerk.follow("Balie")
    await register(clerk, name)
    await clerk.follow("Inschrijven")
    await register(clerk, f"{name}s")
    await clerk.reads("Kijk of het een van deze is.")

    sure = clerk.page.get_by_label("Dit is iemand anders")
    await sure.check()
    await expect(sure).to_be_focused()
    async with clerk.page.expect_response("**/gelijkenis"):
        await clerk.page.get_by_label("E-mailadres").fill(f"{uuid4().hex}@example.org")
        await clerk.page.keyboard.press("Tab")
    await expect(sure).to_be_checked()
    await clerk.key("F8")

    await clerk.reads(f"Ida {name}s", "Nog geen pas.")


async def test_a_mother_and_two_children_get_three_passes_from_one_form(street: Street) -> None:
    clerk, name = await street.arrive("clerk", script=True), f"Gezin {uuid4().hex[:6]}"
    await clerk.follow("Balie")
    await clerk.follow("Gezin")
    await clerk.fill(volwassenen="1", kinderen="2")
    await clerk.key("F8")
    await clerk.page.locator("[name='given_name-0']").fill("Els")
    await clerk.page.locator("[name='family_name-0']").fill(name)
    await clerk.page.locator("[name='born_on-0']").fill("1991-08-14")
    for at, (child, born_on) in enumerate((("Noor", "2018-03-05"), ("Sam", "2020-11-30")), 1):
        await clerk.page.locator(f"[name='given_name-{at}']").fill(child)
        await clerk.page.locator(f"[name='born_on-{at}']").fill(born_on)
    await clerk.fill(street="Kerkstraat", house_number="12", postcode="9300", place="Aalst", refnis="Aalst")
    await clerk.fill(proof="attest gezinssamenstelling")
    await clerk.key("F8")

    await clerk.reads("Het gezin is ingeschreven.", f"Gezin van Els {name}", f"Noor {name}", f"Sam {name}")
    papers = await clerk.page.get_by_role("link", name="Alle passen afdrukken").get_attribute("href")
    printed = await clerk.page.request.get(f"{clerk.town.base}{papers}")
    assert b"/Type/Pages/Count 3/" in await printed.body()
    await clerk.page.locator("article", has_text="Noor").get_by_role("link", name="Openen").click()
    await clerk.reads(f"Noor {name}", "Pas op papier", "Kerkstraat 12, 9300 Aalst", f"Els {name}")


async def test_a_form_that_stayed_open_while_its_clerk_signed_in_again_comes_back_filled_in(
    street: Street,
) -> None:
    clerk, name = await street.arrive("clerk", script=True), f"Open {uuid4().hex[:6]}"
    await clerk.follow("Balie")
    await clerk.follow("Inschrijven")
    await clerk.fill(given_name="Ida", family_name=name, born_on="1971-05-30", refnis="Ninove")
    other = await clerk.page.context.new_page()
    await other.goto(clerk.town.example["sign_in"]["clerk"])

    await clerk.key("F8")
    await clerk.reads("Dit is nog niet verstuurd.")
    await expect(clerk.page.locator("[name='family_name']")).to_have_value(name)
    await clerk.key("F8")

    await clerk.reads(f"Ida {name}", "Nog geen pas.")


async def test_a_clerk_ends_a_membership_and_takes_that_back(street: Street) -> None:
    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")
    await register(clerk, f"Vertrekker {uuid4().hex[:6]}")
    await clerk.press("Geef een pas op papier")

    await clerk.page.get_by_text("Stop het lidmaatschap", exact=True).click()
    await clerk.page.get_by_label("Verhuisd naar een andere regio").check()
    await clerk.press("Ja, stop het lidmaatschap")
    await clerk.reads("Het lidmaatschap is gestopt.", "Geen lid meer", "Geblokkeerd")

    await clerk.press("Laat weer lid zijn")
    await clerk.reads("Het lidmaatschap loopt weer.", "Geef een pas op papier")
