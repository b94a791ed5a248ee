"""A child turns 18: told a month before, once, to both."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from reservations.helping.coming_of_age import (
    CHILD,
    PARENT,
    notify_child,
    notify_parent,
    tell_who_turn_eighteen,
)
from tests.builders import World
from tests.identity.person.helpers import a_child
from tests.reservations.dates import plain


async def told(world: World) -> list[Any]:
    """What the outbox has to tell."""
    return await world.rows("SELECT topic, key, region_id FROM uit.outbox ORDER BY topic")


async def test_both_are_told_a_month_before_and_once(world: World) -> None:
    await a_child(world, await world.resident(), born_on=date(2008, 4, 1))

    counts = [await tell_who_turn_eighteen(world.services) for _ in range(2)]

    assert counts == [1, 0]
    assert [each["topic"] for each in await told(world)] == [PARENT, CHILD]


async def test_nobody_is_told_earlier_or_on_the_day_itself(world: World) -> None:
    await a_child(world, await world.resident(), born_on=date(2008, 4, 2))
    await a_child(world, await world.resident(), born_on=date(2008, 3, 2))

    assert await tell_who_turn_eighteen(world.services) == 0
    world.clock.move(timedelta(days=1))
    assert await tell_who_turn_eighteen(world.services) == 1


async def test_each_reads_until_when(world: World) -> None:
    mother = await world.resident()
    lotte = await a_child(world, mother, born_on=date(2008, 3, 20))
    await world.execute(
        "UPDATE identity.person SET email = 'lotte@example.org' WHERE id = $1", lotte.person_id
    )
    given_id: UUID = await world.value("SELECT id FROM identity.representation")

    for send in (notify_parent, notify_child):
        assert await send(world.services, 1, given_id, uuid4()) is None

    to_parent, to_child = world.mails
    assert (to_parent["To"], to_child["To"]) == (mother.email, "lotte@example.org")
    assert "Vanaf 20 maart 2026 beslist Lotte zelf." in plain(to_parent)
    assert "Vanaf 20 maart 2026 beslis je zelf over je UiTPAS." in plain(to_child)


async def test_who_was_stopped_meanwhile_and_who_has_no_address_are_not_mailed(world: World) -> None:
    await a_child(world, await world.resident(), born_on=date(2008, 3, 20))
    given_id: UUID = await world.value("SELECT id FROM identity.representation")

    await notify_child(world.services, 1, given_id, uuid4())
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())
    await notify_parent(world.services, 1, given_id, uuid4())

    assert world.mails == []
