"""At the counter: a mother with two children from nothing to their tickets, and a man who lost his phone."""

import re
import time
from datetime import timedelta
from uuid import uuid4

from tests.journeys.conftest import Announce
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_counter_booking import Count, paper
from tests.journeys.test_without_mail import code_in_text
from uit.core.clock import SystemClock, day_in_flanders
from uit.core.phone import written_phone

SATURDAY = 5
MOST_SCREENS = 18
SOON = timedelta(minutes=2)


def days_to_saturday() -> int:
    return (SATURDAY - day_in_flanders(SystemClock().now()).weekday()) % 7 or 7


async def register_family(count: Count, name: str) -> None:
    clerk = count.clerk
    await clerk.follow("Gezin")
    await clerk.fill(volwassenen="1", kinderen="2")
    await clerk.key("F8")
    people = (("Els", name, "1991-08-14"), ("Noor", "", "2018-03-05"), ("Sam", "", "2020-11-30"))
    for at, (given, family, born_on) in enumerate(people):
        fields = {"given_name": given, "family_name": family, "born_on": born_on}
        await clerk.fill(**{f"{field}-{at}": value for field, value in fields.items()})
    await clerk.fill(street="Kerkstraat", house_number="12", postcode="9300", place="Aalst", refnis="Aalst")
    await clerk.fill(proof="attest gezinssamenstelling")
    await clerk.key("F8")
    count.screens += 3
    await clerk.reads("Het gezin is ingeschreven.")


async def give_credit(count: Count, member: str) -> None:
    """From the page of the household, and back to it."""
    clerk, household = count.clerk, count.clerk.page.url
    await clerk.page.locator("article", has_text=member).get_by_role("link", name="Krediet geven").click()
    await clerk.reads("Nog geen krediet.")
    await count.screen("F8")
    await clerk.reads("Nog vrij")
    await clerk.go(household)
    count.screens += 2


async def test_a_mother_and_two_children_from_nothing_to_the_puppet_theatre(
    street: Street, announce: Announce
) -> None:
    puppets = announce("Poppentheater", days_to_saturday()).evening
    clerk, name = await street.arrive("clerk", script=True), f"Vanniets {uuid4().hex[:6]}"
    count = Count(clerk)
    await clerk.follow("Balie")

    await register_family(count, name)
    passes = await paper(clerk, "F9")
    for member in ("Noor", "Sam", "Els"):
        await give_credit(count, member)
    await clerk.page.locator("article", has_text="Els").get_by_role("link", name="Boek").click()
    await clerk.reads("Wil Els dit zelf?")
    await clerk.tick("Ik zag een document")
    await clerk.fill(document="Identiteitskaart, Kids-ID of paspoort")
    await count.screen("F8")
    for child in ("Noor", "Sam"):
        await clerk.tick(child)
    await clerk.fill(waar=puppets.name)
    await clerk.press("Zoek")
    await clerk.follow(puppets.name)
    await clerk.reads("Voor Els, Noor en Sam", "Hoeveel plaatsen voor Sam?", "Met krediet")
    await count.screen("F8")
    count.screens += 3
    await clerk.reads("Els, Noor en Sam", puppets.name, "3 tickets")
    tickets = await paper(clerk, "F9")

    print(f"{count.screens} screens")  # noqa: T201
    assert b"/Type/Pages/Count 3/" in passes
    assert b"/Type/Pages/Count 3/" in tickets
    assert count.screens <= MOST_SCREENS


async def a_man_with_a_phone(street: Street, clerk: Visitor, name: str) -> Visitor:
    """He has a digital pass, and is signed in on the phone that he will lose."""
    number = f"+3247{uuid4().int % 10**7:07}"
    await clerk.follow("Inschrijven")
    await clerk.fill(given_name="Ivo", family_name=name, born_on="1971-05-30", refnis="Aalst")
    await clerk.key("F8")
    await clerk.key("F3")
    await clerk.follow("Wijzigen")
    await clerk.page.locator("[name='address_kind'][value='home']").check()
    await clerk.fill(street="Kerkstraat", house_number="12", postcode="9300", place="Aalst", phone=number)
    await clerk.press("Bewaar")
    await clerk.reads(written_phone(number))
    phone = await street.arrive()
    await phone.go("/aanmelden")
    await phone.fill(email=f"0{number[3:]}")
    await phone.press("Stuur mij een link of een code")
    await phone.reads(f"Kennen we {number}?")
    code = await code_in_text(phone, number)
    await phone.go("/aanmelden/met-code?next=/dender/mijn-pas")
    await phone.fill(code=code)
    await phone.press("Meld mij aan")
    await phone.reads("Ivo")
    return phone


async def test_a_man_who_lost_his_phone_is_back_within_two_minutes(street: Street) -> None:
    clerk, name = await street.arrive("clerk", script=True), f"Kwijt {uuid4().hex[:6]}"
    await clerk.follow("Balie")
    phone = await a_man_with_a_phone(street, clerk, name)
    await clerk.go("/dender/balie")
    began = time.monotonic()

    await clerk.page.keyboard.type(f"ivo {name}")
    await clerk.key("Enter")
    await clerk.reads("1 persoon gevonden", "1971")
    await clerk.page.keyboard.press("Enter")
    await clerk.key("F5")
    await clerk.tick("Ik zag een document")
    await clerk.fill(document="Identiteitskaart, Kids-ID of paspoort")
    await clerk.key("F8")
    await clerk.follow("Terug naar de persoon")
    await clerk.page.get_by_text("Kwijt of gestolen: vervangen").click()
    await clerk.press("Ja, vervang deze pas")
    await clerk.reads("Vervangen", "Actief")
    await clerk.follow("Gegevens inkijken, meegeven of wissen")
    await clerk.page.get_by_text("Meld deze persoon overal af", exact=True).click()
    await clerk.press("Ja, meld overal af")
    slip = await printed_slip(clerk)
    took = time.monotonic() - began

    print(f"{took:.0f} seconds")  # noqa: T201
    assert slip == "application/pdf"
    assert took < SOON.total_seconds()
    await phone.go("/dender/mijn-pas")
    await phone.reads("Kom binnen")


async def printed_slip(clerk: Visitor) -> str:
    """What kind of page comes with the code with which he signs in again, on any computer."""
    slip = clerk.page.get_by_role("button", name=re.compile("Code op een strookje"))
    if await slip.count() == 0:
        await clerk.follow(re.compile("^Terug"))
    async with clerk.page.expect_response(re.compile("/aanmeldcode$")) as answer:
        await slip.click()
    return (await answer.value).headers["content-type"]
