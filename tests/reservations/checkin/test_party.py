"""A pass, and the code of a booking, let in all for whom there are tickets, or a part of them."""

from asyncio import gather
from datetime import date, timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace

from reservations.booking.actor import CardProof
from reservations.booking.answers import Booked, Ended
from reservations.booking.commands import RequestedLine
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scope
from reservations.checkin.errors import (
    AlreadyIn,
    BirthYearMissing,
    CheckinEarned,
    CheckinIdTaken,
    CheckinTakenBack,
    ComingDate,
    DoorsClosed,
    FewerLeft,
    NothingHere,
    NotPaidYet,
    NumberOpensNothing,
    OtherSession,
    TicketNotSplit,
    TicketNotValid,
    TicketUnknown,
    TooEarlyToCheckIn,
)
from reservations.checkin.find_pass import NUMBERS, count_number
from reservations.checkin.scan import Shown, scan
from reservations.checkin.undo import WholeCheckin, undo_whole_checkin
from reservations.errors import AlreadyUsed, NotYourSession, OtherRegion, SessionCancelled, SessionPostponed
from reservations.settlement.earning import settle_earned
from tests.builders import TONIGHT, Resident, Session, World
from tests.reservations.checkin.test_checkin import at, booked, show
from tests.reservations.checkin.test_undo import undo as take_one_back
from uit.core.errors import Refusal, TooOften
from uit.core.seal import PartySeal, seal_party
from uit.passes.card.number import NumberAndYear, grouped, make_number
from uit.passes.errors import PassNotActive, PassUnknown
from uit.web.problem import words_of

DOOR = CheckinActor("door", "link")


async def come(
    world: World,
    scope: Scope,
    shown: str,
    places: int | None = None,
    checkin_id: UUID | None = None,
    *,
    by: CheckinActor = DOOR,
) -> CheckedIn | Refusal:
    """Show something at a door."""
    asked = Shown(shown, scope, by, checkin_id or uuid4(), places)
    return (await scan(world.services, asked)).answer


async def book(world: World, who: Resident, session: Session, places: int = 1) -> UUID:
    answer = await world.book(who, session, places)
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def a_holder(world: World, session: Session, places: int = 2) -> Resident:
    """Somebody with tickets for a session."""
    who = await world.resident(credit_cents=50_000)
    await book(world, who, session, places)
    return who


def whole(world: World, booking_id: UUID, line_no: int = 1) -> str:
    """The code of a booking for all its tickets for the session of a line."""
    return seal_party(world.services.secrets.signing, PartySeal(1, booking_id, line_no))


async def undo(world: World, scope: Scope, checkin_id: UUID) -> Refusal | None:
    async with world.services.database.transaction() as tx:
        return await undo_whole_checkin(
            tx, WholeCheckin(scope, DOOR, checkin_id), world.clock, world.services.ids
        )


async def inside(world: World) -> int:
    found = await world.value(
        "SELECT coalesce(sum(weight), 0) FROM reservations.ticket WHERE status = 'attended'"
    )
    assert isinstance(found, int)
    return found


# What a pass opens


async def test_a_pass_lets_in_all_for_whom_its_holder_has_tickets(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session)
    await book(world, yasmine, session, places=1)

    answer = await come(world, at(session), yasmine.token)

    assert isinstance(answer, CheckedIn)
    assert (answer.people, answer.party, answer.party_inside, answer.by_pass) == (3, 3, 3, True)
    assert (answer.event, answer.used_at, len(answer.tickets)) == ("De kleine prins", world.clock.now(), 3)
    assert await inside(world) == 3


async def test_a_pass_opens_nothing_that_others_have(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session)
    await a_holder(world, session)

    await come(world, at(session), yasmine.token)

    assert await inside(world) == 2


async def test_who_got_the_tickets_opens_all_of_a_booking_and_who_comes_along_their_own(world: World) -> None:
    session = await world.session(price_cents=0, **TONIGHT)
    mother, child = await world.resident(), await world.resident(born_on=date(2016, 5, 17))
    await book_for(world, session, mother, child)

    of_child = await come(world, at(session), child.token)
    of_mother = await come(world, at(session), mother.token)

    assert isinstance(of_child, CheckedIn)
    assert isinstance(of_mother, CheckedIn)
    assert (of_child.people, of_child.party) == (1, 1)
    assert (of_mother.people, of_mother.party, of_mother.party_inside) == (1, 2, 2)


