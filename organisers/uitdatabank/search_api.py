"""UiTdatabank's Search API 3: the events that a search finds, page after page.

Paging, limits and the client id as https://docs.publiq.be/docs/uitdatabank/search-api has them.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx
from msgspec import Struct

from organisers.uitdatabank.field import Field, UnreadableError, Wrong
from organisers.uitdatabank.record import Record, decode

Sleep = Callable[[float], Awaitable[None]]

# The last page has to end here; what a search finds beyond it cannot be had.
WINDOW: Final = 10_000
PAGE_SIZE: Final = 100
LARGEST_PAGE: Final = 2_000
MOST_FOUND: Final = 1_000_000_000

ATTEMPTS: Final = 5
# Who says nothing is asked less often than who says to come back.
ATTEMPTS_IN_SILENCE: Final = 3
LONGEST_WAIT_SECONDS: Final = 120.0
PASSING: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}

_NUMBER: Final = re.compile("[0-9]{1,9}")


class Page(Struct, frozen=True):
    members: list[object]
    total: int
    size: int


class Trouble(Struct, frozen=True):
    """What went wrong at one attempt, how long the peer asks to wait, if it does, and when to give up."""

    why: str
    wait_seconds: float | None = None
    attempts: int = ATTEMPTS


class RetryLimits(Struct, frozen=True):
    """How long to wait for a peer: to be let in, for the next piece of an answer, and for all of a page."""

    connect_seconds: float = 5
    read_seconds: float = 15
    page_seconds: float = 60


class PeerConnection(Struct, frozen=True):
    """What a peer is asked over."""

    client: httpx.AsyncClient
    sleep: Sleep
    patience: RetryLimits


RETRY_LIMITS: Final = RetryLimits()


async def read_search_api(
    address: str, client_id: str | None, sleep: Sleep, patience: RetryLimits = RETRY_LIMITS
) -> AsyncIterator[Record]:
    """The results of a search, whole (`embed=true`), in a fixed order so that none slips between two pages.

    The address is taken as it is, with its query: `limit` in it sets the size of a page, `start` where to
    begin, `sort` another order. Mind that the API by itself leaves out what is past, for members or schools,
    outside Belgium, a draft or deleted; its own parameters bring those in. A search that finds more than
    10,000 gives the first 10,000 and a `Wrong` that says so. A page that still fails after `ATTEMPTS`, or
    that is met with silence `ATTEMPTS_IN_SILENCE` times, ends the reading, with the `start` to go on from.
    """
    url = _url(address)
    if isinstance(url, Wrong):
        yield Record(address.partition("?")[0], url, 1.0)
        return
    headers = {"accept": "application/json"} | ({"x-client-id": client_id} if client_id else {})
    timeout = httpx.Timeout(patience.read_seconds, connect=patience.connect_seconds)
    async with httpx.AsyncClient(headers=headers, timeout=timeout) as client:
        async for record in _read_pages(PeerConnection(client, sleep, patience), url):
            yield record


def _url(address: str) -> httpx.URL | Wrong:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        return Wrong("", f"is not an address: {error}")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in LOOPBACK):
        return Wrong("", "is not an https address, so the client id would be readable on the way")
    given = url.params
    for name, fallback in {"start": 0, "limit": PAGE_SIZE}.items():
        if not _NUMBER.fullmatch(given.get(name, str(fallback))):
            return Wrong("", f"has a {name} that is not a number")
    if not any(name.startswith("sort") for name in given):
        given = given.set("sort[created]", "asc")
    return url.copy_with(params=given.set("embed", "true"))


async def _read_pages(line: PeerConnection, url: httpx.URL) -> AsyncIterator[Record]:
    first = start = int(url.params.get("start", "0"))
    limit = min(int(url.params.get("limit", PAGE_SIZE)), LARGEST_PAGE) or PAGE_SIZE
    while start < WINDOW:
        size = min(limit, WINDOW - start)
        page = await _read_page(line, url.copy_merge_params({"start": start, "limit": size}))
        if isinstance(page, Wrong):
            yield Record(f"{url.host}, start={start}", page, 1.0)
            return
        within_reach = max(1, min(page.total, WINDOW) - first)
        for number, member in enumerate(page.members, start + 1):
            yield Record(f"{url.host}, item {number}", member, min(1.0, (number - first) / within_reach))
        start += max(page.size, len(page.members))
        if not page.members or start >= page.total:
            return
    too_many = Wrong("", f"gives no more than the first {WINDOW} results: narrow the search")
    yield Record(f"{url.host}, start={start}", too_many, 1.0)


async def _read_page(line: PeerConnection, url: httpx.URL) -> Page | Wrong:
    attempt = 0
    while True:
        attempt += 1
        answer = await _ask(line, url)
        if not isinstance(answer, Trouble):
            return answer
        if (answer.wait_seconds or 0) > LONGEST_WAIT_SECONDS:
            return Wrong("", f"{answer.why} and asks to wait {answer.wait_seconds:.0f} seconds")
        if attempt >= answer.attempts:
            return Wrong("", f"{answer.why}, {attempt} times in a row")
        await line.sleep(answer.wait_seconds or 2.0**attempt)


async def _ask(line: PeerConnection, url: httpx.URL) -> Page | Wrong | Trouble:
    """A page; a `Wrong` that asking again does not change; or a trouble that may pass."""
    try:
        async with asyncio.timeout(line.patience.page_seconds):
            response = await line.client.get(url)
    except (httpx.RequestError, TimeoutError) as error:
        return Trouble(_silence(error, line.patience), attempts=ATTEMPTS_IN_SILENCE)
    return _understand(response)


def _silence(error: Exception, patience: RetryLimits) -> str:
    """What it means that no answer came."""
    match error:
        case httpx.ConnectTimeout():
            return f"did not let us in within {patience.connect_seconds:g} seconds"
        case httpx.ConnectError():
            return f"cannot be reached: {error}"
        case httpx.TimeoutException():
            return f"said nothing for {patience.read_seconds:g} seconds"
        case TimeoutError():
            return f"did not finish its answer within {patience.page_seconds:g} seconds"
        case _:
            return "broke off its answer"


def _understand(response: httpx.Response) -> Page | Wrong | Trouble:
    if response.status_code in PASSING or response.is_server_error:
        return Trouble(f"answered {response.status_code}", _retry_after(response))
    if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Wrong("", f"answered {response.status_code}: it does not accept this client id")
    if response.is_redirect:
        return Wrong("", f"has moved to {response.headers.get('location', 'nowhere')}: use that address")
    content = decode(response.content)
    if not response.is_success:
        return Wrong("", f"answered {response.status_code}: {_detail(content)}")
    return content if isinstance(content, Wrong) else _page(content)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, which the header gives as such or as a moment; then they count from the answer's own date."""
    asked = response.headers.get("retry-after", "")
    if _NUMBER.fullmatch(asked):
        return float(asked)
    try:
        until, answered = (
            parsedate_to_datetime(asked),
            parsedate_to_datetime(response.headers.get("date", "")),
        )
        return max(0.0, (until - answered).total_seconds())
    except (ValueError, TypeError):
        return None


def _detail(problem: object) -> str:
    detail = problem.get("detail") if isinstance(problem, dict) else None
    return detail[:200] if isinstance(detail, str) else "no reason given"


def _page(content: object) -> Page | Wrong:
    page = Field(content)
    try:
        return Page(
            members=[member.value for member in page.get("member").items()],
            total=page.get("totalItems").whole(MOST_FOUND),
            size=page.get("itemsPerPage").whole(LARGEST_PAGE),
        )
    except UnreadableError as unreadable:
        return unreadable.wrong
