"""A check-in that was a mistake is taken back."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

from reservations.booking.answers import Ended
from reservations.checkin.checkin import CheckedIn, Scan, Scope
from reservations.checkin.errors import (
    CheckinEarned,
    CheckinTakenBack,
    DoorsClosed,
    OtherCheckin,
    TicketUnknown,
)
from reservations.checkin.undo import undo_checkin
from reservations.errors import AlreadyUsed, NotYourSession
from reservations.settlement.earning import settle_earned
from tests.builders import TONIGHT, Session, World
from tests.reservations.checkin.test_checkin import BY, at, booked, show
from uit.core.errors import Refusal
from uit.core.seal import TicketSeal


async def undo(world: World, scope: Scope, booking_id: UUID, checkin_id: UUID) -> Refusal | None:
    scan = Scan(TicketSeal(1, booking_id, 1, 1), scope, BY, checkin_id)
    async with world.services.database.transaction() as tx:
        return await undo_checkin(tx, scan, world.clock, world.services.ids)


async def mistaken(world: World, session: Session, places: int = 1) -> tuple[UUID, UUID]:
    """A booking whose first ticket was checked in, and by which check-in."""
    booking_id, checkin_id = await booked(world, session, places), uuid4()
    assert isinstance(await show(world, at(session), booking_id, checkin_id=checkin_id), CheckedIn)
    return booking_id, checkin_id


async def test_a_ticket_that_was_checked_in_by_mistake_is_good_again(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)

    assert await undo(world, at(session), booking_id, checkin_id) is None

    assert isinstance(await show(world, at(session), booking_id), CheckedIn)


async def test_taking_back_twice_takes_one_check_in_back_and_no_later_one(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)

    answers = await gather(*(undo(world, at(session), booking_id, checkin_id) for _ in range(3)))
    await show(world, at(session), booking_id)

    assert answers == [None, None, None]
    assert await undo(world, at(session), booking_id, checkin_id) == OtherCheckin()
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'ticket.take_back'") == 1
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'ticket.taken_back'") == 1


async def test_a_late_repeat_of_what_was_taken_back_does_not_use_the_ticket(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    await undo(world, at(session), booking_id, checkin_id)

    assert await show(world, at(session), booking_id, checkin_id=checkin_id) == CheckinTakenBack()
    assert await world.value("SELECT status::text FROM reservations.ticket") == "confirmed"


async def test_a_late_repeat_is_known_however_often_the_ticket_was_taken_back_since(world: World) -> None:
    session, later = await world.session(**TONIGHT), uuid4()
    booking_id, first = await mistaken(world, session)
    await undo(world, at(session), booking_id, first)
    await show(world, at(session), booking_id, checkin_id=later)
    await undo(world, at(session), booking_id, later)

    for repeat in (first, later):
        assert await show(world, at(session), booking_id, checkin_id=repeat) == CheckinTakenBack()
        assert await undo(world, at(session), booking_id, repeat) is None
    assert await world.value("SELECT status::text FROM reservations.ticket") == "confirmed"


async def test_a_booking_whose_check_in_was_taken_back_can_be_cancelled(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    assert isinstance(await world.cancel(booking_id), AlreadyUsed)

    await undo(world, at(session), booking_id, checkin_id)

    assert isinstance(await world.cancel(booking_id), Ended)


async def test_what_was_earned_by_coming_is_not_taken_back(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    world.clock.move(timedelta(hours=4))
    await settle_earned(world.services, world.clock.now())

    assert await undo(world, at(session), booking_id, checkin_id) == CheckinEarned()


async def test_what_is_earned_whoever_comes_does_not_hang_on_a_check_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    await world.execute("UPDATE credits.programme_version SET earning = 'cancellation_limit'")
    world.clock.move(timedelta(hours=4))
    await settle_earned(world.services, world.clock.now())

    assert await undo(world, at(session), booking_id, checkin_id) is None
    assert await world.value("SELECT count(*) FROM credits.resolution") == 1


async def test_after_the_doors_closed_who_came_is_settled(world: World) -> None:
    session = await world.session(price_cents=0, **TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    closed_at = world.clock.now() + timedelta(hours=4 + 2 + 4)
    world.clock.set(closed_at)

    assert await undo(world, at(session), booking_id, checkin_id) == DoorsClosed(closed_at)


async def test_nobody_takes_back_for_another_organiser_or_at_another_session(world: World) -> None:
    session, other = await world.session(**TONIGHT), await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)

    assert await undo(world, at(other), booking_id, checkin_id) == NotYourSession(session.id)
    assert await undo(world, at(session), uuid4(), checkin_id) == TicketUnknown()
    assert await undo(world, at(session), booking_id, uuid4()) == OtherCheckin()
