"""Where one waits for a turn, nobody books without: a page, the API and a client are refused alike."""

from asyncio import gather
from datetime import timedelta
from uuid import uuid4

from reservations.booking.actor import ByGuest
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, GuestContact, RequestedLine
from reservations.errors import SoldOut
from reservations.room_errors import NotYourTurn
from tests.builders import Session, World
from tests.reservations.booking.test_api import body, put
from tests.reservations.waiting_room.queue import (
    a_room,
    enter,
    entry_of,
    mail_in,
    open_now,
    rooms_of,
    turn_of,
)


def by_guest(world: World, session: Session, email: str) -> Book:
    booking_id = uuid4()
    line = RequestedLine(session.id, "base", 1, None)
    by, contact = ByGuest(str(booking_id)), GuestContact("Gast", email)
    return Book(1, booking_id, booking_id.hex, by, (line,), "page", guest=contact)


async def test_who_has_a_turn_books_once(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    await a_room(world, session)
    entry_id = await turn_of(world, session, anna)

    first, second = await world.book(anna, session), await world.book(anna, session)

    assert isinstance(first, Booked)
    assert second == NotYourTurn(session.id, 1)
    assert (await entry_of(world, session, entry_id)).booking_id == first.booking.id


async def test_a_repeat_of_the_same_booking_gets_it_again(world: World) -> None:
    session, anna, booking_id = await world.session(), await world.resident(credit_cents=5_000), uuid4()
    await a_room(world, session)
    await turn_of(world, session, anna)
    await world.book(anna, session, booking_id=booking_id)

    again = await world.book(anna, session, booking_id=booking_id)

    assert isinstance(again, Booked)
    assert not again.new


async def test_one_turn_is_not_used_by_two_bookings_at_once(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    await a_room(world, session)
    await turn_of(world, session, anna)

    answers = await gather(*(world.book(anna, session) for _ in range(5)))

    assert [type(each) for each in answers].count(Booked) == 1
    assert {type(each) for each in answers} == {Booked, NotYourTurn}


async def test_a_booking_of_which_nothing_stands_gives_the_turn_back(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    await a_room(world, session)
    await turn_of(world, session, anna)
    booked = await world.book(anna, session)
    assert isinstance(booked, Booked)
    await world.cancel(booked.booking.id)

    assert isinstance(await world.book(anna, session), Booked)


async def test_a_turn_that_is_over_books_nothing(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    await a_room(world, session)
    await turn_of(world, session, anna)

    world.clock.move(timedelta(minutes=10))

    assert isinstance(await world.book(anna, session), NotYourTurn)


async def test_who_waits_is_told_the_place_and_who_is_not_in_hears_so(world: World) -> None:
    session, anna, bilal = (
        await world.session(seats=1),
        await world.resident(5_000),
        await world.resident(5_000),
    )
    await a_room(world, session)
    for _ in range(2):
        await enter(world, session, await world.resident())
    await open_now(world, session)
    await enter(world, session, anna)

    assert await world.book(anna, session) == NotYourTurn(session.id, 3)
    assert await world.book(bilal, session) == NotYourTurn(session.id, None)


async def test_the_api_refuses_who_has_no_turn(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5_000)
    headers = await world.api_client(session.organiser_id)
    await a_room(world, session)
    await open_now(world, session)

    answer = await put(world, headers, body(session, anna))

    assert (answer.status_code, answer.json()["code"]) == (409, "reservations.not_your_turn")


async def test_a_guest_books_by_the_address_that_waited(world: World) -> None:
    session = await world.session(price_cents=0)
    await a_room(world, session)
    await mail_in(world, session, "gast@example.org")
    await open_now(world, session)

    other = await world.services.turnstile.answer(by_guest(world, session, "ander@example.org"))
    own = await world.services.turnstile.answer(by_guest(world, session, "Gast@Example.org"))

    assert isinstance(other, NotYourTurn)
    assert isinstance(own, Booked)


async def test_elsewhere_nobody_needs_a_turn(world: World) -> None:
    session, other = await world.session(), await world.session()
    anna = await world.resident(credit_cents=5_000)
    await a_room(world, session)
    await open_now(world, session)

    assert isinstance(await world.book(anna, other), Booked)


async def test_when_it_is_over_one_books_without(world: World) -> None:
    session = await world.session(seats=1)
    anna, bilal = await world.resident(5_000), await world.resident(5_000)
    await a_room(world, session)
    await turn_of(world, session, anna)
    await world.book(anna, session)
    for _ in range(2):
        await rooms_of(world).step()

    assert isinstance(await world.book(bilal, session), SoldOut)
