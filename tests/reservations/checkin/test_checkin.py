"""A ticket is used once, at its own session."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

from reservations.booking.answers import Booked, Ended
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.checkin.errors import (
    AlreadyIn,
    OtherSession,
    TicketNotValid,
    TicketUnknown,
    TooEarlyToCheckIn,
)
from reservations.errors import AlreadyUsed, NotYourSession, SessionCancelled
from tests.builders import TONIGHT, Session, World
from uit.core.errors import Refusal
from uit.core.seal import TicketSeal

BY = CheckinActor("staff", "an")


async def booked(world: World, session: Session, places: int = 1) -> UUID:
    answer = await world.book(await world.resident(credit_cents=5000), session, places)
    assert isinstance(answer, Booked)
    return answer.booking.id


async def show(
    world: World, scope: Scope, booking_id: UUID, no: int = 1, checkin_id: UUID | None = None
) -> CheckedIn | Refusal:
    """Check a ticket in, as a door does."""
    scan = Scan(TicketSeal(1, booking_id, 1, no), scope, BY, checkin_id or uuid4())
    async with world.services.database.transaction() as tx:
        return await check_in(tx, scan, world.clock, world.services.ids)


def at(session: Session) -> Scope:
    return Scope(session.region_id, frozenset({session.organiser_id}), session.id)


async def test_a_ticket_lets_its_people_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session, places=3)

    answer = await show(world, at(session), booking_id, no=2)

    assert isinstance(answer, CheckedIn)
    assert (answer.event, answer.people, answer.party, answer.party_inside) == ("De kleine prins", 1, 3, 1)
    assert answer.used_at == world.clock.now()
    states = await world.rows("SELECT status::text FROM reservations.ticket ORDER BY no")
    assert [row[0] for row in states] == ["confirmed", "attended", "confirmed"]


async def test_a_ticket_for_a_whole_class_lets_the_class_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)
    await world.execute("UPDATE reservations.ticket SET weight = 25")

    answer = await show(world, at(session), booking_id)

    assert isinstance(answer, CheckedIn)
    assert (answer.people, answer.party_inside) == (25, 25)


async def test_a_second_scan_is_refused_and_says_when_the_first_was(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)
    first = world.clock.now()
    await show(world, at(session), booking_id)
    world.clock.move(timedelta(minutes=7))

    assert await show(world, at(session), booking_id) == AlreadyIn(first)


async def test_a_repeat_under_the_same_id_gets_the_same_answer(world: World) -> None:
    session, checkin_id = await world.session(**TONIGHT), uuid4()
    booking_id = await booked(world, session)
    first = await show(world, at(session), booking_id, checkin_id=checkin_id)
    world.clock.move(timedelta(minutes=7))

    again = await show(world, at(session), booking_id, checkin_id=checkin_id)

    assert isinstance(first, CheckedIn)
    assert isinstance(again, CheckedIn)
    assert (first.new, again.new, again.used_at) == (True, False, first.used_at)
    assert again.party_inside == first.party_inside == 1
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'ticket.attended'") == 1


async def test_of_two_doors_at_the_same_moment_one_lets_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)

    answers = await gather(*(show(world, at(session), booking_id) for _ in range(4)))

    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyIn"] * 3 + ["CheckedIn"]


async def test_a_ticket_is_either_used_or_cancelled_never_both(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)

    used, cancelled = await gather(show(world, at(session), booking_id), world.cancel(booking_id))

    assert (type(used), type(cancelled)) in {(CheckedIn, AlreadyUsed), (TicketNotValid, Ended)}


async def test_a_ticket_at_the_wrong_hour_says_which_is_its_own(world: World) -> None:
    early = await world.session()
    late = await world.session(organiser_id=early.organiser_id, starts_in=timedelta(days=10, hours=5))
    booking_id = await booked(world, late)

    answer = await show(world, at(early), booking_id)

    starts_at = world.clock.now() + timedelta(days=10, hours=5)
    assert answer == OtherSession(late.id, "De kleine prins", starts_at, starts_at + timedelta(hours=2))


async def test_somebody_elses_ticket_is_refused(world: World) -> None:
    session, other = await world.session(**TONIGHT), await world.session()
    booking_id = await booked(world, session)
    elsewhere = Scope(2, frozenset({session.organiser_id}))

    assert await show(world, at(other), booking_id) == NotYourSession(session.id)
    assert await show(world, elsewhere, booking_id) == NotYourSession(session.id)


async def test_a_ticket_is_checked_in_from_five_hours_before(world: World) -> None:
    session = await world.session()
    booking_id, starts_at = await booked(world, session), world.clock.now() + timedelta(days=10)
    opens_at = starts_at - timedelta(hours=5)
    world.clock.set(opens_at - timedelta(seconds=1))

    early = await show(world, at(session), booking_id)
    world.clock.set(opens_at)
    in_time = await show(world, at(session), booking_id)

    assert early == TooEarlyToCheckIn(session.id, starts_at, starts_at + timedelta(hours=2), opens_at)
    assert isinstance(in_time, CheckedIn)


async def test_a_cancelled_ticket_is_not_valid(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)
    await world.cancel(booking_id)

    assert await show(world, at(session), booking_id) == TicketNotValid()


async def test_a_cancelled_session_lets_nobody_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")

    assert await show(world, at(session), booking_id) == SessionCancelled(session.id)


async def test_a_ticket_that_never_was_is_unknown(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)

    assert await show(world, at(session), booking_id, no=2) == TicketUnknown()
    assert await show(world, at(session), uuid4()) == TicketUnknown()


async def test_who_checked_in_is_in_the_audit_trail_and_names_are_not(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)

    await show(world, at(session), booking_id)

    kept = await world.rows("SELECT actor_kind, actor_id, act, subject_id, facts FROM uit.audit")
    assert [tuple(row) for row in kept] == [
        ("staff", "an", "ticket.check_in", str(booking_id), '{"line_no": 1, "ticket_no": 1}')
    ]
