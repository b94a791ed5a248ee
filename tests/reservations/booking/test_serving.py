"""Places that come free go to who waits, in the same breath, and a newcomer never gets them."""

from datetime import timedelta
from uuid import UUID, uuid4

from reservations.booking.actor import ByHolder, ByStaff, MembershipProof
from reservations.booking.answers import Accepted, Booked, Resized
from reservations.booking.commands import (
    ChangeBooking,
    GiveUp,
    GuestContact,
    PayWith,
    RequestedLine,
    Resize,
    ServeWaitingList,
)
from reservations.booking.expiry import expire_due
from reservations.booking.waiting_rows import known_again
from reservations.errors import NotForYou, SoldOut
from reservations.waiting_line.errors import AlreadyWaiting, OfferOver, PlacesFree, WaitsInVain
from reservations.waiting_line.rule import go_through
from tests.builders import World
from tests.reservations.booking.test_conditions import guest_command
from tests.reservations.conditions import ask
from tests.reservations.dates import faults
from tests.reservations.waiting.lines import (
    LIES,
    accept,
    decline,
    join,
    joining,
    offer_of,
    rule,
    sold_out,
    state,
)


async def status_of(world: World, booking_id: UUID) -> str:
    return str(
        await world.value("SELECT min(status) FROM reservations.ticket WHERE booking_id = $1", booking_id)
    )


async def test_who_cancels_makes_an_offer_to_who_waits_and_a_newcomer_hears_that_all_is_gone(
    world: World,
) -> None:
    session, booked = await sold_out(world)
    anna, newcomer = await world.resident(), await world.resident()
    entry = await join(world, anna, session)

    await world.cancel(booked[0])

    assert await state(world, entry) == "offered"
    assert await status_of(world, await offer_of(world, entry)) == "held"
    assert isinstance(await world.book(newcomer, session), SoldOut)
    assert await faults(world) == []


async def test_first_come_is_first_served(world: World) -> None:
    session, booked = await sold_out(world)
    first = await join(world, await world.resident(), session)
    second = await join(world, await world.resident(), session)

    await world.cancel(booked[0])

    assert (await state(world, first), await state(world, second)) == ("offered", "waiting")


async def test_a_family_of_four_gets_in_once_four_places_are_free(world: World) -> None:
    session, booked = await sold_out(world)
    await rule(world, session, "keep")
    anna = await world.resident()
    entry = await join(world, anna, session, places=4)

    for each in booked[:3]:
        await world.cancel(each)
        assert await state(world, entry) == "waiting"
        assert isinstance(await world.book(await world.resident(), session), SoldOut)
    await world.cancel(booked[3])

    assert await state(world, entry) == "offered"
    assert isinstance(await accept(world, anna, entry), Accepted)
    assert await status_of(world, await offer_of(world, entry)) == "confirmed"
    assert await state(world, entry) == "accepted"
    assert await faults(world) == []


async def test_what_is_too_few_for_a_group_goes_to_the_next_who_fits_and_else_to_anybody(
    world: World,
) -> None:
    session, booked = await sold_out(world)
    group = await join(world, await world.resident(), session, places=3)
    alone = await join(world, await world.resident(), session)

    await world.cancel(booked[0])
    await world.cancel(booked[1])

    assert (await state(world, group), await state(world, alone)) == ("waiting", "offered")
    assert isinstance(await world.book(await world.resident(), session), Booked)


async def test_what_is_kept_is_let_go_a_day_before_the_sale_ends(world: World) -> None:
    session, booked = await sold_out(world)
    await rule(world, session, "keep")
    group = await join(world, await world.resident(), session, places=3)
    alone = await join(world, await world.resident(), session)
    await world.cancel(booked[0])
    assert await world.places_left(session) == 0

    world.clock.move(timedelta(days=9, minutes=1))
    await expire_due(world.services)

    assert (await state(world, group), await state(world, alone)) == ("waiting", "offered")
    assert await faults(world) == []


async def test_an_offer_that_is_not_answered_goes_to_the_next(world: World) -> None:
    session, booked = await sold_out(world)
    first = await join(world, await world.resident(), session)
    second = await join(world, await world.resident(), session)
    await world.cancel(booked[0])

    world.clock.move(timedelta(days=3))
    await expire_due(world.services)

    assert (await state(world, first), await state(world, second)) == ("expired", "offered")


