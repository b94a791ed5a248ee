"""The report of a day says what the ledger says, cent by cent."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credits.till.books.receipt import VatPart, note_print, read_receipt
from credits.till.books.report import TillReport, read_report
from credits.till.giving_back import CashPayout, give_back
from credits.till.sale import Paid
from credits.till.till import TillSession, closed_sessions, find_session, sessions_of_day
from tests.builders import World
from tests.credits.till.drawers import (
    Drawer,
    a_clerk,
    a_drawer,
    a_refund,
    a_seller,
    account_cents,
    faults,
)
from uit.core.clock import day_in_flanders

TRANSFERS = """
SELECT t.kind::text,
    sum(t.amount_cents * CASE WHEN t.credit_id = s.till_account_id THEN 1 ELSE -1 END)::bigint AS cents
FROM credits.seller AS s
JOIN credits.transfer AS t ON s.till_account_id IN (t.debit_id, t.credit_id)
WHERE s.organiser_id = $1 GROUP BY t.kind
"""


async def report_of(drawer: Drawer) -> TillReport:
    async with drawer.world.services.database.reading() as connection:
        session = await find_session(connection, drawer.now, drawer.session_id)
        assert isinstance(session, TillSession)
        return await read_report(connection, 1, [session])


async def by_transfers(world: World, seller_id: UUID) -> dict[str, int]:
    """What each kind of transfer did to the drawers of a seller."""
    return {row["kind"]: row["cents"] for row in await world.rows(TRANSFERS, seller_id) if row["cents"]}


def by_report(report: TillReport) -> dict[str, int]:
    figures: dict[str, int] = {
        "receipt": report.tender("cash"),
        "rounding": report.rounding_cents,
        "float": report.movement("float"),
        "drop": report.movement("drop"),
        "refund": report.movement("refund"),
        "difference": report.movement("difference"),
    }
    return {kind: cents for kind, cents in figures.items() if cents}


async def a_full_day(world: World) -> Drawer:
    drawer = await a_drawer(world, float_cents=10_000)
    await drawer.sell(1002)
    await drawer.sell(1210, vat_code="standard-21", paid=Paid(terminal_cents=1210, reference="A1"))
    await drawer.sell(804, vat_code="reduced-6", paid=Paid(credit_cents=300))
    await a_refund(world, drawer.worker.organiser_id, 503)
    await drawer.run(give_back, CashPayout(uuid4(), drawer.session_id, "K7MP3ROI"))
    await drawer.drop(5000)
    await drawer.end(5950, to_safe_cents=950, reason="Vijftig cent te weinig")
    return drawer


async def test_the_report_of_a_day_is_the_transfers_of_that_day(world: World) -> None:
    drawer = await a_full_day(world)

    report = await report_of(drawer)

    assert by_report(report) == await by_transfers(world, drawer.worker.organiser_id)
    assert report.drawer_cents == 5000 == await account_cents(world, drawer.worker.organiser_id, "till")
    assert report.tender("terminal") == await account_cents(world, drawer.worker.organiser_id, "terminal")
    assert await faults(world) == []


async def test_the_report_says_sales_by_vat_code_and_how_they_were_paid(world: World) -> None:
    report = await report_of(await a_full_day(world))

    assert report.vat == [
        VatPart("standard-21", "Btw 21 %", 1210, 210),
        VatPart("reduced-6", "Btw 6 %", 804, 46),
        VatPart("exempt-44-2-9", "Vrij van btw (art. 44 §2, 9°)", 1002, 0),
    ]
    assert report.tenders == {"cash": 1506, "terminal": 1210, "credit": 300}
    assert report.sold_cents == sum(report.tenders.values())
    [numbers] = report.ranges
    assert (numbers.first, numbers.last, numbers.count) == ("2026-000001", "2026-000003", 3)


async def test_vat_is_reckoned_receipt_by_receipt(world: World) -> None:
    drawer = await a_drawer(world)
    for _ in range(3):
        await drawer.sell(105, vat_code="standard-21")

    [part] = (await report_of(drawer)).vat

    assert (part.gross_cents, part.vat_cents) == (315, 3 * 18)


async def test_the_report_of_a_day_adds_the_tills_of_a_seller_up(world: World) -> None:
    seller = await a_seller(world)
    for name in ("Inkom", "Foyer"):
        await (await a_drawer(world, seller_id=seller, name=name)).sell(500)

    async with world.services.database.reading() as connection:
        found = await sessions_of_day(connection, 1, seller, day_in_flanders(world.clock.now()))
        report = await read_report(connection, 1, found)

    assert by_report(report) == await by_transfers(world, seller)
    assert (report.sold_cents, len(report.sessions)) == (1000, 2)


async def test_two_sessions_at_one_till_are_one_drawer_in_the_report_of_their_day(world: World) -> None:
    drawer = await a_full_day(world)
    seller = drawer.worker.organiser_id
    again = await a_drawer(world, 1000, seller_id=seller, till_id=drawer.till_id, found_cents=5000)
    await again.end(6000)

    async with world.services.database.reading() as connection:
        found = await sessions_of_day(connection, 1, seller, day_in_flanders(world.clock.now()))
        report = await read_report(connection, 1, found)

    assert (report.carried_cents, report.drawer_cents) == (0, 6000)
    assert by_report(report) == await by_transfers(world, seller)


async def test_a_closed_session_is_listed_by_its_seller_alone(world: World) -> None:
    drawer, other = await a_full_day(world), await a_seller(world)

    async with world.services.database.reading() as connection:
        later = world.clock.now().replace(year=2027)
        ours, _ = await closed_sessions(connection, 1, drawer.worker.organiser_id, later)
        theirs, _ = await closed_sessions(connection, 1, other, later)

    assert [each.id for each in ours] == [drawer.session_id]
    assert theirs == []


async def test_a_receipt_reads_with_its_lines_tenders_and_number_of_prints(world: World) -> None:
    drawer = await a_drawer(world)
    sale = await drawer.sell(1003, vat_code="standard-21")

    async with world.services.database.transaction() as tx:
        new = [await note_print(tx, drawer.now, sale.id, no) for no in (1, 1, 2)]
        receipt = await read_receipt(tx, 1, drawer.worker.organiser_id, sale.id)
        assert receipt is not None
        assert await read_receipt(tx, 1, uuid4(), sale.id) is None

    assert new == [True, False, True]
    assert (receipt.head.number, receipt.head.prints, receipt.cash_cents) == ("2026-000001", 2, 1005)
    assert receipt.vat == [VatPart("standard-21", "Btw 21 %", 1003, 174)]


STEPS = ("cash", "terminal", "credit", "drop", "refund", "close")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 3000)), max_size=12))
async def test_whatever_happens_at_a_till_the_books_agree(world: World, steps: list[tuple[str, int]]) -> None:
    seller, people = await a_seller(world), [await a_clerk(world) for _ in range(2)]
    drawer = await a_drawer(world, seller_id=seller, staff_id=people[0], name=f"Kassa {uuid4().hex}")
    for place, (step, cents) in enumerate(steps):
        drawer = await take(drawer, step, cents, people[place % 2])

    assert await faults(world) == []


async def take(drawer: Drawer, step: str, cents: int, next_clerk: UUID) -> Drawer:
    match step:
        case "cash":
            await drawer.sell(cents)
        case "terminal":
            await drawer.sell(cents + 7, paid=Paid(terminal_cents=cents, reference="A1"))
        case "credit":
            await drawer.sell(cents + 3, paid=Paid(credit_cents=cents))
        case "drop":
            await drawer.drop(cents)
        case "refund":
            code = uuid4().hex[:8].upper()
            await a_refund(drawer.world, drawer.worker.organiser_id, cents, code)
            await drawer.run(give_back, CashPayout(uuid4(), drawer.session_id, code))
        case "close":
            return await hand_over(drawer, cents, next_clerk)
        case _:
            raise AssertionError(step)
    return drawer


async def hand_over(drawer: Drawer, counted_cents: int, next_clerk: UUID) -> Drawer:
    """Close with whatever was counted; the next finds a cent less."""
    closed = await drawer.end(counted_cents, counted_cents // 2, "Geteld wat er lag")
    found: dict[str, Any] = {"found_cents": (closed.left_cents or 1) - 1, "reason": "Een cent minder"}
    found |= {"seller_id": drawer.worker.organiser_id, "till_id": drawer.till_id, "staff_id": next_clerk}
    found |= {"counted_before": True, "signs_to_no": closed.no}
    return await a_drawer(drawer.world, 1000, **found)
