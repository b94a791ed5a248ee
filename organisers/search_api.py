"""UiTdatabank's Search API 3: the events that a search finds, page after page.

Paging, limits and the client id as https://docs.publiq.be/docs/uitdatabank/search-api has them.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx
from msgspec import Struct

from organisers.field import Field, UnreadableError, Wrong
from organisers.record import Record, decode

Sleep = Callable[[float], Awaitable[None]]

# The last page has to end here; what a search finds beyond it cannot be had.
WINDOW: Final = 10_000
PAGE_SIZE: Final = 100
LARGEST_PAGE: Final = 2_000
MOST_FOUND: Final = 1_000_000_000

ATTEMPTS: Final = 5
LONGEST_WAIT_SECONDS: Final = 120.0
TIMEOUT_SECONDS: Final = 30.0
PASSING: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}

_NUMBER: Final = re.compile("[0-9]{1,9}")


class Page(Struct, frozen=True):
    members: list[object]
    total: int
    size: int


class Trouble(Struct, frozen=True):
    """What went wrong at one attempt, and how long the peer asks to wait, if it does."""

    why: str
    wait_seconds: float | None = None


async def read_search_api(address: str, client_id: str | None, sleep: Sleep) -> AsyncIterator[Record]:
    """The results of a search, whole (`embed=true`), in a fixed order so that none slips between two pages.

    The address is taken as it is, with its query: `limit` in it sets the size of a page, `start` where to
    begin, `sort` another order. Mind that the API by itself leaves out what is past, for members or schools,
    outside Belgium, a draft or deleted; its own parameters bring those in. A search that finds more than
    10,000 gives the first 10,000 and a `Wrong` that says so. A page that still fails after `ATTEMPTS` ends
    the reading, with the `start` to go on from.
    """
    url = _url(address)
    if isinstance(url, Wrong):
        yield Record(address.partition("?")[0], url, 1.0)
        return
    headers = {"accept": "application/json"} | ({"x-client-id": client_id} if client_id else {})
    async with httpx.AsyncClient(headers=headers, timeout=TIMEOUT_SECONDS) as client:
        async for record in _read_pages(client, url, sleep):
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


async def _read_pages(client: httpx.AsyncClient, url: httpx.URL, sleep: Sleep) -> AsyncIterator[Record]:
    first = start = int(url.params.get("start", "0"))
    limit = min(int(url.params.get("limit", PAGE_SIZE)), LARGEST_PAGE) or PAGE_SIZE
    while start < WINDOW:
        size = min(limit, WINDOW - start)
        page = await _read_page(client, url.copy_merge_params({"start": start, "limit": size}), sleep)
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


async def _read_page(client: httpx.AsyncClient, url: httpx.URL, sleep: Sleep) -> Page | Wrong:
    trouble = Trouble("was not asked")
    for attempt in range(ATTEMPTS):
        if attempt:
            await sleep(trouble.wait_seconds or 2.0**attempt)
        answer = await _ask(client, url)
        if not isinstance(answer, Trouble):
            return answer
        trouble = answer
        if (trouble.wait_seconds or 0) > LONGEST_WAIT_SECONDS:
            return Wrong("", f"{trouble.why} and asks to wait {trouble.wait_seconds:.0f} seconds")
    return Wrong("", f"{trouble.why}, {ATTEMPTS} times in a row")


async def _ask(client: httpx.AsyncClient, url: httpx.URL) -> Page | Wrong | Trouble:
    """A page; a `Wrong` that asking again does not change; or a trouble that may pass."""
    try:
        response = await client.get(url)
    except httpx.RequestError as error:
        return Trouble(f"did not answer ({type(error).__name__})")
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
