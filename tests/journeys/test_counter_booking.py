"""From "next, please" to a printed ticket, by keyboard alone: few screens, few keys, and soon."""

import time
from dataclasses import dataclass
from uuid import uuid4

from playwright.async_api import expect

from tests.journeys.conftest import Evening
from tests.journeys.steps import Street, Visitor
from tests.journeys.test_till import come_in, open_a_till
from tests.town import Town

MOST_SCREENS = 6
# The browser of the tests reads no codes itself; that of a tablet does.
READS_CODES = """
  navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream(1);
  HTMLMediaElement.prototype.play = async () => {};
  window.BarcodeDetector = class { async detect() { return [{ rawValue: CODE }]; } };
"""
MOST_KEYS = 8
"""Besides those of the name of what one looks for."""


def a_pass(town: Town) -> str:
    """What the QR code on a pass of the example says, as a scanner types it."""
    return str(town.example["passes"][0]["pass_token"])


@dataclass
class Count:
    """A clerk at the keys, with how many screens they saw and how many keys they pressed; a scan is one."""

    clerk: Visitor
    screens: int = 1
    keys: int = 0

    async def types(self, text: str) -> None:
        await self.clerk.page.keyboard.type(text)
        self.keys += len(text)

    async def scans(self, code: str) -> None:
        """A scanner types what it reads, and then Enter."""
        await self.clerk.page.keyboard.type(code)
        self.keys += 1
        await self.screen("Enter", pressed=0)

    async def stays(self, key: str) -> None:
        """A key that leads to no other page."""
        await self.clerk.page.keyboard.press(key)
        self.keys += 1

    async def screen(self, key: str, pressed: int = 1) -> None:
        await self.clerk.key(key)
        self.screens += 1
        self.keys += pressed


async def scanned(street: Street) -> Count:
    """A clerk at the one box of the counter, who scans the pass of who stands there."""
    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")
    await expect(clerk.page.get_by_label("Zoek een lid")).to_be_focused()
    count = Count(clerk)
    await count.scans(a_pass(street.town))
    await clerk.reads("1 persoon gevonden")
    return count


async def booked(count: Count, evening: Evening) -> None:
    """From the card that lies face down to the booking."""
    clerk = count.clerk
    await count.stays("Enter")
    await count.screen("F5")
    await expect(clerk.page.get_by_label("Titel, gemeente of postcode")).to_be_focused()
    await count.types(evening.name)
    await count.screen("Enter")
    await expect(clerk.page.get_by_role("link", name=evening.name)).to_be_focused()
    await count.screen("Enter")
    await clerk.reads("Met krediet", "Te betalen")
    await count.screen("F8")
    await clerk.reads("Druk af op A6", evening.name)


async def paper(clerk: Visitor, key: str) -> bytes:
    """What a key of the page prints."""
    address = await clerk.page.locator(f"[data-key='{key}']").get_attribute("href")
    printed = await clerk.page.request.get(f"{clerk.town.base}{address}")
    assert printed.headers["content-type"] == "application/pdf"
    return await printed.body()


async def test_from_next_please_to_a_printed_ticket(street: Street, tonight: Evening) -> None:
    began = time.monotonic()
    count = await scanned(street)

    await booked(count, tonight)
    printed = await paper(count.clerk, "F9")

    print(f"{count.screens} screens, {count.keys} keys, {time.monotonic() - began:.0f} seconds")  # noqa: T201
    assert b"/Type/Pages/Count 1/" in printed
    assert count.screens <= MOST_SCREENS
    assert count.keys - len(tonight.name) <= MOST_KEYS


async def test_a_booking_is_given_back_at_the_counter(street: Street, next_week: Evening) -> None:
    count = await scanned(street)
    await booked(count, next_week)

    await count.clerk.follow("Annuleren")
    await count.clerk.reads("Annuleren?", "Krediet dat terugkomt")
    await count.clerk.press("Ja, annuleer")

    await count.clerk.reads("Terug: krediet", "Geannuleerd")
    await count.clerk.follow("Alle boekingen")
    await count.clerk.reads("Vrij om uit te geven", "Digitale pas")


async def test_without_a_pass_a_clerk_says_how_they_know(street: Street, tonight: Evening) -> None:
    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")
    await clerk.page.keyboard.type("mehmet yil")
    await clerk.key("Enter")
    await clerk.page.keyboard.press("Enter")
    await clerk.key("F5")
    await clerk.reads("Wil Mehmet dit zelf?", "Zonder pas")

    await clerk.press("Dit klopt")
    await clerk.reads("Kies wat je zag of hoorde.")
    await clerk.tick("Ik zag een document")
    await clerk.fill(document="Oranje kaart of attest van immatriculatie")
    await clerk.press("Dit klopt")
    await clerk.reads("Waar gaat Mehmet naartoe?", tonight.name)


async def test_the_camera_of_a_tablet_does_what_a_scanner_does(street: Street) -> None:
    clerk = await street.arrive("clerk", script=True)
    await clerk.page.add_init_script(f"const CODE = '{a_pass(street.town)}';{READS_CODES}")
    await clerk.follow("Balie")

    await clerk.press("Gebruik de camera")

    await clerk.reads("1 persoon gevonden")


async def test_where_a_browser_reads_no_codes_there_is_no_button(street: Street) -> None:
    clerk = await street.arrive("clerk", script=True)
    await clerk.follow("Balie")

    await clerk.reads_not("Gebruik de camera")


async def test_an_organiser_scans_a_pass_in_the_box_of_the_till(street: Street, tonight: Evening) -> None:
    organiser, _ = await come_in(street)
    await open_a_till(organiser, f"Passen {uuid4().hex[:4]}")
    await expect(organiser.page.get_by_label("Nummer van de boeking")).to_be_focused()

    await organiser.page.keyboard.type(a_pass(street.town))
    await organiser.key("Enter")
    await organiser.reads("Waarvoor?")
    await organiser.follow(tonight.name)
    await organiser.reads("In orde")
    await organiser.reads_not("€", "krediet")
    await organiser.key("F8")
    await organiser.reads("Verkocht.", "Ticket 1 van 1")

    await organiser.follow("Terug naar de kassa")
    await organiser.page.keyboard.type(a_pass(street.town))
    await organiser.key("Enter")
    await organiser.reads("Al geboekt")
    card = organiser.page.locator("li.card", has_text=tonight.name).first
    async with organiser.page.expect_event("load"):
        await card.get_by_role("link", name="Wijzig").click()
    await organiser.look()
    await organiser.page.locator('input[name="plaatsen-1"]').fill("2")
    await organiser.press("Kijk of het kan")
    await organiser.reads("In orde")
    await organiser.reads_not("€", "krediet")
    await organiser.key("F8")

    await organiser.reads("Gewijzigd.", "Ticket 2 van 2")
