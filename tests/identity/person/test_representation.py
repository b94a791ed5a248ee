"""Acting for another, as it is kept: given, shared and revoked."""

from datetime import date

import asyncpg
import pytest

from tests.builders import World
from tests.identity.person.helpers import TODAY, entrust
from uit.identity.person.representation import given_by, revoke, share_titles


@pytest.mark.parametrize("ends_on", [date(2027, 3, 3), date(2030, 1, 1), None])
async def test_trust_lasts_twelve_months_at_most(world: World, ends_on: date | None) -> None:
    anna, bilal = await world.resident(), await world.resident()

    with pytest.raises(asyncpg.CheckViolationError, match="trusted_for_a_year"):
        await entrust(world, anna, bilal, ends_on=ends_on)


async def test_trust_is_taken_back_at_once(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    made = await entrust(world, anna, bilal)

    async with world.services.database.transaction() as tx:
        assert await revoke(tx, made, anna.person_id, world.clock.now())
        assert not await revoke(tx, made, anna.person_id, world.clock.now())
        assert not await given_by(tx, anna.person_id)


async def test_only_the_resident_takes_trust_back_and_nobody_what_a_court_gave(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    trust = await entrust(world, anna, bilal)
    court = await entrust(world, anna, bilal, kind="administrator", ends_on=None)

    async with world.services.database.transaction() as tx:
        assert not await revoke(tx, trust, bilal.person_id, world.clock.now())
        assert not await revoke(tx, court, anna.person_id, world.clock.now())


async def test_what_is_kept_is_read_as_it_was_given(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await entrust(world, anna, bilal, limit_cents=2500)

    async with world.services.database.reading() as connection:
        (found,) = await given_by(connection, anna.person_id)

    assert (found.kind, found.powers, found.limit_cents) == ("trusted", ["see", "book"], 2500)
    assert (found.starts_on, found.is_revoked, found.is_accepted) == (TODAY, False, True)


async def test_only_a_young_person_says_what_a_parent_sees(world: World) -> None:
    lotte, fatima = await world.resident(), await world.resident()
    made = await entrust(world, lotte, fatima, kind="parental", ends_on=None)

    async with world.services.database.transaction() as tx:
        assert not await share_titles(tx, made, fatima.person_id, shares=True)
        assert await share_titles(tx, made, lotte.person_id, shares=True)
        assert (await given_by(tx, lotte.person_id))[0].shares_titles
