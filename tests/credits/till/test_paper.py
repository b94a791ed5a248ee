"""Receipts on paper, from when the network was away: entered later, each number once."""

from asyncio import gather
from datetime import date
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from credits.errors import PaperEntered, TillIdTaken
from credits.till.paper import PaperReceipt, enter_paper
from credits.till.till import TillDone
from tests.builders import World
from tests.credits.till.drawers import EVENING, Drawer, a_drawer, a_seller, account_cents, faults, numbers


def paper(drawer: Drawer, number: str = "0042", **other: Any) -> PaperReceipt:
    made = PaperReceipt(
        uuid4(), drawer.session_id, number, date(2026, 2, 28), "Twee plaatsen", EVENING, 1003, None
    )
    return replace(made, **other)


async def test_a_paper_receipt_gets_a_number_of_today_and_keeps_its_own_day(world: World) -> None:
    drawer = await a_drawer(world, float_cents=0)

    await drawer.run(enter_paper, paper(drawer))

    [row] = await world.rows("SELECT year, no, paper_no, sold_on, made_at FROM credits.receipt")
    assert tuple(row) == (2026, 1, "0042", date(2026, 2, 28), world.clock.now())
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 1005
    assert await faults(world) == []


async def test_a_paper_receipt_that_was_paid_by_card_stays_out_of_the_drawer(world: World) -> None:
    drawer = await a_drawer(world, float_cents=0)

    await drawer.run(enter_paper, paper(drawer, reference="A1B2"))

    assert await account_cents(world, drawer.worker.organiser_id, "till") == 0
    assert await account_cents(world, drawer.worker.organiser_id, "terminal") == 1003
    assert await faults(world) == []


async def test_a_number_on_paper_is_entered_once_and_names_the_earlier(world: World) -> None:
    drawer = await a_drawer(world)
    await drawer.run(enter_paper, paper(drawer))

    answer = await drawer.run(enter_paper, paper(drawer, amount_cents=500))

    assert answer == PaperEntered("0042", "2026-000001", world.clock.now())


async def test_the_same_form_again_changes_nothing(world: World) -> None:
    drawer = await a_drawer(world)
    wanted = paper(drawer)

    answers = [await drawer.run(enter_paper, wanted) for _ in range(2)]

    assert all(isinstance(each, TillDone) for each in answers)
    assert len(await numbers(world, drawer.worker.organiser_id)) == 1


async def test_another_receipt_on_the_same_form_is_not_entered(world: World) -> None:
    drawer = await a_drawer(world)
    wanted = paper(drawer)
    await drawer.run(enter_paper, wanted)

    other_number = await drawer.run(enter_paper, replace(wanted, paper_no="0043"))
    other_amount = await drawer.run(enter_paper, replace(wanted, amount_cents=500))

    assert other_number == TillIdTaken(wanted.id)
    assert isinstance(other_amount, PaperEntered)
    assert len(await numbers(world, drawer.worker.organiser_id)) == 1
    assert await faults(world) == []


async def test_two_who_enter_one_number_at_two_tills_enter_it_once(world: World) -> None:
    seller = await a_seller(world)
    drawers = [await a_drawer(world, seller_id=seller, name=name) for name in ("Inkom", "Foyer")]

    answers = await gather(*(drawer.run(enter_paper, paper(drawer)) for drawer in drawers))

    assert sorted(type(each).__name__ for each in answers) == ["PaperEntered", "TillDone"]
    assert len(await numbers(world, seller)) == 1
