"""What the tests stand on: embedded PostgreSQL and Valkey, and a copy of a migrated database per test."""

import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import asyncpg
import hypothesis
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.builders import World
from uit.ground.clock import SetClock
from uit.ground.migrate import migrate
from uit.ground.stores import Addresses, stores

hypothesis.settings.register_profile("uit", deadline=None, derandomize=False)
hypothesis.settings.load_profile("uit")

TEMPLATE = "uit_template"
A_MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def named(dsn: str, database: str) -> str:
    """The same server, another database."""
    return dsn.replace("/uit?", f"/{database}?")


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    with stores(None) as running:
        yield running


@pytest.fixture
async def empty(addresses: Addresses) -> AsyncIterator[str]:
    """A database with nothing in it."""
    name = f"empty_{uuid4().hex}"
    admin = await asyncpg.connect(addresses.database_url)
    await admin.execute(f"CREATE DATABASE {name}")
    yield named(addresses.database_url, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(scope="session")
async def template_dsn(addresses: Addresses) -> str:
    """A migrated database that every test clones."""
    admin = await asyncpg.connect(addresses.database_url)
    await admin.execute(f"CREATE DATABASE {TEMPLATE}")
    await admin.close()
    await migrate(named(addresses.database_url, TEMPLATE))
    return addresses.database_url


@pytest.fixture
async def dsn(template_dsn: str) -> AsyncIterator[str]:
    """A database of this test alone."""
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(template_dsn)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield named(template_dsn, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


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
    async with World.open(dsn, addresses.redis_url, smtp_url, clock, tmp_path) as made:
        made.mails = box.mails
        yield made
