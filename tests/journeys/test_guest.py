"""Somebody without a pass books two seats, gives one back, and joins the booking to a pass later."""

import re
from uuid import uuid4

from playwright.async_api import expect

from tests.journeys.conftest import Announce, Evening
from tests.journeys.steps import Street, Visitor

FREE = [{"category": "base", "name": {"nl": "Basistarief"}, "price": 0, "priceCurrency": "EUR"}]
TICKETS = "QR-code van ticket"


async def books_without_a_pass(guest: Visitor, evening: Evening, email: str) -> None:
    """Two seats of a free evening, with a name and a mail address."""
    await guest.find(evening.name, evening.day, evening.town)
    await guest.follow("Boek je plaats")
    await guest.page.locator("[name^='plaatsen-']").first.fill("2")
    await guest.press("Reken opnieuw")
    await guest.fill(naam="Lotte Maes", email=email)
    await guest.press("Bevestig")


async def test_a_guest_books_two_seats_gives_one_back_and_claims_the_other(
    street: Street, announce: Announce
) -> None:
    announced, email = announce("Gast op bezoek", 9), f"lotte-{uuid4().hex[:6]}@example.org"
    announced.says(priceInfo=FREE)
    guest, yasmine = await street.arrive(), await street.arrive("resident")
    await books_without_a_pass(guest, announced.evening, email)
    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(2)

    await guest.follow("Annuleren")
    await guest.tick("Ticket 2")
    await guest.press("Annuleer wat ik aankruiste")
    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(1)
    await guest.reads_mail(email, "Deels geannuleerd", "Ticket 2")

    await guest.open_mail(email, "Bewaar deze mail")
    await guest.reads("Bewaar deze pagina", "1 plaats geannuleerd")
    number, code = await claim_of(guest, email)
    await yasmine.go("/dender/mijn-boekingen")
    await yasmine.follow("Zet die boeking hierbij")
    await yasmine.fill(number=number, code=code)
    await yasmine.press("Zet bij mijn boekingen")
    await yasmine.reads(announced.evening.name, number)


async def claim_of(guest: Visitor, email: str) -> tuple[str, str]:
    """The number and the code in the mail about the booking."""
    await guest.go("/voorbeeld/post")
    mail = guest.page.get_by_role("article").filter(has_text=email).filter(has_text="Bewaar deze mail")
    found = re.search(
        r"([0-9A-F]{4}-[0-9A-F]{4})\s+Code:?\s+([A-Z2-7]{5}-[A-Z2-7]{5})", await mail.first.inner_text()
    )
    assert found
    return found[1], found[2]
