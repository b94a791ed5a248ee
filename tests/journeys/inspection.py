"""What holds for every page that somebody reaches, on a phone and on a desk."""

import gzip
import re
from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Route, ViewportSize

PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}
MOST_BYTES: Final = 60 * 1024
POLICY: Final = "content-security-policy"

# What a page is built of. Two that differ only in their words are the same to look at.
BUILT_OF: Final = re.compile(r"<\w+|class=\"[^\"]*\"")

WCAG: Final[dict[str, Any]] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
OVERFLOW: Final = "() => document.documentElement.scrollWidth - innerWidth"
# Words and controls that stand outside of a box that scrolls or clips. `mayScroll`: boxes that may, sideways.
CUT_OFF: Final = """mayScroll => {
    const isShown = node => (node.checkVisibility ? node : node.parentElement).checkVisibility()
        && !node.parentElement.closest('.hidden, script, meter, textarea, select');
    const boxOf = node => {
        const range = document.createRange();
        range.selectNode(node);
        return range.getBoundingClientRect();
    };
    const cuts = (holder, box) => {
        const style = getComputedStyle(holder), own = holder.getBoundingClientRect();
        const clips = axis => ['hidden', 'clip'].includes(style[axis]);
        const wide = style.overflowX !== 'visible' && (box.left < own.left - 1 || box.right > own.right + 1);
        const high = clips('overflowY') && (box.top < own.top - 1 || box.bottom > own.bottom + 1);
        return (wide && (clips('overflowX') || !holder.matches(mayScroll))) || high;
    };
    const isCut = node => {
        const box = boxOf(node);
        for (let holder = node.parentElement; holder !== document.body; holder = holder.parentElement)
            if (cuts(holder, box)) return true;
        return false;
    };
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (words.nextNode()) if (words.currentNode.data.trim()) found.push(words.currentNode);
    return [...found, ...document.querySelectorAll('input, select, textarea, button, meter')]
        .filter(node => isShown(node) && isCut(node))
        .map(node => (node.data || node.outerHTML).trim().slice(0, 80));
}"""
# At a desk, who looks at a table on a phone anyway may swipe it; everywhere else, all is there to see.
SWIPED: Final = {"phone": ".desk .table", "desk": ":not(*)"}
# Words of plain letters that begin on one line and end on another.
BROKEN: Final = """() => {
    const lines = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (lines.nextNode())
        for (const word of lines.currentNode.data.matchAll(/(?<!\\S)[\\p{L}.,:;!?()“”]{2,30}(?!\\S)/gu)) {
            const range = document.createRange();
            range.setStart(lines.currentNode, word.index);
            range.setEnd(lines.currentNode, word.index + word[0].length);
            const tops = [...range.getClientRects()].filter(box => box.width).map(box => Math.round(box.top));
            if (new Set(tops).size > 1) found.push(word[0]);
        }
    return found;
}"""
# What is wrong with a form is told with the label of its field, and leads to it.
NAMELESS: Final = """() => [...document.querySelectorAll('#problems li a')].filter(told => {
    const field = document.getElementById(told.hash.slice(1));
    const legend = field?.type === 'radio' && field.closest('fieldset').querySelector('legend');
    const label = legend || field?.labels[0];
    const asked = label && label.childNodes[0].data.trim();
    return !asked || !told.textContent.includes(asked);
}).map(told => told.textContent.trim())"""
BROKEN_HEADS: Final = """() => [...document.querySelectorAll('thead th:not(:has(.hidden))')].filter(head => {
    const words = document.createRange();
    words.selectNodeContents(head);
    return new Set([...words.getClientRects()].map(line => line.top)).size > 1;
}).map(head => head.innerText)"""
LOOKS: Final = {
    CUT_OFF: "cut off",
    BROKEN: "a word is broken",
    NAMELESS: "names no field",
    BROKEN_HEADS: "a heading breaks",
}
FIRST_STOP: Final = """() => document.querySelector(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]').className"""


class Inspector:
    """Shows a page again, as it was sent, in a browser of its own.

    So the visitor is not disturbed, and pages can be looked at that were reached without script.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._shown, self._policy = "", ""
        self._bytes = 0
        self._said: list[str] = []
        self._seen: set[str] = set()
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
        built = " ".join(BUILT_OF.findall(shown))
        if built in self._seen:
            return []
        self._seen.add(built)
        self._shown, self._policy, self._bytes, self._said = shown, policy, 0, []
        await self._page.set_viewport_size(PHONE)
        await self._page.goto(address)
        found = [*await self._look("phone"), *await self._first_stop()]
        await self._page.set_viewport_size(DESK)
        found += await self._look("desk")
        if not policy:
            found.append("no content security policy")
        if self._bytes > MOST_BYTES:
            found.append(f"weighs {self._bytes} bytes")
        return found + self._said

    async def _look(self, where: str) -> list[str]:
        over = await self._page.evaluate(OVERFLOW)
        found = [f"{where}: {over} px too wide"] if over > 0 else []
        for look, told in LOOKS.items():
            found += [f"{where}: {told}: {part}" for part in await self._page.evaluate(look, SWIPED[where])]
        answer = await Axe().run(self._page, options=WCAG)
        return found + [
            f"{where}: {violation['id']}: {node['html'][:160]}"
            for violation in answer.response["violations"]
            for node in violation["nodes"]
        ]

    async def _first_stop(self) -> list[str]:
        first = await self._page.evaluate(FIRST_STOP)
        return [] if first == "skip" else [f"the keyboard starts at {first!r}, not at the way to the content"]
