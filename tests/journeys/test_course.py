"""An organiser sells five dates as a course; a mother enrols her child late; two doors let the child in."""

import re

from playwright.async_api import expect

from tests.journeys.conftest import Announce, Announced, Evening, in_database
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_door import TICKET, open_door, scan
from tests.journeys.test_helping import PEOPLE, are_parents, signs_in
from tests.journeys.test_paying import FIVE_EURO, pay_with
from tests.town import Town

COURSE = "Tekenles op woensdag"
ANNA, FINN = PEOPLE["Anna"], PEOPLE["Finn"]
"""Whose credit no other journey needs: the course takes all of the child's."""


async def sell_as_course(organiser: Visitor, evening: Evening) -> None:
    """All dates together for 150 euro: who comes late pays for what is left."""
    await organiser.follow("Organisator")
    await organiser.follow("Activiteiten")
    await organiser.follow(evening.name)
    await organiser.follow("Verkoop datums samen, als een cursus")
    await organiser.follow("Maak een cursus")
    await organiser.fill(naam=COURSE, **{"prijs-base": "150"})
    await organiser.press("Bewaar")
    await organiser.reads(COURSE, "€ 150,00", "enkel alles samen")


async def door_of(organiser: Visitor, announced: Announced, number: int) -> str:
    """The link to the door of a date."""
    desk = await in_database(
        organiser.town,
        "SELECT '/dender/organisaties/' || s.organiser_id || '/sessies/' || s.id"
        " FROM reservations.session AS s JOIN organisers.event AS e ON e.region_id = s.region_id"
        " AND e.id = s.event_id WHERE e.name = $1 ORDER BY s.starts_at LIMIT 1 OFFSET $2",
        announced.evening.name, number,
    )  # fmt: skip
    await organiser.go(str(desk))
    await organiser.press("Maak een deurlink")
    return await organiser.read("main > .notice code")


async def begin(town: Town, announced: Announced, number: int, when: str) -> None:
    """Let a date be another time: one that passed, or that begins soon."""
    await in_database(
        town,
        "WITH d AS (SELECT s.id FROM reservations.session AS s JOIN organisers.event AS e"
        " ON e.region_id = s.region_id AND e.id = s.event_id WHERE e.name = $1 ORDER BY s.starts_at"
        " LIMIT 1 OFFSET $2) UPDATE reservations.session AS s SET starts_at = now() + $3::text::interval,"
        " ends_at = now() + $3::text::interval + interval '1 hour',"
        " sale_closes_at = now() + $3::text::interval FROM d WHERE s.id = d.id",
        announced.evening.name, number, when,
    )  # fmt: skip


async def enrol_late(mother: Visitor, announced: Announced) -> str:
    """With the credit of the child and a card; the number under the one code."""
    evening = announced.evenings[1]
    await mother.find(evening.name, evening.day, evening.town)
    await mother.reads(COURSE, "nog 4 keer", "€ 120,00")
    await mother.follow("Schrijf in voor de 4 keer die nog komen")
    await mother.page.get_by_label("Jij", exact=True).uncheck()
    await mother.tick(FINN.given_name)
    await mother.press("Toon hun prijs")
    await mother.reads("Met krediet")
    await mother.page.get_by_label(re.compile("met krediet, .* met Bancontact of kaart")).check()
    await mother.press("Boek en betaal")
    await pay_with(mother, "Bancontact")
    await mother.reads(f"Voor {FINN.given_name}. Jij boekte dit.", "opent elke keer waarvoor je inschreef")
    await expect(mother.page.get_by_role("img", name="QR-code van ticket")).to_have_count(1)
    return await mother.read(TICKET)


async def test_a_child_is_enrolled_late_and_let_in_on_two_dates(street: Street, announce: Announce) -> None:
    announced = announce("Tekenen", 2, 3, 4, 5, 6)
    announced.says(priceInfo=FIVE_EURO)
    await are_parents(street.town, FINN, ANNA)
    organiser, mother = await street.arrive("organiser"), await signs_in(street, ANNA)
    await sell_as_course(organiser, announced.evening)
    await begin(street.town, announced, 0, "-2 days")
    ticket = await enrol_late(mother, announced)

    for number, when in ((1, "30 minutes"), (2, "90 minutes")):
        await begin(street.town, announced, number, when)
        volunteer = await street.arrive(script=True)
        await open_door(volunteer, await door_of(organiser, announced, number))
        await scan(volunteer, ticket, "Welkom, 1 persoon")
        await scan(volunteer, ticket, "Al binnen om")

    await mother.page.reload()
    await mother.reads("Geweest")
