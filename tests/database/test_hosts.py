"""Whichever host of an address takes writes is found, also past one that says nothing."""

import asyncio
import socket
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from tests.copies import settings_of
from uit.database.hosts import NEXT, SECONDS_TO_CONNECT, Hosts
from uit.database.pool import Database


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody is called and never answers, as of a machine that froze."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def two(dsn: str, silent: int) -> str:
    """The silent one, and then ours."""
    address = settings_of(dsn).database_url
    (folder,) = parse_qs(urlsplit(address).query)["host"]
    hosts = f"?host=127.0.0.1,{folder}&port={silent},5432&target_session_attrs=read-write"
    return address.partition("?")[0] + hosts


async def test_a_host_that_is_silent_keeps_nobody_from_the_other(two: str) -> None:
    hosts, loop = Hosts(two), asyncio.get_running_loop()

    async with asyncio.timeout(SECONDS_TO_CONNECT):
        first = await hosts.connect()
    began = loop.time()
    second = await hosts.connect()

    assert loop.time() - began < SECONDS_TO_CONNECT / 2, "the one that answered is asked first"
    for each in (first, second):
        assert await each.fetchval("SELECT 1") == 1
        await each.close()


async def test_a_pool_finds_it_before_whoever_waits_gives_up(two: str) -> None:
    database = await Database.open(two, connections=1, at_once=0)
    try:
        async with database.reading() as connection:
            assert await connection.fetchval("SELECT 1") == 1
    finally:
        await database.close()


async def test_where_no_host_takes_writes_that_is_an_outage(dsn: str) -> None:
    only_standby = dsn + "&target_session_attrs=standby"
    with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
        await Hosts(only_standby).connect()
    with pytest.raises(NEXT):
        await Hosts("postgresql://uit@/uit?host=/nowhere,/nowhere/else").connect()
