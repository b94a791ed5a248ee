"""A volunteer at the door, with their own phone."""

from playwright.async_api import expect

from tests.journeys.conftest import Evening
from tests.journeys.steps import Street, Visitor

TICKET = ".qr figcaption"
ANSWER = "#answer"


async def make_door(street: Street, event: str) -> str:
    organiser = await street.arrive("organiser")
    await organiser.follow("Organisator")
    await organiser.follow(event)
    await organiser.press("Maak een deurlink")
    return await organiser.read("main > .notice code")


async def ticket_for(street: Street, evening: Evening) -> str:
    yasmine = await street.arrive("resident")
    await yasmine.book(evening.name, evening.day, evening.town)
    return await yasmine.read(TICKET)


async def open_door(volunteer: Visitor, link: str) -> None:
    await volunteer.go(link)
    await volunteer.press("Open de deur op dit toestel")


async def scan(volunteer: Visitor, ticket: str, answer: str) -> None:
    """Type a ticket; the answer comes on the same page."""
    await volunteer.fill(ticket=ticket)
    await volunteer.page.keyboard.press("Enter")
    await expect(volunteer.page.locator(ANSWER)).to_contain_text(answer)
    await volunteer.look()


async def test_a_volunteer_lets_people_in_and_only_on_one_phone(street: Street, tonight: Evening) -> None:
    ticket, link = await ticket_for(street, tonight), await make_door(street, tonight.name)
    volunteer, other = await street.arrive(script=True), await street.arrive(script=True)

    await open_door(volunteer, link)
    await scan(volunteer, ticket, "Welkom, 1 persoon")
    await scan(volunteer, ticket, "Al binnen om")
    await open_door(other, link)

    await other.reads("Deze deur is dicht", "Gebruik het toestel dat de link het eerst opende")


async def test_a_scan_without_network_is_kept_and_sent_when_it_is_back(
    street: Street, tonight: Evening
) -> None:
    ticket, link = await ticket_for(street, tonight), await make_door(street, tonight.name)
    volunteer = await street.arrive(script=True)
    await open_door(volunteer, link)

    await volunteer.page.context.set_offline(offline=True)
    await scan(volunteer, ticket, "Onthouden")
    await volunteer.reads("Nog niet gecontroleerd: 1")
    await volunteer.page.context.set_offline(offline=False)

    await expect(volunteer.page.locator(ANSWER)).to_contain_text("Welkom, 1 persoon")
    await expect(volunteer.page.locator("#waiting")).to_be_empty()
    await expect(volunteer.page.locator("#count")).to_contain_text("1 / 1")


async def test_without_script_the_door_works_as_well(street: Street, tonight: Evening) -> None:
    ticket, link = await ticket_for(street, tonight), await make_door(street, tonight.name)
    volunteer = await street.arrive()
    await open_door(volunteer, link)

    await volunteer.fill(ticket=ticket)
    await volunteer.press("Kijk na")

    await volunteer.reads("Welkom, 1 persoon", "1 / 1")
