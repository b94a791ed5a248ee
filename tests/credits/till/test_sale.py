"""A sale at a till: a number without gaps, tenders and transfers; the same sale again changes nothing."""

from asyncio import gather
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from credits.till.sale import Paid, SaleLine, SaleOrigin, Tender, compose_sale, write_receipts
from tests.builders import World
from tests.credits.till.drawers import (
    EVENING,
    a_clerk,
    a_drawer,
    a_seller,
    a_till,
    account_cents,
    faults,
    numbers,
)
from uit.core.clock import SystemClock
from uit.core.ids import TimeOrderedIds
from uit.database.statements import as_json

IDS = TimeOrderedIds(SystemClock())
ORIGIN = SaleOrigin(uuid4(), uuid4(), uuid4(), datetime(2026, 3, 2, tzinfo=UTC).date())


async def test_a_cash_sale_moves_money_from_the_sale_to_the_till(world: World) -> None:
    drawer = await a_drawer(world, float_cents=0)

    await drawer.sell(500)

    seller = drawer.worker.organiser_id
    assert await account_cents(world, seller, "till") == 500
    assert await account_cents(world, seller, "sale") == -500
    assert await numbers(world, seller) == [(2026, 1)]
    assert await faults(world) == []


async def test_cash_is_rounded_on_a_line_and_account_of_its_own(world: World) -> None:
    drawer = await a_drawer(world, float_cents=0)

    down, up = await drawer.sell(1002), await drawer.sell(1003)

    seller = drawer.worker.organiser_id
    assert (down.rounding_cents, down.cash_cents, up.rounding_cents, up.cash_cents) == (-2, 1000, 2, 1005)
    assert await account_cents(world, seller, "till") == 2005
    assert await account_cents(world, seller, "sale") == -2005
    assert await account_cents(world, seller, "rounding") == 0
    assert await faults(world) == []


async def test_a_mixed_sale_rounds_its_cash_and_says_what_credit_paid(world: World) -> None:
    drawer = await a_drawer(world, float_cents=0)

    await drawer.sell(1103, paid=Paid(credit_cents=300, terminal_cents=300, reference="A1B2"))

    seller = drawer.worker.organiser_id
    assert await account_cents(world, seller, "till") == 505
    assert await account_cents(world, seller, "terminal") == 300
    assert await account_cents(world, seller, "sale") == -803
    tenders = await world.rows("SELECT t.means::text, amount_cents FROM credits.tender AS t ORDER BY t.means")
    assert tenders == [("cash", 503), ("terminal", 300), ("credit", 300)]
    assert await faults(world) == []


async def test_a_sale_that_credit_pays_whole_has_a_receipt_and_moves_nothing(world: World) -> None:
    drawer = await a_drawer(world, float_cents=0)

    await drawer.sell(503, paid=Paid(credit_cents=503))

    assert await world.value("SELECT count(*) FROM credits.transfer") == 0
    assert await world.value("SELECT total_cents FROM credits.receipt") == 503
    assert await faults(world) == []


async def test_the_same_sale_again_changes_nothing(world: World) -> None:
    drawer = await a_drawer(world)
    sale = drawer.sale(503)

    await gather(*(drawer.write(sale) for _ in range(3)))
    await drawer.end(10_505)
    await drawer.write(sale)

    assert await numbers(world, drawer.worker.organiser_id) == [(2026, 1)]
    assert await world.value("SELECT count(*) FROM credits.transfer WHERE kind = 'receipt'") == 1
    assert await faults(world) == []


@pytest.mark.parametrize(
    "other",
    [
        {"booking_id": uuid4()},
        {"payment_id": uuid4()},
        {"total_cents": 504},
        {"paper_no": "0042"},
        {"tenders": (Tender(uuid4(), "terminal", 503, "A1B2"),)},
    ],
)
async def test_another_sale_under_the_id_of_a_receipt_is_not_written(
    world: World, other: dict[str, Any]
) -> None:
    drawer = await a_drawer(world)
    sale = await drawer.sell(503)

    with pytest.raises(asyncpg.UniqueViolationError, match="a receipt of another sale"):
        await drawer.write(replace(sale, **other))

    assert await numbers(world, drawer.worker.organiser_id) == [(2026, 1)]
    assert await faults(world) == []


async def test_of_two_sales_under_one_id_at_two_tills_one_is_written(world: World) -> None:
    seller = await a_seller(world)
    drawers = [await a_drawer(world, seller_id=seller, name=name) for name in ("Inkom", "Foyer")]
    sale_id = uuid4()

    answers = await gather(*(drawer.sell(500, sale_id=sale_id) for drawer in drawers), return_exceptions=True)

    assert sorted(type(each).__name__ for each in answers) == ["Sale", "UniqueViolationError"]
    assert await numbers(world, seller) == [(2026, 1)]
    assert await faults(world) == []


async def test_two_tills_at_once_share_one_series_without_gaps(world: World) -> None:
    seller = await a_seller(world)
    first, second = [await a_drawer(world, seller_id=seller, name=name) for name in ("Inkom", "Foyer")]

    await gather(*(drawer.sell(500) for drawer in (first, second) for _ in range(5)))

    assert await numbers(world, seller) == [(2026, no) for no in range(1, 11)]
    assert await faults(world) == []


