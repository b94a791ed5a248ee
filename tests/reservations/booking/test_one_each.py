"""A price that is one each: one place a date, over every booking of its holder."""

from asyncio import gather
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from reservations.booking.actor import ByStaff, MembershipProof
from reservations.booking.answers import Booked, Ended
from reservations.booking.commands import Book, PayWith, RequestedLine
from reservations.errors import OnePlaceEach
from reservations.quotes.quotes import read_quote
from tests.builders import Resident, Session, World

SOCIAL = "kansentarief"


async def stage(world: World) -> tuple[Session, Resident]:
    return await world.session(), await world.resident(credit_cents=5000, social_until=date(2030, 1, 1))


async def taken(world: World, session: Session) -> int:
    return 10 - await world.places_left(session)


async def test_three_bookings_at_once_give_one_place_at_the_social_price(world: World) -> None:
    session, anna = await stage(world)

    answers = await gather(*(world.book(anna, session, tariff=SOCIAL) for _ in range(3)))

    assert sorted(type(each).__name__ for each in answers) == ["Booked", "OnePlaceEach", "OnePlaceEach"]
    assert await taken(world, session) == 1


async def test_a_later_booking_is_refused_by_card_and_by_membership(world: World) -> None:
    """Reached otherwise, she is who she is: by a copy of her card, online, or at a box office."""
    session, anna = await stage(world)
    await world.book(anna, session, tariff=SOCIAL)
    line = RequestedLine(session.id, SOCIAL, 1, MembershipProof(anna.membership_id))

    answers = [
        await world.services.turnstile.answer(Book(1, uuid4(), "ab" * 16, ByStaff(uuid4()), (line,), channel))
        for channel in ("web", "box_office")
    ]

    assert answers == [OnePlaceEach(session.id, SOCIAL)] * 2
    assert isinstance(await world.book(anna, session), Booked)


async def test_a_repeat_of_the_same_id_changes_nothing(world: World) -> None:
    session, anna = await stage(world)
    booking_id = uuid4()

    answers = [await world.book(anna, session, tariff=SOCIAL, booking_id=booking_id) for _ in range(3)]

    assert [isinstance(each, Booked) and each.new for each in answers] == [True, False, False]
    assert await taken(world, session) == 1


async def test_who_gives_it_up_may_have_it_again(world: World) -> None:
    session, anna = await stage(world)
    first = await world.book(anna, session, tariff=SOCIAL)
    assert isinstance(first, Booked)

    ended, again = await gather(
        world.cancel(first.booking.id), world.book(anna, session, tariff=SOCIAL, booking_id=uuid4())
    )
    last = await world.book(anna, session, tariff=SOCIAL)

    assert isinstance(ended, Ended)
    assert {type(again), type(last)} == {Booked, OnePlaceEach}
    assert await taken(world, session) == 1


async def test_each_has_one_and_each_date_is_another(world: World) -> None:
    session, anna = await stage(world)
    other, bilal = await stage(world)

    answers = await gather(
        *(world.book(who, where, tariff=SOCIAL) for who in (anna, bilal) for where in (session, other))
    )

    assert {type(each) for each in answers} == {Booked}


async def test_a_quote_says_it_before(world: World) -> None:
    session, anna = await stage(world)
    await world.book(anna, session, tariff=SOCIAL)
    wanted = world.command(anna, [(session, SOCIAL, 1)], pay_with=PayWith.CREDIT)

    async with world.services.database.reading() as connection:
        quoted = await read_quote(connection, "test", wanted, world.clock.now())

    assert [each.refusal for each in quoted.quote.lines] == [OnePlaceEach(session.id, SOCIAL)]


async def test_the_tickets_of_an_application_of_before_count(world: World) -> None:
    """It writes no holder at a ticket: what is read goes by the tariff of the line."""
    session, anna = await stage(world)
    await world.book(anna, session, tariff=SOCIAL)
    await world.execute("UPDATE reservations.ticket SET personal_to = NULL")

    assert isinstance(await world.book(anna, session, tariff=SOCIAL), OnePlaceEach)


async def test_the_database_refuses_what_a_decision_without_locks_lets_through(world: World) -> None:
    session, anna = await stage(world)
    made = await world.book(anna, session, tariff=SOCIAL)
    assert isinstance(made, Booked)

    with pytest.raises(asyncpg.UniqueViolationError, match="one_place_each"):
        await world.execute(
            "INSERT INTO reservations.ticket"
            " (region_id, booking_id, line_no, no, session_id, status, personal_to)"
            " VALUES (1, $1, 1, 2, $2, 'held', $3)",
            made.booking.id, session.id, anna.membership_id,
        )  # fmt: skip


# A booking that lapsed and is paid late takes its places anew: only where they are not had meanwhile.


async def test_a_late_payment_does_not_bring_back_what_was_booked_again(world: World) -> None:
    session, anna = await stage(world)
    lapsed = await world.book(anna, session, tariff=SOCIAL)
    assert isinstance(lapsed, Booked)
    await world.cancel(lapsed.booking.id)
    await world.book(anna, session, tariff=SOCIAL)

    with pytest.raises(asyncpg.UniqueViolationError, match="one_place_each"):
        await world.execute(
            "UPDATE reservations.ticket SET status = 'confirmed', ending = NULL, ended_at = NULL"
            " WHERE booking_id = $1",
            lapsed.booking.id,
        )