async def book_for(world: World, session: Session, *holders: Resident) -> UUID:
    """A booking with a line for each of them."""
    alone = world.command(holders[0], [(session, "base", 1)])
    lines = tuple(RequestedLine(session.id, "base", 1, CardProof(holder.card_id, 1)) for holder in holders)
    answer = await world.services.turnstile.answer(replace(alone, lines=lines))
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def test_a_pass_opens_a_booking_that_its_holder_made_as_a_guest_and_claimed(world: World) -> None:
    session, yasmine = await world.session(price_cents=0, **TONIGHT), await world.resident()
    booking_id = await book(world, await world.resident(), session, places=2)
    await world.execute("UPDATE reservations.line SET holder_id = NULL")
    assert isinstance(await come(world, at(session), yasmine.token), NothingHere)

    await world.execute(
        "INSERT INTO reservations.claimed_booking VALUES (1, $1, $2, $3)",
        booking_id, yasmine.membership_id, world.clock.now(),
    )  # fmt: skip
    answer = await come(world, at(session), yasmine.token)

    assert isinstance(answer, CheckedIn)
    assert answer.people == 2


# A part of them


async def test_a_part_of_a_party_comes_in_and_the_rest_later(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session, places=3)

    first = await come(world, at(session), yasmine.token, places=1)
    more = await come(world, at(session), yasmine.token, places=3)
    rest = await come(world, at(session), yasmine.token)
    again = await come(world, at(session), yasmine.token)

    assert isinstance(first, CheckedIn)
    assert (first.people, first.party, first.party_inside) == (1, 3, 1)
    assert more == FewerLeft(3, 2)
    assert isinstance(rest, CheckedIn)
    assert (rest.people, rest.party_inside) == (2, 3)
    assert again == AlreadyIn(world.clock.now())


async def test_a_ticket_for_a_family_is_not_split_and_the_refusal_says_what_can_be(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session, places=3)
    await world.execute("UPDATE reservations.ticket SET weight = 4 WHERE no = 1")

    refused = await come(world, at(session), yasmine.token, places=3)
    family = await come(world, at(session), yasmine.token, places=5)

    assert refused == TicketNotSplit(3, 2, 4)
    assert isinstance(refused, Refusal)
    assert words_of(refused, "nl").detail == (
        "Met deze tickets kunnen niet precies 3 personen binnen. Wel 2 of 4."
    )
    assert isinstance(family, CheckedIn)
    assert [each.people for each in family.tickets] == [4, 1]


async def test_of_one_ticket_for_a_family_no_part_comes_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session)
    await world.execute("UPDATE reservations.ticket SET weight = 4")
    number = booking_id.hex[-8:]

    assert await come(world, at(session), number, places=3) == TicketNotSplit(3, None, 4)
    assert await come(world, at(session), number, places=5) == FewerLeft(5, 4)
    assert isinstance(await come(world, at(session), number, places=4), CheckedIn)


async def test_two_doors_at_once_never_let_in_more_than_there_are(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session, places=3)
    await book(world, yasmine, session, places=2)

    answers = await gather(*(come(world, at(session), yasmine.token, places=1) for _ in range(8)))

    assert sorted(type(each).__name__ for each in answers) == ["AlreadyIn"] * 3 + ["CheckedIn"] * 5
    assert await inside(world) == 5
    assert await world.value("SELECT count(DISTINCT checkin_id) FROM reservations.ticket") == 5


async def test_what_a_pass_opens_is_used_or_cancelled_never_both(world: World) -> None:
    session, yasmine = await world.session(**TONIGHT), await world.resident(credit_cents=5000)
    first, second = await book(world, yasmine, session), await book(world, yasmine, session)

    came, *cancelled = await gather(
        come(world, at(session), yasmine.token), world.cancel(second), world.cancel(first)
    )

    used = sum(isinstance(each, AlreadyUsed) for each in cancelled)
    assert {type(each) for each in cancelled} <= {AlreadyUsed, Ended}
    assert (came.people if isinstance(came, CheckedIn) else 0) == used == await inside(world)


# The same again


