"""The peer as a whole: what it keeps, how it ends, and what it does with what is no request."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.embedded.stripe_peer.conftest import StripeCaller
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import running_peer


async def test_a_page_that_was_opened_is_there_after_a_restart(clock: SetClock, tmp_path: Path) -> None:
    file = tmp_path / "stripe.sqlite"
    async with running_peer(clock, file=file) as peer, httpx.AsyncClient() as client:
        session = await StripeCaller(peer, client).checkout(clock)

    async with running_peer(clock, file=file) as peer, httpx.AsyncClient() as client:
        page = await client.get(f"{peer.url}/pay/{session['id']}")

    assert page.status_code == 200


async def test_a_webhook_that_was_not_taken_is_sent_after_a_restart(clock: SetClock, tmp_path: Path) -> None:
    file, nobody = tmp_path / "stripe.sqlite", "http://127.0.0.1:9/"
    async with running_peer(clock, file=file, webhook_urls=[nobody]) as peer, httpx.AsyncClient() as client:
        peer.control.pay((await StripeCaller(peer, client).checkout(clock))["id"])

    async with running_peer(clock, file=file) as peer:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(peer.control.until_delivered(), 0.1)


async def test_it_ends_while_a_client_still_holds_a_connection(clock: SetClock) -> None:
    async with asyncio.timeout(5), running_peer(clock) as peer:
        host, _, port = peer.url.removeprefix("http://").partition(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET / HTTP/1.1\r\n")

    writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: " + b"y" * 100_000,
    ],
)
async def test_what_is_no_request_is_cut_off(clock: SetClock, sent: bytes) -> None:
    async with running_peer(clock) as peer:
        host, _, port = peer.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)

        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)

        writer.close()


async def test_its_pages_may_be_found_at_another_address(clock: SetClock) -> None:
    async with (
        running_peer(clock, page_base="http://127.0.0.1:8000/voorbeeld") as peer,
        httpx.AsyncClient() as client,
    ):
        session = await StripeCaller(peer, client).checkout(clock)

    assert session["url"] == f"http://127.0.0.1:8000/voorbeeld/pay/{session['id']}"
