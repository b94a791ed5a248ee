"""A worker books for a group: at its price, from its purse, and within its number of the year."""

from asyncio import gather
from datetime import date, timedelta
from uuid import uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from credits.errors import NotEnough
from reservations.booking.actor import ByClient, ByGroup, ByHolder, GroupProof, MembershipProof
from reservations.booking.answers import Booked, Ended
from reservations.booking.commands import CallOff, GiveUp, RequestedLine
from reservations.errors import BookingUnknown, MayNotAct, NotForYou
from tests.builders import World
from tests.reservations.groups.groups import (
    WORKER,
    a_group,
    book,
    booked,
    command,
    credit_of,
    give_up,
    years_of,
)
from uit.passes.errors import GroupTicketsTaken, PassNotActive, PassUnknown


async def test_eight_come_at_the_social_tariff_from_the_purse_of_the_group(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)

    answer = await book(world, group, session, 8)

    assert isinstance(answer, Booked)
    assert (answer.booking.price_cents, answer.booking.credit_cents) == (800, 800)
    assert answer.booking.by.group_id == group.id
    assert await credit_of(world, group) == 1200
    assert await world.places_left(session) == 12
    assert await years_of(world, group) == [(2026, 8, 100)]


async def test_the_trail_says_which_worker_did_it(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)

    booking_id = await booked(world, group, session)

    (act,) = await world.rows("SELECT actor_kind, actor_id, act, subject_id FROM uit.audit")
    assert tuple(act) == ("staff", str(WORKER), "booking.make_for_group", str(booking_id))


async def test_the_number_of_the_year_is_not_passed(world: World) -> None:
    group, session = await a_group(world, tickets=10, credit_cents=2000), await world.session(20)
    await booked(world, group, session, 8)

    answers = [await book(world, group, session, places) for places in (3, 2, 1)]

    assert answers[0] == GroupTicketsTaken(2026, 3, 2)
    assert isinstance(answers[1], Booked)
    assert answers[2] == GroupTicketsTaken(2026, 1, 0)
    assert await years_of(world, group) == [(2026, 10, 10)]


async def test_of_two_at_one_moment_one_gets_the_last_tickets(world: World) -> None:
    group, session = await a_group(world, tickets=10, credit_cents=5000), await world.session(50)

    answers = await gather(*(book(world, group, session, 8) for _ in range(3)))

    assert [type(each) for each in answers].count(Booked) == 1
    assert [type(each) for each in answers].count(GroupTicketsTaken) == 2
    assert await years_of(world, group) == [(2026, 8, 10)]


async def test_the_year_is_that_of_the_date(world: World) -> None:
    group = await a_group(world, tickets=8, credit_cents=5000)
    now, then = await world.session(20), await world.session(20, starts_in=timedelta(days=320))

    for session in (now, then):
        await booked(world, group, session, 8)

    assert await years_of(world, group) == [(2026, 8, 8), (2027, 8, 8)]


async def test_places_at_the_ordinary_price_do_not_count(world: World) -> None:
    group, session = await a_group(world, tickets=0, credit_cents=5000), await world.session(20)

    answers = await book(world, group, session, 2, "base"), await book(world, group, session, 1)

    assert isinstance(answers[0], Booked)
    assert answers[1] == GroupTicketsTaken(2026, 1, 0)


async def test_what_is_given_up_gives_back_number_and_credit(world: World) -> None:
    group, session = await a_group(world, tickets=8, credit_cents=800), await world.session(20)
    booking_id = await booked(world, group, session, 8)

    answer = await give_up(world, group, booking_id)

    assert isinstance(answer, Ended)
    assert await credit_of(world, group) == 800
    assert await years_of(world, group) == [(2026, 0, 8)]
    assert isinstance(await book(world, group, session, 8), Booked)


async def test_a_date_that_is_called_off_gives_back_number_and_credit(world: World) -> None:
    group, session = await a_group(world, tickets=8, credit_cents=800), await world.session(20)
    booking_id = await booked(world, group, session, 8)
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")

    await world.services.turnstile.answer(CallOff(1, booking_id, session.id))

    assert await credit_of(world, group) == 800
    assert await years_of(world, group) == [(2026, 0, 8)]


