"""A volunteer at the door, with their own phone."""

import re

from playwright.async_api import expect

from tests.journeys.conftest import Evening, in_database
from tests.journeys.steps import Street, Visitor
from tests.town import Town
from uit.core.clock import SystemClock

TICKET = ".qr figcaption"
ANSWER = "#answer"


async def make_door(street: Street, event: str) -> str:
    organiser = await street.arrive("organiser")
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
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


async def pass_of(resident: Visitor) -> str:
    """The number of their pass and the year in which they were born, as they tell it at a door."""
    await resident.go("/dender/mijn-pas")
    number = re.search(r"\d{4}\s\d{4}\s\d{4}\s\d", await resident.read("main"))
    assert number
    return f"{number[0]} 1996"


async def test_a_pass_is_the_ticket_for_all_who_come_and_a_mistake_is_taken_back(
    street: Street, tonight: Evening
) -> None:
    yasmine, volunteer = await street.arrive("resident"), await street.arrive(script=True)
    await yasmine.book(tonight.name, tonight.day, tonight.town, places=3)
    await yasmine.reads("Voor iedereen samen", "3 personen", "je pas werkt ook als ticket")
    shown = await pass_of(yasmine)
    await open_door(volunteer, await make_door(street, tonight.name))

    await volunteer.fill(places="1")
    await scan(volunteer, shown, "Welkom, 1 persoon")
    await scan(volunteer, shown, "Welkom, 2 personen")
    await volunteer.reads("3 van 3 op deze pas", "3 / 3")
    await volunteer.page.get_by_role("button", name="Vergissing? Neem terug").click()
    await volunteer.reads("Teruggenomen", "1 / 3")
    await volunteer.fill(places="3")
    await scan(volunteer, shown, "Er kunnen nog 2 personen binnen")
    await scan(volunteer, shown, "Welkom, 2 personen")
    await scan(volunteer, shown, "Al binnen om")


async def test_a_pass_that_was_blocked_opens_nothing_at_a_door_that_was_without_network(
    street: Street, town: Town, tonight: Evening
) -> None:
    volunteer, stolen = await street.arrive(script=True), town.example["passes"][-1]
    await open_door(volunteer, await make_door(street, tonight.name))

    await volunteer.page.context.set_offline(offline=True)
    await scan(volunteer, stolen["pass_token"], "Onthouden")
    await set_state(town, stolen["number"], "blocked")
    await volunteer.page.context.set_offline(offline=False)

    await expect(volunteer.page.locator("#refused")).to_contain_text("Deze pas werkt niet")
    await expect(volunteer.page.locator("#waiting")).to_be_empty()
    await set_state(town, stolen["number"], "active")


async def set_state(town: Town, number: str, state: str) -> None:
    """What a clerk does to a pass, and takes back for the next journey."""
    ended = "UPDATE passes.card SET state = $2::text::passes.card_state, ended_at = $3 WHERE number = $1"
    await in_database(town, ended, number, state, SystemClock().now() if state == "blocked" else None)


async def test_without_script_a_pass_and_a_part_work_as_well(street: Street, tonight: Evening) -> None:
    yasmine, volunteer = await street.arrive("resident"), await street.arrive()
    await yasmine.book(tonight.name, tonight.day, tonight.town, places=2)
    await open_door(volunteer, await make_door(street, tonight.name))

    await volunteer.fill(ticket=await pass_of(yasmine), places="1")
    await volunteer.press("Kijk na")
    await volunteer.reads("Welkom, 1 persoon", "1 van 2 op deze pas")
    await volunteer.press("Vergissing? Neem terug")

    await volunteer.reads("Teruggenomen", "0 / 2")
