"""Sales at a till as the turnstile decides them: beside others in a batch, and against what is there."""

from asyncio import create_task, gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from credits.errors import TillClosed, TillCounted, TillIdTaken, TillUnknown
from credits.till.sale import Sale
from reservations.booking.actor import ByStaff
from reservations.booking.answers import Answer, Booked, Paid
from reservations.booking.commands import Book, Command, PayAtDesk, PayWith, RequestedLine
from reservations.booking.facts import Booking
from reservations.booking.turnstile import Turnstile, settle_batch
from reservations.errors import SeveralSellers
from tests.builders import Resident, Session, World
from tests.credits.till.drawers import Drawer, a_drawer
from tests.reservations.dates import faults
from uit.database.pool import ChainedTransactions


async def test_two_sales_of_a_batch_under_one_id_are_one_sale(world: World) -> None:
    session, drawer = await a_date(world)
    first = sell(drawer, session)
    second = with_ids(sell(drawer, session), receipt_of=first)
    third = with_ids(sell(drawer, session), payment_of=first)

    answers = await decided(world, first, second, third)

    assert [type(each) for each in answers] == [Booked, TillIdTaken, TillIdTaken]
    assert await world.value("SELECT count(*) FROM credits.receipt") == 1
    assert await faults(world) == []


async def test_two_turnstiles_that_sell_under_one_id_sell_once(world: World) -> None:
    session, drawer = await a_date(world)
    foyer = await a_drawer(world, seller_id=session.organiser_id, name="Foyer")
    first = sell(drawer, session)
    second = with_ids(sell(foyer, session), receipt_of=first)

    async with another_turnstile(world) as other:
        answers = await gather(world.services.turnstile.answer(first), other.answer(second))

    assert sorted(type(each).__name__ for each in answers) == ["Booked", "TillIdTaken"]
    assert await faults(world) == []


async def test_money_for_a_page_that_was_open_is_taken_under_a_payment_of_its_own(world: World) -> None:
    session, drawer = await a_date(world)
    anna = await world.resident()
    first, second = [await waiting_for_card(world, anna, session) for _ in range(2)]
    taken = pay_at(drawer, first)

    answers = [
        await world.services.turnstile.answer(taken),
        await world.services.turnstile.answer(with_ids(pay_at(drawer, second), payment_of=taken)),
        await world.services.turnstile.answer(with_ids(pay_at(drawer, second), receipt_of=taken)),
        await world.services.turnstile.answer(pay_at(drawer, second)),
    ]

    assert [type(each) for each in answers] == [Paid, TillIdTaken, TillIdTaken, Paid]
    assert await faults(world) == []


async def test_a_till_that_was_counted_spoils_no_batch(world: World) -> None:
    session, drawer = await a_date(world)
    foyer = await a_drawer(world, seller_id=session.organiser_id, name="Foyer")
    anna = await world.resident()
    booked = await waiting_for_card(world, anna, session)
    commands: list[Command] = [sell(drawer, session), pay_at(drawer, booked), sell(foyer, session)]
    await drawer.count(10_000)

    counted = await decided(world, *commands)
    await drawer.close()
    closed = await decided(world, commands[0])

    assert [type(each) for each in [*counted, *closed]] == [TillCounted, TillCounted, Booked, TillClosed]
    assert await faults(world) == []


async def test_a_sale_that_is_sent_again_is_done_whatever_became_of_its_till(world: World) -> None:
    session, drawer = await a_date(world)
    booked = await waiting_for_card(world, await world.resident(), session)
    commands: list[Command] = [sell(drawer, session), pay_at(drawer, booked)]
    await decided(world, *commands)
    await drawer.count(11_000)

    sold, paid = await decided(world, *commands)

    assert isinstance(sold, Booked)
    assert isinstance(paid, Paid)
    assert (sold.new, paid.new) == (False, False)
    assert await faults(world) == []


