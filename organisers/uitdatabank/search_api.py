"""A client of UiTdatabank's Search API 3, which reads the events of a search page by page.

Paging, limits and the client id are described at https://docs.publiq.be/docs/uitdatabank/search-api.
"""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx
from msgspec import Raw, Struct

from organisers.uitdatabank.field import Field, Unreadable, UnreadableError
from organisers.uitdatabank.record import (
    MOST_DOCUMENT_BYTES,
    Members,
    Record,
    decode,
    decode_each,
    read_members,
)

Sleep = Callable[[float], Awaitable[None]]

# The API gives no results after this number.
WINDOW: Final = 10_000
PAGE_SIZE: Final = 100
LARGEST_PAGE: Final = 2_000
MOST_FOUND: Final = 1_000_000_000
# Events unpack to ten or twenty times what was sent. A small answer may be of one letter only.
MOST_RATIO: Final = 100
ANY_RATIO_BYTES: Final = 1_000_000
GZIP: Final = 31

ATTEMPTS: Final = 5
# A peer that does not answer is tried less often than one that answers with an error.
ATTEMPTS_WITHOUT_ANSWER: Final = 3
LONGEST_WAIT_SECONDS: Final = 120.0
TRANSIENT: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}

_NUMBER: Final = re.compile("[0-9]{1,9}")


class Page(Struct, frozen=True):
    members: list[Raw]
    total: int
    size: int


class FailedAttempt(Struct, frozen=True):
    """A failed attempt: `why`, the wait that the peer asks for, and the most attempts to make."""

    why: str
    wait_seconds: float | None = None
    attempts: int = ATTEMPTS


class Timeouts(Struct, frozen=True):
    """The timeouts: for the connection, for the next bytes of a response, and for a whole page."""

    connect_seconds: float = 5
    read_seconds: float = 15
    page_seconds: float = 60


class PeerConnection(Struct, frozen=True):
    """The HTTP client of a peer, with its timeouts and the function that waits between attempts."""

    client: httpx.AsyncClient
    sleep: Sleep
    timeouts: Timeouts


DEFAULT_TIMEOUTS: Final = Timeouts()


async def read_search_api(
    address: str, client_id: str | None, sleep: Sleep, timeouts: Timeouts = DEFAULT_TIMEOUTS
) -> AsyncIterator[Record]:
    """The complete results of a search (`embed=true`), in a fixed order, so that paging skips none.

    The query of the address is kept: `limit` is the size of a page, `start` the first result, `sort` the
    order. By default the API leaves out events that are past, for members or schools, outside Belgium, draft
    or deleted; its own parameters include them. After WINDOW results comes an `Unreadable`. So does a page
    that fails ATTEMPTS times, or ATTEMPTS_WITHOUT_ANSWER times without an answer; it ends the reading, and
    its position has the `start` to continue from.
    """
    url = _url(address)
    if isinstance(url, Unreadable):
        yield Record(address.partition("?")[0], url, 1.0)
        return
    headers = {"accept": "application/json", "accept-encoding": "gzip"} | (
        {"x-client-id": client_id} if client_id else {}
    )
    timeout = httpx.Timeout(timeouts.read_seconds, connect=timeouts.connect_seconds)
    async with httpx.AsyncClient(headers=headers, timeout=timeout) as client:
        async for record in _read_pages(PeerConnection(client, sleep, timeouts), url):
            yield record


def _url(address: str) -> httpx.URL | Unreadable:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        return Unreadable("", f"is not an address: {error}")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in LOOPBACK):
        return Unreadable("", "is not an https address, so the client id would be readable on the way")
    given = url.params
    for name, fallback in {"start": 0, "limit": PAGE_SIZE}.items():
        if not _NUMBER.fullmatch(given.get(name, str(fallback))):
            return Unreadable("", f"has a {name} that is not a number")
    if not any(name.startswith("sort") for name in given):
        given = given.set("sort[created]", "asc")
    return url.copy_with(params=given.set("embed", "true"))


async def _read_pages(peer: PeerConnection, url: httpx.URL) -> AsyncIterator[Record]:
    first = start = int(url.params.get("start", "0"))
    limit = min(int(url.params.get("limit", PAGE_SIZE)), LARGEST_PAGE) or PAGE_SIZE
    while start < WINDOW:
        size = min(limit, WINDOW - start)
        page = await _read_page(peer, url.copy_merge_params({"start": start, "limit": size}))
        if isinstance(page, Unreadable):
            yield Record(f"{url.host}, start={start}", page, 1.0)
            return
        within_reach = max(1, min(page.total, WINDOW) - first)
        for number, member in enumerate(decode_each(page.members), start + 1):
            yield Record(f"{url.host}, item {number}", member, min(1.0, (number - first) / within_reach))
        start += max(page.size, len(page.members))
        if not page.members or start >= page.total:
            return
    too_many = Unreadable("", f"gives no more than the first {WINDOW} results: narrow the search")
    yield Record(f"{url.host}, start={start}", too_many, 1.0)


