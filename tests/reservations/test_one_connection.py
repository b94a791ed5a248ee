"""What a page costs of the database: one connection, acquired once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reservations.booking.answers import Booked
from tests.builders import World
from uit.database.pool import Database

FOR_STRANGERS = ("/", "/dender", "/dender/agenda", "/dender/agenda?waar=prins", "/dender/mandje", "/labels")
FOR_RESIDENTS = (
    *FOR_STRANGERS[1:],
    "/dender/mijn-boekingen",
    "/dender/mijn-krediet",
    "/dender/mijn-pas",
)


@contextmanager
def acquisitions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Database]]:
    found: list[Database] = []
    connection = Database.connection

    def counted(self: Database) -> object:
        found.append(self)
        return connection(self)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "connection", counted)
        yield found


async def acquired_by(world: World, monkeypatch: pytest.MonkeyPatch, address: str) -> int:
    """How often the second reading of a page acquires a connection: what is kept for a minute is there."""
    await world.client.get(address)
    with acquisitions(monkeypatch) as found:
        answer = await world.client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(found)


async def test_the_pages_of_a_stranger(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = await world.session()
    pages = [*FOR_STRANGERS, f"/dender/evenementen/{session.event_id}"]

    assert dict.fromkeys(pages, 1) == {page: await acquired_by(world, monkeypatch, page) for page in pages}


async def test_the_pages_of_a_resident(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=5000)
    booked = await world.book(anna, session)
    assert isinstance(booked, Booked)
    await world.sign_in(anna)
    order = await world.client.get(f"/dender/sessies/{session.id}/boeken")
    pages = [
        *FOR_RESIDENTS,
        f"/dender/evenementen/{session.event_id}",
        f"/dender/boekingen/{booked.booking.id}",
        f"/dender/boekingen/{booked.booking.id}/annuleren",
        order.headers["location"],
    ]

    assert dict.fromkeys(pages, 1) == {page: await acquired_by(world, monkeypatch, page) for page in pages}
