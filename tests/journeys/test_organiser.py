"""An organiser before and during an evening, without script."""

from tests.journeys.conftest import Evening
from tests.journeys.steps import Street, Visitor

TICKET = ".qr figcaption"


async def open_evening(organiser: Visitor, event: str) -> None:
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    await organiser.follow(event)


async def test_an_organiser_makes_room_but_never_less_than_is_taken(street: Street, tonight: Evening) -> None:
    yasmine, organiser = await street.arrive("resident"), await street.arrive("organiser")
    await open_evening(organiser, tonight.name)
    await organiser.reads("0 / 10")
    await organiser.follow("Pas het aantal plaatsen aan")

    await yasmine.book(tonight.name, tonight.day, tonight.town)
    await organiser.fill(places="0")
    await organiser.press("Bewaar")
    await organiser.reads("Er zijn al meer plaatsen weg", "Kies 1 of meer.")
    await organiser.fill(places="8")
    await organiser.press("Bewaar")

    await organiser.reads("1 / 8")


async def test_an_organiser_takes_back_a_check_in_that_was_a_mistake(
    street: Street, tonight: Evening
) -> None:
    yasmine, organiser = await street.arrive("resident"), await street.arrive("organiser")
    await yasmine.book(tonight.name, tonight.day, tonight.town)
    number = await yasmine.read(TICKET)
    await open_evening(organiser, tonight.name)
    await organiser.fill(ticket=number)
    await organiser.press("Kijk na")

    await organiser.follow("Was dit een vergissing?")
    await organiser.press("Neem de check-in van ticket 1.1 terug")
    await organiser.reads("De check-in is teruggenomen. Het ticket is weer geldig.", "Nog niet binnen")
    await organiser.follow("Terug naar binnenlaten")
    await organiser.fill(ticket=number)
    await organiser.press("Kijk na")

    await organiser.reads("Welkom, 1 persoon", "1 / 1")


async def test_an_organiser_lets_a_ticket_in_once(street: Street, tonight: Evening) -> None:
    yasmine, organiser = await street.arrive("resident"), await street.arrive("organiser")
    await yasmine.book(tonight.name, tonight.day, tonight.town)
    number = await yasmine.read(TICKET)
    await open_evening(organiser, tonight.name)

    await organiser.fill(ticket=number)
    await organiser.press("Kijk na")
    await organiser.reads("Welkom, 1 persoon", "1 / 1")
    await organiser.fill(ticket=number)
    await organiser.press("Kijk na")

    await organiser.reads("Al binnen om ")


async def test_an_organiser_says_for_how_many_a_family_ticket_is_and_it_is_sold(street: Street) -> None:
    yasmine, organiser = await street.arrive("resident"), await street.arrive("organiser")
    await organiser.follow("Organisator")
    await organiser.reads("Mijn oma is een piraat")
    await organiser.follow("“Gezinsticket” wordt niet verkocht")
    await organiser.reads("Gezinsticket", "Mijn oma is een piraat")

    await organiser.press("Bewaar")
    await organiser.reads("Kies ja of nee.")
    await organiser.tick("Ja")
    await organiser.fill(weight="5")
    await organiser.press("Bewaar")

    await organiser.reads("Niets wacht op jou", "Eén ticket neemt 5 plaatsen")
    await yasmine.go("/dender/agenda?waar=piraat")
    await yasmine.follow("Mijn oma is een piraat")
    await yasmine.follow("Boek je plaats")
    await yasmine.reads("Gezinsticket", "neemt 5 plaatsen", "voor wie meekomt: toon de leeftijd aan de deur")
