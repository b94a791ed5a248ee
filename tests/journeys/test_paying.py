"""People pay in their browser: with credit, by Bancontact, in cash at the counter; and it comes back."""

import re
from uuid import uuid4

from playwright.async_api import expect

from tests.journeys.conftest import Announce, Announced, Evening, in_database
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_changes import open_date
from tests.town import Town
from uit.example.people import THIBO

FIVE_EURO = [{"category": "base", "name": {"nl": "Basistarief"}, "price": 5, "priceCurrency": "EUR"}]
TICKETS = "QR-code van ticket"
NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")


def for_five_euro(announce: Announce, name: str) -> Announced:
    announced = announce(name, 8)
    announced.says(priceInfo=FIVE_EURO)
    return announced


async def go_to_book(visitor: Visitor, evening: Evening, places: int = 1) -> None:
    """As far as the sum of so many places."""
    await visitor.find(evening.name, evening.day, evening.town)
    await visitor.follow("Boek je plaats")
    await visitor.page.locator("[name^='plaatsen-']").first.fill(str(places))
    await visitor.press("Reken opnieuw")


async def pay_with(visitor: Visitor, method: str) -> None:
    """On the page of the payment provider, which is elsewhere, and back."""
    assert not visitor.page.url.startswith(visitor.town.base)
    await visitor.fill(method=method)
    await visitor.press("Betaal")
    assert visitor.page.url.startswith(visitor.town.base)


async def test_a_young_one_pays_with_credit_and_bancontact_and_both_come_back(
    street: Street, announce: Announce
) -> None:
    evening = for_five_euro(announce, "Avond met krediet").evening
    thibo = await street.arrive("young")
    await go_to_book(thibo, evening)
    await thibo.reads("€ 3,00", "Je betaalt", "€ 2,00")

    await thibo.tick("€ 3,00 met krediet, € 2,00 met Bancontact of kaart")
    await thibo.press("Boek en betaal")
    await thibo.reads("Betaal € 2,00", evening.name)
    await pay_with(thibo, "Bancontact")

    await expect(thibo.page.get_by_role("img", name=TICKETS)).to_have_count(1)
    await thibo.reads("€ 3,00", "€ 2,00")
    organiser = await open_date(street, evening)
    await organiser.follow("Afgelasten")
    await organiser.fill(reason="De zaal staat onder water.")
    await organiser.press("Ja, gelast af")

    await thibo.waits_to_read(
        "Dit gaat niet door",
        "€ 3,00 krediet terug",
        "€ 2,00 terug op de rekening of kaart waarmee je betaalde",
    )
    await thibo.reads_mail(
        THIBO.email,
        evening.name,
        "De zaal staat onder water.",
        "€ 3,00 krediet terug",
        "€ 2,00 terug op de rekening of kaart waarmee je betaalde",
    )
    await thibo.go("/dender")
    await thibo.reads("€ 3,00")


async def test_a_guest_pays_two_seats_by_card_and_gives_one_back(street: Street, announce: Announce) -> None:
    evening, email = for_five_euro(announce, "Gast betaalt").evening, f"mieke-{uuid4().hex[:6]}@example.org"
    guest = await street.arrive()
    await go_to_book(guest, evening, places=2)
    await guest.fill(naam="Mieke Wouters", email=email)
    await guest.tick("Bancontact of kaart")
    await guest.press("Boek en betaal")
    await guest.press("De bank weigert")
    await guest.reads("Er is niets betaald")

    await pay_with(guest, "Kaart")
    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(2)
    await guest.follow("Annuleren")
    await guest.tick("Ticket 2")
    await guest.press("Annuleer wat ik aankruiste")

    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(1)
    await guest.waits_to_read("€ 5,00 terug op de rekening of kaart waarmee je betaalde")
    await guest.reads_mail(email, evening.name, "€ 5,00 terug op de rekening of kaart waarmee je betaalde")


