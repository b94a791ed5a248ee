"""A ticket is used once, at its own session."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

from reservations.ask import Booked, Closed
from reservations.checkin import By, CheckedIn, Scan, Scope, check_in, find_ticket, take_back
from reservations.earning import settle_earned
from reservations.errors import (
    AlreadyIn,
    AlreadyUsed,
    CheckinEarned,
    CheckinTakenBack,
    DoorsClosed,
    NotYourSession,
    OtherCheckin,
    OtherSession,
    SessionCancelled,
    TicketNotValid,
    TicketUnknown,
    TooEarlyToCheckIn,
)
from tests.builders import TONIGHT, Session, World
from uit.ground.errors import Refusal
from uit.ground.foreign import NamedTicket, write_foreign_tickets
from uit.ground.seal import TicketSeal, seal_ticket

BY = By("staff", "an")


async def booked(world: World, session: Session, places: int = 1) -> UUID:
    answer = await world.book(await world.resident(credit_cents=5000), session, places)
    assert isinstance(answer, Booked)
    return answer.booking.id


async def show(
    world: World, scope: Scope, booking_id: UUID, no: int = 1, checkin_id: UUID | None = None
) -> CheckedIn | Refusal:
    """Check a ticket in, as a door does."""
    scan = Scan(TicketSeal(1, booking_id, 1, no), scope, BY, checkin_id or uuid4())
    async with world.house.database.transaction() as tx:
        return await check_in(tx, scan, world.clock, world.house.ids)


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

    assert (type(used), type(cancelled)) in {(CheckedIn, AlreadyUsed), (TicketNotValid, Closed)}


async def test_a_ticket_at_the_wrong_hour_says_which_is_its_own(world: World) -> None:
    early = await world.session()
    late = await world.session(organiser_id=early.organiser_id, starts_in=timedelta(days=10, hours=5))
    booking_id = await booked(world, late)

    answer = await show(world, at(early), booking_id)

    starts_at = world.clock.now() + timedelta(days=10, hours=5)
    assert answer == OtherSession(late.id, "De kleine prins", starts_at)


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

    assert early == TooEarlyToCheckIn(session.id, starts_at, opens_at)
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


async def typed(
    world: World, text: str, scope: Scope, checkin_id: UUID | None = None
) -> TicketSeal | TicketUnknown:
    async with world.house.database.reading() as connection:
        return await find_ticket(connection, text, scope, checkin_id or uuid4(), world.house.secrets.signing)


async def test_the_number_under_the_code_can_be_typed_at_its_door(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session, places=2)
    tail = booking_id.hex[-8:]
    number = f"{tail[:4].upper()}-{tail[4:].upper()}"

    assert await typed(world, f" {number} · 1.2", at(session)) == TicketSeal(1, booking_id, 1, 2)
    assert await typed(world, tail, at(session)) == TicketSeal(1, booking_id, 1, 1)
    await show(world, at(session), booking_id)
    assert await typed(world, number, at(session)) == TicketSeal(1, booking_id, 1, 2)


async def test_the_number_opens_nothing_away_from_its_door(world: World) -> None:
    session, other = await world.session(**TONIGHT), await world.session()
    booking_id = await booked(world, session)
    anywhere = Scope(1, frozenset({session.organiser_id}))

    assert await typed(world, booking_id.hex[-8:], anywhere) == TicketUnknown()
    assert await typed(world, booking_id.hex[-8:], at(other)) == TicketUnknown()


async def test_a_barcode_of_another_system_finds_its_ticket(world: World) -> None:
    session, other = await world.session(), await world.session()
    first, second = await booked(world, session, places=2), await booked(world, other)
    await bring_in(world, "oud", NamedTicket("A-1", first, 1, 1, "5412345678908"))
    await bring_in(world, "oud", NamedTicket("A-2", first, 1, 2, "5412345678915"))
    await bring_in(world, "oud", NamedTicket("B-1", second, 1, 1, "5412345678922"))

    assert await typed(world, " 5412345678915 ", at(session)) == TicketSeal(1, first, 1, 2)
    assert await typed(world, "5412345678922", at(other)) == TicketSeal(1, second, 1, 1)
    assert await typed(world, "5412345678922", Scope(2, frozenset())) == TicketUnknown()


async def test_a_barcode_that_two_systems_gave_is_unknown(world: World) -> None:
    session = await world.session()
    booking_id = await booked(world, session, places=2)
    await bring_in(world, "oud", NamedTicket("A-1", booking_id, 1, 1, "5412345678908"))
    await bring_in(world, "ouder", NamedTicket("A-1", booking_id, 1, 2, "5412345678908"))

    assert await typed(world, "5412345678908", at(session)) == TicketUnknown()


async def bring_in(world: World, source: str, *tickets: NamedTicket) -> None:
    async with world.house.database.transaction() as tx:
        await write_foreign_tickets(tx, 1, source, tickets)


async def test_what_is_not_a_ticket_is_unknown(world: World) -> None:
    session = await world.session(**TONIGHT)
    forged = seal_ticket(b"another key", TicketSeal(1, uuid4(), 1, 1))

    for text in ("", "T", "hallo", forged, "T" + "A" * 190, "\x00", "é" * 40, "3f2a91bc · 1.99999"):
        assert await typed(world, text, at(session)) == TicketUnknown()


# Taking a mistake back


async def undo(world: World, scope: Scope, booking_id: UUID, checkin_id: UUID) -> Refusal | None:
    scan = Scan(TicketSeal(1, booking_id, 1, 1), scope, BY, checkin_id)
    async with world.house.database.transaction() as tx:
        return await take_back(tx, scan, world.clock, world.house.ids)


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


async def test_a_late_repeat_by_half_a_number_means_the_ticket_that_was_taken_back(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, first = await mistaken(world, session, places=2)
    await undo(world, at(session), booking_id, first)
    await show(world, at(session), booking_id)

    meant = await typed(world, booking_id.hex[-8:], at(session), first)

    assert meant == TicketSeal(1, booking_id, 1, 1)


async def test_a_booking_whose_check_in_was_taken_back_can_be_cancelled(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    assert isinstance(await world.cancel(booking_id), AlreadyUsed)

    await undo(world, at(session), booking_id, checkin_id)

    assert isinstance(await world.cancel(booking_id), Closed)


async def test_what_was_earned_by_coming_is_not_taken_back(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    world.clock.move(timedelta(hours=4))
    await settle_earned(world.house, world.clock.now())

    assert await undo(world, at(session), booking_id, checkin_id) == CheckinEarned()


async def test_what_is_earned_whoever_comes_does_not_hang_on_a_check_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, checkin_id = await mistaken(world, session)
    await world.execute("UPDATE credits.programme_version SET earning = 'cancellation_limit'")
    world.clock.move(timedelta(hours=4))
    await settle_earned(world.house, world.clock.now())

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