async def _read_page(peer: PeerConnection, url: httpx.URL) -> Page | Unreadable:
    attempt = 0
    while True:
        attempt += 1
        answer = await _request_page(peer, url)
        if not isinstance(answer, FailedAttempt):
            return answer
        if (answer.wait_seconds or 0) > LONGEST_WAIT_SECONDS:
            return Unreadable("", f"{answer.why} and asks to wait {answer.wait_seconds:.0f} seconds")
        if attempt >= answer.attempts:
            return Unreadable("", f"{answer.why}, {attempt} times in a row")
        await peer.sleep(answer.wait_seconds or 2.0**attempt)


async def _request_page(peer: PeerConnection, url: httpx.URL) -> Page | Unreadable | FailedAttempt:
    """Request a page once: the page, a permanent failure, or a failed attempt that can be repeated."""
    try:
        async with asyncio.timeout(peer.timeouts.page_seconds), peer.client.stream("GET", url) as response:
            body = await _read_body(response)
    except (httpx.RequestError, TimeoutError) as error:
        return FailedAttempt(_missing_answer(error, peer.timeouts), attempts=ATTEMPTS_WITHOUT_ANSWER)
    return _read_response(response, body) if isinstance(body, bytes) else body


async def _read_body(response: httpx.Response) -> bytes | Unreadable | FailedAttempt:
    """The bytes of an answer, unpacked while they come, and never more of them than a page may have."""
    packed = response.headers.get("content-encoding", "identity")
    if packed not in {"identity", "gzip"}:
        return Unreadable("", f"is packed as {packed[:40]}, which nobody asked for")
    unpacking = zlib.decompressobj(GZIP) if packed == "gzip" else None
    body, sent = bytearray(), 0
    async for chunk in response.aiter_raw():
        sent += len(chunk)
        try:
            body += unpacking.decompress(chunk, MOST_DOCUMENT_BYTES + 1 - len(body)) if unpacking else chunk
        except zlib.error:
            return Unreadable("", "says that it is gzip, and is not")
        if len(body) > max(ANY_RATIO_BYTES, MOST_RATIO * sent):
            return Unreadable("", f"unpacks to more than {MOST_RATIO} times what was sent")
        if len(body) > MOST_DOCUMENT_BYTES:
            return Unreadable("", f"is larger than {MOST_DOCUMENT_BYTES} bytes: ask for smaller pages")
    return FailedAttempt("broke off its answer") if unpacking and not unpacking.eof else bytes(body)


def _missing_answer(error: Exception, timeouts: Timeouts) -> str:
    """The reason why there was no response, to continue a sentence that begins with the position."""
    match error:
        case httpx.ConnectTimeout():
            return f"did not let us in within {timeouts.connect_seconds:g} seconds"
        case httpx.ConnectError():
            return f"cannot be reached: {error}"
        case httpx.TimeoutException():
            return f"said nothing for {timeouts.read_seconds:g} seconds"
        case TimeoutError():
            return f"did not finish its answer within {timeouts.page_seconds:g} seconds"
        case _:
            return "broke off its answer"


def _read_response(response: httpx.Response, body: bytes) -> Page | Unreadable | FailedAttempt:
    if response.status_code in TRANSIENT or response.is_server_error:
        return FailedAttempt(f"answered {response.status_code}", _retry_after(response))
    if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Unreadable("", f"answered {response.status_code}: it does not accept this client id")
    if response.is_redirect:
        return Unreadable("", f"has moved to {response.headers.get('location', 'nowhere')}: use that address")
    if not response.is_success:
        return Unreadable("", f"answered {response.status_code}: {_detail(decode(body))}")
    content = read_members(body)
    return content if isinstance(content, Unreadable) else _page(content)


def _retry_after(response: httpx.Response) -> float | None:
    """The seconds of Retry-After. When the header is a date, they count from the header Date (RFC 9110)."""
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


def _page(content: object) -> Page | Unreadable:
    members = content if isinstance(content, Members) else None
    page = Field(members.rest if members else content)
    try:
        return Page(
            members=members.records if members else [],
            total=page.get("totalItems").whole(MOST_FOUND),
            size=page.get("itemsPerPage").whole(LARGEST_PAGE),
        )
    except UnreadableError as error:
        return error.unreadable
