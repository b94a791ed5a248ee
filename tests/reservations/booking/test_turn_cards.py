"""Turns of a card: taken with the place, never more than there are, and back when the place ends."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from credits.errors import NotEnough
from reservations.booking.actor import ByHolder, ByStaff, CardProof, MembershipProof
from reservations.booking.answers import Booked, Changed, Ended
from reservations.booking.commands import CallOff, ChangeBooking, GiveUp, RequestedLine
from reservations.errors import NotForYou, SoldOut, TooLate
from reservations.settlement.earning import settle_earned
from reservations.turn_card.errors import (
    OneTurnEach,
    TooFewTurns,
    TurnCardNotForPrice,
    TurnCardNotForThis,
    TurnCardOver,
    TurnCardUnknown,
    TurnCardUsed,
)
from reservations.turn_card.turn_card import TurnCardKey
from tests.builders import Resident, Session, World
from tests.reservations.turn_card.world import buy, card_date, take, turns_left, with_turn


async def give_up(world: World, who: Resident, booking_id: UUID) -> object:
    return await world.services.turnstile.answer(GiveUp(1, booking_id, ByHolder(who.membership_id)))


def moved_to(who: Resident, booking_id: UUID, session: Session, places: int = 1) -> ChangeBooking:
    line = RequestedLine(session.id, "base", places, MembershipProof(who.membership_id))
    change_id = uuid4()
    return ChangeBooking(
        1, booking_id, change_id, str(change_id).replace("-", ""), ByHolder(who.membership_id), (line,)
    )


async def as_holder(
    world: World, who: Resident, session: Session, card: TurnCardKey, places: int = 1
) -> object:
    """A booking that its holder may give up and change."""
    command = with_turn(world, who, session, card, places)
    lines = tuple(replace(line, holder=MembershipProof(who.membership_id)) for line in command.lines)
    return await world.services.turnstile.answer(
        replace(command, lines=lines, by=ByHolder(who.membership_id), channel="page")
    )


async def test_a_place_takes_a_turn_and_costs_nothing_else(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))

    answer = await take(world, anna, session, card)

    assert isinstance(answer, Booked)
    assert answer.booking.price_cents == 0
    assert await turns_left(world, card) == 9
    assert await world.places_left(session) == 9
    assert await world.available_cents(anna) == 0


async def test_the_last_turn_is_taken_once_however_many_take_it(world: World) -> None:
    sessions = [await world.session()]
    sessions += [await world.session(organiser_id=sessions[0].organiser_id) for _ in range(7)]
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, *sessions, turns=3))

    answers = await gather(*(take(world, anna, session, card) for session in sessions))

    assert [type(each) for each in answers].count(Booked) == 3
    assert [type(each) for each in answers].count(TooFewTurns) == 5
    assert await turns_left(world, card) == 0


async def test_no_place_no_turn(world: World) -> None:
    session = await world.session(seats=1)
    anna, bilal = await world.resident(credit_cents=4000), await world.resident(credit_cents=500)
    card = await buy(world, anna, await card_date(world, session))
    await world.book(bilal, session)

    assert isinstance(await take(world, anna, session, card), SoldOut)
    assert await turns_left(world, card) == 10


async def test_a_turn_comes_back_with_a_place_that_is_given_up(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, turns=2))
    booked = await as_holder(world, anna, session, card)
    assert isinstance(booked, Booked)

    assert isinstance(await give_up(world, anna, booked.booking.id), Ended)
    assert await turns_left(world, card) == 2
    assert isinstance(await take(world, anna, session, card), Booked)


async def test_too_late_keeps_the_turn(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    booked = await as_holder(world, anna, session, card)
    assert isinstance(booked, Booked)
    world.clock.move(timedelta(days=9, hours=12))

    assert isinstance(await give_up(world, anna, booked.booking.id), TooLate)
    assert await turns_left(world, card) == 9


async def test_a_date_that_is_called_off_gives_the_turn_back(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    booked = await take(world, anna, session, card)
    assert isinstance(booked, Booked)
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", session.id)

    await world.services.turnstile.answer(CallOff(1, booked.booking.id, session.id))

    assert await turns_left(world, card) == 10


async def test_a_change_takes_its_last_turn_along(world: World) -> None:
    session = await world.session()
    other = await world.session(organiser_id=session.organiser_id)
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, other, turns=2))
    assert isinstance(await take(world, anna, other, card), Booked)
    third = await world.session(organiser_id=session.organiser_id)
    await world.execute(
        "UPDATE reservations.session SET event_id = $2 WHERE id = $1", third.id, other.event_id
    )
    booked = await as_holder(world, anna, session, card)
    assert isinstance(booked, Booked)

    answer = await world.services.turnstile.answer(moved_to(anna, booked.booking.id, third))

    assert isinstance(answer, Changed), answer
    assert answer.booking.lines[-1].price_cents == 0
    assert await turns_left(world, card) == 0
    assert await world.places_left(session) == 10
    assert await world.places_left(third) == 9


async def test_a_change_to_what_the_card_is_not_for_is_paid_as_any(world: World) -> None:
    session, other = await world.session(), await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    booked = await as_holder(world, anna, session, card)
    assert isinstance(booked, Booked)

    answer = await world.services.turnstile.answer(moved_to(anna, booked.booking.id, other))

    assert isinstance(answer, NotEnough)
    assert await turns_left(world, card) == 9


async def test_a_card_is_for_its_activities_and_its_time(world: World) -> None:
    session, other = await world.session(), await world.session()
    late = await world.session(organiser_id=session.organiser_id, starts_in=timedelta(days=40))
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, late, months=1))

    assert isinstance(await take(world, anna, other, card), TurnCardNotForThis)
    assert isinstance(await take(world, anna, late, card), TurnCardOver)
    assert isinstance(await take(world, anna, session, card), Booked)


async def test_a_card_does_not_buy_a_card(world: World) -> None:
    session = await world.session()
    sold = await card_date(world, session)
    await world.execute("INSERT INTO reservations.turn_card_event VALUES (1, $1, $2)", sold.event_id, sold.id)
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, sold)

    assert isinstance(await take(world, anna, sold, card), TurnCardNotForThis)


async def test_a_card_is_of_its_holder_who_comes_once(world: World) -> None:
    session = await world.session()
    anna, bilal = await world.resident(credit_cents=4000), await world.resident()
    card = await buy(world, anna, await card_date(world, session))

    assert isinstance(await take(world, bilal, session, card), TurnCardUnknown)
    assert isinstance(await take(world, anna, session, card, 2), OneTurnEach)
    assert isinstance(await take(world, anna, session, card), Booked)
    assert isinstance(await take(world, anna, session, card), OneTurnEach)


async def test_a_card_that_is_shared_is_for_several_and_not_for_strangers(world: World) -> None:
    session = await world.session()
    anna, bilal = await world.resident(credit_cents=4000), await world.resident()
    card = await buy(world, anna, await card_date(world, session, shared=True, turns=4))

    assert isinstance(await take(world, bilal, session, card), TurnCardUnknown)
    assert isinstance(await take(world, anna, session, card, 3), Booked)
    assert isinstance(await take(world, anna, session, card, 2), TooFewTurns)
    for_both = with_turn(world, anna, session, card)
    theirs = replace(for_both.lines[0], holder=CardProof(bilal.card_id, 1), turn_card=card)
    own = replace(for_both.lines[0], turn_card=None)
    together = replace(for_both, lines=(theirs, own), price_seen_cents=500)
    assert isinstance(await world.services.turnstile.answer(together), NotEnough), "her own place is paid"
    assert await turns_left(world, card) == 1


async def for_four(world: World, session: Session) -> None:
    await world.execute("UPDATE reservations.tariff SET weight = 4 WHERE session_id = $1", session.id)


async def of_the_same(world: World, session: Session) -> Session:
    """Another date of the same activity."""
    other = await world.session(20, organiser_id=session.organiser_id)
    statement = "UPDATE reservations.session SET event_id = $2 WHERE id = $1"
    await world.execute(statement, other.id, session.event_id)
    return other


async def test_a_turn_pays_no_price_that_is_for_several(world: World) -> None:
    session = await world.session(20)
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, shared=True))
    await for_four(world, session)

    assert isinstance(await take(world, anna, session, card, 2), TurnCardNotForPrice)
    assert await turns_left(world, card) == 10


async def test_a_shared_card_at_the_social_price_pays_for_nobody_at_another(world: World) -> None:
    session = await world.session()
    social_until = world.clock.now().date() + timedelta(days=90)
    anna, bilal = [await world.resident(credit_cents=4000, social_until=social_until) for _ in range(2)]
    card = await buy(world, anna, await card_date(world, session, shared=True), "kansentarief")
    command = with_turn(world, anna, session, card)
    own = replace(command.lines[0], tariff="kansentarief")
    with_him = replace(own, holder=CardProof(bilal.card_id, 1))

    friends = replace(command, lines=(*command.lines, own), booking_id=uuid4())
    assert isinstance(await world.services.turnstile.answer(friends), TurnCardNotForPrice)
    assert isinstance(await take(world, anna, session, card, 2), TurnCardNotForPrice)
    both = replace(command, lines=(own, with_him), booking_id=uuid4())
    assert isinstance(await world.services.turnstile.answer(both), Booked)
    assert isinstance(await take(world, anna, session, card), TurnCardNotForPrice), "she has her place"
    assert await turns_left(world, card) == 8


async def test_who_bought_at_the_social_price_comes_with_it_whatever_a_date_costs(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000, social_until=world.clock.now().date() + timedelta(days=90))
    card = await buy(world, anna, await card_date(world, session), "kansentarief")
    await world.execute(
        "DELETE FROM reservations.tariff WHERE session_id = $1 AND eligibility = 'social'", session.id
    )

    assert isinstance(await take(world, anna, session, card), Booked)


async def test_a_card_of_one_pays_the_own_price_and_not_that_of_who_comes_along(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000, social_until=world.clock.now().date() + timedelta(days=90))
    card = await buy(world, anna, await card_date(world, session), "kansentarief")

    refused = await take(world, anna, session, card)
    command = with_turn(world, anna, session, card)
    own = tuple(replace(line, tariff="kansentarief") for line in command.lines)

    assert isinstance(refused, TurnCardNotForPrice)
    booked = await world.services.turnstile.answer(replace(command, lines=own))
    assert isinstance(booked, Booked), booked
    assert await turns_left(world, card) == 9


async def test_a_change_from_the_own_price_to_another_leaves_the_turn_of_a_card_of_one(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4500, social_until=world.clock.now().date() + timedelta(days=90))
    card = await buy(world, anna, await card_date(world, session), "kansentarief")
    command = with_turn(world, anna, session, card)
    lines = tuple(
        replace(each, tariff="kansentarief", holder=MembershipProof(anna.membership_id))
        for each in command.lines
    )
    by = ByHolder(anna.membership_id)
    booked = await world.services.turnstile.answer(replace(command, lines=lines, by=by, channel="page"))
    assert isinstance(booked, Booked), booked

    answer = await world.services.turnstile.answer(moved_to(anna, booked.booking.id, session))

    assert isinstance(answer, Changed), answer
    assert answer.booking.lines[-1].price_cents == 500
    assert await turns_left(world, card) == 10


async def test_a_change_to_a_price_that_a_turn_does_not_pay_is_paid_as_any(world: World) -> None:
    session = await world.session(20)
    anna = await world.resident(credit_cents=4500)
    card = await buy(world, anna, await card_date(world, session))
    booked = await as_holder(world, anna, session, card)
    assert isinstance(booked, Booked)
    other = await of_the_same(world, session)
    await for_four(world, other)

    answer = await world.services.turnstile.answer(moved_to(anna, booked.booking.id, other))

    assert isinstance(answer, Changed), answer
    assert answer.booking.lines[-1].price_cents == 500
    assert await turns_left(world, card) == 10


async def test_another_date_after_calling_off_takes_the_turn_again(world: World) -> None:
    session = await world.session()
    other = await of_the_same(world, session)
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    booked = await as_holder(world, anna, session, card)
    assert isinstance(booked, Booked)
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", session.id)
    await world.services.turnstile.answer(CallOff(1, booked.booking.id, session.id))
    assert await turns_left(world, card) == 10

    answer = await world.services.turnstile.answer(moved_to(anna, booked.booking.id, other))

    assert isinstance(answer, Changed), answer
    assert answer.booking.lines[-1].price_cents == 0
    assert await turns_left(world, card) == 9


async def test_a_card_without_turns_is_followed_by_a_next_one_at_the_social_price(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000, social_until=world.clock.now().date() + timedelta(days=20))
    sold = await card_date(world, session)

    first, second = [await buy(world, anna, sold, "kansentarief") for _ in range(2)]

    assert first.booking_id != second.booking_id
    assert await world.available_cents(anna) == 4000 - 2 * 800


async def test_who_lost_the_social_price_gets_it_no_more(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000, social_until=world.clock.now().date() + timedelta(days=20))
    sold = await card_date(world, session)
    world.clock.move(timedelta(days=21))

    assert isinstance(await world.book(anna, sold, tariff="kansentarief"), NotForYou)


async def test_a_card_is_given_back_in_time_and_unused(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=8000)
    sold = await card_date(world, session)
    card, other = await buy(world, anna, sold), await buy(world, anna, sold)
    booked = await take(world, anna, session, card)
    assert isinstance(booked, Booked)

    refused = await give_up(world, anna, card.booking_id)
    assert isinstance(refused, TurnCardUsed)
    assert refused.taken == 1
    assert isinstance(await give_up(world, anna, other.booking_id), Ended)
    assert isinstance(await take(world, anna, session, other), TurnCardUnknown)
    assert await world.available_cents(anna) == 4000
    await world.cancel(booked.booking.id)
    world.clock.move(timedelta(days=15))
    assert isinstance(await give_up(world, anna, card.booking_id), TooLate)
    by_staff = await world.services.turnstile.answer(GiveUp(1, card.booking_id, ByStaff(uuid4())))
    assert isinstance(by_staff, Ended)


async def test_a_card_is_not_given_back_while_a_turn_of_it_is_taken(world: World) -> None:
    """Each is over, or refused: never both."""
    sessions = [await world.session() for _ in range(8)]
    people = [await world.resident(credit_cents=4000) for _ in sessions]
    sold = [await card_date(world, session) for session in sessions]
    cards = [await buy(world, who, date) for who, date in zip(people, sold, strict=True)]

    takes = [take(world, *each) for each in zip(people, sessions, cards, strict=True)]
    gives = [give_up(world, who, card.booking_id) for who, card in zip(people, cards, strict=True)]
    answers = await gather(*takes, *gives)

    for both in zip(answers[:8], answers[8:], strict=True):
        assert {type(each) for each in both} in ({Booked, TurnCardUsed}, {TurnCardUnknown, Ended})


async def test_what_pays_for_a_card_is_earned_when_it_is_sold(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=8000)
    sold = await card_date(world, session)
    card = await buy(world, anna, sold)
    booked = await take(world, anna, session, card)
    assert isinstance(booked, Booked)
    world.clock.move(timedelta(days=1, hours=1))

    await settle_earned(world.services, world.clock.now())

    earned = "SELECT sum(amount_cents) FROM credits.transfer WHERE kind = 'settle' AND booking_id = $1"
    assert await world.value(earned, card.booking_id) == 4000
    assert await world.value(earned, booked.booking.id) is None
    await world.cancel(booked.booking.id)
    assert isinstance(await give_up(world, anna, card.booking_id), Ended)
    assert await world.available_cents(anna) == 8000


async def test_nobody_stays_away_with_a_card(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    world.clock.move(timedelta(days=500))

    await settle_earned(world.services, world.clock.now())

    status = "SELECT status::text FROM reservations.ticket WHERE booking_id = $1"
    assert await world.value(status, card.booking_id) == "confirmed"


async def test_the_database_gives_no_more_turns_than_a_card_has(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, turns=2, shared=True))
    booked = await take(world, anna, session, card, 2)
    other = await world.book(anna, await world.session(price_cents=0))
    assert isinstance(booked, Booked)
    assert isinstance(other, Booked)

    with pytest.raises(asyncpg.CheckViolationError, match="fewer turns"):
        await world.execute(
            "SELECT reservations.write_turn_use(1, json_build_array(json_build_object('booking_id', $1::uuid,"
            " 'line_no', 1, 'card', json_build_object('booking_id', $2::uuid, 'line_no', 1,"
            " 'ticket_no', 1))))",
            other.booking.id,
            card.booking_id,
        )
