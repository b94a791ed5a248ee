"""An organiser hangs a hall at a date, and somebody without a script chooses two seats of it."""

from uuid import uuid4

from tests.journeys.conftest import Announce, Announced
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_counter_booking import scanned
from tests.journeys.test_guest import FREE

HEIGHTS_IN_ROWS = """[...document.querySelectorAll(".seat-row")].map(
    row => new Set([...row.querySelectorAll(".seat")].map(seat => seat.offsetTop)).size)"""
"""At how many heights the seats of each row are: one, where it stays a row on a phone too."""


async def hang_hall(organiser: Visitor, announced: Announced) -> None:
    """An organiser numbers the seats of an activity, and is at those of its first date."""
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    await organiser.follow(announced.evening.name)
    await organiser.follow("Stoelen")
    await organiser.fill(zaal="De zolder")
    await organiser.page.get_by_label("Alle datums van deze activiteit").check()
    await organiser.press("Hang dit plan")
    await organiser.reads("Het zaalplan hangt aan alle datums", "Nieuwe datums van")


async def test_somebody_chooses_two_seats_of_a_hall_and_one_of_them_is_moved(
    street: Street, announce: Announce
) -> None:
    announced, email = announce("Stoel aan stoel", 12), f"noor-{uuid4().hex[:6]}@example.org"
    announced.says(priceInfo=FREE)
    organiser, guest = await street.arrive("organiser"), await street.arrive()
    await hang_hall(organiser, announced)

    await guest.find(announced.evening.name, announced.evening.day, announced.evening.town)
    await guest.follow("Boek je plaats")
    await guest.page.locator("[name^='plaatsen-']").first.fill("2")
    await guest.press("Kies zelf je stoelen")
    assert set(await guest.page.evaluate(HEIGHTS_IN_ROWS)) == {1}
    await guest.page.get_by_label("Rij C, stoel 3, vrij").press("Space")
    await guest.page.get_by_label("Rij C, stoel 4, vrij").press("Space")
    await guest.press("Neem deze stoelen")
    await guest.reads("Je koos rij C, stoel 3 en 4.")
    await guest.fill(naam="Noor Maes", email=email)
    await guest.press("Bevestig")
    await guest.reads("rij C, stoel 3")
    ticket = guest.page.url
    await guest.reads_mail(email, "Je ticket", "rij C, stoel 3 en 4")

    await organiser.page.reload()
    await organiser.page.get_by_role("link", name="Rij C, stoel 4, bezet").click()
    await organiser.fill(naar="rij A, stoel 1")
    await organiser.press("Verplaats")
    await organiser.reads("Tickets en codes blijven wat ze zijn.", "rij A, stoel 1")
    await guest.go(ticket)
    await guest.reads("rij A, stoel 1", "rij C, stoel 3")


async def test_a_resident_changes_two_numbered_seats_to_the_next_day(
    street: Street, announce: Announce
) -> None:
    announced = announce("Stoel voor stoel", 12, 13)
    first = announced.evening
    organiser, yasmine = await street.arrive("organiser"), await street.arrive("resident")
    await hang_hall(organiser, announced)
    await yasmine.book(first.name, first.day, first.town, 2)
    await yasmine.reads("rij D, stoel 6", "rij D, stoel 7")

    await yasmine.follow("Wijzigen")
    await yasmine.reads("Je hebt nu rij D, stoel 6 en 7. Die houd je.")
    await yasmine.page.get_by_role("radio").nth(1).check()
    await yasmine.press("Kies zelf je stoelen")
    await yasmine.page.get_by_label("Rij A, stoel 1, vrij").press("Space")
    await yasmine.press("Neem deze stoelen")
    await yasmine.reads("Kies 2 stoelen. Je koos er 1.")
    await yasmine.page.get_by_label("Rij A, stoel 2, vrij").press("Space")
    await yasmine.press("Neem deze stoelen")
    await yasmine.reads("Dit wordt het", "Je koos rij A, stoel 1 en 2.")
    await yasmine.press("Ja, wijzig de boeking")

    await yasmine.reads("Je boeking is gewijzigd.", "rij A, stoel 1", "rij A, stoel 2")


async def test_a_clerk_points_out_seats_and_their_row_is_cleared_later(
    street: Street, announce: Announce
) -> None:
    announced = announce("Een kapotte rij", 12)
    organiser = await street.arrive("organiser")
    await hang_hall(organiser, announced)
    count = await scanned(street)
    clerk = count.clerk
    await count.stays("Enter")
    await count.screen("F5")
    await count.types(announced.evening.name)
    await count.screen("Enter")
    await count.screen("Enter")
    await clerk.reads("Stoelen: rij D, stoel 7")
    await clerk.press("Kies stoelen")
    await clerk.page.get_by_label("Rij B, stoel 4, vrij").press("Space")
    await clerk.press("Neem deze stoelen")
    await clerk.reads("Stoelen: rij B, stoel 4")
    await count.screen("F8")
    await clerk.reads("rij B, stoel 4")

    await organiser.fill(rij="B", waarom="De stoelen zijn stuk")
    await organiser.press("Verkoop ze niet")
    await organiser.reads(
        "Hier zitten mensen", "Dat raakt 1 ticket. Er is nog niets gebeurd.", "rij B, stoel 4"
    )
    await organiser.press("Verplaats hen, en verkoop deze stoelen niet")

    await organiser.reads(
        "Wie er zat, zit nu elders en krijgt bericht.", "rij B, stoel 14: De stoelen zijn stuk"
    )
    await clerk.page.reload()
    await clerk.reads_not("rij B, stoel 4")
