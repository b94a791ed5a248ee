"""A family of four waits for what is full, and gets in after two others cancel; a newcomer does not."""

from uuid import uuid4

from playwright.async_api import expect

from tests.journeys.conftest import Announce, Evening
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_guest import FREE, TICKETS, books_without_a_pass

ALL_PLACES = 4


async def one_line(organiser: Visitor, evening: Evening) -> None:
    """Four places on sale, and what is too few for who comes first is kept for them."""
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    await organiser.follow(evening.name)
    await organiser.follow("Pas het aantal plaatsen aan")
    await organiser.fill(places=str(ALL_PLACES))
    await organiser.press("Bewaar")
    await organiser.follow("Wachtlijst")
    await organiser.page.get_by_label("Opzij houden tot er genoeg zijn").check()
    await organiser.press("Bewaar")
    await organiser.reads("De regel geldt vanaf nu")


async def waits(family: Visitor, evening: Evening, email: str) -> None:
    await family.find(evening.name, evening.day, evening.town)
    await family.follow("Zet je op de wachtlijst")
    await family.page.locator("[name^='plaatsen-']").first.fill("4")
    await family.fill(naam="Familie Peeters", email=email)
    await family.press("Zet me op de wachtlijst")
    await family.reads("Je bent de eerste in de rij.", "houden we ze opzij")


async def cancels(guest: Visitor) -> None:
    await guest.follow("Annuleren")
    for ticket in ("Ticket 1", "Ticket 2"):
        await guest.tick(ticket)
    await guest.press("Annuleer wat ik aankruiste")


async def test_a_family_of_four_waits_and_gets_in(street: Street, announce: Announce) -> None:
    announced, email = announce("Vol huis", 9), f"familie-{uuid4().hex[:6]}@example.org"
    announced.says(priceInfo=FREE)
    evening = announced.evening
    organiser, family, newcomer = (
        await street.arrive("organiser"),
        await street.arrive(),
        await street.arrive(),
    )
    await one_line(organiser, evening)
    guests = [await street.arrive() for _ in range(2)]
    for guest in guests:
        await books_without_a_pass(guest, evening, f"gast-{uuid4().hex[:6]}@example.org")
    await waits(family, evening, email)

    await cancels(guests[0])
    await newcomer.find(evening.name, evening.day, evening.town)
    await newcomer.reads("Zet je op de wachtlijst", "Er staat 1 aanvraag vóór jou.")
    await cancels(guests[1])

    await family.open_mail(email, "Zeg ja of nee")
    await family.reads("Er is plaats voor jou", evening.name)
    await family.press("Ja, ik neem ze")
    await expect(family.page.get_by_role("img", name=TICKETS)).to_have_count(ALL_PLACES)
    await organiser.go(organiser.page.url)
    await organiser.reads("Nummer 1: kreeg 4 plaatsen aangeboden.", "klopt met de regel")
