"""Two that change one activity at the same time: the listing and the words have what both did."""

from asyncio import create_task, sleep
from datetime import timedelta

import pytest

from tests.builders import World
from tests.reservations.catalogue.test_agenda import found, venue

WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
LISTED = "SELECT day::text, starts_at, ends_at FROM reservations.listing ORDER BY day"
BY_DAY = """
SELECT (starts_at AT TIME ZONE 'Europe/Brussels')::date::text, min(starts_at), max(ends_at)
FROM reservations.session GROUP BY 1 ORDER BY 1
"""

ADD = """
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance,
    starts_at, ends_at, sale_closes_at, cancel_until, pool_ids, changed_at)
SELECT region_id, gen_random_uuid(), event_id, organiser_id, domain, attendance, starts_at + interval '{0}',
    ends_at + interval '{0}', sale_closes_at, cancel_until, pool_ids, changed_at
FROM reservations.session ORDER BY starts_at LIMIT 1
"""
EARLIER, LATER = ADD.format("-2 hours"), ADD.format("5 hours")
NEW_DAY, NEW_DAY_TOO = ADD.format("3 days"), ADD.format("3 days 3 hours")
MOVE = """
UPDATE reservations.session SET starts_at = starts_at + interval '{0}', ends_at = ends_at + interval '{0}'
"""


async def at_once(world: World, first: str, second: str) -> None:
    """The second statement begins while the first is not committed."""

    async def write_second() -> None:
        await world.execute(second)

    async with world.owner.acquire() as connection, connection.transaction():
        await connection.execute(first)
        other = create_task(write_second())
        while not await world.value(WAITS):
            assert not other.done(), "the second did not wait"
            await sleep(0.01)
    await other


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (EARLIER, LATER),
        (LATER, EARLIER),
        (NEW_DAY, NEW_DAY_TOO),
        (MOVE.format("1 day"), LATER),
        (LATER, MOVE.format("1 day")),
        (MOVE.format("3 days"), NEW_DAY),
        ("DELETE FROM reservations.session", LATER),
        (EARLIER, "DELETE FROM reservations.session"),
    ],
)
async def test_two_changes_of_a_day_at_once_are_both_listed(world: World, first: str, second: str) -> None:
    await world.session(starts_in=timedelta(days=1))
    await world.execute("DELETE FROM reservations.tariff")

    await at_once(world, first, second)

    assert [tuple(row) for row in await world.rows(LISTED)] == [
        tuple(row) for row in await world.rows(BY_DAY)
    ]


async def test_two_new_names_at_once_are_both_found(world: World) -> None:
    await venue(world, await world.session(), "De Werf", "Aalst", "9300")
    rename = "UPDATE organisers.{} SET name = '{}'".format

    await at_once(world, rename("event", "Reynaert"), rename("venue", "Palazzo"))
    await at_once(world, rename("organiser", "Kopergietery"), rename("event", "Goupil"))

    assert "Goupil" in await found(world, waar="goupil palazzo kopergietery")
