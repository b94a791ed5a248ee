"""What the tests of the ledger share: programmes, grants and settlements through the real verbs."""

from uuid import UUID, uuid4

from credits.check import check_ledger
from credits.errors import AlreadyReversed, CannotReverse
from credits.invariant import BrokenInvariant
from credits.ledger.ledger import Granted
from credits.programme.grant import GrantRefusal, GrantRequest, grant_credit
from credits.programme.programme import Opening, Rules, open_programme
from credits.settlement.reversal import Reversal, Reversed, reverse
from credits.settlement.settlement import Earned, settle_holds
from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from uit.database.pool import Database

ENTERPRISE_NUMBER = "0207437468"
YEARLY = Rules(amount_cents=5000, valid_months=12, earning="attendance")


def opening(rules: Rules = YEARLY, budget_cents: int = 1_000_000, region_id: int = 1) -> Opening:
    return Opening(region_id, uuid4(), "Jong in Aalst", "Stad Aalst", budget_cents, rules, ENTERPRISE_NUMBER)


async def a_programme(world: World, rules: Rules = YEARLY, budget_cents: int = 1_000_000) -> UUID:
    wanted = opening(rules, budget_cents)
    async with world.services.database.transaction() as tx:
        await open_programme(tx, wanted, world.services.ids, world.clock.now())
    return wanted.id


async def give_to(
    world: World,
    programme_id: UUID,
    who: Resident,
    grant_id: UUID | None = None,
    database: Database | None = None,
) -> Granted | GrantRefusal:
    wanted = GrantRequest(who.region_id, grant_id or uuid4(), programme_id, who.membership_id)
    async with (database or world.services.database).transaction() as tx:
        return await grant_credit(tx, wanted, world.services.ids, world.clock.now())


async def granted(world: World, programme_id: UUID, who: Resident) -> Granted:
    answer = await give_to(world, programme_id, who)
    assert isinstance(answer, Granted)
    return answer


async def held(world: World, who: Resident, session: Session, places: int = 1) -> list[UUID]:
    """Book, and name the holds that pay for it."""
    booked = await world.book(who, session, places)
    assert isinstance(booked, Booked), booked
    rows = await world.rows(
        "SELECT id FROM credits.transfer WHERE booking_id = $1 AND kind = 'hold' ORDER BY id",
        booked.booking.id,
    )
    return [row["id"] for row in rows]


async def settle(world: World, *earned: tuple[UUID, int]) -> int:
    async with world.services.database.transaction() as tx:
        rows = [Earned(hold_id, cents) for hold_id, cents in earned]
        return await settle_holds(tx, 1, rows, world.services.ids, world.clock.now())


async def figures(world: World, who: Resident) -> tuple[int, int, int, int, int]:
    """Available, held, spent, lapsed and returned cents of somebody."""
    row = await world.rows(
        "SELECT coalesce(sum(available_cents), 0)::int, coalesce(sum(held_cents), 0)::int,"
        " coalesce(sum(spent_cents), 0)::int, coalesce(sum(lapsed_cents), 0)::int,"
        " coalesce(sum(returned_cents), 0)::int FROM credits.purse WHERE wallet_id = $1",
        who.membership_id,
    )
    available, on_hold, spent, lapsed, returned = row[0]
    return available, on_hold, spent, lapsed, returned


async def left_to_give(world: World, programme_id: UUID) -> int:
    return int(
        await world.value("SELECT available_cents FROM credits.fund WHERE programme_id = $1", programme_id)
    )


async def check(world: World) -> list[BrokenInvariant]:
    async with world.services.database.reading() as connection:
        return await check_ledger(connection)


async def take_back(
    world: World, transfer_id: UUID, reversal_id: UUID | None = None
) -> Reversed | AlreadyReversed | CannotReverse:
    wanted = Reversal(1, reversal_id or uuid4(), transfer_id, "vergissing", release_id=uuid4())
    async with world.services.database.transaction() as tx:
        return await reverse(tx, wanted, world.clock.now())
