"""Bookings are read for all who ask at once."""

import asyncio
from uuid import UUID, uuid4

import pytest

from reservations.booking import change_rows, reader
from reservations.booking.answers import Booked
from reservations.booking.change_rows import find_changes
from reservations.booking.reader import BookingReader
from reservations.booking.turnstile import read_stored
from tests.builders import World
from tests.reservations.changes.test_changes import paid_by_card, stage
from tests.reservations.changes.town import changed, line
from uit.core.errors import Busy, RefusalError


async def a_booking(world: World) -> Booked:
    made = await world.book(await world.resident(credit_cents=5_000), await world.session())
    assert isinstance(made, Booked)
    return made


async def test_who_asks_at_once_is_answered_by_one_statement(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [await a_booking(world) for _ in range(3)]
    read, asked = read_stored, list[int]()

    async def counted(tx: object, region_id: int, ids: list[object]) -> str:
        asked.append(len(ids))
        return await read(tx, region_id, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(reader, "read_stored", counted)
    ids = [*(each.booking.id for each in made), made[0].booking.id, uuid4()]

    found = await asyncio.gather(*(world.services.bookings.read(1, each) for each in ids))

    assert [each.id if each else None for each in found] == [*ids[:4], None]
    assert asked == [5]


async def test_what_waits_of_all_of_them_is_read_by_one_statement(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = [await paid_by_card(world, headers, line(first)) for _ in range(2)]
    waiting = [await changed(world, headers, each, line(other), pay_with="card") for each in before]
    asked = list[int]()

    async def counted(tx: object, region_id: int, ids: list[object], booking_ids: list[object]) -> object:
        asked.append(len(booking_ids))
        return await find_changes(tx, region_id, ids, booking_ids)  # type: ignore[arg-type]

    monkeypatch.setattr(change_rows, "find_changes", counted)
    ids = [UUID(each["booking_id"]) for each in waiting]

    found = await asyncio.gather(*(world.services.bookings.read(1, each) for each in ids))

    told = [str(each.change.id) for each in found if each and each.change]
    assert told == [each["pending_change"]["change_id"] for each in waiting]
    assert asked == [2]


async def test_a_booking_of_another_region_is_not_there(world: World) -> None:
    made = await a_booking(world)

    assert await world.services.bookings.read(2, made.booking.id) is None


async def test_who_asks_when_nobody_reads_any_more_is_told_to_come_back(world: World) -> None:
    stopped = BookingReader(world.services.database)
    running = asyncio.create_task(stopped.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])

    with pytest.raises(RefusalError) as refused:
        await stopped.read(1, uuid4())

    assert isinstance(refused.value.refusal, Busy)