async def test_an_offer_that_is_declined_goes_to_the_next_also_after_the_limit_for_cancelling(
    world: World,
) -> None:
    session, booked = await sold_out(world, starts_in=timedelta(hours=20))
    anna = await world.resident()
    first, second = await join(world, anna, session), await join(world, await world.resident(), session)
    await world.cancel(booked[0])

    await decline(world, anna, first)

    assert (await state(world, first), await state(world, second)) == ("declined", "offered")
    assert isinstance(await accept(world, anna, first), OfferOver)


async def test_more_places_on_sale_go_to_who_waits(world: World) -> None:
    session, _ = await sold_out(world)
    entry = await join(world, await world.resident(), session, places=2)

    command = Resize(1, session.id, session.pool_id, 6, (await world.resident()).person_id)
    assert isinstance(await world.services.turnstile.answer(command), Resized)

    assert await state(world, entry) == "offered"
    assert await world.places_left(session) == 0


async def test_an_offer_is_paid_with_credit_that_is_put_aside_when_it_is_accepted(world: World) -> None:
    session = await world.session(seats=1, price_cents=300)
    bilal, anna = await world.resident(credit_cents=300), await world.resident(credit_cents=1000)
    booked = await world.book(bilal, session)
    assert isinstance(booked, Booked)
    entry = await join(world, anna, session)
    await world.cancel(booked.booking.id)
    assert await world.available_cents(anna) == 1000

    answers = [await accept(world, anna, entry), await accept(world, anna, entry)]

    assert [isinstance(each, Accepted) and each.new for each in answers] == [True, False]
    assert await world.available_cents(anna) == 700
    assert await faults(world) == []


async def test_what_credit_does_not_pay_waits_at_the_desk(world: World) -> None:
    session = await world.session(seats=1, price_cents=300)
    await world.seller(session.organiser_id, desk_hours=24)
    bilal, anna = await world.resident(credit_cents=300), await world.resident(credit_cents=100)
    booked = await world.book(bilal, session)
    assert isinstance(booked, Booked)
    entry = await join(world, anna, session)
    await world.cancel(booked.booking.id)

    answer = await accept(world, anna, entry, 200, pay_with=PayWith.DESK)

    assert isinstance(answer, Accepted)
    assert answer.booking.held_until == world.clock.now() + timedelta(hours=24)
    assert (
        await world.value(
            "SELECT credit_cents FROM reservations.line WHERE booking_id = $1", answer.booking.id
        )
        == 100
    )
    assert await state(world, entry) == "accepted"
    assert await faults(world) == []


async def test_of_two_dates_that_are_as_good_it_is_the_one_that_comes_free(world: World) -> None:
    session, _ = await sold_out(world, 2)
    other, booked = await sold_out(world, 2, starts_in=timedelta(days=12))
    await world.execute(
        "UPDATE reservations.session SET event_id = $2 WHERE id = $1", other.id, session.event_id
    )
    entry = await join(world, await world.resident(), session, other)

    await world.cancel(booked[0])

    found = await world.value(
        "SELECT session_id FROM reservations.line WHERE booking_id = $1", await offer_of(world, entry)
    )
    assert found == other.id


async def test_a_guest_waits_too_and_gets_a_booking_with_a_contact(world: World) -> None:
    session, booked = await sold_out(world)
    entry = await join(world, LIES, session)

    await world.cancel(booked[0])

    contact = await world.value(
        "SELECT email FROM reservations.contact WHERE booking_id = $1", await offer_of(world, entry)
    )
    assert contact == LIES.email


async def test_nobody_waits_twice_nor_for_what_is_free_or_will_never_be(world: World) -> None:
    session, _ = await sold_out(world)
    anna, answer = await world.resident(), world.services.turnstile.answer
    await join(world, anna, session)
    await join(world, LIES, session)

    assert isinstance(await answer(joining(anna, session)), AlreadyWaiting)
    assert isinstance(await answer(joining(GuestContact("L", "LIES@example.org"), session)), AlreadyWaiting)
    assert isinstance(await answer(joining(await world.resident(), session, places=5)), WaitsInVain)
    assert isinstance(
        await answer(joining(await world.resident(), session, tariff="kansentarief")), NotForYou
    )
    empty = await world.session(seats=3)
    assert isinstance(await answer(joining(anna, empty, places=3)), PlacesFree)


async def test_who_may_no_longer_have_it_is_passed_over_with_why(world: World) -> None:
    session, booked = await sold_out(world)
    anna = await world.resident()
    first, second = await join(world, anna, session), await join(world, await world.resident(), session)
    await world.execute("UPDATE passes.membership SET status = 'ended' WHERE id = $1", anna.membership_id)

    await world.cancel(booked[0])

    assert (await state(world, first), await state(world, second)) == ("waiting", "offered")
    outcomes = await world.value("SELECT outcomes::text FROM reservations.waiting_pass")
    assert "passes.pass_not_active" in outcomes


