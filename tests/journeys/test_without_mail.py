"""Somebody without a mailbox: signs in by a text message, and gets letters, which a counter prints."""

import re
from uuid import uuid4

from tests.journeys.conftest import Evening
from tests.journeys.steps import Street, Visitor


async def register(clerk: Visitor, name: str, phone: str) -> None:
    """Register somebody at home in Aalst, who wants letters, with credit."""
    await clerk.follow("Balie")
    await clerk.follow("Inschrijven")
    await clerk.fill(given_name="Ida", family_name=name, born_on="1971-05-30", refnis="Aalst")
    await clerk.press("Schrijf in")
    await clerk.press("Geef een pas op papier")
    await clerk.follow("Wijzigen")
    await clerk.page.locator("[name='address_kind'][value='home']").check()
    await clerk.fill(street="Kerkstraat", house_number="12", postcode="9300", place="Aalst", phone=phone)
    await clerk.page.locator("[name='reached_by'][value='letter']").check()
    await clerk.press("Bewaar")
    await clerk.follow("Krediet geven")
    await clerk.press(re.compile("Geef"))


async def permit(clerk: Visitor, name: str) -> None:
    """Ida stands at the counter, and the clerk knows her."""
    home = clerk.page.url
    await clerk.follow("Gegevens inkijken, meegeven of wissen")
    await clerk.follow("Vraag of dit mag")
    await clerk.page.locator("[name='soort'][value='known']").check()
    await clerk.press("Dit klopt")
    await clerk.reads(f"Gegevens van Ida {name}", "Kerkstraat 12")
    await clerk.page.goto(home)


async def code_in_text(visitor: Visitor, phone: str) -> str:
    """The code in the newest text message to this number."""
    await visitor.go("/voorbeeld/post")
    sms = visitor.page.get_by_role("article").filter(has_text=phone)
    await visitor._load_until_there(sms)
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", await sms.first.inner_text())
    assert found
    return found[0]


async def test_who_has_a_phone_and_no_mailbox_signs_in_books_and_gets_a_letter(
    street: Street, next_week: Evening
) -> None:
    clerk, ida = await street.arrive("clerk"), await street.arrive()
    name, phone = f"Brief {uuid4().hex[:6]}", f"+3247{uuid4().int % 10**7:07}"
    await register(clerk, name, phone)

    await ida.go("/aanmelden")
    await ida.fill(email=f"0{phone[3:]}")
    await ida.press("Stuur mij een link of een code")
    await ida.reads(f"Kennen we {phone}?")
    code = await code_in_text(ida, phone)
    await ida.go("/aanmelden/met-code?next=/dender/mijn-pas")
    await ida.fill(code=code.lower())
    await ida.press("Meld mij aan")
    await ida.reads("Ida")
    await ida.book(next_week.name, next_week.day, next_week.town)

    await clerk.go("/dender/balie/brieven")
    await clerk.waits_to_read(f"Ida {name}", "Je ticket: Een euro voor een lied")
    await clerk.press("Maak de brieven klaar")
    printed = await clerk.page.get_by_role("link", name="Open de pdf").first.get_attribute("href")
    letters = await clerk.page.request.get(f"{clerk.town.base}{printed}")
    assert (await letters.body()).startswith(b"%PDF")
    await clerk.press("Ze zijn op de post")
    sent = clerk.page.get_by_role("article").filter(has_text=name)
    await sent.get_by_text("Kwam terug", exact=True).click()
    async with clerk.page.expect_event("load"):
        await sent.get_by_role("button", name="Ja, deze brief kwam terug").click()
    await clerk.look()

    await clerk.follow("Werklijst")
    await clerk.reads("Brief kwam terug", f"Ida {name}")
    await clerk.follow(f"Open Ida {name}")
    await clerk.reads("Adres niet zeker")
    await permit(clerk, name)
    sheet = await clerk.page.get_by_role("link", name="Krediet en boekingen op papier").get_attribute("href")
    assert (await (await clerk.page.request.get(f"{clerk.town.base}{sheet}")).body()).startswith(b"%PDF")
    await clerk.press("Het adres klopt")
    await clerk.follow("Werklijst")
    await clerk.reads_not(f"Ida {name}")
