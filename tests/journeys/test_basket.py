"""People put activities of several organisers in their basket, and book them."""

from uuid import uuid4

from playwright.async_api import expect

from organisers.example import example_events
from organisers.example.dender import SLUIS
from tests.journeys.conftest import Announce, Evening
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_paying import FIVE_EURO, TICKETS, for_five_euro, pay_with
from uit.core.clock import SystemClock, day_in_flanders


def by_another_seller(announce: Announce, name: str, cents: int = 500) -> Evening:
    """An evening of another organiser than the others."""
    events = example_events("dender", day_in_flanders(SystemClock().now()))
    theirs = next(event["organizer"] for event in events if SLUIS.name in str(event["organizer"]))
    announced = announce(name, 9)
    announced.says(organizer=theirs, priceInfo=[{**FIVE_EURO[0], "price": cents / 100}])
    return announced.evening


async def puts_in_basket(visitor: Visitor, evening: Evening) -> None:
    """From the page of the activity, in one step."""
    await visitor.find(evening.name, evening.day, evening.town)
    await visitor.press("In mandje")
    await visitor.reads("Je mandje", evening.name, "Je plaatsen zijn pas van jou als je boekt.")


async def test_a_guest_pays_two_sellers_one_after_the_other(street: Street, announce: Announce) -> None:
    one = for_five_euro(announce, "Mandje bij de een").evening
    other = by_another_seller(announce, "Mandje bij de ander", 800)
    guest, email = await street.arrive(), f"mieke-{uuid4().hex[:6]}@example.org"
    await puts_in_basket(guest, one)
    await puts_in_basket(guest, other)
    await guest.reads(
        "Dit worden 2 boekingen, die je na elkaar betaalt.",
        "Je betaalt eerst aan Cultuurhuis De Hopzolder, daarna aan Jeugdhuis De Sluis.",
    )
    await guest.fill(naam="Mieke Wouters", email=email)
    await guest.tick("€ 5,00 met Bancontact of kaart")
    await guest.press("Boek en betaal")
    await pay_with(guest, "Bancontact")

    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(1)
    first = guest.page.url
    await guest.follow(f"Volgende boeking: {other.name}")
    await guest.reads_not("Dit worden 2 boekingen", one.name)
    await expect(guest.page.get_by_label("Je naam")).to_have_value("Mieke Wouters")
    await guest.tick("€ 8,00 met Bancontact of kaart")
    await guest.press("Boek en betaal")
    await pay_with(guest, "Kaart")

    await guest.reads(other.name)
    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(1)
    await expect(guest.page.get_by_role("link", name="Volgende boeking")).to_have_count(0)
    await guest.go("/dender/mandje")
    await guest.reads("Er zit niets in je mandje")
    await guest.go(first)
    await guest.reads(one.name, "€ 5,00")
    await expect(guest.page.get_by_role("img", name=TICKETS)).to_have_count(1)


async def test_credit_pays_two_sellers_in_one_booking(street: Street, announce: Announce) -> None:
    one = announce("Mandje met krediet", 8).evening
    other = by_another_seller(announce, "Mandje met nog krediet", 100)
    yasmine = await street.arrive("resident")
    await puts_in_basket(yasmine, one)
    await puts_in_basket(yasmine, other)
    await yasmine.reads("Je boeking", "Je betaalt", "€ 0,00")
    await yasmine.reads_not("Dit worden", "Nu boeking 1")

    await yasmine.press("Bevestig")

    await yasmine.reads(one.name, other.name)
    await expect(yasmine.page.get_by_role("img", name=TICKETS)).to_have_count(2)
    await expect(yasmine.page.get_by_role("link", name="Mandje (")).to_have_count(0)


async def test_who_pays_nothing_keeps_what_is_left_in_the_basket(street: Street, announce: Announce) -> None:
    one = for_five_euro(announce, "Mandje dat wacht").evening
    other = by_another_seller(announce, "Mandje dat blijft")
    guest = await street.arrive()
    await puts_in_basket(guest, one)
    await puts_in_basket(guest, other)
    for number, cost in (("2", "€ 10,00"), ("1", "€ 5,00")):
        await guest.page.locator("[name^='plaatsen-']").first.fill(number)
        await guest.key("Enter")
        await guest.reads(cost, "Dit worden 2 boekingen")
    await guest.fill(naam="Joke Sterckx", email=f"joke-{uuid4().hex[:6]}@example.org")
    await guest.tick("€ 5,00 met Bancontact of kaart")
    await guest.press("Boek en betaal")

    await guest.press("Stop en ga terug")
    await guest.reads("Nog te betalen: € 5,00", f"Volgende boeking: {other.name}")
    await guest.follow(f"Volgende boeking: {other.name}")
    await guest.reads_not(one.name)
    await guest.press("Haal eruit")

    await guest.reads("Er zit niets in je mandje")
