"""A resident changes what they booked, without script: another date, fewer places, and what that costs."""

from playwright.async_api import expect

from tests.journeys.conftest import Announce
from tests.journeys.steps import Street

TICKET = ".qr figcaption"


async def test_a_resident_changes_two_places_to_another_day_and_back_to_one(
    street: Street, announce: Announce
) -> None:
    first, other = announce("Andere dag", 7, 9).evenings
    yasmine = await street.arrive("resident")
    await yasmine.book(first.name, first.day, first.town, 2)
    old = await yasmine.page.locator(TICKET).last.inner_text()

    await yasmine.follow("Wijzigen")
    await yasmine.page.get_by_role("radio").nth(1).check()
    await yasmine.press("Bekijk wat het kost")
    await yasmine.reads("Dit wordt het", "Aan de prijs verandert niets.")
    await yasmine.press("Ja, wijzig de boeking")

    await yasmine.reads("Je boeking is gewijzigd.", "Ticket 3", "Ticket 4")
    assert old not in await yasmine.page.locator("main").inner_text()
    await yasmine.follow("Wijzigen")
    await yasmine.page.locator("[name^='aantal-']").last.fill("0")
    await yasmine.page.locator("[name^='aantal-']").first.fill("1")
    await yasmine.press("Bekijk wat het kost")
    await yasmine.press("Ja, wijzig de boeking")
    await expect(yasmine.page.locator(TICKET)).to_have_count(1)
    assert other.name == first.name