async def test_giving_up_and_booking_in_one_batch_comes_to_the_same(world: World) -> None:
    group, session = await a_group(world, tickets=8, credit_cents=800), await world.session(20)
    booking_id = await booked(world, group, session, 8)
    again = command(group, session, 8)

    answers = await gather(
        world.services.turnstile.answer(GiveUp(1, booking_id, ByGroup(group.id, WORKER))),
        world.services.turnstile.answer(again),
    )

    assert isinstance(answers[0], Ended)
    assert isinstance(answers[1], Booked | NotEnough | GroupTicketsTaken)
    taken = 8 if isinstance(answers[1], Booked) else 0
    assert await years_of(world, group) == [(2026, taken, 8)]


async def test_a_repeat_counts_once_and_gets_the_same_booking(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    asked = command(group, session, 8)

    answers = [await world.services.turnstile.answer(asked) for _ in range(2)]

    assert [each.new for each in answers if isinstance(each, Booked)] == [True, False]
    assert await years_of(world, group) == [(2026, 8, 100)]


async def test_without_enough_credit_nothing_is_booked(world: World) -> None:
    group, session = await a_group(world, credit_cents=700), await world.session(20)

    assert isinstance(await book(world, group, session, 8), NotEnough)
    assert await years_of(world, group) == []
    assert await world.places_left(session) == 20


async def test_a_pass_that_is_over_or_stopped_gives_nothing(world: World) -> None:
    session = await world.session(20)
    over = await a_group(world, credit_cents=2000, social_until=date(2026, 3, 5))
    stopped = await a_group(world, credit_cents=2000, partner_id=over.partner_id)
    await world.execute("UPDATE passes.group_pass SET ended_at = now() WHERE id = $1", stopped.id)

    answers = [await book(world, group, session, 2) for group in (over, stopped)]

    assert isinstance(answers[0], NotForYou)
    assert answers[1] == PassNotActive()


async def test_nobody_else_books_in_the_name_of_a_group(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    other, anna = await a_group(world, partner_id=group.partner_id), await world.resident(credit_cents=500)
    asked = command(group, session, 2)
    for_anna = (RequestedLine(session.id, "base", 1, MembershipProof(anna.membership_id)),)
    as_member = (RequestedLine(session.id, "kansentarief", 1, MembershipProof(group.id)),)
    tried = [
        replace(asked, by=ByHolder(anna.membership_id)),
        replace(asked, by=ByClient("kassa", frozenset({session.organiser_id}))),
        replace(asked, by=ByGroup(other.id, WORKER)),
        replace(asked, lines=for_anna),
        replace(asked, by=ByHolder(group.id), lines=as_member),
        replace(asked, by=ByGroup(uuid4(), WORKER), lines=(replace_group(asked.lines[0]),)),
    ]

    answers = [await world.services.turnstile.answer(each) for each in tried]

    assert answers[:4] == [MayNotAct()] * 4
    assert answers[4] == PassUnknown()
    assert answers[5] == MayNotAct()
    assert await world.places_left(session) == 20


def replace_group(line: RequestedLine) -> RequestedLine:
    return replace(line, holder=GroupProof(uuid4()))


async def test_a_booking_of_a_group_is_given_up_by_its_workers_alone(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    other, anna = await a_group(world, partner_id=group.partner_id), await world.resident()
    booking_id = await booked(world, group, session)

    for by in (ByGroup(other.id, WORKER), ByHolder(anna.membership_id), ByHolder(other.id)):
        assert await world.services.turnstile.answer(GiveUp(1, booking_id, by)) == BookingUnknown(booking_id)


async def test_the_database_says_the_rule_again(world: World) -> None:
    group, session = await a_group(world, tickets=8, credit_cents=2000), await world.session(20)
    await booked(world, group, session, 8)

    with pytest.raises(asyncpg.CheckViolationError, match="a_group_takes_no_more_than_its_year"):
        await world.execute("UPDATE reservations.group_year SET taken = 9")