async def test_a_batch_of_sales_is_written_whole_in_its_order(world: World) -> None:
    drawers = [await a_drawer(world, name=name) for name in ("Inkom", "Foyer")]
    sales = [drawer.sale(cents) for cents in (1003, 500) for drawer in drawers]

    async with world.services.database.transaction() as tx:
        for _ in range(2):
            await write_receipts(tx, 1, as_json(sales), world.clock.now())

    rows = await world.rows(
        "SELECT id FROM credits.receipt ORDER BY no, seller_id = $1", drawers[1].worker.organiser_id
    )
    assert [row["id"] for row in rows] == [sale.id for sale in sales]
    assert await faults(world) == []


async def test_one_sale_that_cannot_be_refuses_its_batch(world: World) -> None:
    drawer, closed = await a_drawer(world), await a_drawer(world)
    sales = [drawer.sale(500), closed.sale(500)]
    await closed.end(10_000)

    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="not open"):
        async with world.services.database.transaction() as tx:
            await write_receipts(tx, 1, as_json(sales), world.clock.now())

    assert await numbers(world, drawer.worker.organiser_id) == []


async def test_a_sale_that_does_not_happen_leaves_no_gap(world: World) -> None:
    drawer = await a_drawer(world)
    await drawer.sell(500)

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="VAT code"):
        await drawer.sell(500, vat_code="unheard-of")
    await drawer.sell(500)

    assert await numbers(world, drawer.worker.organiser_id) == [(2026, 1), (2026, 2)]


async def test_a_new_year_in_brussels_begins_a_new_series(world: World) -> None:
    drawer = await a_drawer(world)
    await drawer.sell(500)

    world.clock.set(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    await drawer.sell(500)

    assert await numbers(world, drawer.worker.organiser_id) == [(2026, 1), (2027, 1)]


async def test_nothing_is_sold_at_a_till_that_was_counted_or_is_of_another_seller(world: World) -> None:
    drawer, other = await a_drawer(world), await a_seller(world)
    foreign = drawer.sale(500)
    await drawer.count(10_000)

    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="not open"):
        await drawer.sell(500)
    await drawer.close()
    elsewhere = await a_drawer(world, seller_id=other, till_id=await a_till(world, other))
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="not open"):
        await elsewhere.write(foreign)

    assert await numbers(world, drawer.worker.organiser_id) == []


async def test_a_receipt_keeps_the_rate_of_vat_of_its_day(world: World) -> None:
    drawer = await a_drawer(world)

    await drawer.sell(1210, vat_code="standard-21")

    assert await world.rows("SELECT vat_code, vat_rate_bp FROM credits.receipt_line") == [
        ("standard-21", 2100)
    ]


async def test_a_vat_code_has_one_rate_on_a_day(world: World) -> None:
    await world.execute("UPDATE credits.vat_code SET ends_on = '2026-03-01' WHERE code = 'reduced-6'")
    await world.execute(
        "INSERT INTO credits.vat_code (code, name, rate_bp, starts_on)"
        " VALUES ('reduced-6', 'Btw 7 %', 700, '2026-03-02')"
    )
    drawer = await a_drawer(world)

    await drawer.sell(1000, vat_code="reduced-6")

    assert await world.value("SELECT vat_rate_bp FROM credits.receipt_line") == 700
    with pytest.raises(asyncpg.ExclusionViolationError):
        await world.execute("UPDATE credits.vat_code SET ends_on = NULL WHERE code = 'reduced-6'")


parts = st.integers(0, 5000)


@given(cash=parts, terminal=parts, credit=parts)
def test_tenders_come_to_the_total_and_cash_alone_is_rounded(cash: int, terminal: int, credit: int) -> None:
    lines = [SaleLine(1, "Een", EVENING, cash + terminal), SaleLine(2, "Twee", EVENING, credit)]

    sale = compose_sale(uuid4(), ORIGIN, lines, Paid(credit, terminal, "A1"), IDS)

    assert sum(each.amount_cents for each in sale.tenders) == sale.total_cents == cash + terminal + credit
    assert sale.rounding_cents == 0 or cash > 0
    assert sale.cash_cents % 5 == 0 or sale.total_cents < 5
    assert (sale.rounding_id is None) == (sale.rounding_cents == 0)


def test_nobody_pays_more_than_it_costs() -> None:
    with pytest.raises(ValueError, match="no more than it costs"):
        compose_sale(uuid4(), ORIGIN, [SaleLine(1, "Een", EVENING, 500)], Paid(terminal_cents=501), IDS)


async def test_a_clerk_without_a_till_sells_nothing(world: World) -> None:
    drawer, clerk = await a_drawer(world), await a_clerk(world)

    assert clerk != drawer.worker.staff_id
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="not open"):
        await drawer.write(compose_sale(uuid4(), ORIGIN, [SaleLine(1, "Een", EVENING, 500)], Paid(), IDS))
