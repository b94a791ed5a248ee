"""Acting for another: with a power, between two dates, until it is taken back."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.builders import Resident, World
from uit.identity.person.representation import Kind, Power, Representation, may_act, represented, revoke

TODAY = date(2026, 3, 2)


async def entrust(
    world: World,
    who: Resident,
    whom: Resident,
    *,
    kind: Kind = "trusted",
    powers: tuple[Power, ...] = ("see", "book"),
    ends_on: date | None = date(2027, 3, 2),
    limit_cents: int | None = None,
) -> UUID:
    made = uuid4()
    await world.execute(
        "INSERT INTO identity.representation (id, kind, person_id, representative_id, powers, limit_cents,"
        " proof, starts_on, ends_on, created_at) VALUES"
        " ($1, $2::identity.representation_kind, $3, $4, $5, $6, 'formulier 12', $7, $8, $9)",
        made, kind, who.person_id, whom.person_id, list(powers), limit_cents, TODAY, ends_on,
        world.clock.now(),
    )  # fmt: skip
    return made


async def ground(
    world: World, who: Resident, whom: Resident, power: Power = "book", day: date = TODAY
) -> Representation | None:
    async with world.services.database.reading() as connection:
        return await may_act(connection, whom.person_id, who.person_id, power, day)


async def test_somebody_may_do_what_they_were_given_and_no_more(world: World) -> None:
    anna, bilal, carl = [await world.resident() for _ in range(3)]
    await entrust(world, anna, bilal, limit_cents=2500)

    found = await ground(world, anna, bilal)

    assert found is not None
    assert (found.kind, found.limit_cents) == ("trusted", 2500)
    assert await ground(world, anna, bilal, "pay") is None
    assert await ground(world, bilal, anna) is None
    assert await ground(world, anna, carl) is None


async def test_trust_has_a_first_and_a_last_day(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await entrust(world, anna, bilal, ends_on=TODAY + timedelta(days=9))

    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=10)]

    assert [await ground(world, anna, bilal, day=day) is not None for day in days] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("ends_on", [date(2027, 3, 3), date(2030, 1, 1), None])
async def test_trust_lasts_twelve_months_at_most(world: World, ends_on: date | None) -> None:
    anna, bilal = await world.resident(), await world.resident()

    with pytest.raises(asyncpg.CheckViolationError, match="trusted_for_a_year"):
        await entrust(world, anna, bilal, ends_on=ends_on)


async def test_what_a_court_gave_has_no_such_end(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await entrust(world, anna, bilal, kind="administrator", ends_on=None)

    assert await ground(world, anna, bilal, day=date(2040, 1, 1)) is not None


async def test_trust_is_taken_back_at_once(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    made = await entrust(world, anna, bilal)

    async with world.services.database.transaction() as tx:
        assert await revoke(tx, made, anna.person_id, world.clock.now())
        assert not await revoke(tx, made, anna.person_id, world.clock.now())

    assert await ground(world, anna, bilal) is None


async def test_only_the_resident_takes_trust_back_and_nobody_what_a_court_gave(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    trust = await entrust(world, anna, bilal)
    court = await entrust(world, anna, bilal, kind="administrator", ends_on=None)

    async with world.services.database.transaction() as tx:
        assert not await revoke(tx, trust, bilal.person_id, world.clock.now())
        assert not await revoke(tx, court, anna.person_id, world.clock.now())


async def test_the_widest_ground_counts(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await entrust(world, anna, bilal, limit_cents=500)
    await entrust(world, anna, bilal, kind="parental", ends_on=None)

    found = await ground(world, anna, bilal)

    assert found is not None
    assert (found.kind, found.limit_cents) == ("parental", None)


async def test_a_representative_sees_for_whom_they_may_act(world: World) -> None:
    anna, bilal, carl = [await world.resident() for _ in range(3)]
    await entrust(world, anna, carl)
    await entrust(world, bilal, carl, ends_on=TODAY)

    async with world.services.database.reading() as connection:
        today = await represented(connection, carl.person_id, TODAY)
        tomorrow = await represented(connection, carl.person_id, TODAY + timedelta(days=1))

    assert {each.person_id for each in today} == {anna.person_id, bilal.person_id}
    assert {each.person_id for each in tomorrow} == {anna.person_id}