async def test_a_repeat_gets_the_same_tickets_by_one_act(world: World) -> None:
    session, checkin_id = await world.session(**TONIGHT), uuid4()
    yasmine = await a_holder(world, session, places=3)
    await book(world, yasmine, session)
    scope, then = at(session), world.clock.now()

    answers = await gather(*(come(world, scope, yasmine.token, 2, checkin_id) for _ in range(3)))
    world.clock.move(timedelta(minutes=9))
    late = await come(world, scope, yasmine.token, 2, checkin_id)

    entered = [each for each in (*answers, late) if isinstance(each, CheckedIn)]
    assert sorted(each.new for each in entered) == [False, False, False, True]
    assert {(each.people, each.party_inside, each.used_at) for each in entered} == {(2, 2, then)}
    assert len({tuple((each.booking_id, each.no) for each in one.tickets) for one in entered}) == 1
    assert await inside(world) == 2
    acts = await world.rows("SELECT actor_kind, subject_kind, subject_id, facts FROM uit.audit")
    [(kind, subject, holder, facts)] = [tuple(row) for row in acts]
    assert (kind, subject, holder) == ("door", "membership", str(yasmine.membership_id))
    assert '"people":2' in facts.replace(" ", "")


async def test_something_else_under_the_same_id_is_refused_and_nobody_comes_in_by_it(world: World) -> None:
    session, checkin_id = await world.session(**TONIGHT), uuid4()
    yasmine, bilal = await a_holder(world, session), await a_holder(world, session)
    ticket = (await booked(world, session)).hex[-8:]
    await come(world, at(session), yasmine.token, 1, checkin_id)

    others = [
        await come(world, at(session), yasmine.token, 2, checkin_id),
        await come(world, at(session), bilal.token, 1, checkin_id),
        await come(world, at(session), ticket, None, checkin_id),
    ]

    assert others == [CheckinIdTaken(checkin_id)] * 3
    assert await inside(world) == 1


async def test_an_id_of_one_ticket_does_not_let_in_another(world: World) -> None:
    session, checkin_id = await world.session(**TONIGHT), uuid4()
    first, second = await booked(world, session), await booked(world, session)
    await show(world, at(session), first, checkin_id=checkin_id)

    assert await show(world, at(session), second, checkin_id=checkin_id) == CheckinIdTaken(checkin_id)


# The code of a booking


async def test_the_code_of_a_booking_counts_down(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session, places=3)
    code = whole(world, booking_id)
    await show(world, at(session), booking_id, no=2)

    two = await come(world, at(session), code)
    none = await come(world, at(session), code)

    assert isinstance(two, CheckedIn)
    assert (two.people, two.party, two.party_inside, two.by_pass) == (2, 3, 3, False)
    assert none == AlreadyIn(world.clock.now())
    act = "SELECT subject_id FROM uit.audit WHERE act = 'ticket.check_in' AND facts ? 'people'"
    assert await world.value(act) == str(booking_id)


async def test_more_than_one_come_by_the_number_of_their_booking_alone(world: World) -> None:
    session, again = await world.session(**TONIGHT), uuid4()
    booking_id = await booked(world, session, places=4)
    number = booking_id.hex[-8:]

    first = await come(world, at(session), number, 2, again)
    repeat = await come(world, at(session), number, 2, again)
    too_many = await come(world, at(session), number, 3)
    rest = await come(world, at(session), number)

    assert isinstance(first, CheckedIn)
    assert isinstance(repeat, CheckedIn)
    assert isinstance(rest, CheckedIn)
    assert (first.people, first.party, first.party_inside) == (2, 4, 2)
    assert (repeat.people, await inside(world)) == (2, 4)
    assert too_many == FewerLeft(3, 2)
    assert rest.people == 2


async def test_the_code_of_a_booking_is_for_its_own_session_organiser_and_region(world: World) -> None:
    session, other = await world.session(**TONIGHT), await world.session(**TONIGHT)
    sister = await world.session(organiser_id=session.organiser_id, **TONIGHT)
    code = whole(world, await booked(world, session, places=2))
    elsewhere = Scope(2, frozenset({session.organiser_id}))

    assert isinstance(await come(world, at(sister), code), OtherSession)
    assert await come(world, at(other), code) == NotYourSession(session.id)
    assert await come(world, elsewhere, code) == NotYourSession(session.id)
    assert await come(world, at(session), code[:-1] + "_") == TicketUnknown()
    assert await come(world, at(session), whole(world, uuid4())) == TicketUnknown()
    assert isinstance(await come(world, Scope(1, frozenset({session.organiser_id})), code), CheckedIn)


async def test_the_code_of_a_booking_that_was_cancelled_is_not_valid(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session, places=2)
    await world.cancel(booking_id)

    assert await come(world, at(session), whole(world, booking_id)) == TicketNotValid()


# What a pass does not open


