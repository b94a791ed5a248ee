"""VAT is in what came in, was invoiced or was earned, on the day that it was; what went back is taken off."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credits.bookkeeping.journal import Period
from reservations.booking.answers import Booked
from reservations.bookkeeping.vat import VatMonth, VatSum, add_months, read_vat, vat_file
from tests.builders import Session, World
from tests.credits.bookkeeping.years import a_card_payment, seller_entity
from tests.credits.books import settle, take_back
from tests.credits.till.drawers import a_drawer


async def sold(world: World, entity_id: UUID, owner_id: UUID | None = None) -> list[tuple[str, int]]:
    """By code, what was sold in the year."""
    period = Period(1, entity_id, date(2026, 1, 1), date(2026, 12, 31), owner_id)
    async with world.services.database.reading() as connection:
        return [(each.code, each.gross_cents) for each in add_months(await read_vat(connection, period))]


async def a_sold_session(world: World, vat_code: str = "reduced-6") -> tuple[Session, UUID, UUID]:
    """A session of a seller, a booking of it, and the books of the seller."""
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=1000)
    await world.execute("UPDATE reservations.tariff SET vat_code = $1", vat_code)
    await world.seller(session.organiser_id, card=False)
    booked = await world.book(anna, session)
    assert isinstance(booked, Booked), booked
    return session, booked.booking.id, await seller_entity(world, session.organiser_id)


async def test_credit_counts_when_it_is_earned_and_not_when_it_is_put_aside(world: World) -> None:
    _, _, entity = await a_sold_session(world)
    assert await sold(world, entity) == []
    hold = await world.value("SELECT id FROM credits.transfer WHERE kind = 'hold'")

    await settle(world, (hold, 500))

    assert await sold(world, entity) == [("reduced-6", 500)]


async def test_what_was_earned_and_undone_counts_no_more(world: World) -> None:
    _, _, entity = await a_sold_session(world)
    await settle(world, (await world.value("SELECT id FROM credits.transfer WHERE kind = 'hold'"), 500))

    await take_back(world, await world.value("SELECT id FROM credits.transfer WHERE kind = 'settle'"))

    assert await sold(world, entity) == [("reduced-6", 0)]


async def test_money_counts_on_the_day_that_it_came_in_less_what_went_back(world: World) -> None:
    session, booking_id, entity = await a_sold_session(world)
    payment_id = await a_card_payment(world, session.organiser_id, back_cents=300)
    for table in ("payment", "refund"):
        await world.execute(f"UPDATE credits.{table} SET booking_id = $1", booking_id)

    assert await sold(world, entity) == [("reduced-6", 500)]
    await world.execute(
        "UPDATE credits.payment SET paid_at = paid_at - interval '1 year' WHERE id = $1", payment_id
    )
    assert await sold(world, entity) == [("reduced-6", -300)]


async def test_what_was_entered_at_a_till_without_a_booking_counts_by_its_code(world: World) -> None:
    drawer = await a_drawer(world)
    await drawer.sell(1210, vat_code="standard-21")
    entity = await seller_entity(world, drawer.worker.organiser_id)

    assert await sold(world, entity) == [("standard-21", 1210)]
    assert await sold(world, entity, await world.organiser()) == []


async def test_of_a_booking_that_was_erased_the_code_is_not_known_any_more(world: World) -> None:
    _, booking_id, entity = await a_sold_session(world)
    await settle(world, (await world.value("SELECT id FROM credits.transfer WHERE kind = 'hold'"), 500))
    await world.execute("DELETE FROM reservations.line WHERE booking_id = $1", booking_id)

    assert await sold(world, entity) == [("", 500)]


async def test_what_another_seller_sold_is_in_other_books(world: World) -> None:
    _, _, entity = await a_sold_session(world)
    other, _, other_entity = await a_sold_session(world)
    for (hold,) in await world.rows(
        "SELECT id FROM credits.transfer WHERE kind = 'hold' AND payee_id = $1", other.organiser_id
    ):
        await settle(world, (hold, 500))

    assert await sold(world, entity) == []
    assert await sold(world, other_entity) == [("reduced-6", 500)]


async def test_a_period_ends_with_its_last_day(world: World) -> None:
    _, _, entity = await a_sold_session(world)
    await settle(world, (await world.value("SELECT id FROM credits.transfer WHERE kind = 'hold'"), 500))
    today = world.clock.now().date()
    days = [(today, today), (today - timedelta(days=9), today - timedelta(days=1))]

    async with world.services.database.reading() as connection:
        found = [len(await read_vat(connection, Period(1, entity, *each))) for each in days]

    assert found == [1, 0]


@pytest.mark.parametrize(("gross", "base", "vat"), [(1210, 1000, 210), (-1210, -1000, -210), (0, 0, 0)])
def test_a_sum_is_its_base_and_the_vat_in_it(gross: int, base: int, vat: int) -> None:
    part = VatSum("standard-21", "Btw 21 %", 2100, gross)

    assert (part.base_cents, part.vat_cents) == (base, vat)


@given(st.lists(st.integers(-100_000, 100_000), max_size=6))
def test_vat_is_reckoned_on_the_sum_of_the_months(cents: list[int]) -> None:
    months = [VatMonth(2026, number + 1, "r", "Btw 6 %", 600, each) for number, each in enumerate(cents)]

    parts = add_months(months)

    assert sum(part.gross_cents for part in parts) == sum(cents)
    assert all(part.base_cents + part.vat_cents == part.gross_cents for part in parts)


def test_the_file_says_each_month_and_then_all_together() -> None:
    months = [VatMonth(2026, number, "standard-21", "Btw 21 %", 2100, 1210) for number in (1, 2)]

    rows = vat_file(months).removeprefix("\ufeff").split("\r\n")

    assert rows[1] == "2026;01;standard-21;Btw 21 %;21,00;12,10;0,00;10,00;2,10"
    assert rows[3] == "Samen;;standard-21;Btw 21 %;21,00;24,20;0,00;20,00;4,20"
