"""A resident on a cheap phone, without script."""

import re

from playwright.async_api import expect

from tests.journeys.conftest import Evening
from tests.journeys.steps import Street, Visitor
from uit.example.people import YASMINE

CREDIT = ".panel .huge"


async def sign_in_by_mail(visitor: Visitor) -> None:
    await visitor.go("/")
    await visitor.follow("Dender")
    await visitor.follow("Meld je aan")
    await visitor.fill(email=YASMINE.email)
    await visitor.press("Stuur mij een link")
    await visitor.reads("ligt daar nu een mail")
    await visitor.open_mail(YASMINE.email, "/aanmelden/")
    await visitor.press("Meld mij aan")


async def test_a_resident_signs_in_by_mail_once_and_sees_their_pass_and_credit(street: Street) -> None:
    yasmine, other = await street.arrive(), await street.arrive()

    await sign_in_by_mail(yasmine)

    await yasmine.reads("Dag Yasmine", "Je volgende uitstap", "€")
    await yasmine.follow("Mijn pas")
    await yasmine.reads("Yasmine Benali", "0900 1000", "Je pas werkt")
    await expect(yasmine.page.get_by_role("img", name="QR-code van je pas")).to_be_visible()
    await yasmine.follow("Mijn krediet")
    await yasmine.reads("Je kan nog uitgeven", "Cultuurkrediet", "Wat er gebeurde")
    await other.open_mail(YASMINE.email, "/aanmelden/", again=True)
    await other.reads("Vraag een nieuwe link")


async def test_a_resident_books_with_credit_and_gets_it_back(street: Street, next_week: Evening) -> None:
    yasmine = await street.arrive("resident")
    before = await yasmine.read(CREDIT)

    await yasmine.book(next_week.name, next_week.day, next_week.town)

    await yasmine.reads(next_week.name, "Ticket 1 van 1", "€ 0,20")
    await expect(yasmine.page.get_by_role("img", name="QR-code van ticket 1")).to_be_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", await yasmine.page.pdf(format="A4"))) == 1
    booking = yasmine.page.url
    await yasmine.go("/dender")
    assert await yasmine.read(CREDIT) != before

    await yasmine.go(booking)
    await yasmine.follow("Annuleren")
    await yasmine.reads("€ 0,20 krediet terug")
    await yasmine.press("Ja, annuleer mijn plaats")

    await yasmine.reads("Je boeking is geannuleerd")
    await yasmine.follow("Mijn boekingen")
    await yasmine.go("/dender")
    assert await yasmine.read(CREDIT) == before


async def test_the_way_back_works_at_every_step_of_a_booking(street: Street, next_week: Evening) -> None:
    yasmine = await street.arrive("resident")
    await yasmine.choose(next_week.name, next_week.day, next_week.town)
    await yasmine.page.locator("[name^='plaatsen-']").last.fill("2")
    await yasmine.press("Reken opnieuw")
    await yasmine.press("Reken opnieuw")

    await yasmine.back()
    await yasmine.reads("Met krediet")
    await yasmine.press("Bevestig")
    ticket = yasmine.page.url
    await yasmine.back()

    assert yasmine.page.url == ticket


async def test_the_keyboard_jumps_over_the_menu(street: Street) -> None:
    anybody = await street.arrive()
    await anybody.go("/dender")

    await anybody.page.keyboard.press("Tab")
    await expect(anybody.page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    await anybody.page.keyboard.press("Enter")

    await expect(anybody.page.locator("main")).to_be_focused()
