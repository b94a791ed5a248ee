"""How a ticket ends, and what becomes of its line, its place and its credit."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from credits.check import list_debts
from credits.ledger.rollup import roll_up
from reservations.booking.actor import ByClient
from reservations.booking.answers import Ended
from reservations.booking.commands import ChosenTickets, GiveUp
from reservations.booking.facts import Booking, TicketEnd
from reservations.booking.turnstile import read_booking
from reservations.errors import AlreadyUsed, TooLate
from tests.builders import CLIENT, TONIGHT, Resident, Session, World
from tests.credits.books import figures
from tests.reservations.dates import (
    LATER,
    booked,
    call_off,
    come,
    deliver,
    earning,
    faults,
    move,
    pay_out,
    payable_cents,
    plain,
    settle,
    statuses,
    tickets,
)

LIMIT = timedelta(days=9)
"""How long it takes until the limit for cancelling a session of the tests."""


async def stored(world: World, booking_id: UUID) -> Booking:
    async with world.services.database.reading() as connection:
        found = await read_booking(connection, 1, booking_id)
    assert found is not None
    return found


async def give_up(
    world: World, booking_id: UUID, *sessions: Session, chosen: tuple[ChosenTickets, ...] = ()
) -> object:
    """Give tickets up as the client that booked them."""
    by = ByClient(CLIENT, frozenset(each.organiser_id for each in sessions))
    return await world.services.turnstile.answer(GiveUp(1, booking_id, by, chosen))


# A date is called off


async def test_a_date_that_is_called_off_after_it_was_settled_gives_everything_back(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    await earning(world, "cancellation_limit")
    booking_id = await booked(world, anna, session, places=2)
    await settle(world, LIMIT)
    assert (await payable_cents(world, session), await world.available_cents(anna)) == (600, 400)

    await call_off(world, session)

    assert await tickets(world, booking_id) == [
        (1, 1, "cancelled", "called_off", 300),
        (1, 2, "cancelled", "called_off", 300),
    ]
    assert await payable_cents(world, session) == 0
    assert await figures(world, anna) == (1000, 0, 0, 0, 0)
    assert await world.places_left(session) == 10
    assert await faults(world) == []


async def test_the_mail_about_a_date_that_is_called_off_tells_what_really_came_back(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=1000)
    await earning(world, "cancellation_limit")
    await booked(world, anna, session, places=2)
    await settle(world, LIMIT)
    await call_off(world, session, reason="De zaal is beschadigd.")

    *_, mail = await deliver(world)

    assert mail["Subject"].startswith("Gaat niet door: De kleine prins")
    assert "De zaal is beschadigd." in plain(mail)
    assert "Je kreeg € 6,00 krediet terug." in plain(mail)


async def test_the_mail_promises_no_credit_where_none_was_paid(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await booked(world, anna, session)
    await call_off(world, session)

    *_, mail = await deliver(world)

    assert "Gaat niet door" in mail["Subject"]
    assert "krediet" not in plain(mail)


async def test_of_what_was_earned_in_part_only_that_part_comes_back(world: World) -> None:
    """A no-show that cost half gave the other half back when it was settled: once."""
    session, anna = await world.session(price_cents=400), await world.resident(credit_cents=1000)
    await earning(world, "attendance", no_show_percent=50)
    booking_id = await booked(world, anna, session)
    await settle(world, timedelta(days=10) + LATER)
    assert await figures(world, anna) == (800, 0, 200, 0, 0)

    await call_off(world, session)

    assert await tickets(world, booking_id) == [(1, 1, "cancelled", "called_off", 200)]
    assert await figures(world, anna) == (1000, 0, 0, 0, 0)


async def test_an_organiser_who_was_paid_out_owes_it_back_and_a_later_settlement_nets_it(
    world: World,
) -> None:
    organiser = await world.organiser()
    first, second = [await world.session(organiser_id=organiser) for _ in range(2)]
    anna = await world.resident(credit_cents=2000)
    await earning(world, "cancellation_limit")
    await booked(world, anna, first)
    await settle(world, LIMIT)
    await pay_out(world, first)
    assert await payable_cents(world, first) == 0

    await call_off(world, first)

    assert await world.available_cents(anna) == 2000
    assert await payable_cents(world, first) == -500
    assert await faults(world) == []
    assert [each.endswith("stands at -500 cents.") for each in await debts(world)] == [True]
    later = await world.session(organiser_id=organiser, price_cents=800)
    await booked(world, anna, later)
    await settle(world, timedelta(days=10))
    assert await payable_cents(world, second) == 300
    assert await debts(world) == []


async def debts(world: World) -> list[str]:
    """What `check-ledger` tells besides its findings."""
    async with world.services.database.reading() as connection:
        return await list_debts(connection)


async def test_a_debt_is_listed_also_once_it_was_rolled_up(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await earning(world, "cancellation_limit")
    await booked(world, anna, session)
    await settle(world, LIMIT)
    await pay_out(world, session)
    await call_off(world, session)

    await roll_up(world.services)

    assert [each.endswith("stands at -500 cents.") for each in await debts(world)] == [True]


async def test_credit_that_lapsed_meanwhile_can_be_spent_for_as_long_as_the_rule_says(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident()
    purse_id = await world.purse(1, anna.membership_id, 300, lapses_in_days=8)
    await earning(world, "cancellation_limit")
    await world.execute("UPDATE credits.programme_version SET extension_days = 30")
    await booked(world, anna, session)
    await settle(world, LIMIT)

    await call_off(world, session)

    until = await world.value("SELECT lapses_at FROM credits.purse WHERE id = $1", purse_id)
    assert until == world.clock.now() + timedelta(days=30)
    assert await figures(world, anna) == (300, 0, 0, 0, 0)
    await booked(world, anna, await world.session(price_cents=300))


async def test_a_date_is_called_off_whole_also_after_some_of_a_party_were_let_in(world: World) -> None:
    session, anna = await world.session(**TONIGHT), await world.resident(credit_cents=1500)
    booking_id = await booked(world, anna, session, places=3)
    await come(world, session, booking_id, no=2)

    await call_off(world, session)

    assert [each[2:] for each in await tickets(world, booking_id)] == [("cancelled", "called_off", 500)] * 3
    assert await world.value("SELECT count(attended_at) FROM reservations.ticket") == 0
    assert await figures(world, anna) == (1500, 0, 0, 0, 0)
    assert await world.places_left(session) == 10
    await settle(world, LATER)
    assert await faults(world) == []


async def test_credit_that_was_earned_by_coming_comes_back_when_the_date_is_broken_off(world: World) -> None:
    session, anna = await world.session(**TONIGHT), await world.resident(credit_cents=500)
    booking_id = await booked(world, anna, session)
    await come(world, session, booking_id)
    await settle(world)
    assert await payable_cents(world, session) == 500

    await call_off(world, session)

    assert await payable_cents(world, session) == 0
    assert await world.available_cents(anna) == 500
    assert await faults(world) == []


# A booking of two dates


async def two_dates(world: World) -> tuple[Session, Session, Resident]:
    """A date in ten days and one in three weeks of one organiser, and somebody who can pay for both."""
    a = await world.session(price_cents=500)
    b = await world.session(price_cents=700, organiser_id=a.organiser_id, starts_in=timedelta(days=21))
    return a, b, await world.resident(credit_cents=1200)


async def test_of_two_dates_the_one_that_is_called_off_ends_and_the_other_stands(world: World) -> None:
    a, b, anna = await two_dates(world)
    booking_id = await booked(world, anna, a, b)

    await call_off(world, a)

    booking = await stored(world, booking_id)
    assert await statuses(world, booking_id) == ["cancelled", "confirmed"]
    assert booking.status == "confirmed"
    assert (booking.credit_cents, booking.returned_cents) == (1200, 500)
    assert await figures(world, anna) == (500, 700, 0, 0, 0)
    assert await faults(world) == []


async def test_of_two_dates_the_other_is_cancelled_as_before(world: World) -> None:
    a, b, anna = await two_dates(world)
    booking_id = await booked(world, anna, a, b)
    await call_off(world, a)

    assert isinstance(await give_up(world, booking_id, a, b), Ended)

    ends = [(status, end) for _, _, status, end, _ in await tickets(world, booking_id)]
    assert ends == [("cancelled", "called_off"), ("cancelled", "given_up")]
    assert (await stored(world, booking_id)).status == "cancelled"
    assert await figures(world, anna) == (1200, 0, 0, 0, 0)


async def test_of_two_dates_the_other_past_its_limit_stands_and_is_named_when_it_is_given_up(
    world: World,
) -> None:
    b, a, anna = await two_dates(world)
    booking_id = await booked(world, anna, a, b)
    world.clock.move(LIMIT + timedelta(hours=1))

    await call_off(world, a)

    assert await statuses(world, booking_id) == ["cancelled", "confirmed"]
    refused = await give_up(world, booking_id, a, b)
    assert isinstance(refused, TooLate)
    assert refused.line_no == 2
    assert await figures(world, anna) == (700, 500, 0, 0, 0)


async def test_of_two_dates_one_that_was_visited_keeps_what_it_earned(world: World) -> None:
    b, a, anna = await two_dates(world)
    booking_id = await booked(world, anna, a, b)
    await come(world, b, booking_id, line_no=2)
    await settle(world)

    await call_off(world, a)

    assert await statuses(world, booking_id) == ["cancelled", "attended"]
    assert (await stored(world, booking_id)).status == "attended"
    assert await payable_cents(world, b) == 500
    assert await figures(world, anna) == (700, 0, 500, 0, 0)
    assert isinstance(await give_up(world, booking_id, a, b), AlreadyUsed)
    assert await faults(world) == []


async def test_a_visit_to_the_other_date_is_checked_in_as_before(world: World) -> None:
    a, b, anna = await two_dates(world)
    booking_id = await booked(world, anna, a, b)
    await call_off(world, a)

    await come(world, b, booking_id, line_no=2)
    await settle(world)

    assert await payable_cents(world, b) == 700
    assert await figures(world, anna) == (500, 0, 700, 0, 0)


# A part of a line


async def test_a_part_given_up_returns_its_share_to_the_cent_and_the_rest_stays_put_aside(
    world: World,
) -> None:
    session, anna = await world.session(price_cents=333), await world.resident(credit_cents=100)
    await world.purse(1, anna.membership_id, 899, lapses_in_days=400)
    booking_id = await booked(world, anna, session, places=3)

    for no in (2, 3):
        chosen = (ChosenTickets(1, (no,)),)
        assert isinstance(await give_up(world, booking_id, session, chosen=chosen), Ended)

    assert [each[2:] for each in await tickets(world, booking_id)] == [
        ("confirmed", None, 0), ("cancelled", "given_up", 333), ("cancelled", "given_up", 333),
    ]  # fmt: skip
    assert await figures(world, anna) == (666, 333, 0, 0, 0)
    soonest = await world.value("SELECT held_cents FROM credits.purse ORDER BY lapses_at LIMIT 1")
    assert soonest == 100
    assert await world.places_left(session) == 9
    assert await faults(world) == []


async def test_who_leaves_a_moved_date_after_it_was_settled_gets_their_part_back(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident(credit_cents=900)
    await earning(world, "cancellation_limit")
    booking_id = await booked(world, anna, session, places=3)
    await settle(world, LIMIT + timedelta(hours=2))
    await move(world, session, timedelta(minutes=30))

    left = await give_up(world, booking_id, session, chosen=(ChosenTickets(1, (1,)),))

    assert isinstance(left, Ended)
    assert (await tickets(world, booking_id))[0] == (1, 1, "cancelled", "moved_away", 300)
    assert await payable_cents(world, session) == 0
    assert await figures(world, anna) == (300, 600, 0, 0, 0)
    await settle(world, timedelta(days=1, minutes=-90))
    assert await payable_cents(world, session) == 600
    assert await faults(world) == []


@pytest.mark.parametrize("booked_at", ["before", "after"])
async def test_who_books_a_date_after_it_moved_has_the_usual_limit(world: World, booked_at: str) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    if booked_at == "after":
        await move(world, session, timedelta(days=1))
        world.clock.move(timedelta(seconds=1))
        booking_id = await booked(world, anna, session)
    else:
        booking_id = await booked(world, anna, session)
        world.clock.move(timedelta(seconds=1))
        await move(world, session, timedelta(days=1))
    world.clock.move(timedelta(days=10, hours=23))

    answer = await give_up(world, booking_id, session)

    assert isinstance(answer, TooLate if booked_at == "after" else Ended)
    world.clock.move(timedelta(hours=1))
    if booked_at == "after":
        assert isinstance(await give_up(world, booking_id, session), TooLate)


async def test_what_is_given_up_is_never_extended(world: World) -> None:
    session, anna = await world.session(price_cents=300), await world.resident()
    purse_id = await world.purse(1, anna.membership_id, 300, lapses_in_days=5)
    until = await world.value("SELECT lapses_at FROM credits.purse WHERE id = $1", purse_id)
    booking_id = await booked(world, anna, session)
    world.clock.move(timedelta(days=6))

    assert isinstance(await give_up(world, booking_id, session), Ended)

    assert await world.value("SELECT lapses_at FROM credits.purse WHERE id = $1", purse_id) == until


async def test_every_end_has_a_name_that_the_database_knows(world: World) -> None:
    known = await world.value("SELECT enum_range(NULL::reservations.ticket_ending)::text[]")

    assert set(known) == {end.value for end in TicketEnd}


# Pools that changed


async def test_a_booking_of_before_the_pools_changed_gives_back_to_its_own(world: World) -> None:
    session, anna = await world.session(seats=10), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session, places=2)
    hall = uuid4()
    await world.execute(
        "INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity)"
        " VALUES (1, $1, 'Grote zaal', 50, 50)", hall,
    )  # fmt: skip
    await world.execute("UPDATE reservations.session SET pool_ids = $1", [hall])
    await world.execute("UPDATE reservations.tariff SET pool_ids = $1", [hall])

    assert isinstance(await give_up(world, booking_id, session), Ended)

    assert await world.places_left(session) == 10
    assert await world.value("SELECT taken FROM reservations.pool WHERE id = $1", hall) == 0
    await booked(world, anna, session, places=2)
    assert await world.value("SELECT taken FROM reservations.pool WHERE id = $1", hall) == 2
    assert await faults(world) == []