async def test_each_time_is_stored_with_what_was_known_and_gives_the_same_again(world: World) -> None:
    session, booked = await sold_out(world)
    await rule(world, session, "keep")
    for places in (3, 1, 2):
        await join(world, await world.resident(), session, places=places)
    for each in booked:
        await world.cancel(each)

    rows = await world.rows(
        "SELECT known::text, outcomes::text FROM reservations.waiting_pass ORDER BY at, id"
    )

    assert len(rows) == 4
    for known, outcomes in rows:
        stored, came_of_it = known_again(known, outcomes)
        assert go_through(stored) == came_of_it


async def test_going_through_a_line_again_changes_nothing(world: World) -> None:
    session, booked = await sold_out(world)
    await rule(world, session, "keep")
    entry = await join(world, await world.resident(), session, places=3)
    await world.cancel(booked[0])
    query = "SELECT id, state, kept_booking_id, booking_id FROM reservations.waiting_entry"
    before = await world.rows(query)

    await world.services.turnstile.answer(ServeWaitingList(1, session.event_id))

    assert await world.rows(query) == before
    assert await state(world, entry) == "waiting"
    assert await faults(world) == []


async def test_a_part_that_is_given_up_frees_as_many_for_who_waits(world: World) -> None:
    session = await world.session(seats=3, price_cents=0)
    booked = await world.book(await world.resident(), session, 3)
    assert isinstance(booked, Booked)
    entry = await join(world, await world.resident(), session, places=3)

    await world.services.turnstile.answer(GiveUp(1, booked.booking.id, ByStaff(session.id)))

    assert await state(world, entry) == "offered"


async def test_who_has_what_a_price_gives_each_is_passed_over_for_the_next(world: World) -> None:
    session, booked = await sold_out(world)
    who_has_one = await world.value(
        "SELECT holder_id FROM reservations.line WHERE booking_id = $1", booked[0]
    )
    anna, bilal = await world.resident(), await world.resident()
    first, second = await join(world, anna, session), await join(world, bilal, session)
    await ask(world, session, "base", most_per_person=1)
    await world.execute(
        "UPDATE reservations.waiting_entry SET membership_id = $2 WHERE id = $1", first, who_has_one
    )

    await world.cancel(booked[1])

    assert (await state(world, first), await state(world, second)) == ("waiting", "offered")
    assert await faults(world) == []


async def test_a_guest_who_waits_is_known_by_what_they_booked_before(world: World) -> None:
    session = await world.session(seats=2, price_cents=0)
    theirs = await world.services.turnstile.answer(guest_command(session, LIES.email))
    other = await world.book(await world.resident(), session)
    assert isinstance(theirs, Booked)
    assert isinstance(other, Booked)
    entry = await join(world, LIES, session)
    await ask(world, session, "base", most_per_person=1)

    await world.cancel(other.booking.id)

    assert await state(world, entry) == "waiting"
    assert await faults(world) == []


async def test_what_came_free_by_no_command_goes_to_who_waits_before_a_newcomer(world: World) -> None:
    session, _ = await sold_out(world)
    entry = await join(world, await world.resident(), session, places=2)
    await world.execute("UPDATE reservations.pool SET capacity = 7 WHERE id = $1", session.pool_id)

    newcomer = await world.book(await world.resident(), session, places=2)
    for_one = await world.book(await world.resident(), session)

    assert await state(world, entry) == "offered"
    assert isinstance(newcomer, SoldOut)
    assert isinstance(for_one, Booked)
    assert await faults(world) == []


async def test_who_goes_to_another_date_does_not_pass_who_waits_for_it(world: World) -> None:
    full, _ = await sold_out(world, seats=1)
    entry = await join(world, await world.resident(), full)
    anna, other = await world.resident(), await world.session(price_cents=0)
    made = await world.book(anna, other)
    assert isinstance(made, Booked)
    await world.execute("UPDATE reservations.pool SET capacity = 2 WHERE id = $1", full.pool_id)
    line = RequestedLine(full.id, "base", 1, MembershipProof(anna.membership_id))
    by = ByHolder(anna.membership_id)

    moved = await world.services.turnstile.answer(
        ChangeBooking(1, made.booking.id, uuid4(), "ab", by, (line,))
    )

    assert isinstance(moved, SoldOut)
    assert await state(world, entry) == "offered"
