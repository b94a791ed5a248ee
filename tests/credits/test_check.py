"""The check of the books: silent whatever happens to good ones, and never on a planted fault."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credits.ledger.rollup import roll_up
from credits.programme.programme import Rules
from credits.wallet.lapse import lapse_due
from tests.builders import Resident, Session, World
from tests.credits.books import a_programme, check, give_to, held, settle, take_back
from tests.credits.till.drawers import a_drawer

HOLDS = "SELECT id FROM credits.transfer WHERE kind = 'hold'"
BOOKINGS = "SELECT DISTINCT booking_id FROM credits.transfer WHERE kind = 'hold'"
TRANSFERS = "SELECT id FROM credits.transfer"


class Town:
    """Two residents, one session and a programme of five grants, to which anything may happen."""

    def __init__(self, world: World, programme_id: UUID, people: list[Resident], session: Session) -> None:
        self.world, self.programme_id, self.people, self.session = world, programme_id, people, session

    @classmethod
    async def found(cls, world: World) -> "Town":
        programme_id = await a_programme(world, Rules(1000, 1, "attendance"), budget_cents=5000)
        people = [await world.resident() for _ in range(2)]
        session = await world.session(seats=90, price_cents=170, starts_in=timedelta(days=3000))
        await world.execute(
            "INSERT INTO credits.agreement VALUES (1, gen_random_uuid(), $1, $2, '2020-01-01')",
            programme_id,
            session.organiser_id,
        )
        return cls(world, programme_id, people, session)

    async def grant(self, choice: int) -> None:
        await give_to(self.world, self.programme_id, self.people[choice % 2])

    async def book(self, choice: int) -> None:
        await self.world.book(self.people[choice % 2], self.session, places=1 + choice % 3)

    async def cancel(self, choice: int) -> None:
        for booking_id in await self.one_of(BOOKINGS, choice):
            await self.world.cancel(booking_id)

    async def settle(self, choice: int) -> None:
        """All of a hold, or by chance a part of it."""
        for hold_id in await self.one_of(HOLDS, choice):
            cents = await self.world.value("SELECT amount_cents FROM credits.transfer WHERE id = $1", hold_id)
            await settle(self.world, (hold_id, cents if choice % 2 else choice % cents))

    async def lapse(self, _choice: int) -> None:
        await lapse_due(self.world.services, self.world.clock.now())

    async def reverse(self, choice: int) -> None:
        for transfer_id in await self.one_of(TRANSFERS, choice):
            await take_back(self.world, transfer_id)

    async def roll_up(self, _choice: int) -> None:
        await roll_up(self.world.services)

    async def wait(self, _choice: int) -> None:
        self.world.clock.move(timedelta(days=20))

    async def one_of(self, statement: str, choice: int) -> list[UUID]:
        """One of what is there, or nothing when there is none."""
        found = sorted(row[0] for row in await self.world.rows(statement))
        return [found[choice % len(found)]] if found else []


STEPS = [Town.grant, Town.book, Town.cancel, Town.settle, Town.lapse, Town.reverse, Town.roll_up, Town.wait]
Step = Callable[[Town, int], Awaitable[None]]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 999)), max_size=25))
async def test_whatever_happens_the_books_are_right(world: World, steps: list[tuple[Step, int]]) -> None:
    town = await Town.found(world)
    for step, choice in steps:
        await step(town, choice)

    assert [str(each) for each in await check(world)] == []


SETTLED_TWICE = """
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, hold_id)
SELECT region_id, gen_random_uuid(), kind, debit_id, credit_id, amount_cents, at, purse_id, hold_id
FROM credits.transfer WHERE kind = 'settle'
"""
BACKWARDS = "UPDATE credits.transfer SET credit_id = debit_id, debit_id = credit_id WHERE kind = 'hold'"
GIVEN_MORE = (
    "UPDATE credits.purse SET available_cents = available_cents + 1, granted_cents = granted_cents + 1"
)
MORE_UNDONE = "UPDATE credits.transfer SET amount_cents = amount_cents + 1 WHERE kind = 'reversal'"
OTHER_PAYEE = "UPDATE credits.account SET owner_id = gen_random_uuid() WHERE kind = 'payable'"

FAULTS = [
    ("accounts_missing", "DELETE FROM credits.account WHERE kind = 'held'"),
    ("transfers_between_wrong_accounts", BACKWARDS),
    ("transfers_between_wrong_accounts", OTHER_PAYEE),
    ("purses_unlike_transfers", GIVEN_MORE),
    ("purses_unlike_transfers", "DELETE FROM credits.transfer WHERE kind = 'grant'"),
    ("purses_below_zero", "UPDATE credits.purse SET available_cents = -1"),
    ("funds_unlike_transfers", "UPDATE credits.fund SET available_cents = available_cents - 1"),
    ("funds_unlike_transfers", "UPDATE credits.fund SET budget_cents = budget_cents + 1"),
    ("holds_resolved_wrongly", "UPDATE credits.resolution SET settled_cents = settled_cents - 1"),
    ("holds_resolved_wrongly", "DELETE FROM credits.resolution"),
    ("holds_resolved_wrongly", SETTLED_TWICE),
    ("programmes_unbalanced", "UPDATE credits.purse SET spent_cents = spent_cents + 7"),
    ("payables_unlike_transfers", "DELETE FROM credits.entry"),
    ("payables_unlike_transfers", "UPDATE credits.entry SET amount_cents = amount_cents + 1"),
    ("reversals_unlike_original", MORE_UNDONE),
]
WITHOUT_CONSTRAINTS = """
ALTER TABLE credits.purse DROP CONSTRAINT no_purse_below_zero, DROP CONSTRAINT every_cent_is_somewhere
"""


@pytest.mark.own_database
@pytest.mark.parametrize(("invariant", "fault"), FAULTS)
async def test_a_planted_fault_is_found_and_said(world: World, invariant: str, fault: str) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    await settle(world, *((hold, 200) for hold in await held(world, anna, session)))
    await held(world, anna, session)
    mistake = await world.purse(1, anna.membership_id, 500)
    await take_back(world, await world.value("SELECT id FROM credits.transfer WHERE credit_id = $1", mistake))
    assert await check(world) == []

    await world.execute(WITHOUT_CONSTRAINTS)
    await world.execute(fault)

    found = await check(world)
    assert invariant in {each.invariant for each in found}
    assert all(str(each.found.subject_id) in str(each) for each in found)


OTHER_ACCOUNT = (
    "UPDATE credits.transfer SET credit_id = debit_id, debit_id = credit_id WHERE kind = 'receipt'"
)
TILL_FAULTS = [
    (
        "till_sessions_unlike_movements",
        "UPDATE credits.till_session SET left_cents = left_cents - 1 WHERE no = 1",
    ),
    ("till_sessions_unlike_movements", "UPDATE credits.till_session SET carried_cents = 1 WHERE no = 2"),
    ("tills_unlike_transfers", OTHER_ACCOUNT),
    ("tills_unlike_transfers", "DELETE FROM credits.transfer WHERE kind = 'float'"),
    ("receipts_numbered_with_gaps", "UPDATE credits.receipt SET no = 7 WHERE no = 2"),
    ("receipts_numbered_with_gaps", "UPDATE credits.receipt_series SET last_no = 3"),
    ("receipts_numbered_with_gaps", "DELETE FROM credits.receipt_series"),
    ("till_rows_unlike_transfers", "DELETE FROM credits.transfer WHERE kind = 'receipt'"),
    ("till_rows_unlike_transfers", "DELETE FROM credits.transfer WHERE kind = 'rounding'"),
    ("till_rows_unlike_transfers", "UPDATE credits.transfer SET kind = 'drop' WHERE kind = 'float'"),
    ("receipts_not_paid", "UPDATE credits.receipt_line SET amount_cents = amount_cents + 1"),
    ("receipts_not_paid", "DELETE FROM credits.tender"),
]


@pytest.mark.own_database
@pytest.mark.parametrize(("invariant", "fault"), TILL_FAULTS)
async def test_a_planted_fault_at_a_till_is_found_and_said(world: World, invariant: str, fault: str) -> None:
    drawer = await a_drawer(world, float_cents=10_000)
    await drawer.sell(503)
    await drawer.sell(500)
    closed = await drawer.end(11_005)
    await a_drawer(
        world,
        float_cents=0,
        seller_id=drawer.worker.organiser_id,
        till_id=drawer.till_id,
        found_cents=closed.left_cents,
    )
    assert await check(world) == []

    await world.execute(fault)

    found = await check(world)
    assert invariant in {each.invariant for each in found}
    assert all(str(each.found.subject_id) in str(each) for each in found)