async def test_a_pass_with_nothing_here_says_what_its_holder_has_with_this_organiser_alone(
    world: World,
) -> None:
    tonight, elsewhere = await world.session(**TONIGHT), await world.session()
    later = await world.session(organiser_id=tonight.organiser_id)
    yasmine = await a_holder(world, later)
    await book(world, yasmine, elsewhere)
    given_up = await world.session(organiser_id=tonight.organiser_id)
    await world.cancel(await book(world, yasmine, given_up))

    answer = await come(world, at(tonight), yasmine.token)

    now = world.clock.now()
    starts_at, two_hours = now + timedelta(days=10), timedelta(hours=2)
    of_later = ComingDate(later.id, "De kleine prins", starts_at, starts_at + two_hours)
    tonight_at = now + timedelta(hours=4)
    assert answer == NothingHere(
        tonight.id, "De kleine prins", tonight_at, tonight_at + two_hours, (of_later,)
    )
    said = words_of(answer, "nl").detail.replace("\N{NO-BREAK SPACE}", " ")
    assert "Wel voor: De kleine prins, do 12 mrt, 10 u" in said
    acts = await world.rows("SELECT act, subject_id FROM uit.audit")
    assert [tuple(row) for row in acts] == [("pass.look", str(yasmine.membership_id))]
    looks = await world.rows("SELECT person_id, service, purpose FROM uit.look")
    assert [tuple(row) for row in looks] == [(yasmine.person_id, "organiser", "ticket")]
    assert await inside(world) == 0


async def test_a_pass_without_any_ticket_says_so_in_words(world: World) -> None:
    session, yasmine = await world.session(**TONIGHT), await world.resident()

    answer = await come(world, at(session), yasmine.token)

    assert isinstance(answer, NothingHere)
    assert answer.coming == ()
    assert "Wel voor" not in words_of(answer, "nl").detail


async def test_a_pass_that_was_blocked_replaced_or_renewed_opens_nothing_at_once(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session)
    ended = {
        "UPDATE passes.card SET state = 'blocked', ended_at = now()": PassNotActive(),
        "UPDATE passes.card SET state = 'replaced', ended_at = now()": PassNotActive(),
        "UPDATE passes.card SET state = 'active', ended_at = NULL, token_version = 2": PassUnknown(),
        "UPDATE passes.card SET token_version = 1": None,
        "UPDATE passes.membership SET ends_on = '2026-03-01'": PassNotActive(),
    }

    for change, refused in ended.items():
        await world.execute(change)
        if refused:
            assert await come(world, at(session), yasmine.token) == refused, change
    assert await inside(world) == 0
    await world.execute("UPDATE passes.membership SET ends_on = NULL")
    assert isinstance(await come(world, at(session), yasmine.token), CheckedIn)


async def test_a_pass_of_another_region_opens_nothing(world: World) -> None:
    session, stranger = await world.session(**TONIGHT), await world.resident(region_id=2)

    assert await come(world, at(session), stranger.token) == OtherRegion(session.id)


async def test_places_that_wait_for_a_payment_let_nobody_in(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session)
    await world.execute("UPDATE reservations.ticket SET status = 'held'")

    assert await come(world, at(session), yasmine.token) == NotPaidYet()


async def test_a_date_that_is_off_or_far_away_lets_no_pass_in(world: World) -> None:
    session, far = await world.session(**TONIGHT), await world.session()
    yasmine = await a_holder(world, session)
    await book(world, yasmine, far)

    assert isinstance(await come(world, at(far), yasmine.token), TooEarlyToCheckIn)
    await world.execute("UPDATE reservations.session SET status = 'postponed'")
    assert await come(world, at(session), yasmine.token) == SessionPostponed(session.id)
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")
    assert await come(world, at(session), yasmine.token) == SessionCancelled(session.id)


# A number that is typed


async def number_of(world: World, who: Resident, running: int = 7) -> str:
    """Gives their pass a number that is right, and returns it."""
    number = make_number(1, running)
    await world.execute("UPDATE passes.card SET number = $1 WHERE id = $2", number, who.card_id)
    return number


async def test_a_number_opens_with_the_birth_year_and_not_alone(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session)
    number = await number_of(world, yasmine)

    alone = await come(world, at(session), grouped(number))
    both = await come(world, at(session), f" {grouped(number)}, 1990 ")

    assert alone == BirthYearMissing()
    assert isinstance(both, CheckedIn)
    assert both.people == 2


