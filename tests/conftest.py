"""What the tests stand on: embedded PostgreSQL and Valkey, and a migrated database without rows of others."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import hypothesis
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.builders import World
from tests.copies import EMPTY, Shared, copied, make_template
from tests.disclosure import LOGGED, listen_to_logs
from tests.kept_pools import KEPT
from uit.core.clock import SetClock
from uit.embedded.stores import Addresses, stores

# At a desk each run tries examples of its own; a change is judged by the same ones every time.
hypothesis.settings.register_profile("uit", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("uit")

A_MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    own = "own_database: has a fresh copy, since it alters the schema, or counts on untouched statistics"
    config.addinivalue_line("markers", own)
    listen_to_logs()


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    with stores(None) as running:
        yield running


@pytest.fixture
async def empty(addresses: Addresses) -> AsyncIterator[str]:
    """A database with nothing in it."""
    async with copied(addresses.database_url, EMPTY) as made:
        yield made


@pytest.fixture(scope="session")
async def template_dsn(addresses: Addresses) -> str:
    """The server with a migrated database to copy."""
    await make_template(addresses.database_url)
    return addresses.database_url


@pytest.fixture(scope="session")
async def copies() -> AsyncIterator[list[Shared]]:
    """The databases that this process shared so far. Only the last is used."""
    made: list[Shared] = []
    with KEPT.from_now_on():
        yield made
    await KEPT.close()
    for each in made:
        await each.close()


@pytest.fixture
async def dsn(request: pytest.FixtureRequest, template_dsn: str, copies: list[Shared]) -> AsyncIterator[str]:
    """A migrated database with nothing of another test in it, as a superuser; uit has `settings_of` it."""
    if request.node.get_closest_marker("own_database"):
        async with copied(template_dsn) as own:
            yield own
        return
    if not copies or not copies[-1].is_clean:
        copies.append(await Shared.make(template_dsn))
    async with copies[-1].lent() as shared:
        yield shared


@pytest.fixture
def clock() -> SetClock:
    return SetClock(A_MONDAY)


class Letterbox:
    """What the mail server of the tests received."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def post() -> Iterator[tuple[str, Letterbox]]:
    """A real mail server, and what it took in."""
    box = Letterbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", box
    controller.stop()


@pytest.fixture
async def world(
    dsn: str, addresses: Addresses, clock: SetClock, tmp_path: Path, post: tuple[str, Letterbox]
) -> AsyncIterator[World]:
    """A small town to act in: see `tests/builders.py`. `world.mails` is what was sent during the test."""
    smtp_url, box = post
    box.mails.clear()
    LOGGED.clear()
    async with World.open(dsn, addresses.redis_url, smtp_url, clock, tmp_path) as made:
        made.mails = box.mails
        yield made
        assert await made.disclosures.found(made, box.mails) == []
