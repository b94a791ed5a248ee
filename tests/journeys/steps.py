"""What people do with their browser. Every page that they reach this way is inspected."""

import re
from typing import Final

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.disclosure import Disclosures
from tests.journeys.inspection import PHONE, POLICY, Inspector
from tests.town import Town

# What the network or a refusal says; what a page could not load itself, the inspector hears.
OF_THE_NETWORK: Final = "Failed to load resource"
PATIENCE: Final = 100
SOON_MS: Final = 200


class Street:
    """Where people come from: each has a browser with cookies and a memory of its own."""

    def __init__(self, town: Town, browser: Browser, inspector: Inspector) -> None:
        self.town = town
        self._browser, self._inspector = browser, inspector
        self._contexts: list[BrowserContext] = []
        self.disclosures = Disclosures()

    async def arrive(self, role: str = "", *, script: bool = False) -> "Visitor":
        """Somebody with a phone; with a role of the example they are signed in, with one click."""
        context = await self._browser.new_context(viewport=PHONE, java_script_enabled=script)
        self._contexts.append(context)
        visitor = Visitor(await context.new_page(), self, self._inspector, role)
        if role:
            await visitor.go(self.town.example["sign_in"][role])
        return visitor

    async def leave(self) -> None:
        for context in self._contexts:
            await context.close()


class Visitor:
    """`said`: what the console of their browser said about the pages."""

    def __init__(self, page: Page, street: Street, inspector: Inspector, role: str) -> None:
        self.page, self.town = page, street.town
        self._role, self._disclosures = role or "anybody", street.disclosures
        self._inspector = inspector
        self._policy = ""
        self.said: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(OF_THE_NETWORK):
            self.said.append(message.text)

    async def go(self, address: str) -> None:
        answer = await self.page.goto(address if "://" in address else f"{self.town.base}{address}")
        assert answer is not None
        self._policy = answer.headers.get(POLICY, "")
        await self.look()

    async def look(self) -> None:
        """Inspect the page as it is now."""
        shown = await self.page.content()
        self._disclosures.keep(self._role, shown, address=self.page.url)
        faults = await self._inspector.faults(self.page.url, shown, self._policy)
        found = [*self.said, *faults]
        assert not found, "\n".join([self.page.url, *found])

    async def follow(self, name: str | re.Pattern[str]) -> None:
        async with self.page.expect_event("load"):
            await self.page.get_by_role("link", name=name).first.click()
        await self.look()

    async def press(self, name: str | re.Pattern[str]) -> None:
        async with self.page.expect_event("load"):
            await self.page.get_by_role("button", name=name).first.click()
        await self.look()

    async def key(self, name: str) -> None:
        """A key that leads to another page."""
        async with self.page.expect_event("load"):
            await self.page.keyboard.press(name)
        await self.look()

    async def fill(self, **fields: str) -> None:
        """Each field by its name in the form; what can only be chosen, is chosen by its words."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name}']").last
            if await field.evaluate("field => field.tagName") == "SELECT":
                await field.select_option(label=value)
            else:
                await field.fill(value)

    async def reads(self, *texts: str) -> None:
        for text in texts:
            await expect(self.page.locator("main")).to_contain_text(text)

    async def waits_to_read(self, *texts: str) -> None:
        """What the worker does comes a little later: load the page again until it says so."""
        for text in texts:
            await self._load_until_there(self.page.locator("main").filter(has_text=text))
        await self.look()
        await self.reads(*texts)

    async def _load_until_there(self, place: Locator) -> None:
        for _ in range(PATIENCE):
            if await place.count():
                return
            await self.page.wait_for_timeout(SOON_MS)
            await self.page.reload()

    async def reads_not(self, *texts: str) -> None:
        for text in texts:
            await expect(self.page.locator("main")).not_to_contain_text(text)

    async def tick(self, name: str) -> None:
        await self.page.get_by_label(name).check()

    async def reads_mail(self, to: str, about: str, *texts: str) -> None:
        """A mail to this address with these words in its subject and body comes."""
        await self.go("/voorbeeld/post")
        mail = self.page.get_by_role("article").filter(has_text=to).filter(has_text=about)
        for text in texts:
            mail = mail.filter(has_text=text)
        await self._load_until_there(mail)
        await expect(mail.first).to_be_visible()

    async def read(self, place: str) -> str:
        """The text at a place, in one line."""
        return " ".join((await self.page.locator(place).first.inner_text()).split())

    async def open_mail(self, to: str, words: str, *, again: bool = False) -> None:
        """Follow the link in the newest mail to this address with these words, once it has come.

        A link that somebody opened before is of an earlier mail; only `again` follows it.
        """
        await self.go("/voorbeeld/post")
        mail = self.page.get_by_role("article").filter(has_text=to).filter(has_text=words)
        link = mail.first.get_by_role("link").first
        for opened in () if again else self.town.opened_links:
            link = link.and_(self.page.locator(f"a:not([href='{opened}'])"))
        await self._load_until_there(link)
        self.town.opened_links.add(await link.get_attribute("href") or "")
        async with self.page.expect_event("load"):
            await link.click()
        await self.look()

    async def back(self) -> None:
        """The browser's own way back."""
        await self.page.go_back()
        await self.look()

    async def book(self, event: str, day: str, town: str, places: int = 1) -> None:
        """Find an event by its place and day, and book one place with credit, or some for others too."""
        await self.choose(event, day, town)
        if places > 1:
            await self.page.locator("[name^='plaatsen-']").last.fill(str(places - 1))
            await self.press("Reken opnieuw")
        await self.press("Bevestig")

    async def find(self, event: str, day: str, town: str) -> None:
        """Find an event by its place and day, and open its page."""
        await self.go("/dender/agenda")
        await self.page.get_by_text("Kies dagen of een soort").click()
        await self.fill(waar=town, van=day, tot=day)
        await self.press("Zoek")
        await self.follow(event)

    async def choose(self, event: str, day: str, town: str) -> None:
        """As far as the sum."""
        await self.find(event, day, town)
        await self.follow("Boek je plaats")
        await self.reads("Met krediet")