async def test_a_number_says_nothing_of_its_holder_beyond_this_session(world: World) -> None:
    tonight = await world.session(**TONIGHT)
    later = await world.session(organiser_id=tonight.organiser_id)
    yasmine, anna = await a_holder(world, later), await a_holder(world, tonight)
    elsewhere, blocked = await number_of(world, yasmine, 7), await number_of(world, anna, 8)
    await world.execute(
        "UPDATE passes.card SET state = 'blocked', ended_at = now() WHERE id = $1", anna.card_id
    )

    for typed in (f"{elsewhere} 1990", f"{elsewhere} 1991", f"{blocked} 1990", f"{make_number(1, 9)} 1990"):
        assert await come(world, at(tonight), typed) == NumberOpensNothing(), typed
    assert await world.value("SELECT count(*) FROM uit.audit") == 0


async def test_years_of_a_number_are_tried_five_times_an_hour_by_each_door(world: World) -> None:
    session = await world.session(**TONIGHT)
    number = await number_of(world, await a_holder(world, session))
    for year in range(1950, 1955):
        assert await come(world, at(session), f"{number} {year}") == NumberOpensNothing()

    limited = await come(world, at(session), f"{number} 1990")
    other_door = await come(world, at(session), f"{number} 1990", by=CheckinActor("door", "other"))

    assert isinstance(limited, TooOften)
    assert isinstance(other_door, CheckedIn)


async def test_a_door_tries_so_many_numbers_an_hour(world: World) -> None:
    session = await world.session(**TONIGHT)
    yasmine = await a_holder(world, session)
    for running in range(NUMBERS.times):
        await count_number(world.services.limiter, NumberAndYear(str(running), 1990), at(session), DOOR)

    assert isinstance(await come(world, at(session), f"{await number_of(world, yasmine)} 1990"), TooOften)
    assert isinstance(await come(world, at(session), yasmine.token), CheckedIn)


# Taken back


async def test_what_a_pass_let_in_is_taken_back_at_once_and_its_late_repeat_lets_nobody_in(
    world: World,
) -> None:
    session, checkin_id = await world.session(**TONIGHT), uuid4()
    yasmine = await a_holder(world, session)
    await book(world, yasmine, session)
    await come(world, at(session), yasmine.token, 2, checkin_id)

    answers = await gather(*(undo(world, at(session), checkin_id) for _ in range(3)))

    assert answers == [None] * 3
    assert await inside(world) == 0
    assert await come(world, at(session), yasmine.token, 2, checkin_id) == CheckinTakenBack()
    acts = await world.rows("SELECT subject_kind, facts FROM uit.audit WHERE act = 'ticket.take_back'")
    assert len(acts) == 1
    told = "SELECT count(*) FROM uit.outbox WHERE topic = 'ticket.taken_back'"
    assert await world.value(told) == len(
        await world.rows("SELECT DISTINCT booking_id FROM reservations.checkin_taken_back")
    )
    again = await come(world, at(session), yasmine.token)
    assert isinstance(again, CheckedIn)
    assert again.people == 3


async def test_a_part_that_was_taken_back_does_not_make_its_repeat_another(world: World) -> None:
    session, checkin_id = await world.session(**TONIGHT), uuid4()
    yasmine = await world.resident(credit_cents=5000)
    booking_id = await book(world, yasmine, session, places=2)
    await come(world, at(session), yasmine.token, 2, checkin_id)
    await take_one_back(world, at(session), booking_id, checkin_id)

    again = await come(world, at(session), yasmine.token, 2, checkin_id)

    assert isinstance(again, CheckedIn)
    assert (again.people, again.new, await inside(world)) == (1, False, 1)


async def test_nothing_is_taken_back_at_another_session_or_for_another_organiser(world: World) -> None:
    session, other, checkin_id = await world.session(**TONIGHT), await world.session(**TONIGHT), uuid4()
    sister = await world.session(organiser_id=session.organiser_id, **TONIGHT)
    yasmine = await a_holder(world, session)
    await come(world, at(session), yasmine.token, None, checkin_id)
    others = Scope(1, frozenset({other.organiser_id}), session.id)

    for scope in (at(sister), at(other), others):
        assert await undo(world, scope, checkin_id) is None
    assert await inside(world) == 2


async def test_what_is_settled_is_not_taken_back(world: World) -> None:
    session, checkin_id = await world.session(**TONIGHT), uuid4()
    yasmine = await a_holder(world, session)
    await come(world, at(session), yasmine.token, None, checkin_id)
    closed_at = world.clock.now() + timedelta(hours=4 + 2 + 4)
    world.clock.move(timedelta(hours=4))
    await settle_earned(world.services, world.clock.now())

    earned = await undo(world, at(session), checkin_id)
    world.clock.set(closed_at)

    assert earned == CheckinEarned()
    assert await undo(world, at(session), checkin_id) == DoorsClosed(closed_at)
    assert await inside(world) == 2
