"""A seller sees what it still pays back, and says when it paid; what a bank holds stands above."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from tests.reservations.payment.card_sale import BALANCE, CardSale
from tests.reservations.payment.owed import owed

PAID = {"paid_on": "2026-03-02", "reference": "Uittreksel 12, lijn 3"}


def address(seller_id: UUID, refund_id: UUID | None = None) -> str:
    home = f"/dender/organisaties/{seller_id}/betalen/terug"
    return f"{home}/{refund_id}" if refund_id else home


async def test_what_is_still_to_be_paid_back_is_listed_with_how(world: World) -> None:
    seller_id, _, refund_id = await owed(world)
    await world.sign_in_staff("organiser", organiser_id=seller_id)

    page = (await world.client.get(address(seller_id))).text

    assert "De kleine prins" in page
    assert "met een overschrijving: naar de kaart lukte niet" in page
    assert address(seller_id, refund_id) in page


@pytest.mark.parametrize("way", ["transfer", "cash"])
async def test_who_paid_by_transfer_says_when_and_it_leaves_the_list_and_the_books(
    world: World, way: str
) -> None:
    seller_id, _, refund_id = await owed(world, way)
    await world.sign_in_staff("organiser", organiser_id=seller_id)

    answer = await world.post_form(address(seller_id, refund_id), **PAID)

    assert answer.headers["location"] == f"{address(seller_id)}?gedaan=gestort"
    assert "Je moet niemand terugbetalen" in (await world.client.get(answer.headers["location"])).text
    (row,) = await world.rows(
        "SELECT way::text, status::text, external_id, arrives_on::text FROM credits.refund"
    )
    assert tuple(row) == ("transfer", "done", PAID["reference"], "2026-03-02")
    assert [await world.value(BALANCE, kind, seller_id) for kind in ("bank", "sale")] == [-500, 500]


async def test_a_repeat_pays_nothing_twice(world: World) -> None:
    seller_id, _, refund_id = await owed(world)
    await world.sign_in_staff("organiser", organiser_id=seller_id)
    await world.post_form(address(seller_id, refund_id), **PAID)

    again = await world.post_form(address(seller_id, refund_id), **PAID)

    assert again.status_code == 409
    assert await world.value(BALANCE, "bank", seller_id) == -500


async def test_what_is_wrong_with_the_form_is_said_and_nothing_is_written(world: World) -> None:
    seller_id, _, refund_id = await owed(world)
    await world.sign_in_staff("organiser", organiser_id=seller_id)

    answer = await world.post_form(address(seller_id, refund_id), paid_on="2026-03-03", reference="")

    assert answer.status_code == 422
    assert "Kies een dag tussen de beslissing en vandaag." in answer.text
    assert "Vul in wat op je uittreksel staat." in answer.text
    assert await world.value("SELECT status::text FROM credits.refund") == "due"


async def test_another_seller_cannot_close_it_and_what_goes_by_itself_neither(world: World) -> None:
    seller_id, _, refund_id = await owed(world, "card")
    await world.sign_in_staff("organiser", organiser_id=seller_id)
    assert (await world.post_form(address(seller_id, refund_id), **PAID)).status_code == 409

    other = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=other)
    assert (await world.post_form(address(other, refund_id), **PAID)).status_code == 409
    assert await world.value("SELECT status::text FROM credits.refund") == "due"


async def test_what_the_bank_holds_is_said_until_it_decided_and_then_what(sale: CardSale) -> None:
    world, seller_id = sale.world, sale.session.organiser_id
    await world.sign_in_staff("organiser", organiser_id=seller_id)
    dispute_id = await sale.dispute()
    assert "Betwist: de bank houdt €\xa010,00 vast" in (await world.client.get(address(seller_id))).text

    await sale.close_dispute(dispute_id, won=False)

    page = (await world.client.get(address(seller_id))).text
    assert "Betwist: de bank houdt" not in page
    assert "De klant kreeg gelijk" in page


async def test_what_is_disputed_cannot_be_paid_back(world: World, sale: CardSale) -> None:
    seller_id, refund_id = sale.session.organiser_id, await sale.refund()
    await world.execute("UPDATE credits.refund SET way = 'transfer'")
    await sale.dispute()
    await world.sign_in_staff("organiser", organiser_id=seller_id)

    assert (await world.post_form(address(seller_id, refund_id), **PAID)).status_code == 409

    assert "wacht: de betaling is betwist" in (await world.client.get(address(seller_id))).text


async def test_what_is_owed_outlives_its_booking(world: World) -> None:
    """A booking is erased after years, and money that nobody fetched is still theirs."""
    seller_id, _, refund_id = await owed(world)
    for table in ("ticket", "line", "booking"):
        await world.execute(f"DELETE FROM reservations.{table}")
    await world.sign_in_staff("organiser", organiser_id=seller_id)

    assert "een boeking van jaren geleden" in (await world.client.get(address(seller_id))).text
    assert (await world.post_form(address(seller_id, refund_id), **PAID)).status_code == 303


async def test_a_refund_of_nobody_is_refused(world: World) -> None:
    seller_id = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=seller_id)

    assert (await world.client.get(address(seller_id, uuid4()))).status_code == 409


async def test_a_refund_can_be_paid_days_after_it_was_decided(world: World) -> None:
    seller_id, _, refund_id = await owed(world)
    world.clock.move(timedelta(days=3))
    await world.sign_in_staff("organiser", organiser_id=seller_id)

    page = (await world.client.get(address(seller_id, refund_id))).text
    answer = await world.post_form(address(seller_id, refund_id), **PAID)

    assert 'value="2026-03-05"' in page
    assert answer.status_code == 303
