"""What holds for every page that somebody reaches, on a phone and on a desk."""

import gzip
import re
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Route, ViewportSize

PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}
MOST_BYTES: Final = 60 * 1024
POLICY: Final = "content-security-policy"

# What a page is built of. Two that differ only in words, or in how often a part comes, look the same.
ELEMENT: Final = re.compile(r"<(\w+)(?:[^>]*? class=\"([^\"]*)\")?")

WCAG: Final[dict[str, Any]] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
LOOKS: Final = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")
# At a desk, who looks at a table on a phone anyway may swipe it; and the rows of a hall stay rows, for which
# no phone is wide enough. Everywhere else, all is there to see.
SWIPED: Final = {"phone": ".desk .table, .hall", "desk": ":not(*)"}


class Inspector:
    """Shows a page again, as it was sent, in a browser of its own.

    So the visitor is not disturbed, and pages can be looked at that were reached without script.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._shown, self._policy = "", ""
        self._bytes = 0
        self._said: list[str] = []
        self._seen: set[frozenset[object]] = set()
        self._files: dict[str, tuple[bytes, dict[str, str]]] = {}

    @classmethod
    async def start(cls, browser: Browser) -> "Inspector":
        made = cls(await browser.new_page())
        made._page.on("console", made._listen)
        made._page.on("pageerror", lambda error: made._said.append(str(error)))
        await made._page.route("**/*", made._send)
        return made

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._said.append(message.text)

    async def _send(self, route: Route) -> None:
        """What a page would be sent, but for events: they never end, and are told to stay away."""
        if route.request.resource_type == "eventsource":
            await route.fulfill(status=204)
            return
        if route.request.is_navigation_request():
            self._weigh(self._shown.encode())
            await route.fulfill(
                body=self._shown, content_type="text/html; charset=utf-8", headers={POLICY: self._policy}
            )
        else:
            body, headers = await self._fetch(route)
            self._weigh(body)
            await route.fulfill(body=body, headers=headers)

    async def _fetch(self, route: Route) -> tuple[bytes, dict[str, str]]:
        """A file that pages share; its address changes when it does."""
        address = route.request.url
        if address not in self._files:
            answer = await route.fetch()
            self._files[address] = await answer.body(), {"content-type": answer.headers["content-type"]}
        return self._files[address]

    def _weigh(self, body: bytes) -> None:
        self._bytes += len(gzip.compress(body))

    async def faults(self, address: str, shown: str, policy: str) -> list[str]:
        """What is wrong with a page, in words; nothing when all is well, or when its like was seen before."""
        elements = ELEMENT.findall(shown)
        built = frozenset(pairwise(elements))
        if built in self._seen:
            return []
        self._seen.add(built)
        self._shown, self._policy, self._bytes, self._said = shown, policy, 0, []
        await self._page.set_viewport_size(PHONE)
        await self._page.goto(address)
        found = await self._look("phone")
        await self._page.set_viewport_size(DESK)
        found += await self._look("desk")
        if not policy:
            found.append("no content security policy")
        if self._bytes > MOST_BYTES:
            found.append(f"weighs {self._bytes} bytes")
        return found + self._said

    async def _look(self, where: str) -> list[str]:
        wrong: list[str] = await self._page.evaluate(LOOKS, SWIPED[where])
        answer = await Axe().run(self._page, options=WCAG)
        return [f"{where}: {each}" for each in wrong] + [
            f"{where}: {violation['id']}: {node['html'][:160]}"
            for violation in answer.response["violations"]
            for node in violation["nodes"]
        ]