async def test_a_till_that_is_not_there_sells_nothing(world: World) -> None:
    session, drawer = await a_date(world)
    command = sell(drawer, session)

    elsewhere = replace(sale_of(command), till_session_id=uuid4())
    answers = await decided(world, replace(command, sale=elsewhere))

    assert answers == [TillUnknown()]


async def test_money_for_a_desk_is_for_one_organiser_also_under_one_agent(world: World) -> None:
    own, _ = await a_date(world)
    other = await world.session(price_cents=500)
    await world.seller(other.organiser_id, desk_hours=48)
    await world.execute(
        "UPDATE credits.seller SET agent_id = $1, mandate_id = $2 WHERE organiser_id = $3",
        own.organiser_id, uuid4(), other.organiser_id,
    )  # fmt: skip
    anna, bilal = await world.resident(credit_cents=500), await world.resident(credit_cents=499)
    both = [(own, "base", 1), (other, "base", 1)]

    by_desk, refused = [
        await world.services.turnstile.answer(
            world.command(who, both, pay_with=PayWith.DESK, payment_id=uuid4())
        )
        for who in (anna, bilal)
    ]
    by_card = await world.services.turnstile.answer(
        world.command(bilal, both, pay_with=PayWith.CARD, payment_id=uuid4())
    )

    assert isinstance(by_desk, Booked)
    assert [line.credit_cents for line in by_desk.booking.lines] == [500, 0]
    assert refused == SeveralSellers(tuple(sorted([own.organiser_id, other.organiser_id])))
    assert isinstance(by_card, Booked)


@asynccontextmanager
async def another_turnstile(world: World) -> AsyncIterator[Turnstile]:
    """As of another process."""
    services = world.services
    turnstile = Turnstile(services.database, services.clock, services.ids)
    turning = create_task(turnstile.run())
    try:
        yield turnstile
    finally:
        turning.cancel()
        await gather(turning, return_exceptions=True)


async def a_date(world: World) -> tuple[Session, Drawer]:
    """A date whose organiser sells it, and a till of theirs."""
    session = await world.session(20, price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    return session, await a_drawer(world, seller_id=session.organiser_id)


def sell(drawer: Drawer, session: Session) -> Book:
    """A place for a guest, paid in cash in the same moment."""
    booking_id, payment_id = uuid4(), uuid4()
    sale = replace(drawer.sale(500), booking_id=booking_id, payment_id=payment_id)
    lines = (RequestedLine(session.id, "base", 1, None),)
    by = ByStaff(drawer.worker.staff_id)
    return Book(
        1, booking_id, "ab" * 16, by, lines, "box_office",
        pay_with=PayWith.DESK, payment_id=payment_id, sale=sale,
    )  # fmt: skip


async def waiting_for_card(world: World, who: Resident, session: Session) -> Booking:
    command = world.command(who, [(session, "base", 1)], pay_with=PayWith.CARD, payment_id=uuid4())
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked)
    return answer.booking


def pay_at(drawer: Drawer, booking: Booking) -> PayAtDesk:
    """In cash, in the place of the page that is open."""
    return PayAtDesk(1, booking.id, replace(drawer.sale(500), booking_id=booking.id, payment_id=uuid4()))


def with_ids(
    command: Command, *, receipt_of: Command | None = None, payment_of: Command | None = None
) -> Any:
    """As if the form of another sale had been sent."""
    sale = sale_of(command)
    if receipt_of:
        sale = replace(sale, id=sale_of(receipt_of).id)
    if payment_of:
        sale = replace(sale, payment_id=sale_of(payment_of).payment_id)
    own = {"payment_id": sale.payment_id} if isinstance(command, Book) else {}
    return replace(command, sale=sale, **own)


def sale_of(command: Command) -> Sale:
    assert isinstance(command, Book | PayAtDesk)
    assert command.sale
    return command.sale


async def decided(world: World, *commands: Command) -> list[Answer]:
    """The answers to commands that come in one batch."""
    services = world.services
    async with ChainedTransactions(services.database, lambda: False).transaction() as transaction:
        return await settle_batch(transaction, commands, world.clock, services.ids)
