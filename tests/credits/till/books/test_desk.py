"""What stands on paper: receipts that say how often they were printed, reports, and past sessions."""

from datetime import timedelta
from uuid import UUID, uuid4

from credits.till.giving_back import CashPayout, give_back
from credits.till.sale import Paid
from tests.builders import World
from tests.credits.till.drawers import (
    Drawer,
    a_drawer,
    a_refund,
    a_seller,
    home,
    read_page,
    signed_in_drawer,
)

DUPLICATE = "DUPLICAAT"


async def test_a_receipt_names_its_seller_number_lines_and_rounding(world: World) -> None:
    drawer, _ = await signed_in_drawer(world)
    sale = await drawer.sell(1003, vat_code="standard-21", paid=Paid(credit_cents=300))

    page = await read_page(world, f"{home(drawer.worker.organiser_id)}/bonnen/{sale.id}")

    for text in (
        "De Werf",
        "2026-000001",
        "De kleine prins",
        "€ 10,03",
        "Krediet",
        "€ 0,02",
        "€ 7,05",
        "btw € 1,74",
    ):
        assert text in page, text


async def test_the_first_print_is_the_receipt_and_every_later_one_a_duplicate(world: World) -> None:
    drawer, _ = await signed_in_drawer(world)
    sale = await drawer.sell(500)
    address = f"{home(drawer.worker.organiser_id)}/bonnen/{sale.id}"
    assert DUPLICATE not in await read_page(world, address)

    first = await world.post_form(f"{address}/afdrukken", no=1)
    assert DUPLICATE not in await read_page(world, first.headers["location"])
    second = await world.post_form(f"{address}/afdrukken", no=2)

    assert DUPLICATE in await read_page(world, second.headers["location"])
    assert DUPLICATE in await read_page(world, first.headers["location"])
    assert await world.value("SELECT count(*) FROM credits.receipt_print") == 2


async def test_a_press_that_is_sent_twice_is_one_print(world: World) -> None:
    drawer, _ = await signed_in_drawer(world)
    sale = await drawer.sell(500)
    address = f"{home(drawer.worker.organiser_id)}/bonnen/{sale.id}"

    for _ in range(2):
        await world.post_form(f"{address}/afdrukken", no=1)

    assert await world.value("SELECT count(*) FROM credits.receipt_print") == 1
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'receipt.print'") == 1


async def test_a_receipt_of_another_organiser_is_not_there(world: World) -> None:
    drawer, other = await a_drawer(world), await a_seller(world)
    sale = await drawer.sell(500)
    await world.sign_in_staff("organiser", organiser_id=other)

    assert (await world.client.get(f"{home(other)}/bonnen/{sale.id}")).status_code == 404
    assert (await world.client.get(f"{home(other)}/bonnen/{uuid4()}")).status_code == 404


async def given_back(world: World, drawer: Drawer, cents: int) -> UUID:
    """Cash that the clerk of a drawer gives back, of a payment that came in otherwise."""
    await a_refund(world, drawer.worker.organiser_id, cents)
    payout = CashPayout(uuid4(), drawer.session_id, "K7MP3ROI")
    await drawer.run(give_back, payout)
    return payout.id


async def test_cash_that_was_given_back_is_printed_with_its_rounding(world: World) -> None:
    drawer, _ = await signed_in_drawer(world)
    paper = f"{home(drawer.worker.organiser_id)}/teruggaven/{await given_back(world, drawer, 1003)}"

    page, printed = await read_page(world, paper), await read_page(world, f"{paper}?afdruk=ja")

    for text in ("De Werf", "Kassa inkom", "€ 10,03", "€ 0,02", "€ 10,05"):
        assert text in page, text
    assert "data-print" not in page
    assert "data-print" in printed


async def test_what_another_organiser_gave_back_is_not_there(world: World) -> None:
    drawer, other = await a_drawer(world), await a_seller(world)
    movement_id = await given_back(world, drawer, 500)
    float_id = await world.value("SELECT id FROM credits.till_movement WHERE kind = 'float'")
    seller = drawer.worker.organiser_id

    await world.sign_in_staff("organiser", organiser_id=other)
    theirs = await world.client.get(f"{home(other)}/teruggaven/{movement_id}")
    await world.sign_in_staff("organiser", organiser_id=seller)
    no_refund = await world.client.get(f"{home(seller)}/teruggaven/{float_id}")

    assert (theirs.status_code, no_refund.status_code) == (404, 404)


async def test_there_is_no_report_of_a_till_before_it_is_closed(world: World) -> None:
    drawer, address = await signed_in_drawer(world)

    assert (await world.client.get(f"{address}/verslag")).headers["location"] == address
    day = await read_page(world, f"{home(drawer.worker.organiser_id)}/dag")
    assert "1 kassa is nog niet gesloten" in day
    assert "100,00" not in day


async def test_the_report_of_a_day_has_every_closed_till_of_that_day(world: World) -> None:
    drawer, _ = await signed_in_drawer(world)
    await drawer.sell(1210, vat_code="standard-21")
    await drawer.end(11_210)
    seller = drawer.worker.organiser_id

    page = await read_page(world, f"{home(seller)}/dag?dag=02/03/2026")
    other = await read_page(world, f"{home(seller)}/dag?dag=2026-03-01")

    assert all(text in page for text in ("Kassa inkom", "€ 12,10", "€ 2,10", "2026-000001"))
    assert "Die dag was er geen kassa open" in other


async def test_past_sessions_are_listed_a_page_at_a_time(world: World) -> None:
    drawer, _ = await signed_in_drawer(world, float_cents=0)
    await drawer.end(0)
    seller = drawer.worker.organiser_id
    for _ in range(30):
        world.clock.move(timedelta(minutes=1))
        again = await a_drawer(
            world, 0, seller_id=seller, till_id=drawer.till_id, staff_id=drawer.worker.staff_id
        )
        await again.end(0)

    first = await read_page(world, f"{home(seller)}/gesloten")
    second = await read_page(
        world, f"{home(seller)}/gesloten?voor={first.partition('?voor=')[2].partition(chr(34))[0]}"
    )

    assert (first.count("/verslag"), second.count("/verslag")) == (30, 1)
