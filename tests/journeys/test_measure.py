"""A town caps all its halls to half and sees whom it concerns; who looks reads why; then it is over."""

from uuid import uuid4

from tests.journeys.conftest import Announce, Evening
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_guest import FREE, books_without_a_pass

WHY = "De nooduitgang wordt hersteld."
TOO_MANY = "Te veel verkocht"


async def sees_whom_it_concerns(officer: Visitor, evening: Evening) -> None:
    """Half of every hall of the town on that day; nothing holds yet."""
    await officer.follow("Programma's")
    await officer.follow("Maatregelen")
    await officer.press("Toon wat dit raakt")
    await officer.reads("Kies waar het geldt.", "Schrijf waarom.")
    await officer.fill(scope=evening.town, number="50", from_on=evening.day, to_on=evening.day, reason=WHY)
    await officer.press("Toon wat dit raakt")
    await officer.reads(f"{evening.town}: 50 % van de zaal", "Daarvan met te veel mensen")
    await officer.reads(evening.name, "De Hopzolder", "Wie al een plaats heeft, houdt die")


async def test_a_town_caps_all_halls_to_half_and_sees_whom_it_concerns(
    street: Street, announce: Announce
) -> None:
    announced = announce("Halve zaal", 15)
    announced.says(priceInfo=FREE)
    evening = announced.evening
    guests = [await street.arrive() for _ in range(3)]
    for guest in guests:
        await books_without_a_pass(guest, evening, f"half-{uuid4().hex[:6]}@example.org")
    officer, resident = await street.arrive("programme_officer"), await street.arrive("resident")
    organiser = await street.arrive("organiser")

    await sees_whom_it_concerns(officer, evening)
    await resident.find(evening.name, evening.day, evening.town)
    await resident.reads("Laatste 4 plaatsen")
    await officer.press("Neem deze maatregel")
    await officer.reads("De maatregel geldt. Niemand verliest een plaats.", TOO_MANY, evening.name)

    await resident.find(evening.name, evening.day, evening.town)
    await resident.reads("Zet je op de wachtlijst", "mogen er minder mensen binnen", WHY)
    await organiser.follow("Organisator")
    await organiser.follow("Zalen")
    await organiser.follow("Maatregelen")
    await organiser.reads(TOO_MANY, evening.name, "De regio nam deze maatregel.")
    await guests[0].page.reload()
    await guests[0].reads(evening.name)

    await officer.page.get_by_text("Stop deze maatregel").last.click()
    await officer.press("Ja, stop ze")
    await officer.reads_not(TOO_MANY)
    await resident.find(evening.name, evening.day, evening.town)
    await resident.reads("Laatste 4 plaatsen")
    await resident.reads_not(WHY)
