"""Many who want the same at the same moment, over real connections to four app processes."""

from asyncio import gather
from collections import Counter
from uuid import uuid4

from tests.reservations.booking.fleet import Fleet

BOOKED, AGAIN, CONFLICT = 201, 200, 409


async def test_a_thousand_ask_for_fifty_seats_and_fifty_get_one(fleet: Fleet) -> None:
    session = await fleet.world.session(seats=50, price_cents=500)
    people = [await fleet.world.resident(credit_cents=500) for _ in range(100)]
    await fleet.admit(session.organiser_id)

    statuses = await fleet.ask_all([(uuid4(), people[n % 100]) for n in range(1000)], session)

    assert Counter(statuses) == {BOOKED: 50, CONFLICT: 950}
    assert await fleet.world.places_left(session) == 0
    assert await fleet.world.available_cents(*people) == 50 * 500
    assert await fleet.broken() == []


async def test_one_ask_repeated_at_the_same_moment_happens_once(fleet: Fleet) -> None:
    session, anna = await fleet.world.session(seats=10), await fleet.world.resident(credit_cents=5000)
    await fleet.admit(session.organiser_id)
    booking_id = uuid4()

    answers = await gather(*(fleet.ask(app, booking_id, anna, session) for app in fleet.apps * 5))

    assert Counter(answer.status_code for answer in answers) == {BOOKED: 1, AGAIN: 19}
    assert len({answer.content for answer in answers}) == 1
    assert await fleet.world.places_left(session) == 9
    assert await fleet.world.available_cents(anna) == 4500
    assert await fleet.broken() == []


async def test_one_id_for_different_things_is_given_to_one_of_them(fleet: Fleet) -> None:
    session, anna = await fleet.world.session(seats=10), await fleet.world.resident(credit_cents=5000)
    await fleet.admit(session.organiser_id)
    booking_id = uuid4()

    answers = await gather(
        *(fleet.ask(app, booking_id, anna, session, places) for places, app in enumerate(fleet.apps, start=1))
    )

    assert Counter(answer.status_code for answer in answers) == {BOOKED: 1, CONFLICT: 3}
    codes = {answer.json().get("code") for answer in answers if answer.status_code == CONFLICT}
    assert codes == {"reservations.id_taken"}
    assert await fleet.broken() == []


async def test_credit_for_ten_pays_for_ten_of_twenty(fleet: Fleet) -> None:
    session, anna = (
        await fleet.world.session(seats=100, price_cents=100),
        await fleet.world.resident(credit_cents=1000),
    )
    await fleet.admit(session.organiser_id)

    statuses = await fleet.ask_all([(uuid4(), anna) for _ in range(20)], session)

    assert Counter(statuses) == {BOOKED: 10, CONFLICT: 10}
    assert await fleet.world.available_cents(anna) == 0
    assert await fleet.broken() == []


async def test_two_who_book_at_the_same_moment_share_nothing(fleet: Fleet) -> None:
    session = await fleet.world.session(seats=100, price_cents=100)
    anna, bilal = await fleet.world.resident(credit_cents=500), await fleet.world.resident(credit_cents=700)
    await fleet.admit(session.organiser_id)

    await fleet.ask_all([(uuid4(), who) for who in (anna, bilal) for _ in range(10)], session)

    assert await fleet.world.available_cents(anna) == 0
    assert await fleet.world.available_cents(bilal) == 0
    booked = await fleet.world.rows(
        "SELECT holder_id, count(*) FROM reservations.line WHERE holder_id = ANY($1) GROUP BY 1",
        [anna.membership_id, bilal.membership_id],
    )
    assert dict(booked) == {anna.membership_id: 5, bilal.membership_id: 7}
    assert await fleet.broken() == []


async def test_what_is_cancelled_while_others_ask_is_sold_again_and_never_twice(fleet: Fleet) -> None:
    session = await fleet.world.session(seats=20, price_cents=100)
    people = [await fleet.world.resident(credit_cents=100) for _ in range(60)]
    await fleet.admit(session.organiser_id)
    first = [uuid4() for _ in range(20)]
    await fleet.ask_all(list(zip(first, people, strict=False)), session)

    cancelled, statuses = await gather(
        gather(*(fleet.cancel(fleet.apps[n % 4], each) for n, each in enumerate(first))),
        fleet.ask_all([(uuid4(), who) for who in people[20:]], session),
    )  # fmt: skip

    assert {answer.status_code for answer in cancelled} == {200}
    assert await fleet.world.places_left(session) == 20 - statuses.count(BOOKED)
    assert await fleet.world.available_cents(*people) == (60 - statuses.count(BOOKED)) * 100
    assert await fleet.broken() == []
