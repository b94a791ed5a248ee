"""What the model found of payments, each told as it would happen, through the real database."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from credits.errors import TillOfOtherSeller
from reservations.booking.actor import ByClient, CardProof
from reservations.booking.answers import Booked, Ended, Lengthened, Paid
from reservations.booking.commands import (
    Book,
    CallOff,
    ChosenTickets,
    Command,
    Expire,
    GiveUp,
    Lengthen,
    Pay,
    PayAtDesk,
    PayWith,
    RequestedLine,
)
from reservations.booking.facts import Booking
from reservations.booking.returns import returns_of_booking
from reservations.booking.turnstile import read_booking
from reservations.errors import RemainingChanged
from reservations.settlement.earning import settle_earned
from tests.builders import CLIENT, Resident, Session, World
from tests.credits.till.drawers import Drawer, a_drawer
from tests.reservations.booking.sellers import make_customer, make_seller
from tests.reservations.dates import faults

Wanted = tuple[Resident | None, Session, int]
FIRST = (ChosenTickets(1, (1,)),)


async def test_a_desk_is_paid_what_is_left_when_a_part_was_given_up(world: World) -> None:
    date = await for_sale(world, 300)
    booked, drawer = await book(world, PayWith.DESK, (None, date, 3)), await a_drawer_of(world, date)
    await answer(world, GiveUp(1, booked.id, by(booked), FIRST))

    all_of_it = await answer(world, pay_at(drawer, booked, 900))
    paid = await answer(world, pay_at(drawer, booked, 600))

    assert isinstance(all_of_it, RemainingChanged)
    assert isinstance(paid, Paid)
    assert (paid.payment.amount_cents, paid.refunds) == (600, ())
    assert [each.status for each in paid.booking.lines[0].tickets] == ["cancelled", "confirmed", "confirmed"]
    assert await faults(world) == []


async def test_a_ticket_that_is_given_up_once_it_is_paid_keeps_the_fee_whatever_was_given_up_before(
    world: World,
) -> None:
    date = await for_sale(world, 300, cancel_fee_cents=100)
    booked, drawer = await book(world, PayWith.DESK, (None, date, 3)), await a_drawer_of(world, date)
    await answer(world, GiveUp(1, booked.id, by(booked), FIRST))
    world.clock.move(timedelta(minutes=1))
    await answer(world, pay_at(drawer, booked, 600))
    world.clock.move(timedelta(minutes=1))

    ended = await answer(world, GiveUp(1, booked.id, by(booked), (ChosenTickets(1, (2,)),)))

    assert isinstance(ended, Ended)
    assert [each.refund.amount_cents for each in ended.refunds] == [200]
    assert await faults(world) == []


async def test_an_invoice_that_is_paid_gives_nothing_back_of_the_fee_that_it_kept(world: World) -> None:
    booked = await book(world, PayWith.INVOICE, (None, await for_sale(world, 300, cancel_fee_cents=100), 2))
    world.clock.move(timedelta(minutes=1))
    await answer(world, GiveUp(1, booked.id, by(booked), FIRST))

    paid = await answer(world, pay(booked, 600))

    assert isinstance(paid, Paid)
    assert paid.refunds == ()
    assert await faults(world) == []


async def test_what_is_free_is_confirmed_when_what_was_to_be_paid_is_given_up(world: World) -> None:
    paid, free = await for_sale(world, 300), await world.session(price_cents=0)
    booked = await book(world, PayWith.DESK, (None, paid, 1), (None, free, 2))

    ended = await answer(world, GiveUp(1, booked.id, by(booked), FIRST))

    assert isinstance(ended, Ended)
    assert [each.status for each in ended.stopped] == ["expired"]
    stored = await read(world, booked.id)
    assert (stored.status, stored.held_until) == ("confirmed", None)
    assert await topics(world, booked.id) == ["booking.ended", "booking.held", "booking.made"]
    assert await faults(world) == []


async def test_money_that_comes_for_what_was_called_off_meanwhile_counts_as_come_back(world: World) -> None:
    seller = await world.organiser()
    await make_seller(world, seller, card_account="acct_1", card_open=True)
    off, on = [await world.session(price_cents=300, organiser_id=seller) for _ in range(2)]
    booked = await book(world, PayWith.CARD, (None, off, 1), (None, on, 1))
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", off.id)
    await answer(world, CallOff(1, booked.id, off.id))
    called_off_at = world.clock.now()
    world.clock.move(timedelta(minutes=1))

    await answer(world, pay(booked, 600))

    stored = await read(world, booked.id)
    assert [each.amount_cents for each in stored.payments[0].refunds] == [300]
    assert [line.returned_cents for line in stored.lines] == [300, 0]
    assert stored.lines[0].tickets[0].ended_at == called_off_at
    assert await faults(world) == []


async def test_money_that_comes_late_books_anew_with_the_same_credit(world: World) -> None:
    anna = await world.resident(credit_cents=200)
    booked = await book(world, PayWith.CREDIT_THEN_CARD, (anna, await for_sale(world, 300), 1))
    world.clock.move(timedelta(minutes=10))
    await answer(world, Expire(1, booked.id))
    back = await world.available_cents(anna)

    paid = await answer(world, pay(booked, 100, anna))

    assert isinstance(paid, Paid)
    assert (paid.booking.status, back, await world.available_cents(anna)) == ("confirmed", 200, 0)
    assert await faults(world) == []


async def test_the_least_amount_of_a_card_frees_credit_of_who_gets_money_anyhow(world: World) -> None:
    """The other seller takes no card, so to free its credit would be to refuse the whole."""
    anna = await world.resident(credit_cents=100)
    sells, needs_credit = await for_sale(world, 20), await world.session(price_cents=80)

    booked = await book(
        world, PayWith.CREDIT_THEN_CARD, (None, sells, 2), (anna, sells, 1), (anna, needs_credit, 1)
    )

    assert [line.credit_cents for line in booked.lines] == [0, 10, 80]
    assert booked.payments[0].line_cents == (40, 10, 0)


async def test_credit_goes_where_no_money_can_be_paid_when_the_first_lines_do_not_need_it(
    world: World,
) -> None:
    anna = await world.resident(credit_cents=300)
    sells, needs_credit = await for_sale(world, 300), await world.session(price_cents=200)

    booked = await book(world, PayWith.CREDIT_THEN_CARD, (anna, sells, 1), (anna, needs_credit, 1))

    assert [line.credit_cents for line in booked.lines] == [100, 200]
    assert booked.payments[0].line_cents == (200, 0)
    assert await faults(world) == []


async def test_money_goes_to_one_seller_where_credit_can_pay_the_other(world: World) -> None:
    anna = await world.resident(credit_cents=400)
    first, second = await for_sale(world, 500), await for_sale(world, 300)

    booked = await book(world, PayWith.DESK, (anna, first, 1), (anna, second, 1))

    assert [line.credit_cents for line in booked.lines] == [100, 300]
    assert booked.payments[0].seller_id == first.organiser_id


async def test_money_that_is_read_when_the_date_is_over_goes_back_with_the_credit(world: World) -> None:
    """The worker stayed away: the page was paid in time, and the door refused a ticket that was held."""
    anna = await world.resident(credit_cents=100)
    booked = await book(world, PayWith.CREDIT_THEN_CARD, (anna, await for_sale(world, 300), 1))
    world.clock.move(timedelta(days=12))
    await settle_earned(world.services, world.clock.now())

    paid = await answer(world, pay(booked, 200, anna))

    assert isinstance(paid, Paid)
    assert [(each.refund.amount_cents, each.refund.reason) for each in paid.refunds] == [(200, "too_late")]
    stored = await read(world, booked.id)
    assert (stored.status, stored.returned_cents, stored.held_until) == ("lapsed", 300, None)
    assert await world.available_cents(anna) == 100
    assert await world.value("SELECT sum(taken) FROM reservations.pool") == 0
    assert await topics(world, booked.id) == ["booking.ended", "payment.back"]
    assert await faults(world) == []


async def test_what_is_paid_at_a_till_and_on_the_page_goes_back_once_and_is_no_credit(world: World) -> None:
    date = await for_sale(world, 300)
    booked = await book(world, PayWith.CARD, (None, date, 1))
    drawer = await a_drawer(world, seller_id=date.organiser_id)
    world.clock.move(timedelta(minutes=1))
    sale = replace(drawer.sale(300), booking_id=booked.id, payment_id=uuid4())
    await answer(world, PayAtDesk(1, booked.id, sale))

    await answer(world, pay(booked, 300))

    stored = await read(world, booked.id)
    page, desk = stored.payments
    assert (page.means, desk.means, desk.made_at) == ("card", "desk", world.clock.now())
    assert [(each.amount_cents, each.reason) for each in page.refunds] == [(300, "paid_twice")]
    assert [(each.way, each.cents, each.reason) for each in returns_of_booking(stored)] == [
        ("card", 300, "paid_twice")
    ]
    assert (stored.status, stored.returned_cents) == ("confirmed", 0)
    assert await faults(world) == []


async def test_a_till_of_another_seller_takes_no_money_for_a_booking(world: World) -> None:
    booked = await book(world, PayWith.DESK, (None, await for_sale(world, 300), 1))
    other = await for_sale(world, 300)
    drawer = await a_drawer(world, seller_id=other.organiser_id)
    sale = replace(drawer.sale(300), booking_id=booked.id, payment_id=booked.payments[0].id)

    assert isinstance(await answer(world, PayAtDesk(1, booked.id, sale)), TillOfOtherSeller)


async def test_who_has_the_page_open_takes_longer_to_pay_once(world: World) -> None:
    booked = await book(world, PayWith.CARD, (None, await for_sale(world, 300), 1))
    await world.execute("UPDATE credits.payment SET opened_at = made_at")

    first, again = [await answer(world, Lengthen(1, booked.id, by(booked))) for _ in range(2)]

    assert isinstance(first, Lengthened)
    assert isinstance(again, Lengthened)
    assert (first.new, again.new) == (True, False)
    stored = await read(world, booked.id)
    assert stored.held_until == world.clock.now() + timedelta(minutes=24)
    assert stored.lengthened


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE credits.refund SET amount_cents = 199",
        "UPDATE credits.payment SET line_cents = '{601}'",
        "UPDATE reservations.line SET cancel_fee_cents = 99",
    ],
)
async def test_money_that_nothing_explains_is_found(world: World, fault: str) -> None:
    booked = await book(world, PayWith.CARD, (None, await for_sale(world, 300, cancel_fee_cents=100), 2))
    await answer(world, pay(booked, 600))
    world.clock.move(timedelta(minutes=1))
    await answer(world, GiveUp(1, booked.id, by(booked), FIRST))
    assert await faults(world) == []

    await world.execute(fault)

    found = f"Booking {booked.id} of region 1 has a line whose money is not accounted for."
    assert found in await faults(world)


async def for_sale(world: World, price_cents: int, **terms: Any) -> Session:
    """A date whose organiser takes money in every way."""
    organiser_id = await world.organiser()
    ways: dict[str, Any] = {"card_account": "acct_1", "card_open": True, "desk_hours": 48, "invoices": True}
    await make_seller(world, organiser_id, **ways | terms)
    return await world.session(price_cents=price_cents, organiser_id=organiser_id)


async def book(world: World, pay_with: PayWith, *wanted: Wanted) -> Booking:
    lines = tuple(
        RequestedLine(date.id, "base", places, CardProof(who.card_id, 1) if who else None)
        for who, date, places in wanted
    )
    client = ByClient(CLIENT, frozenset(date.organiser_id for _, date, _ in wanted))
    school = await make_customer(world, wanted[0][1].organiser_id) if pay_with is PayWith.INVOICE else None
    command = Book(
        1, uuid4(), "ab" * 16, client, lines, "api",
        pay_with=pay_with, payment_id=uuid4(), invoice_customer_id=school,
    )  # fmt: skip
    booked = await answer(world, command)
    assert isinstance(booked, Booked)
    return booked.booking


def by(booking: Booking) -> ByClient:
    return ByClient(booking.by.id, frozenset())


def pay(booking: Booking, cents: int, *who: Resident) -> Pay:
    wallets = tuple(each.membership_id for each in who)
    return Pay(1, booking.id, booking.payments[0].id, cents, "pi_1", wallets)


async def a_drawer_of(world: World, date: Session) -> Drawer:
    return await a_drawer(world, seller_id=date.organiser_id)


def pay_at(drawer: Drawer, booking: Booking, cents: int) -> PayAtDesk:
    """In cash, for the payment that a booking waits for."""
    sale = replace(drawer.sale(cents), booking_id=booking.id, payment_id=booking.payments[0].id)
    return PayAtDesk(1, booking.id, sale)


async def answer(world: World, command: Command) -> object:
    return await world.services.turnstile.answer(command)


async def read(world: World, booking_id: UUID) -> Booking:
    async with world.services.database.reading() as connection:
        stored = await read_booking(connection, 1, booking_id)
    assert stored
    return stored


async def topics(world: World, booking_id: UUID) -> list[str]:
    rows = await world.rows("SELECT topic FROM uit.outbox WHERE key = $1 ORDER BY topic", booking_id)
    return [row["topic"] for row in rows]