async def test_who_gives_up_paying_finds_the_page_again_and_takes_more_time(
    street: Street, announce: Announce
) -> None:
    evening = for_five_euro(announce, "Nog even wachten").evening
    guest = await street.arrive()
    await go_to_book(guest, evening)
    await guest.fill(naam="Joke Sterckx", email=f"joke-{uuid4().hex[:6]}@example.org")
    await guest.tick("Bancontact of kaart")
    await guest.press("Boek en betaal")

    await guest.press("Stop en ga terug")
    await guest.reads("Nog te betalen: € 5,00", "Je plaatsen zijn voor jou tot")
    await guest.press("Ik heb meer tijd nodig")
    await expect(guest.page.get_by_role("button", name="Ik heb meer tijd nodig")).to_have_count(0)
    await guest.follow("Betaal € 5,00")
    await pay_with(guest, "Bancontact")

    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(1)


async def open_till_of(street: Street, clerk: Visitor) -> None:
    """Their organiser makes a till, and the clerk opens it with a hundred euro of change."""
    organiser = await street.arrive("organiser", script=True)
    await organiser.follow("Organisator")
    await organiser.follow("Geld")
    await organiser.follow("Kassa")
    await organiser.fill(name=f"Inkom {uuid4().hex[:4]}")
    await organiser.press("Maak de kassa")
    await clerk.go(organiser.page.url)
    await expect(clerk.page.get_by_label("Hoeveel wisselgeld leg je erbij?")).to_be_focused()
    await clerk.page.keyboard.type("100")
    await clerk.key("F8")
    await clerk.reads("De kassa is open.")


async def test_a_mother_pays_the_rest_in_cash_at_the_counter_and_gets_a_receipt(
    street: Street, announce: Announce
) -> None:
    evening = for_five_euro(announce, "Aan de kassa").evening
    thibo, clerk = await street.arrive("young"), await street.arrive("box_office", script=True)
    await open_till_of(street, clerk)
    await go_to_book(thibo, evening)
    await thibo.tick("€ 3,00 met krediet, € 2,00 aan de kassa")
    await thibo.press("Boek en betaal")
    await thibo.reads("Nog te betalen: € 2,00", "Betaal aan de kassa van")
    number = NUMBER.search(await thibo.page.locator("main").inner_text())
    assert number

    await expect(clerk.page.get_by_label("Nummer van de boeking")).to_be_focused()
    await clerk.page.keyboard.type(number[0])
    await clerk.key("Enter")
    await clerk.reads(evening.name, "€ 5,00", "€ 3,00", "Te betalen", "€ 2,00")
    await clerk.key("F8")

    await clerk.reads(evening.name, "Cash", "€ 2,00")
    await thibo.go(thibo.page.url)
    await expect(thibo.page.get_by_role("img", name=TICKETS)).to_have_count(1)
    await thibo.reads("Betaald aan de kassa")
    await thibo.follow("Annuleren")
    await thibo.press("Ja, annuleer mijn plaats")
    await thibo.reads("€ 3,00 krediet terug", "€ 2,00 terug aan de kassa", "Toon daar deze code")


async def test_an_organiser_opens_a_card_account_and_can_be_paid_at_the_desk(
    street: Street, town: Town
) -> None:
    organiser = await street.arrive("organiser")
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    home = organiser.page.url.rstrip("/")
    await in_database(
        town,
        "UPDATE credits.seller SET card_open = false, card_account = NULL"
        " WHERE organiser_id = $1::text::uuid",
        home.rpartition("/")[2],
    )
    await organiser.go(f"{home}/betalen")
    await organiser.reads("Je kan nog geen kaarten aannemen")
    if await organiser.page.locator("[name='first']").count():
        await organiser.fill(first="Jan Peeters", second="An Claes")

    await organiser.press("Begin bij Stripe")
    await organiser.press("Open de rekening")
    await organiser.reads("Je kan kaarten aannemen")
    await organiser.fill(desk_hours="24", fee="0,50")
    await organiser.press("Bewaar")

    await organiser.go(f"{home}/betalen")
    await expect(organiser.page.get_by_label("Mensen mogen aan de kassa betalen")).to_be_checked()
    await expect(organiser.page.locator("[name='desk_hours']")).to_have_value("24")
    await organiser.fill(desk_hours="48", fee="0")
    await organiser.press("Bewaar")
