"""A process is killed, or hung up on, in the middle of changes: each has the old booking or the new one."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from tests.builders import Resident, Session, World
from tests.copies import copied
from tests.reservations.booking.fleet import App, Fleet, open_fleet
from uit.core.clock import SetClock, SystemClock
from uit.embedded.stores import Addresses

PEOPLE = 40
AT_ONCE = 16
CHANGED = httpx.codes.OK


class Asked(NamedTuple):
    """Somebody with a place, the id of their change, and what goes over the wire for it."""

    booking_id: UUID
    change_id: UUID
    written: bytes


@pytest.fixture(scope="module")
async def both(
    template_dsn: str, addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Fleet]:
    clock = SetClock(SystemClock().now())
    async with (
        copied(template_dsn) as dsn,
        World.open(dsn, addresses.redis_url, "", clock, tmp_path_factory.mktemp("changes")) as world,
        open_fleet(world, 2) as made,
    ):
        yield made


@pytest.fixture
async def fleet(both: Fleet) -> Fleet:
    """Two running apps; what was changed in an earlier test has to stand after every later fault."""
    await both.revive()
    return both


@pytest.fixture
async def asked(fleet: Fleet) -> list[Asked]:
    """Everybody has a place of one date, and asks for one of the other, which has as many."""
    first = await fleet.world.session(PEOPLE, 100)
    other = await fleet.world.session(PEOPLE, 100, organiser_id=first.organiser_id)
    await fleet.admit(first.organiser_id)
    people = [(uuid4(), await fleet.world.resident(credit_cents=100)) for _ in range(PEOPLE)]
    assert set(await fleet.ask_all(people, first)) == {httpx.codes.CREATED}
    return [as_asked(fleet, booking_id, who, other) for booking_id, who in people]


def as_asked(fleet: Fleet, booking_id: UUID, who: Resident, other: Session) -> Asked:
    change_id = uuid4()
    line = {"session_id": other.id, "tariff": "base", "places": 1, "pass_token": who.token}
    body = msgspec.json.encode({"change_id": change_id, "lines": [line]})
    written = fleet.written_to("POST", f"/api/v1/bookings/{booking_id}/changes", body)
    return Asked(booking_id, change_id, written)


async def change_all(fleet: Fleet, asked: list[Asked], breaks: App | None = None) -> list[int]:
    """The status of each, 0 where nothing came back; one process `breaks` when a fifth was answered."""
    turns, statuses = asyncio.Semaphore(AT_ONCE), list[int]()

    async def one(app: App, each: Asked) -> None:
        try:
            async with turns:
                statuses.append((await app.wire.send(each.written)).status_code)
        except (ConnectionError, EOFError):
            statuses.append(0)
        if breaks and len(statuses) == PEOPLE // 5:
            breaks.kill()

    await asyncio.gather(*(one(fleet.apps[no % 2], each) for no, each in enumerate(asked)))
    return statuses


async def halves(world: World) -> list[str]:
    """Each booking by the dates of which it has a live ticket, and whether its change was written."""
    rows = await world.rows(
        "SELECT count(DISTINCT t.session_id) FILTER (WHERE t.status = 'confirmed') AS dates,"
        " count(*) FILTER (WHERE t.status = 'confirmed') AS live, bool_or(t.ending = 'moved_away') AS moved,"
        " EXISTS (SELECT 1 FROM reservations.change AS c WHERE c.booking_id = t.booking_id) AS changed"
        " FROM reservations.ticket AS t GROUP BY t.booking_id"
    )
    whole = (1, 1)
    return [
        str(dict(row))
        for row in rows
        if (row["dates"], row["live"]) != whole or bool(row["moved"]) != row["changed"]
    ]


async def check_all_come_right(fleet: Fleet, asked: list[Asked]) -> None:
    """Nobody has both or neither; and who sends theirs again has the new one, once."""
    assert await halves(fleet.world) == []
    assert await fleet.broken() == []
    for _ in range(2):
        assert set(await change_all(fleet, asked)) == {CHANGED}
    assert await halves(fleet.world) == []
    ids = [each.booking_id for each in asked]
    made = "SELECT count(*) FROM reservations.change WHERE booking_id = ANY ($1)"
    moved = (
        "SELECT count(*) FROM reservations.ticket"
        " WHERE booking_id = ANY ($1) AND line_no = 2 AND status = 'confirmed'"
    )
    assert [await fleet.world.value(each, ids) for each in (made, moved)] == [PEOPLE, PEOPLE]
    assert await fleet.broken() == []


async def test_a_process_that_is_killed_leaves_each_the_old_booking_or_the_new_one(
    fleet: Fleet, asked: list[Asked]
) -> None:
    statuses = await change_all(fleet, asked, breaks=fleet.apps[0])
    await fleet.apps[0].process.wait()
    await fleet.revive()

    assert 0 in statuses
    assert CHANGED in statuses
    await check_all_come_right(fleet, asked)


async def test_who_hangs_up_in_the_middle_hears_the_truth_when_they_ask_again(
    fleet: Fleet, asked: list[Asked]
) -> None:
    async def hang_up(app: App, sent: bytes) -> None:
        _, writer = await app.wire.connect()
        writer.write(sent)
        await writer.drain()
        writer.transport.abort()

    cut = [each.written[: [60, None, None][no % 3]] for no, each in enumerate(asked)]
    await asyncio.gather(*(hang_up(fleet.apps[no % 2], sent) for no, sent in enumerate(cut)))

    await check_all_come_right(fleet, asked)
